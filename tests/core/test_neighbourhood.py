"""Takes random graphs, shows that a part answers what is asked about its ids as the whole does."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from riskgraph.graph import RiskGraph
from riskgraph.history import History, Snapshot, first_revision
from riskgraph.model import NODE_KINDS, Cascade, Risk
from riskgraph.neighbourhood import Around, reach
from riskgraph.report.elements import show_data, show_tables
from tests.strategies import graphs

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def chain(*ids: str) -> RiskGraph:
    """Risks in a row, each with a cascade to the next."""
    cascades = [Cascade.model_validate({"from": one, "to": other}) for one, other in pairwise(ids)]
    return RiskGraph.of([*(Risk(id=id_, name=id_) for id_ in ids), *cascades])


@given(graphs(), st.data())
def test_show_needs_no_more_than_the_neighbourhood(graph: RiskGraph, data: st.DataObject) -> None:
    """Prevents: an answer that depends on how much of the graph was read."""
    keys = [key for key in graph.elements if key[0] in NODE_KINDS and key[0] != "risk"]
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    history = History([first_revision(graph, None, NOW)])
    part = Around(frozenset(key[1:])).of(graph)
    some = History([revision.about(part.elements.keys()) for revision in history.revisions])
    seen = Snapshot(part, 1, recorded_at=NOW)
    about = {"graph_id": "g", "revision": 1}
    assert show_data(key, some, seen, **about) == show_data(key, history, **about)  # type: ignore[arg-type]
    assert show_tables(key, some, seen) == show_tables(key, history)


@given(graphs(), st.sets(st.sampled_from(["RISK-1", "RISK-2", "RISK-10", "MIT-1", "none"])))
def test_downstream_has_every_cascade_that_can_be_reached(graph: RiskGraph, ids: set[str]) -> None:
    """Prevents: a simulation that stops at the edge of what was read."""
    part = Around(frozenset(ids), downstream=True).of(graph)
    reached = reach(graph, ids)
    assert reach(part, ids) == reached
    for risk in reached & graph.risks.keys():
        assert part.downstream.get(risk) == graph.downstream.get(risk)
        assert part.rate_factor(risk) == graph.rate_factor(risk)
        for cascade in graph.downstream.get(risk, ()):
            assert part.probability(risk, cascade.to) == graph.probability(risk, cascade.to)


def test_a_part_is_small() -> None:
    """Prevents: a neighbourhood that is everything."""
    graph = chain("A", "B", "C", "D")
    assert Around(frozenset({"B"})).of(graph).risks.keys() == {"A", "B", "C"}
    assert Around(frozenset({"C"}), downstream=True).of(graph).risks.keys() == {"B", "C", "D"}
    assert Around(frozenset({"none"})).of(graph) == RiskGraph()


def test_a_long_chain_is_read_without_recursion() -> None:
    """Prevents: a stack that ends before the chain does."""
    ids = [f"R{n}" for n in range(20_000)]
    assert len(Around(frozenset({"R0"}), downstream=True).of(chain(*ids)).risks) == 20_000
