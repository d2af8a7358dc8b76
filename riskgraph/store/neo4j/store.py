"""The store on a Neo4j server: edits in, revisions and today's graph out, in one database that people also look at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from riskgraph.cypher import list_statements, read_statement
from riskgraph.edits import Edit, digest
from riskgraph.errors import CorruptStoreError, EditError, MissingStoreError, StoreUnavailableError
from riskgraph.graph import RiskGraph, title
from riskgraph.history import Decision, History, Revision, Snapshot
from riskgraph.store.neo4j.access import Access
from riskgraph.store.neo4j.content import header_properties, plan_content, read_content
from riskgraph.store.neo4j.failures import explained
from riskgraph.store.writing import Clock, Entry, decode_revision, encode_revision, next_revision, utc_now

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

FORMAT: Final = "1"
WAIT: Final = 15.0
"""Seconds that the driver repeats what a server could not do at once, and that a connection may take."""

_TRIES: Final = 5
"""How often a write whose reply was lost, or a read that a write came between, is begun again."""

_OWN: Final = ("name", "graph_id", "format", "revision", "content", "attempt")
"""Properties of the graph's own node that are not the register's header."""

T = TypeVar("T")
Own = Mapping[str, Any]


class Neo4jStore:
    """Keeps a graph and its revisions in a database of a server.

    With ``create`` an empty database is made ready; a graph without revisions then takes over the ``graph_id``.
    """

    def __init__(
        self, access: Access, clock: Clock = utc_now, *, create: bool = False, graph_id: str | None = None
    ) -> None:
        import neo4j

        # What matters is raised; without a handler of its own the driver's log would come out on stderr.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        self._access = access
        self._clock = clock
        self._closed = False
        with explained(access):
            self._driver = neo4j.GraphDatabase.driver(
                access.url,
                auth=(access.user, access.password) if access.password else None,
                user_agent="riskgraph",
                connection_timeout=WAIT,
                connection_acquisition_timeout=2 * WAIT,
                max_transaction_retry_time=WAIT,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )
        try:
            self.graph_id = self._opened(graph_id, create=create)
        except BaseException:
            self._driver.close()
            raise

    def read(self, as_of: date | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time."""
        if as_of is not None:
            return History(self.revisions()).as_of(as_of)
        return self._again(lambda session: session.execute_read(self._snapshot))

    def revisions(self) -> Sequence[Revision]:
        """Every revision, oldest first."""
        return tuple(self.walk())

    def walk(self) -> Iterator[Revision]:
        """The revisions one by one, so that those before a damaged one can still be read."""
        for number, sealed, body in self._again(lambda session: session.execute_read(self._recorded)):
            yield self._revision(number, sealed, body)

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
    ) -> Revision:
        """One transaction: the edits, and the revision that records them. Errors as those of the protocol.

        Where the reply to the commit is lost, the write begins again: it waits for the lock, and finds its revision
        or writes it.
        """
        entry = Entry(tuple(edits), expected, author, reason, effective_on, tuple(decisions), undoes)
        attempt = str(uuid4())
        return self._again(lambda session: session.execute_write(self._write, entry, attempt))

    def integrity(self) -> Sequence[str]:
        """Which of our constraints the database lacks."""
        rows = self._again(lambda session: session.execute_read(_rows, "read/constraints"))
        there = {name for (name,) in rows}
        wanted = [read_statement(name).text.split()[2] for name in list_statements("schema")]
        return [
            f"the constraint {name} is missing: send the files of cypher/schema/ again"
            for name in wanted
            if name not in there
        ]

    def close(self) -> None:
        """Release the connections; a second time does nothing."""
        self._closed = True
        self._driver.close()

    def _again(self, work: Callable[[Session], T]) -> T:
        """What one transaction gives, begun again where the reply to its commit is lost.

        The driver repeats what it knows to have failed, but not this. Its bookmarks let the session see what this
        store wrote and read before, also on another member of a cluster.
        """
        from neo4j.exceptions import IncompleteCommit

        if self._closed:
            raise StoreUnavailableError(f"{self._access} cannot be used here: it was closed")
        seen = self._driver.execute_query_bookmark_manager
        with (
            explained(self._access),
            self._driver.session(database=self._access.database, bookmark_manager=seen) as session,
        ):
            for _ in range(_TRIES - 1):
                with suppress(IncompleteCommit):
                    return work(session)
            return work(session)

    def _opened(self, graph_id: str | None, *, create: bool) -> str:
        """Makes the database ready if it may, and gives the graph's identity."""
        with explained(self._access):
            self._driver.verify_connectivity()
        if create:
            self._create(graph_id)
        own = self._again(lambda session: session.execute_read(self._own_or_none))
        if own is None:
            raise MissingStoreError(f"{self._access}: no store here: riskgraph init")
        if own.get("format") != FORMAT:
            found = f"has format {own.get('format')}, this riskgraph reads format {FORMAT}"
            raise StoreUnavailableError(f"{self._access} {found}: upgrade riskgraph")
        return str(self._whole(own)["graph_id"])

    def _create(self, graph_id: str | None) -> None:
        """Lays the constraints and the graph's own node; each step may be done again, and by two at once."""
        own = self._again(lambda session: session.execute_read(self._own_or_none))
        if own is not None and own.get("format") != FORMAT:
            return
        if own is None and (found := self._again(lambda session: session.execute_read(_rows, "read/strangers"))[0][0]):
            raise StoreUnavailableError(
                f"{self._access} has {found} nodes with labels of ours and no graph of ours: name an empty database"
            )
        for name in list_statements("schema"):
            self._again(partial(_sent, name))
        own_id, content = graph_id or str(uuid4()), _content(RiskGraph())
        self._again(partial(_sent, "write/create_graph", graph_id=own_id, format=FORMAT, content=content))
        if graph_id:
            self._again(partial(_sent, "write/adopt_graph", graph_id=graph_id, attempt=str(uuid4())))

    def _snapshot(self, tx: ManagedTransaction) -> Snapshot:
        """Today's graph. Neo4j lets another's write come between two statements, so those are read again."""
        for _ in range(_TRIES):
            own = self._own(tx)
            latest = self._latest(tx, own)
            nodes, edges = _rows(tx, "read/nodes"), _rows(tx, "read/edges")
            if self._own(tx) == own:
                graph = self._graph(own, nodes, edges)
                return Snapshot(graph, own["revision"], recorded_at=latest.recorded_at if latest else None)
        # Revisions never change, so they give a whole graph however fast others write.
        return History([self._revision(*row) for row in self._recorded(tx)]).snapshot()

    def _write(self, tx: ManagedTransaction, entry: Entry, attempt: str) -> Revision:
        locked = _rows(tx, "write/lock_graph", attempt=attempt)
        own = self._whole(locked[0][0] if locked else {})
        if own["revision"] > entry.expected and (row := self._row(tx, entry.expected + 1)) and row[1] == attempt:
            return self._revision(entry.expected + 1, row[0], row[2])
        latest = self._latest(tx, own)
        before = self._graph(own, _rows(tx, "read/nodes"), _rows(tx, "read/edges"))
        if entry.expected == own["revision"] and _content(before) != own["content"]:
            raise self._changed_by_hand(tx, before)
        revision, after = next_revision(entry, latest, before, str(own["graph_id"]), self._clock())
        _rows(tx, "write/add_revision", properties=_revision_properties(revision, attempt))
        for name, rows in plan_content(before, after):
            _rows(tx, name, rows=rows)
        kept = {name: own[name] for name in _OWN if name in own} | header_properties(after.header)
        counted = {"revision": revision.number, "content": _content(after)}
        _rows(tx, "write/set_graph", properties={**kept, **counted})
        return revision

    def _own_or_none(self, tx: ManagedTransaction) -> Own | None:
        rows = _rows(tx, "read/graph")
        return rows[0][0] if rows else None

    def _own(self, tx: ManagedTransaction) -> Own:
        return self._whole(self._own_or_none(tx) or {})

    def _whole(self, own: Own) -> Own:
        kinds = {"graph_id": str, "format": str, "revision": int, "content": str}
        if not all(isinstance(own.get(name), kind) for name, kind in kinds.items()):
            raise self._damaged("the node RiskGraph")
        return own

    def _recorded(self, tx: ManagedTransaction) -> list[list[Any]]:
        return _rows(tx, "read/revisions", newest=self._own(tx)["revision"])

    def _row(self, tx: ManagedTransaction, number: int) -> Sequence[Any] | None:
        rows = _rows(tx, "read/revision", number=number)
        return rows[0] if rows else None

    def _latest(self, tx: ManagedTransaction, own: Own) -> Revision | None:
        number = own["revision"]
        if not number:
            return None
        row = self._row(tx, number)
        if row is None:
            raise self._damaged(f"revision {number} is missing")
        return self._revision(number, row[0], row[2])

    def _revision(self, number: int, sealed: str, body: str) -> Revision:
        try:
            revision = decode_revision(body)
        except (LookupError, ValueError, TypeError, RecursionError) as error:
            raise self._damaged(f"revision {number}") from error
        if (revision.number, revision.digest) != (number, sealed):
            raise self._damaged(f"revision {number}")
        return revision

    def _graph(self, own: Own, nodes: Sequence[Sequence[Any]], edges: Sequence[Sequence[Any]]) -> RiskGraph:
        header = {name: value for name, value in own.items() if name not in _OWN}
        try:
            return read_content(header, nodes, edges)
        except EditError as error:
            raise self._damaged(str(error)) from error

    def _changed_by_hand(self, tx: ManagedTransaction, graph: RiskGraph) -> CorruptStoreError:
        recorded = History([self._revision(*row) for row in self._recorded(tx)]).graph
        keys = recorded.elements.keys() | graph.elements.keys()
        names = sorted(title(key) for key in keys if recorded.get(key) != graph.get(key))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - three examples do
        what = f"{', '.join(names[:3])}{more}" if names else "its own node"
        message = f"{self._access} was changed past riskgraph ({what}): put that back, see riskgraph doctor"
        return CorruptStoreError(message)

    def _damaged(self, what: str) -> CorruptStoreError:
        return CorruptStoreError(f"{self._access} is damaged ({what}): run riskgraph doctor, or restore a backup")


