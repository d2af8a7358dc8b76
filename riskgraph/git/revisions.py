"""Revisions from commits: the commits that changed register files in; their history, and what to say of it, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from riskgraph.edits import diff_graphs
from riskgraph.fields import instant
from riskgraph.git.commits import Commits, read_contents
from riskgraph.git.log import Commit
from riskgraph.graph import RiskGraph
from riskgraph.history import History, Revision, short_commit
from riskgraph.register.read import Register, read_registers

_WORKING_COPY: Final = "not committed yet"


@dataclass(frozen=True)
class Recorded:
    """The history of register files in a repository, and the notes that go with it, one sentence each."""

    history: History
    notes: tuple[str, ...] = ()


def read_commits(commits: Commits, now: datetime, advance: Callable[[int], None] = lambda _: None) -> Recorded:
    """The history that register files have in their repository: each commit that changed them is one revision.

    It is recorded on the committer's date. What is not committed yet is the newest revision, recorded ``now``.
    ``advance`` is told how many more commits are read.

    Raises:
        InputError: the working copy is not valid; a commit that is not is only a note.
        StoreUnavailableError: git cannot be asked.
    """
    chain = _Chain(notes=list(commits.notes))
    if commits.is_shallow:
        chain.begin_shallow(commits.log[0][0])
    for commit, register in read_contents(commits):
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
