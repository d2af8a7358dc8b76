"""Takes random graphs, shows that what cannot be reached has no part in a simulation, nor in a path."""

from __future__ import annotations

from typing import Literal

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
def test_a_part_gives_the_numbers_of_the_whole(graph: RiskGraph, data: st.DataObject) -> None:
    """Prevents: a number that depends on how much of the graph was read, by its chance or by what it leaves out."""
    if not graph.risks:
        return
    starts = data.draw(st.lists(st.sampled_from(sorted(graph.risks)), min_size=1, max_size=2, unique=True))
    whole = compile_network(graph)
    part = compile_network(Around(frozenset(starts), downstream=True).of(graph))
    methods: tuple[Literal["auto", "simulated"], ...] = ("auto", "simulated")
    for method in methods:
        one = simulate(whole, starts, runs=64, seed=3, method=method)
        other = simulate(part, starts, runs=64, seed=3, method=method)
        assert simulation_data(one) == simulation_data(other)
    assert find_paths(whole, starts[0]) == find_paths(part, starts[0])
    assert whole.left_out_from(starts) == part.left_out_from(starts)


def test_a_dear_risk_elsewhere_does_not_blur_a_cheap_one() -> None:
    """Prevents: a loss that is counted in units of what cannot be reached."""
    cheap, dear = Risk(id="A", name="a", loss=1 / 3), Risk(id="B", name="b", loss=1e18)
    alone = simulate(compile_network(RiskGraph.of([cheap])), ["A"], runs=64, method="simulated")
    beside = simulate(compile_network(RiskGraph.of([cheap, dear])), ["A"], runs=64, method="simulated")
    assert simulation_data(alone) == simulation_data(beside)
    assert beside.loss is not None
    assert beside.loss.mean == pytest.approx(1 / 3)


@pytest.mark.parametrize("loss", [5e-324, 1e-310, 1e15])
def test_a_loss_of_any_size_that_a_register_takes_is_summed(loss: float) -> None:
    """The smallest number there is once made the unit of sums 0, and every sum no number."""
    network = compile_network(RiskGraph.of([Risk(id="RISK-1", name="one", loss=loss)]))
    found = simulate(network, ["RISK-1"], method="simulated", runs=100)
    assert found.loss is not None
    assert found.loss.mean == pytest.approx(loss, rel=1e-6, abs=1e-300)
