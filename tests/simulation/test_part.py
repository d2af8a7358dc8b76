"""Takes random graphs, shows that what cannot be reached has no part in paths, nor in the unit of a loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.graph import RiskGraph
from riskgraph.model import Risk
from riskgraph.neighbourhood import Around
from riskgraph.report.engine import simulation_data
from riskgraph.simulation.network import compile_network
from riskgraph.simulation.paths import find_paths
from riskgraph.simulation.simulate import simulate
from tests.strategies import graphs


@given(graphs(), st.data())
def test_a_part_gives_the_paths_of_the_whole(graph: RiskGraph, data: st.DataObject) -> None:
    """Prevents: a path that depends on how much of the graph was read, or another count of what is left out."""
    if not graph.risks:
        return
    start = data.draw(st.sampled_from(sorted(graph.risks)))
    whole = compile_network(graph)
    part = compile_network(Around(frozenset({start}), downstream=True).of(graph))
    assert find_paths(whole, start) == find_paths(part, start)
    assert whole.left_out_from([start]) == part.left_out_from([start])


def test_a_dear_risk_elsewhere_does_not_blur_a_cheap_one() -> None:
    """Prevents: a loss that is counted in units of what cannot be reached."""
    cheap, dear = Risk(id="A", name="a", loss=1 / 3), Risk(id="B", name="b", loss=1e18)
    alone = simulate(compile_network(RiskGraph.of([cheap])), ["A"], runs=64, method="simulated")
    beside = simulate(compile_network(RiskGraph.of([cheap, dear])), ["A"], runs=64, method="simulated")
    assert simulation_data(alone) == simulation_data(beside)
    assert beside.loss is not None
    assert beside.loss.mean == pytest.approx(1 / 3)
