"""The store on a Neo4j server: edits in, revisions and today's graph out, in one database that people also look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from riskgraph.cypher import list_statements, read_statement
from riskgraph.edits import Edit, digest
from riskgraph.errors import CorruptStoreError, EditError, MissingStoreError, StoreUnavailableError
from riskgraph.graph import RiskGraph, title
from riskgraph.history import Decision, History, Revision, Snapshot
from riskgraph.model import Key
from riskgraph.neighbourhood import Around
from riskgraph.store.chain import replay
from riskgraph.store.neo4j.access import Access
from riskgraph.store.neo4j.connection import TRIES, Connection, rows
from riskgraph.store.neo4j.content import header_properties, plan_content, read_content, read_rows
from riskgraph.store.neo4j.properties import revision_properties, to_revision
from riskgraph.store.neo4j.reading import read_rows_of
from riskgraph.store.writing import Clock, Entry, Rows, next_revision, refuse_to_restore, utc_now

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

FORMAT: Final = "1"

_OWN: Final = ("name", "graph_id", "format", "revision", "content", "attempt")
"""Properties of the graph's own node that are not the register's header."""

_BATCH: Final = 500
"""Revisions that one statement takes."""

Own = Mapping[str, Any]


class Neo4jStore:
    """Keeps a graph and its revisions in a database of a server.

    With ``create`` an empty database is made ready; a graph without revisions then takes over the ``graph_id``.
    """

    def __init__(
        self, access: Access, clock: Clock = utc_now, *, create: bool = False, graph_id: str | None = None
    ) -> None:
        self._access = access
        self._clock = clock
        self._connection = Connection(access)
        try:
            self.graph_id = self._opened(graph_id, create=create)
        except BaseException:
            self._connection.close()
            raise

    def read(self, as_of: date | None = None, around: Around | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time; all of it, or what stands around some ids.

        Today's neighbourhoods are read without the rest.
        """
        if as_of is not None:
            return History(self.revisions()).as_of(as_of).around(around)
        return self._connection.read(self._snapshot, around)

    def revisions(self, about: Collection[Key] | None = None) -> Sequence[Revision]:
        """Every revision, oldest first; with all its edits, or those of some elements."""
        return tuple(self.walk(about))

    def walk(self, about: Collection[Key] | None = None) -> Iterator[Revision]:
        """The revisions one by one, so that those before a damaged one can still be read."""
        for number, *row in self._connection.read(self._recorded, about):
            yield self._revision(number, *row)

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
        """One transaction: the edits, and the revision that records them. Errors as those of the protocol.

        Where the reply to the commit is lost, the write begins again: it waits for the lock, and finds its revision
        or writes it.
        """
        entry = Entry(tuple(edits), expected, author, reason, effective_on, tuple(decisions), undoes)
        return self._connection.write(self._write, entry, str(uuid4()), repair=repair)

    def restore(self, revisions: Sequence[Revision]) -> None:
        """One transaction: the whole history of this graph from elsewhere. Errors as those of the protocol."""
        graph = replay(revisions, self.graph_id)
        self._connection.write(self._restore, revisions, graph, str(uuid4()))

    def content(self) -> Rows:
        """What the database holds, also where that is no graph any more."""

        def read(tx: ManagedTransaction) -> Rows:
            return read_rows(_header(self._own(tx)), *read_rows_of(tx, None))

        return self._connection.read(read)

    def integrity(self) -> Sequence[str]:
        """Which of our constraints and indexes the database lacks."""
        there = {name for (name,) in self._connection.read(rows, "read/schema")}
        wanted = [read_statement(name).text.split()[1:3] for name in list_statements("schema")]
        return [
            f"the {what.lower()} {name} is missing: riskgraph init lays it again, as do the files of cypher/schema/"
            for what, name in wanted
            if name not in there
        ]

    def close(self) -> None:
        """Release the connections; a second time does nothing."""
        self._connection.close()

    def _opened(self, graph_id: str | None, *, create: bool) -> str:
        """Makes the database ready if it may, and gives the graph's identity."""
        self._connection.verify()
        if create:
            self._create(graph_id)
        own = self._connection.read(self._own_or_none)
        if own is None:
            raise MissingStoreError(f"{self._access}: no store here: riskgraph init")
        if own.get("format") != FORMAT:
            found = f"has format {own.get('format')}, this riskgraph reads format {FORMAT}"
            raise StoreUnavailableError(f"{self._access} {found}: upgrade riskgraph")
        return str(self._whole(own)["graph_id"])

    def _create(self, graph_id: str | None) -> None:
        """Lays the constraints and the graph's own node; each step may be done again, and by two at once."""
        own = self._connection.read(self._own_or_none)
        if own is not None and own.get("format") != FORMAT:
            return
        if own is None and (found := self._connection.read(rows, "read/strangers")[0][0]):
            raise StoreUnavailableError(
                f"{self._access} has {found} nodes with labels of ours and no graph of ours: name an empty database"
            )
        for name in list_statements("schema"):
            self._connection.write(rows, name)
        own_id, content = graph_id or str(uuid4()), _digest(RiskGraph())
        self._connection.write(rows, "write/create_graph", graph_id=own_id, format=FORMAT, content=content)
        if graph_id:
            self._connection.write(rows, "write/adopt_graph", graph_id=graph_id, attempt=str(uuid4()))

    def _snapshot(self, tx: ManagedTransaction, around: Around | None) -> Snapshot:
        """Today's graph. Neo4j lets another's write come between two statements, so those are read again."""
        for _ in range(TRIES):
            own = self._own(tx)
            latest = self._latest(tx, own)
            nodes, edges = read_rows_of(tx, around)
            if self._own(tx) == own:
                graph = self._graph(own, nodes, edges)
                return Snapshot(graph, own["revision"], recorded_at=latest.recorded_at if latest else None)
        # Revisions never change, so they give a whole graph however fast others write.
        return History([self._revision(*row) for row in self._recorded(tx)]).snapshot().around(around)

    def _write(self, tx: ManagedTransaction, entry: Entry, attempt: str, *, repair: bool) -> Revision:
        own = self._lock(tx, attempt)
        if own["revision"] > entry.expected and (row := self._row(tx, entry.expected + 1)) and row[-1] == attempt:
            return self._revision(entry.expected + 1, *row[:-1])
        latest = self._latest(tx, own)
        if repair:
            before = History([self._revision(*row) for row in self._recorded(tx)]).graph
        else:
            before = self._graph(own, *read_rows_of(tx, None))
            if entry.expected == own["revision"] and _digest(before) != own["content"]:
                raise self._changed_by_hand(tx, before)
        revision, after = next_revision(entry, latest, before, str(own["graph_id"]), self._clock())
        if repair:
            rows(tx, "write/cut_content")
            before = RiskGraph()
        self._record(tx, own, [revision], before, after, attempt)
        return revision

    def _restore(self, tx: ManagedTransaction, revisions: Sequence[Revision], graph: RiskGraph, attempt: str) -> None:
        own = self._lock(tx, attempt)
        if own["revision"] == len(revisions) and (row := self._row(tx, own["revision"])) and row[-1] == attempt:
            return
        refuse_to_restore(own["revision"])
        if revisions:
            self._record(tx, own, revisions, RiskGraph(), graph, attempt)

    def _record(
        self,
        tx: ManagedTransaction,
        own: Own,
        revisions: Sequence[Revision],
        before: RiskGraph,
        after: RiskGraph,
        attempt: str,
    ) -> None:
        """Adds revisions, makes the content hold one graph where it held another, and says so."""
        for start in range(0, len(revisions), _BATCH):
            some = [
                {"properties": revision_properties(revision, attempt)} for revision in revisions[start : start + _BATCH]
            ]
            rows(tx, "write/add_revisions", rows=some)
        for name, some in plan_content(before, after):
            rows(tx, name, rows=some)
        kept = {name: own[name] for name in _OWN if name in own} | header_properties(after.header)
        counted = {"revision": revisions[-1].number, "content": _digest(after)}
        rows(tx, "write/set_graph", properties={**kept, **counted})

    def _lock(self, tx: ManagedTransaction, attempt: str) -> Own:
        locked = rows(tx, "write/lock_graph", attempt=attempt)
        return self._whole(locked[0][0] if locked else {})

    def _own_or_none(self, tx: ManagedTransaction) -> Own | None:
        found = rows(tx, "read/graph")
        return found[0][0] if found else None

    def _own(self, tx: ManagedTransaction) -> Own:
        return self._whole(self._own_or_none(tx) or {})

    def _whole(self, own: Own) -> Own:
        kinds = {"graph_id": str, "format": str, "revision": int, "content": str}
        if not all(isinstance(own.get(name), kind) for name, kind in kinds.items()):
            raise self._damaged("the node RiskGraph")
        return own

    def _recorded(self, tx: ManagedTransaction, about: Collection[Key] | None = None) -> list[list[Any]]:
        newest = self._own(tx)["revision"]
        if about is None:
            return rows(tx, "read/revisions", newest=newest)
        return rows(tx, "read/revisions_about", newest=newest, keys=sorted(" ".join(key) for key in about))

    def _row(self, tx: ManagedTransaction, number: int) -> Sequence[Any] | None:
        found = rows(tx, "read/revision", number=number)
        return found[0] if found else None

    def _latest(self, tx: ManagedTransaction, own: Own) -> Revision | None:
        """The newest revision without its edits: what the next one is written after."""
        number = own["revision"]
        if not number:
            return None
        found = rows(tx, "read/revision_head", number=number)
        if not found:
            raise self._damaged(f"revision {number} is missing")
        # Without its edits, which may be as many as the graph has elements.
        sealed, body = found[0]
        return self._revision(number, sealed, body, edits=())

    def _revision(self, number: int, sealed: str, body: str, edits: Sequence[str]) -> Revision:
        try:
            revision = to_revision(body, edits)
        except (LookupError, ValueError, TypeError, RecursionError) as error:
            raise self._damaged(f"revision {number}") from error
        if (revision.number, revision.digest) != (number, sealed):
            raise self._damaged(f"revision {number}")
        return revision

    def _graph(self, own: Own, nodes: Sequence[Sequence[Any]], edges: Sequence[Sequence[Any]]) -> RiskGraph:
        try:
            return read_content(_header(own), nodes, edges)
        except EditError as error:
            raise self._damaged(str(error)) from error

    def _changed_by_hand(self, tx: ManagedTransaction, graph: RiskGraph) -> CorruptStoreError:
        recorded = History([self._revision(*row) for row in self._recorded(tx)]).graph
        keys = recorded.elements.keys() | graph.elements.keys()
        names = sorted(title(key) for key in keys if recorded.get(key) != graph.get(key))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - three examples do
        what = f"{', '.join(names[:3])}{more}" if names else "its own node"
        message = (
            f"{self._access} was changed past riskgraph ({what}): put that back, or make it a proposal with "
            "riskgraph doctor --propose -o FILE"
        )
        return CorruptStoreError(message)

    def _damaged(self, what: str) -> CorruptStoreError:
        message = (
            f"{self._access} is damaged ({what}): see riskgraph doctor; riskgraph doctor --propose -o FILE restores "
            "what the revisions give"
        )
        return CorruptStoreError(message)


def _header(own: Own) -> dict[str, Any]:
    return {name: value for name, value in own.items() if name not in _OWN}


def _digest(graph: RiskGraph) -> str:
    """The digest of a graph's elements, by which a change past riskgraph is seen."""
    return digest([[*key, element.data()] for key, element in graph.elements.items()])


__all__ = ["FORMAT", "Neo4jStore"]
