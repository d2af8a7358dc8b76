"""Sessions: a store's URL or register files in, the history that a command reads out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from riskgraph.history import History, Snapshot
    from riskgraph.model import Key
    from riskgraph.neighbourhood import Around
    from riskgraph.settings import Setting
    from riskgraph.store import Store


@dataclass(frozen=True)
class Session:
    """What a command reads: a history, and the store it is from; ``store`` is None where it is from files.

    Where only a part was read, ``part`` is that of today, and the history has the edits of what is in it.
    """

    history: History
    store: Store | None = None
    part: Snapshot | None = None

    @property
    def graph_id(self) -> str | None:
        """The graph's identity; None without a store."""
        return self.store.graph_id if self.store else None

    @property
    def revision(self) -> int | None:
        """The newest revision; None without a store."""
        return self.history.latest if self.store else None

    def read(self, as_of: date | None) -> Snapshot:
        """The graph of today, or as it was known at a time."""
        if as_of is None:
            return self.part or self.history.snapshot()
        return self.history.as_of(as_of)

    def about(self, seen: Snapshot, as_of: date | None) -> dict[str, Any]:
        """What JSON says of where an answer is from."""
        from riskgraph.cli.options import as_of_data

        revision = seen.revision if self.store else None
        return {"graph_id": self.graph_id, "revision": revision, **as_of_data(as_of)}

    def up_to(self, as_of: date | None) -> History:
        """The history as far as it was effective at a time."""
        from riskgraph.fields import instant
        from riskgraph.history import History

        if as_of is None:
            return self.history
        known = [one for one in self.history.revisions if one.effective <= instant(as_of)]
        return History(known, commits=self.history.commits)


def today(as_of: date | None = None) -> date:
    """The day, UTC, on which a question is asked: that of ``--as-of``, else of ``SOURCE_DATE_EPOCH``, else the clock's.

    Raises:
        UsageError: ``SOURCE_DATE_EPOCH`` is no number of seconds.
    """
    from riskgraph.errors import UsageError
    from riskgraph.fields import instant

    if as_of is not None:
        return instant(as_of).date()
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH={epoch} is no number of seconds since 1970: set it anew") from None


def settings(**flags: str | None) -> dict[str, Setting]:
    """Every setting with its source."""
    from riskgraph.settings import read_settings

    return read_settings({"store": None, "author": None, **flags}, Path.cwd())


def author(flag: str | None) -> str:
    """Who writes."""
    return settings(author=flag)["author"].value


def store_url(flag: str | None) -> str:
    """Which store is meant."""
    return settings(store=flag)["store"].value


def store_is_there(url: str) -> bool:
    """Whether there is something at a store's URL; a server is asked."""
    from riskgraph import store
    from riskgraph.errors import MissingStoreError

    path = store_path(url)
    if path is not None:
        return path.exists()
    try:
        store.open_store(url).close()
    except MissingStoreError:
        return False
    return True


def store_path(url: str) -> Path | None:
    """The file of an embedded store; None for any other."""
    name = url.removeprefix("sqlite:///")
    return Path(name) if name not in {url, ""} else None


@contextmanager
def open_store(flag: str | None, *, create: bool = False, graph_id: str | None = None) -> Iterator[Store]:
    """The store that is meant, closed in the end. Errors as those of ``riskgraph.store.open_store``."""
    from riskgraph import store

    opened = store.open_store(store_url(flag), create=create, graph_id=graph_id)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def open_session(flag: str | None, registers: Sequence[Path] | None = None, *, git: bool = False) -> Iterator[Session]:
    """The history of register files where some are named, with ``git`` that of their repository, else of the store."""
    from riskgraph.cli import output
    from riskgraph.history import History

    if git:
        yield Session(read_git(registers or ()))
        return
    if registers:
        yield read_session(registers)
        return
    with open_store(flag) as store:
        history = History(store.revisions())
        if not history.revisions:
            output.say("note: nothing is in the store yet: riskgraph import FILE")
        yield Session(history, store)


@contextmanager
def open_part(flag: str | None, around: Around, *wanted: Key) -> Iterator[Session]:
    """What stands around some ids in the store; all of it where none of the wanted elements is there today."""
    from riskgraph.history import History

    if store_path(store_url(flag)) is not None:  # An embedded store reads all of it anyway.
        with open_session(flag) as known:
            yield known
        return
    with open_store(flag) as store:
        part = store.read(around=around)
        if not any(key in part.graph for key in wanted):
            yield Session(History(store.revisions()), store)
            return
        # What was written since the first read is left for the next time.
        revisions = store.revisions(about=part.graph.elements.keys())[: part.revision]
        yield Session(History(revisions), store, part)


def read_session(registers: Sequence[Path]) -> Session:
    """The history that register files are by themselves: one revision, effective on the date they declare.

    Raises:
        InputError: a file is not valid.
    """
    from riskgraph.cli import output
    from riskgraph.history import History, first_revision
    from riskgraph.register.read import read_registers

    register = read_registers(list(registers))
    if register.effective_on is None:
        output.say("note: the register declares no effective_on: earlier incidents are judged by `since` alone")
    now, graph_id = datetime.now(UTC), register.graph_id or ""
    return Session(History([first_revision(register.graph, register.effective_on, now, graph_id=graph_id)]))


def read_git(registers: Sequence[Path]) -> History:
    """The history that register files have in their git repository; what there is to say about it is said.

    Raises:
        UsageError: no file is named.
        InputError: a file is in no commit, or its working copy is not valid.
        StoreUnavailableError: git cannot be asked.
    """
    from riskgraph.cli import output
    from riskgraph.errors import UsageError
    from riskgraph.git.commits import find_commits
    from riskgraph.git.revisions import read_commits

    if not registers:
        raise UsageError("--git takes the history of a register file: name it with --register FILE")
    commits = find_commits(list(registers))
    with output.progress("reading commits", len(commits.log)) as advance:
        recorded = read_commits(commits, datetime.now(UTC), advance)
    for note in recorded.notes:
        output.say(f"note: {note}")
    return recorded.history


def ask_to_write(question: str, *, yes: bool) -> None:
    """Asks before writing, on a terminal and unless told not to; a no ends the command without a change."""
    from riskgraph.cli import output

    if not yes and output.is_interactive() and not output.confirm(question):
        output.say("nothing was written")
        raise typer.Exit(0)
