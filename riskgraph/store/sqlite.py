"""The embedded store: edits in, revisions and today's graph out, in one SQLite file.

A rollback journal and full sync: what was acknowledged survives a kill at any moment, and between writes the store
is one file that can be copied or mailed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from riskgraph.edits import Edit
from riskgraph.errors import CorruptStoreError, EditError, MissingStoreError, StoreUnavailableError
from riskgraph.graph import HEADER, RiskGraph
from riskgraph.history import Decision, History, Revision, Snapshot
from riskgraph.model import NODE_KINDS, Element, Key
from riskgraph.neighbourhood import Around
from riskgraph.store.chain import replay
from riskgraph.store.sqlite_file import APPLICATION_ID, FORMAT, exists, explained
from riskgraph.store.writing import (
    Clock,
    Entry,
    Rows,
    decode_element,
    decode_revision,
    encode_element,
    encode_revision,
    next_revision,
    refuse_to_restore,
    utc_now,
)

WAIT: Final = 10.0
"""Seconds that a locked store is waited for."""

_PUT_NODE: Final = "REPLACE INTO node (id, kind, data) VALUES (?, ?, ?)"
_PUT_EDGE: Final = 'REPLACE INTO edge (kind, start, "end", data) VALUES (?, ?, ?, ?)'
_PUT_BLOCK: Final = 'REPLACE INTO block (mitigation, start, "end", data) VALUES (?, ?, ?, ?)'
_PUT_META: Final = "REPLACE INTO meta (name, value) VALUES (?, ?)"
_CUT_NODE: Final = "DELETE FROM node WHERE id = ?"
_CUT_EDGE: Final = 'DELETE FROM edge WHERE kind = ? AND start = ? AND "end" = ?'
_CUT_BLOCK: Final = 'DELETE FROM block WHERE mitigation = ? AND start = ? AND "end" = ?'
_ALL_EDGES: Final = (
    'SELECT kind, start, "end", NULL, data FROM edge '
    "UNION ALL SELECT 'blocks', mitigation, start, \"end\", data FROM block"
)


class SqliteStore:
    """Keeps a graph and its revisions in a file that is there already (``sqlite_file.create_file`` makes one)."""

    def __init__(self, path: Path, clock: Clock = utc_now, wait: float = WAIT) -> None:
        if not exists(path):
            raise MissingStoreError(f"{path}: no store here: riskgraph init")
        self._path = path
        self._clock = clock
        self._closed = False
        with explained(path):
            # mode=rw: SQLite would otherwise make an empty file of a mistyped name.
            uri = f"{path.absolute().as_uri()}?mode=rw"
            self._db = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
        try:
            self.graph_id = self._opened()
        except BaseException:
            self._db.close()
            raise

    def read(self, as_of: date | None = None, around: Around | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time; all of it, or what stands around some ids."""
        if as_of is not None:
            return History(self.revisions()).as_of(as_of).around(around)
        with self._transaction("DEFERRED"):
            latest, graph = self._latest(), self._graph()
        if latest is None:
            return Snapshot(graph).around(around)
        return Snapshot(graph, latest.number, recorded_at=latest.recorded_at).around(around)

    def revisions(self, about: Collection[Key] | None = None) -> Sequence[Revision]:
        """Every revision, oldest first; with all its edits, or those of some elements."""
        return tuple(self.walk(about))

    def walk(self, about: Collection[Key] | None = None) -> Iterator[Revision]:
        """The revisions one by one, so that those before a damaged one can still be read."""
        with explained(self._path):
            rows = self._db.execute("SELECT number, digest, body FROM revision ORDER BY number")
            while row := rows.fetchone():
                number, digest, body = row
                yield self._revision(number, digest, body, about)

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
        """One transaction: the edits, and the revision that records them. Errors as those of the protocol."""
        entry = Entry(tuple(edits), expected, author, reason, effective_on, tuple(decisions), undoes)
        with self._transaction("IMMEDIATE"):
            before = History(self.revisions()).graph if repair else self._graph()
            revision, after = next_revision(entry, self._latest(), before, self.graph_id, self._clock())
            self._record([revision])
            self._replace(self._emptied() if repair else before, after)
        return revision

    def restore(self, revisions: Sequence[Revision]) -> None:
        """One transaction: the whole history of this graph from elsewhere. Errors as those of the protocol."""
        with self._transaction("IMMEDIATE"):
            latest = self._latest()
            refuse_to_restore(latest.number if latest else 0)
            graph = replay(revisions, self.graph_id)
            self._record(revisions)
            self._replace(RiskGraph(), graph)

    def content(self) -> Rows:
        """The elements that the content tables hold, each with its key, or why it cannot be read."""
        rows: Rows = []
        with self._transaction("DEFERRED"):
            for kind, *ids, data in self._content():
                key = (str(kind), *(str(id_) for id_ in ids if id_ is not None))
                try:
                    rows.append((key, decode_element(key, data)))
                except (LookupError, ValueError, TypeError, RecursionError, EditError) as error:
                    rows.append((key, str(error)))
        return rows

    def adopt(self, graph_id: str) -> None:
        """Take over a graph's identity, as long as nothing was written."""
        with self._transaction("IMMEDIATE"):
            self._db.execute(
                "UPDATE meta SET value = ? WHERE name = 'graph_id' AND NOT EXISTS (SELECT 1 FROM revision)", (graph_id,)
            )
            (self.graph_id,) = self._db.execute("SELECT value FROM meta WHERE name = 'graph_id'").fetchone()

    def integrity(self) -> Sequence[str]:
        """What SQLite itself finds wrong with the file and its references."""
        with explained(self._path):
            pages = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check(10)")]
            references = [
                f"a row of {row[0]} refers to a row of {row[2]} that is not there"
                for row in self._db.execute("PRAGMA foreign_key_check")
            ]
        return [found for found in pages if found != "ok"] + references

    def close(self) -> None:
        """Release the file; a second time does nothing, from whichever thread."""
        if not self._closed:
            with explained(self._path):
                self._db.close()
            self._closed = True

    def _opened(self) -> str:
        """Sets the connection up and gives the graph's identity."""
        with explained(self._path):
            (application,) = self._db.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                raise CorruptStoreError(
                    f"{self._path} is not a riskgraph store, or its first page is damaged: choose another --store, "
                    "or restore a copy and run riskgraph doctor"
                )
            self._db.execute("PRAGMA foreign_keys = ON")
            # More than FULL: also the removal of the journal, which is the commit, reaches the disk.
            self._db.execute("PRAGMA synchronous = EXTRA")
            meta = dict(self._db.execute("SELECT name, value FROM meta"))
        if not meta.keys() >= {"format", "graph_id", "register"}:
            raise CorruptStoreError(f"{self._path} is damaged (meta): restore a copy and run riskgraph doctor")
        if meta["format"] != FORMAT:
            raise StoreUnavailableError(
                f"{self._path} has format {meta['format']}, this riskgraph reads format {FORMAT}: upgrade riskgraph, "
                "or run riskgraph doctor if the file may be damaged"
            )
        return str(meta["graph_id"])

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        with explained(self._path):
            self._db.execute(f"BEGIN {kind}")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _record(self, revisions: Sequence[Revision]) -> None:
        rows = ((revision.number, revision.digest, encode_revision(revision)) for revision in revisions)
        self._db.executemany("INSERT INTO revision (number, digest, body) VALUES (?, ?, ?)", rows)

    def _emptied(self) -> RiskGraph:
        """The empty graph, which the content tables then hold."""
        for table in ("block", "edge", "node"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
        self._db.execute(_PUT_META, ("register", "{}"))
        return RiskGraph()

    def _latest(self) -> Revision | None:
        """The newest revision without its edits: what the next one is written after."""
        row = self._db.execute("SELECT number, digest, body FROM revision ORDER BY number DESC LIMIT 1").fetchone()
        # Without its edits, which may be as many as the graph has elements.
        if row is None:
            return None
        number, digest, body = row
        return self._revision(number, digest, body, about=())

    def _revision(self, number: int, digest: str, body: str, about: Collection[Key] | None = None) -> Revision:
        try:
            revision = decode_revision(body, about)
        except (LookupError, ValueError, TypeError, RecursionError) as error:
            raise self._damaged(f"revision {number}") from error
        if (revision.number, revision.digest) != (number, digest):
            raise self._damaged(f"revision {number}")
        return revision

    def _graph(self) -> RiskGraph:
        """Today's graph, from the content tables."""
        elements = []
        for kind, *ids, data in self._content():
            key = (str(kind), *(str(id_) for id_ in ids if id_ is not None))
            try:
                elements.append(decode_element(key, data))
            except (LookupError, ValueError, TypeError, RecursionError, EditError) as error:
                raise self._damaged(" ".join(key)) from error
        try:
            return RiskGraph.of(elements)
        except EditError as error:
            raise self._damaged(str(error)) from error

    def _content(self) -> Iterator[tuple[Any, ...]]:
        yield from self._db.execute("SELECT 'register', value FROM meta WHERE name = 'register'")
        yield from self._db.execute("SELECT kind, id, data FROM node")
        yield from self._db.execute(_ALL_EDGES)

    def _replace(self, before: RiskGraph, after: RiskGraph) -> None:
        """Makes the content tables hold one graph where they held another; references are checked at the end."""
        for key in before.elements.keys() - after.elements.keys():
            statement, ids = _cut(key)
            self._db.execute(statement, ids)
        for key, element in after.elements.items():
            old = before.elements.get(key)
            if old is not element and (old is None or encode_element(old) != encode_element(element)):
                statement, values = _put(key, element)
                self._db.execute(statement, values)

    def _damaged(self, what: str) -> CorruptStoreError:
        return CorruptStoreError(f"{self._path} is damaged ({what}): run riskgraph doctor, or restore a copy")


def _put(key: Key, element: Element) -> tuple[str, tuple[str, ...]]:
    data = encode_element(element)
    if key == HEADER:
        return _PUT_META, ("register", data)
    if key[0] in NODE_KINDS:
        return _PUT_NODE, (key[1], key[0], data)
    if key[0] == "blocks":
        return _PUT_BLOCK, (*key[1:], data)
    return _PUT_EDGE, (*key, data)


def _cut(key: Key) -> tuple[str, tuple[str, ...]]:
    if key[0] in NODE_KINDS:
        return _CUT_NODE, key[1:]
    if key[0] == "blocks":
        return _CUT_BLOCK, key[1:]
    return _CUT_EDGE, key


__all__ = ["SqliteStore"]
