"""Stores: a URL in, a place that keeps a graph and its revisions out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from riskgraph.edits import Edit
from riskgraph.errors import UsageError
from riskgraph.history import Decision, Revision, Snapshot
from riskgraph.model import Key
from riskgraph.neighbourhood import Around


class Store(Protocol):
    """Keeps one graph and its revisions; ``write`` is the only way to change it.

    ``memory://`` (:mod:`riskgraph.store.memory`) is the specification; ``tests/store/contract.py`` holds every store
    to it.
    """

    @property
    def graph_id(self) -> str:
        """The graph's identity, which it keeps through export, copy and import into a new store."""
        ...

    def read(self, as_of: date | None = None, around: Around | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time (``History.as_of``).

        With ``around`` only the part of it that stands around some ids.
        """
        ...

    def revisions(self, about: Collection[Key] | None = None) -> Sequence[Revision]:
        """Every revision, oldest first.

        With ``about`` each has its edits of these elements only: enough for where they come from, and no more.
        """
        ...

    def write(
        self,
        edits: Sequence[Edit],
        *,
        expected: int,
        author: str,
        reason: str,
        effective_on: date | None = None,
        decisions: Sequence[Decision] = (),
        undoes: int | None = None,
        repair: bool = False,
    ) -> Revision:
        """One transaction: the edits, and the revision that records them.

        With ``repair`` the edits are made on the graph that the revisions give, whatever the content has become past
        riskgraph, and the content is made to agree with them again.

        Raises:
            RevisionConflictError: the newest revision is not ``expected``; nothing was written.
            StaleError, EditError: an edit does not fit; nothing was written.
            UsageError: ``effective_on`` is earlier than that of the revision before.
            StoreUnavailableError: the store cannot be written; nothing was written.
        """
        ...

    def restore(self, revisions: Sequence[Revision]) -> None:
        """One transaction: the whole history of this graph from elsewhere, as it is, digests included.

        Raises:
            RevisionConflictError: the store has revisions of its own; nothing was written.
            CorruptStoreError: the revisions are not an unbroken history of this graph; nothing was written.
        """
        ...

    def close(self) -> None:
        """Release what the store holds open."""
        ...


def open_store(
    url: str, *, create: bool = False, graph_id: str | None = None, clock: Callable[[], datetime] | None = None
) -> Store:
    """The store at a URL: ``sqlite:///path``, ``memory://`` or ``neo4j://host:port``.

    With ``create`` a missing SQLite file is made, and an empty Neo4j database made ready. ``graph_id`` is the identity
    of a new graph: with ``create`` a store without revisions takes it over, one that has some keeps its own. ``clock``
    gives the time of each write, by default in UTC.

    Raises:
        UsageError: the URL names no store that there is.
        StoreUnavailableError: there is no store there, or it cannot be opened.
    """
    from riskgraph.store.writing import utc_now

    scheme, separator, rest = url.partition("://")
    if separator and scheme == "memory" and not rest:
        from riskgraph.store.memory import MemoryStore

        return MemoryStore(graph_id, clock or utc_now)
    if separator and scheme == "sqlite":
        from riskgraph.store.sqlite import SqliteStore
        from riskgraph.store.sqlite_file import create_file, exists

        path = _sqlite_path(url, rest)
        if create and not exists(path):
            create_file(path, graph_id)
        store = SqliteStore(path, clock or utc_now)
        if create and graph_id:
            store.adopt(graph_id)
        return store
    if separator and scheme.startswith(("neo4j", "bolt")):
        import os

        from riskgraph.store.neo4j import Neo4jStore, read_access

        return Neo4jStore(read_access(url, os.environ), clock or utc_now, create=create, graph_id=graph_id)
    shown = scheme + separator + rest.rpartition("@")[2]
    raise UsageError(f"{shown!r} names no store: write sqlite:///riskgraph.db, memory:// or neo4j://localhost:7687")


def _sqlite_path(url: str, rest: str) -> Path:
    """The file that a URL names; three slashes and a path, which is absolute if there is a fourth."""
    name = rest.removeprefix("/")
    if name == rest or not name or "\0" in name:
        raise UsageError(f"{url!r} names no file: write sqlite:///riskgraph.db, or sqlite:////folder/riskgraph.db")
    return Path(name)


__all__ = ["Store", "open_store"]
