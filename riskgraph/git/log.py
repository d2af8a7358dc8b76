"""Logs: the path of a file in, the commits that changed it out, oldest first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place
from riskgraph.git.command import ask_git, run_git

_FORMAT: Final = "%H%x00%P%x00%ct%x00%an <%ae>%x00%s"
_LAST: Final = 253_402_300_799
"""The last second that a date can be."""
_FILE: Final = "100"
"""How the mode of a plain file begins; links and submodules have others."""


@dataclass(frozen=True)
class Tracked:
    """A file in a repository: git is asked in ``folder``, where it is called ``name``; ``path`` is the reader's name.

    In a bare repository there is no working copy.
    """

    path: Path
    folder: Path
    name: str
    repository: str
    is_bare: bool


@dataclass(frozen=True)
class Commit:
    """A commit on the first-parent line. ``date`` is the committer's, UTC; ``is_root`` where no parent is known."""

    id: str
    date: datetime
    author: str
    subject: str
    is_root: bool


@dataclass(frozen=True)
class Change:
    """What a commit made of a file: the object with its content, or None where it is no file any more."""

    commit: Commit
    blob: str | None


def find_tracked(path: Path) -> Tracked:
    """The repository that a file belongs to.

    A path that leads through a bare repository (``risk.git/register.yaml``) names a file in its newest commit.

    Raises:
        InputError: the file is in no repository.
        StoreUnavailableError: git cannot be asked.
    """
    real = Path(os.path.realpath(path))
    folder = next(above for above in real.parents if above.is_dir())
    said = ask_git(folder, "rev-parse", "--is-bare-repository", "--absolute-git-dir")
    if said is None:
        raise refuse_file(path, "is in no git repository: leave --git away, or name the copy that is in one")
    bare, repository = said.split("\n")[:2]
    is_bare = bare == "true"
    if is_bare:
        folder = Path(os.path.realpath(repository))
    return Tracked(path, folder, real.relative_to(folder).as_posix(), repository, is_bare)


def is_shallow(file: Tracked) -> bool:
    """Whether the repository holds the newest commits only."""
    return run_git(file.folder, "rev-parse", "--is-shallow-repository").strip() == "true"


def list_changes(file: Tracked) -> list[Change]:
    """The commits on the first-parent line that changed a file, oldest first, also under an earlier name.

    Raises:
        InputError: no commit has the file.
        StoreUnavailableError: git cannot be asked.
    """
    changes: list[Change] = []
    if run_git(file.folder, "rev-list", "--all", "--max-count=1"):
        said = run_git(
            file.folder, "log", "--first-parent", "-m", "--follow", "-M", "--raw", "--no-abbrev", "-z", "--no-relative",
            "--no-ext-diff", "--no-textconv", "--no-color", f"--format={_FORMAT}", "HEAD", "--", file.name,
        )  # fmt: skip
        changes = list(_parse(said))
    if not changes and not file.path.exists():
        raise refuse_file(file.path, "is no file, and no commit has it: look at its name")
    if not changes:
        raise refuse_file(file.path, "is in no commit: git add and commit it, or leave --git away")
    return changes[::-1]


def in_order(changes: Sequence[Sequence[Change]], folder: Path) -> list[tuple[Commit, tuple[str | None, ...]]]:
    """Each commit that changed one of several files, oldest first, with what each of them was then.

    Raises:
        StoreUnavailableError: git cannot be asked.
    """
    at = [{change.commit.id: change for change in of_file} for of_file in changes]
    now: list[str | None] = [None] * len(changes)
    found = []
    for id_ in run_git(folder, "rev-list", "--first-parent", "--reverse", "HEAD").split():
        here = [of_file.get(id_) for of_file in at]
        now = [change.blob if change else before for change, before in zip(here, now, strict=True)]
        if commit := next((change.commit for change in here if change), None):
            found.append((commit, tuple(now)))
    return found


def _parse(said: str) -> Iterator[Change]:
    """The entries of a log, newest first; a file that began as a copy of another one begins there."""
    parts = iter(said.split("\0"))
    for id_ in parts:
        if not id_:
            return
        parents, seconds, author, subject, raw = (next(parts) for _ in range(5))
        date = datetime.fromtimestamp(min(max(0, int(seconds or 0)), _LAST), UTC)
        commit = Commit(id_, date, _as_text(author), _as_text(subject), not parents)
        _, mode, _, blob, status = raw.lstrip("\n:").split()
        yield Change(commit, blob if mode.startswith(_FILE) else None)
        if status[0] == "C":
            return
        for _ in range(2 if status[0] == "R" else 1):  # The names: what git means by them is known.
            next(parts)


def _as_text(text: str) -> str:
    """What somebody wrote in another encoding and git passes on as it is: with signs in the place of its bytes."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def refuse_file(path: Path, message: str) -> InputError:
    """The error that a file has no history that can be read, for the reason that the message gives."""
    finding = Finding("git-history", "error", message, Place(str(path)))
    return InputError(str(finding), (finding,))
