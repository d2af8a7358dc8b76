"""Revisions from commits: register files in a repository in; their history, and what there is to say about it, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from riskgraph.documents import MAX_BYTES, MAX_REGISTER_BYTES, Document, decode_text, parse_document
from riskgraph.edits import diff_graphs
from riskgraph.errors import InputError
from riskgraph.fields import instant
from riskgraph.git.command import read_blobs
from riskgraph.git.log import Commit, Tracked, find_tracked, in_order, is_shallow, list_changes, refuse_file
from riskgraph.graph import RiskGraph
from riskgraph.history import History, Revision, short_commit
from riskgraph.register.read import Register, parse_registers, read_registers

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORKING_COPY: Final = "not committed yet"


@dataclass(frozen=True)
class Recorded:
    """The history of register files in a repository, and the notes that go with it, one sentence each."""

    history: History
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commits:
    """The commits that changed register files, oldest first, with the content that each file had then."""

    files: tuple[Tracked, ...]
    log: tuple[tuple[Commit, tuple[str | None, ...]], ...]
    is_shallow: bool


def find_commits(paths: Sequence[Path]) -> Commits:
    """The commits of the files' repository, first parents only, that changed one of them under any of its names.

    Raises:
        InputError: a file is in no repository, in another one, or in no commit.
        StoreUnavailableError: git cannot be asked.
    """
    files = [find_tracked(path) for path in paths]
    for other in files:
        if other.repository != files[0].repository:
            raise refuse_file(other.path, f"is in another repository than {files[0].path}: name files of one")
    log = in_order([list_changes(file) for file in files], files[0].folder)
    return Commits(tuple(files), tuple(log), log[0][0].is_root and is_shallow(files[0]))


def read_commits(commits: Commits, now: datetime, advance: Callable[[int], None] = lambda _: None) -> Recorded:
    """The history that register files have in their repository: each commit that changed them is one revision.

    It is recorded on the committer's date. What is not committed yet is the newest revision, recorded ``now``.
    ``advance`` is told how many more commits are read.

    Raises:
        InputError: the working copy is not valid; a commit that is not is only a note.
        StoreUnavailableError: git cannot be asked.
    """
    chain = _Chain()
    if commits.is_shallow:
        chain.begin_shallow(commits.log[0][0])
    for commit, register in _read(commits):
        if isinstance(register, Register):
            chain.add(commit, register)
        else:
            chain.notes.append(f"commit {short_commit(commit.id)} is skipped: {register}")
        advance(1)
    if not commits.files[0].is_bare:
        chain.add_working_copy(read_registers([file.path for file in commits.files]), now)
    return chain.finish()


@dataclass
class _Chain:
    """The revisions so far; each is judged by the one before."""

    revisions: list[Revision] = field(default_factory=list)
    commits: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    graph: RiskGraph = field(default_factory=RiskGraph)
    dates: set[date] = field(default_factory=set)
    backwards: list[str] = field(default_factory=list)
    is_shallow: bool = False

    def begin_shallow(self, boundary: Commit) -> None:
        self.is_shallow = True
        day = boundary.date.date().isoformat()
        self.notes.append(
            f"the clone is shallow: what was recorded before commit {short_commit(boundary.id)} of {day} is unknown, "
            "and so are verdicts on earlier incidents: git fetch --unshallow (fetch-depth: 0 in a workflow)"
        )

    def add(self, commit: Commit, register: Register) -> None:
        """The revision of a commit. Where the committers' clocks go backwards, the one before counts."""
        recorded = commit.date
        if self.revisions and recorded < self.revisions[-1].recorded_at:
            recorded = self.revisions[-1].recorded_at
            self.backwards.append(short_commit(commit.id))
        about = f"commit {short_commit(commit.id)}"
        self._append(register, recorded, commit.author, commit.subject, about)
        self.commits[len(self.revisions)] = commit.id

    def add_working_copy(self, register: Register, now: datetime) -> None:
        """What is not committed, if the graph differs by it."""
        if next(iter(diff_graphs(self.graph, register.graph)), None) is None:
            return
        names = ", ".join(register.paths)
        self.notes.append(f"{names}: the working copy differs from the newest commit, and counts as recorded now")
        recorded = max([instant(now), *(one.recorded_at for one in self.revisions[-1:])])
        self._append(register, recorded, _WORKING_COPY, _WORKING_COPY, "the working copy")

    def finish(self) -> Recorded:
        notes = self.notes
        if self.backwards:
            shown = ", ".join(self.backwards[:3]) + (" and others" if len(self.backwards) > 3 else "")  # noqa: PLR2004
            notes = [*notes, f"dates go backwards at commit {shown}: there the date of the commit before counts"]
        return Recorded(History(self.revisions, commits=self.commits), tuple(notes))

    def _append(self, register: Register, recorded: datetime, author: str, reason: str, about: str) -> None:
        before = self.revisions[-1] if self.revisions else None
        declared = register.effective_on
        if declared in self.dates or (self.is_shallow and before is None):
            # A date that stood there before says nothing of what has changed since.
            declared = None
        if register.effective_on is not None:
            self.dates.add(register.effective_on)
        if declared is not None and (instant(declared) > recorded or (before and instant(declared) < before.effective)):
            why = "in its future" if instant(declared) > recorded else "before that of the commit before"
            self.notes.append(f"{about}: effective_on {declared.isoformat()} is {why}: its own date counts")
            declared = None
        self.revisions.append(
            Revision(
                number=len(self.revisions) + 1, graph_id=register.graph_id or "", recorded_at=recorded,
                effective_on=declared, author=author, reason=reason,
                edits=tuple(diff_graphs(self.graph, register.graph)), previous=before.digest if before else None,
            ).sealed()
        )  # fmt: skip
        self.graph = register.graph


def _read(commits: Commits) -> Iterator[tuple[Commit, Register | str]]:
    """Each commit with the register that its files make together, or with why they make none."""
    files = commits.files
    documents: dict[str, Document | str] = {}
    wanted = list(dict.fromkeys(blob for _, blobs in commits.log for blob in blobs if blob))
    names = {blob: str(file.path) for _, blobs in commits.log for file, blob in zip(files, blobs, strict=True) if blob}
    contents = read_blobs(files[0].folder, wanted, MAX_REGISTER_BYTES)
    pending = iter(zip(wanted, contents, strict=True))
    for commit, blobs in commits.log:
        here = [blob for blob in blobs if blob]
        while any(blob not in documents for blob in here):
            blob, content = next(pending)
            documents[blob] = _decode(content, names[blob])
        yield commit, _parse([documents[blob] for blob in here], str(files[0].path))


def _decode(content: bytes | None, name: str) -> Document | str:
    if content is None:
        return f"{name} is larger than {MAX_REGISTER_BYTES // MAX_BYTES} MiB"
    try:
        return parse_document(decode_text(content, name), name)
    except InputError as error:
        return str(error.findings[0])


def _parse(documents: Sequence[Document | str], name: str) -> Register | str:
    problem = next((one for one in documents if isinstance(one, str)), None)
    if problem is not None or not documents:
        return problem or f"it removed {name}"
    try:
        return parse_registers([one for one in documents if isinstance(one, Document)])
    except InputError as error:
        more = len(error.findings) - 1
        return f"{error.findings[0]}{f' and {more} more' if more else ''}"
