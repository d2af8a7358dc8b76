from __future__ import annotations

import math

import numpy
import pytest

from riskgraph.errors import InputError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.simulation.network import LeftOut, Network, Pert, compile_network
from tests.builders import cascade, element, graph


@pytest.fixture
def register() -> RiskGraph:
    """Three risks with a cascade of each kind, one mitigation in place and one planned."""
    return graph(
        element("risk", id="A", likelihood={"per_year": 2}, loss={"low": 10, "likely": 20, "high": 60}),
        element("risk", id="B", likelihood=3, impact=2),
        element("risk", id="C", status="closed", likelihood={"per_year": 5}, loss=7),
        element("risk", id="D"),
        cascade("A", "B", 0.5, delay="30m"),
        cascade("B", "C", 0.8),
        cascade("C", "A"),
        element("mitigation", id="M1", status="implemented"),
        element("mitigation", id="M2", status="planned"),
        element("mitigates", mitigation="M1", risk="A", effectiveness=0.5),
        element("mitigates", mitigation="M2", risk="A", effectiveness=0.25),
        element("mitigates", mitigation="M1", risk="D"),
        element("blocks", mitigation="M1", from_="A", to="B", effectiveness=0.2),
        element("blocks", mitigation="M2", from_="A", to="B", effectiveness=0.9),
    )


def probability(network: Network) -> dict[str, float]:
    """The probabilities by cascade."""
    return {
        f"{network.ids[source]}->{network.ids[target]}": float(value)
        for source, target, value in zip(network.sources, network.targets, network.probability, strict=True)
    }


def test_implemented_mitigations_count_and_no_others(register: RiskGraph) -> None:
    """Prevents credit for what is only planned, and effects on the probability of what lowers only a rate."""
    network = compile_network(register)
    assert network.ids == ("A", "B", "C", "D")
    assert probability(network) == {"A->B": 0.4, "B->C": 0.8}
    assert network.rate[:2].tolist() == [1.0, 2.0]
    assert network.delay[0] == 1800
    assert math.isnan(network.delay[1])


def test_losses_are_amounts_ranges_and_scores(register: RiskGraph) -> None:
    """Prevents a score without money, a range without its mean, and a silent zero for what nobody estimated."""
    network = compile_network(register)
    assert network.loss[0] == Pert(10, 20, 60)
    assert network.mean[0] == 25
    assert network.loss[1] == pytest.approx(math.sqrt(1e4 * 5e4))
    assert network.loss[3] is None
    assert math.isnan(network.mean[3])


def test_what_is_not_estimated_is_counted(register: RiskGraph) -> None:
    """Prevents numbers that do not say what they leave out; a closed risk starts nothing."""
    assert compile_network(register).left_out == LeftOut(cascades=1, losses=1, rates=2, delays=1, effects=1)
    assert compile_network(register, assume=0.1).left_out == LeftOut(cascades=0, losses=1, rates=2, delays=2, effects=1)
    assert probability(compile_network(register, assume=0.1))["C->A"] == 0.1


@pytest.mark.parametrize(
    ("without", "with_", "expected", "rate"),
    [
        ([], [], 0.4, 1.0),
        (["M1"], [], 0.5, 2.0),
        ([], ["M2"], 0.4 * (1 - 0.9), 0.75),
        (["m1"], ["m2"], 0.5 * (1 - 0.9), 1.5),
        (["A->B"], [], 0.0, 1.0),
        (["a \u2192 b"], ["M1"], 0.0, 1.0),
    ],
)
def test_pretending(register: RiskGraph, without: list[str], with_: list[str], expected: float, rate: float) -> None:
    """Prevents a what-if that forgets the cascade or the rate, or that moves the other cascades' places."""
    network = compile_network(register, without=without, with_=with_)
    assert probability(network)["A->B"] == pytest.approx(expected, abs=1e-15)
    assert network.rate[0] == pytest.approx(rate)
    assert len(network.probability) == 2


@pytest.mark.parametrize(
    ("without", "with_", "said"),
    [
        (["M11"], [], "did you mean M1?"),
        (["A->X"], [], "did you mean A->B?"),
        (["A"], [], "'A' is a risk"),
        ([], ["A->B"], "--with takes a mitigation"),
        (["M1"], ["M1"], "both"),
    ],
)
def test_names_that_mean_nothing(register: RiskGraph, without: list[str], with_: list[str], said: str) -> None:
    """Prevents a what-if that changes nothing because of a slip of the pen."""
    with pytest.raises((InputError, UsageError), match=r"(?s).*" + said.replace("?", r"\?")):
        compile_network(register, without=without, with_=with_)


@pytest.mark.parametrize("assume", [-0.1, 1.1, math.nan])
def test_an_assumption_is_a_probability(register: RiskGraph, assume: float) -> None:
    """Prevents percent taken for shares."""
    with pytest.raises(UsageError, match="between 0 and 1"):
        compile_network(register, assume=assume)


def test_starts_are_found_or_refused(register: RiskGraph) -> None:
    """Prevents an answer about no risk at all."""
    network = compile_network(register)
    assert network.find(["C", "A", "C"]).tolist() == [0, 2]
    with pytest.raises(InputError, match="not the id of a risk"):
        network.find(["Z"])
    with pytest.raises(UsageError, match="at least one"):
        network.find([])


def test_reach_follows_what_can_fire(register: RiskGraph) -> None:
    """Prevents risks behind a removed cascade from being shown as in reach."""
    assert compile_network(register).reach(numpy.array([0])).tolist() == [True, True, True, False]
    cut = compile_network(register, without=["A->B"])
    assert cut.reach(numpy.array([0])).tolist() == [True, False, False, False]
