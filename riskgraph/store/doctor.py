"""The doctor: a store in, everything that its hashes, its chain and its replay show to be wrong out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from riskgraph.edits import apply_all, digest
from riskgraph.errors import CorruptStoreError, RiskGraphError
from riskgraph.findings import Finding
from riskgraph.graph import RiskGraph, title
from riskgraph.history import Revision, Snapshot
from riskgraph.store import Store
from riskgraph.store.chain import chain_problems
from riskgraph.store.writing import Rows


@runtime_checkable
class Inspectable(Protocol):
    """A store that can look at its own storage, and read revisions up to a damaged one."""

    def integrity(self) -> Sequence[str]:
        """What the storage itself finds wrong, one sentence each."""
        ...

    def walk(self) -> Iterator[Revision]:
        """The revisions one by one, oldest first."""
        ...

    def content(self) -> Rows:
        """What the content holds, also where it is no graph any more."""
        ...


def examine(store: Store) -> tuple[Finding, ...]:
    """What is wrong with a store, all of it errors; nothing where it is sound.

    Checks the storage, then each revision (number, graph, digest, chain, dates, edits) up to the first bad one, then
    whether replaying them gives the graph that is read today.
    """
    found = list(_storage(store))
    # Read before the revisions are: another writer may add to them meanwhile.
    today = _today(store)
    graph, replayed = RiskGraph(), RiskGraph()
    previous: Revision | None = None
    try:
        for revision in store.walk() if isinstance(store, Inspectable) else store.revisions():
            if problems := list(chain_problems(revision, previous, store.graph_id)):
                return (*found, *problems)
            try:
                graph = apply_all(revision.edits, graph)
            except RiskGraphError as error:
                message = f"the edits of revision {revision.number} do not fit the graph before it: {error}"
                return (*found, _error("store-replay", message))
            if isinstance(today, Snapshot) and revision.number == today.revision:
                replayed = graph
            previous = revision
    except CorruptStoreError as error:
        last = previous.number if previous else 0
        return (*found, _error("store-unreadable", f"the revision after revision {last} cannot be read: {error}"))
    if isinstance(today, Finding):
        return (*found, today)
    return (*found, *_content(today, replayed))


def _today(store: Store) -> Snapshot | Finding:
    try:
        return store.read()
    except CorruptStoreError as error:
        return _error("store-content", f"today's graph cannot be read: {error}")


def _storage(store: Store) -> Iterator[Finding]:
    if isinstance(store, Inspectable):
        try:
            for sentence in store.integrity():
                yield _error("store-integrity", f"the store is damaged: {sentence}")
        except CorruptStoreError as error:
            yield _error("store-integrity", str(error))


def _content(today: Snapshot, replayed: RiskGraph) -> Iterator[Finding]:
    if names := sorted(_differences(replayed, today.graph)):
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""  # noqa: PLR2004 - three examples do
        given = f"revisions 1 to {today.revision} give" if today.revision > 1 else f"revision {today.revision} gives"
        yield _error("store-content", f"today's graph is not what {given}: {', '.join(names[:3])}{more} differ")


def _differences(one: RiskGraph, other: RiskGraph) -> Iterable[str]:
    for key in one.elements.keys() | other.elements.keys():
        left, right = one.get(key), other.get(key)
        if left is None or right is None or digest(left.data()) != digest(right.data()):
            yield title(key)


def _error(rule: str, message: str) -> Finding:
    return Finding(rule, "error", message)


__all__ = ["Inspectable", "examine"]
