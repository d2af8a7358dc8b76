"""The chain: revisions in, what breaks it out, or the graph that an unbroken one gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from riskgraph.edits import apply_all
from riskgraph.errors import CorruptStoreError, RiskGraphError
from riskgraph.findings import Finding
from riskgraph.graph import RiskGraph
from riskgraph.history import Revision


def chain_problems(revision: Revision, previous: Revision | None, graph_id: str) -> Iterator[Finding]:
    """What is wrong with a revision that stands after another: its number, graph, digest, chain or date."""
    number = previous.number + 1 if previous else 1
    name = f"revision {number}"
    if revision.number != number:
        yield _error("store-number", f"{name} is missing: revision {revision.number} stands in its place")
        return
    if revision.graph_id != graph_id:
        yield _error("store-graph", f"{name} is of graph {revision.graph_id}, the store keeps {graph_id}")
    if revision.digest != revision.seal():
        yield _error("store-digest", f"{name} was changed after it was written: its digest is another")
    if revision.previous != (previous.digest if previous else None):
        yield _error("store-chain", f"{name} was not written after the revision that stands before it")
    if previous and revision.effective < previous.effective:
        yield _error("store-time", f"{name} is effective before the revision before it")


def replay(revisions: Sequence[Revision], graph_id: str) -> RiskGraph:
    """The graph that an unbroken history gives.

    Raises:
        CorruptStoreError: it is broken, or its edits do not fit; says where.
    """
    graph = RiskGraph()
    previous: Revision | None = None
    for revision in revisions:
        for problem in chain_problems(revision, previous, graph_id):
            raise CorruptStoreError(f"{problem.message}: run riskgraph doctor where it comes from")
        try:
            graph = apply_all(revision.edits, graph)
        except RiskGraphError as error:
            message = f"the edits of revision {revision.number} do not fit the graph before it: {error}"
            raise CorruptStoreError(message) from error
        previous = revision
    return graph


def _error(rule: str, message: str) -> Finding:
    return Finding(rule, "error", message)


__all__ = ["chain_problems", "replay"]
