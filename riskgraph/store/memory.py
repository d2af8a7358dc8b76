"""The store in memory: edits in, revisions out; the specification that every other store is held to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from threading import Lock
from uuid import uuid4

from riskgraph.edits import Edit
from riskgraph.history import Decision, History, Revision, Snapshot
from riskgraph.model import Key
from riskgraph.neighbourhood import Around
from riskgraph.store.chain import replay
from riskgraph.store.writing import Clock, Entry, next_revision, refuse_to_restore, utc_now


class MemoryStore:
    """Keeps a graph and its revisions as long as the process lives."""

    def __init__(self, graph_id: str | None = None, clock: Clock = utc_now) -> None:
        self.graph_id = graph_id or str(uuid4())
        self._clock = clock
        self._history = History()
        self._lock = Lock()

    def read(self, as_of: date | None = None, around: Around | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time; all of it, or what stands around some ids."""
        return (self._history.snapshot() if as_of is None else self._history.as_of(as_of)).around(around)

    def revisions(self, about: Collection[Key] | None = None) -> Sequence[Revision]:
        """Every revision, oldest first; with all its edits, or those of some elements."""
        written = self._history.revisions
        return written if about is None else tuple(revision.about(about) for revision in written)

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
        repair: bool = False,  # noqa: ARG002 - here the content is what the revisions give
    ) -> Revision:
        """One transaction: the edits, and the revision that records them. Errors as those of the protocol."""
        entry = Entry(tuple(edits), expected, author, reason, effective_on, tuple(decisions), undoes)
        with self._lock:
            written = self._history.revisions
            latest = written[-1] if written else None
            revision, graph = next_revision(entry, latest, self._history.graph, self.graph_id, self._clock())
            self._history = History((*written, revision), {revision.number: graph})
        return revision

    def restore(self, revisions: Sequence[Revision]) -> None:
        """One transaction: the whole history of this graph from elsewhere. Errors as those of the protocol."""
        with self._lock:
            refuse_to_restore(self._history.latest)
            self._history = History(tuple(revisions), {len(revisions): replay(revisions, self.graph_id)})

    def close(self) -> None:
        """Nothing is held open."""