def _rows(tx: ManagedTransaction, /, name: str, **parameters: Any) -> list[list[Any]]:
    """What a statement of ``cypher/`` returns, in the order of its columns."""
    statement = read_statement(name)
    # The text is a file of ours; values are parameters.
    result = tx.run(statement.text, parameters)
    return [[record[column] for column in statement.columns] for record in result]


def _sent(name: str, session: Session, **parameters: Any) -> list[list[Any]]:
    """What a statement that writes returns, in a transaction of its own."""
    return session.execute_write(_rows, name, **parameters)


def _revision_properties(revision: Revision, attempt: str) -> dict[str, Any]:
    """A revision for a person to read, and its body, which counts."""
    return {
        "number": revision.number,
        "recorded_at": revision.recorded_at.isoformat(),
        "effective_on": revision.effective_on.isoformat() if revision.effective_on else None,
        "author": revision.author,
        "reason": revision.reason,
        "edits": len(revision.edits),
        "undoes": revision.undoes,
        "previous": revision.previous,
        "digest": revision.digest,
        "attempt": attempt,
        "body": encode_revision(revision),
    }


def _content(graph: RiskGraph) -> str:
    """The digest of a graph's elements, by which a change past riskgraph is seen."""
    return digest([[*key, element.data()] for key, element in graph.elements.items()])


__all__ = ["FORMAT", "Neo4jStore"]
