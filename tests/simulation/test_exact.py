from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest

from riskgraph.simulation.components import final_sets
from riskgraph.simulation.exact import exact_probabilities, exact_totals
from riskgraph.simulation.network import Network
from riskgraph.simulation.plan import Plan, plan_exact
from tests.simulation.networks import Arc, enumerate_reach, enumerate_totals, network, random_network


def plan(given: Network, starts: list[int]) -> Plan:
    """The plan, which has to be there."""
    found = plan_exact(given, numpy.array(starts))
    assert found is not None
    return found


def test_exact_is_what_every_world_says() -> None:
    """Prevents a wrong exact number: 2,000 small networks with cycles, against looking at all of their worlds."""
    random = numpy.random.default_rng(6)
    for _ in range(2000):
        size = int(random.integers(1, 7))
        given = random_network(random, size, int(random.integers(0, 10)))
        starts = sorted(set(random.integers(0, size, 2).tolist()))
        assert exact_probabilities(given, plan(given, starts)) == pytest.approx(
            enumerate_reach(given, starts), abs=1e-12
        )


def test_exact_is_what_an_inference_engine_says() -> None:
    """Prevents an error that only shows in maps too large to look at every world: up to 64 risks, against pyAgrum."""
    stored = json.loads(Path(__file__).with_name("data").joinpath("pyagrum.json").read_text(encoding="utf-8"))
    for case in stored["cases"]:
        given = network(case["risks"], [tuple(arc) for arc in case["arcs"]])
        assert exact_probabilities(given, plan(given, [0])) == pytest.approx(case["reached"], abs=1e-12)


def test_exact_totals_are_what_every_world_says() -> None:
    """Prevents a wrong distribution of sizes or losses, where weights are equal, different or zero."""
    random = numpy.random.default_rng(7)
    for _ in range(300):
        size = int(random.integers(1, 7))
        given = random_network(random, size, int(random.integers(0, 9)))
        weights = random.integers(0, 4, size)
        found = exact_totals(plan(given, [0]), weights.astype(numpy.int64))
        assert found is not None
        got = {value: share for value, share in zip(found.values, found.probabilities, strict=True) if share > 0}
        expected = {
            value: share for value, share in enumerate_totals(given, [0], weights.tolist()).items() if share > 0
        }
        assert got == pytest.approx(expected, abs=1e-12)


def test_the_size_of_a_component_does_not_matter() -> None:
    """Prevents a wrong number where many risks form one circle: a full graph of eight, against simple reasoning."""
    size, share = 8, 0.3
    arcs = [(a, b, share) for a in range(size) for b in range(size) if a != b]
    one = exact_probabilities(network(size, arcs), plan(network(size, arcs), [0]))
    assert one[1:] == pytest.approx([one[1]] * (size - 1), abs=1e-12)
    alone = final_sets(numpy.array([[1.0] + [0.0] * (size - 1)]), numpy.full((size, size), share))
    assert alone.sum() == pytest.approx(1, abs=1e-12)
    assert one[1] == pytest.approx(sum(alone[0, chosen] for chosen in range(1 << size) if chosen & 2), abs=1e-12)


def layered(layers: int, width: int, random: numpy.random.Generator) -> list[Arc]:
    """A layered map with two cascades out of each risk, and a circle in every seventh layer."""
    arcs: list[Arc] = []
    for layer in range(layers - 1):
        for place in range(width):
            chosen = random.choice(width, 2, replace=False).tolist()
            shares = random.uniform(0.05, 0.6, 2).tolist()
            ends = ((layer + 1) * width + target for target in chosen)
            arcs += [(layer * width + place, end, share) for end, share in zip(ends, shares, strict=True)]
    arcs += [((layer + 1) * width, layer * width, 0.3) for layer in range(0, layers - 1, 7)]
    return arcs


def test_a_layered_map_of_300_risks_is_exact() -> None:
    """Prevents a plan that refuses what design section 7 calls exact: 300 risks, a few circles."""
    given = network(300, layered(30, 10, numpy.random.default_rng(3)))
    found = plan_exact(given, numpy.array([0]))
    assert found is not None
    assert exact_probabilities(given, found).max() == 1


def test_wide_maps_and_large_circles_are_refused() -> None:
    """Prevents a table that takes all memory: the simulation takes over."""
    random = numpy.random.default_rng(4)
    dense = [(a, b, 0.5) for a in range(40) for b in range(40, 80)] + [(80, a, 0.5) for a in range(40)]
    assert plan_exact(network(81, dense), numpy.array([80])) is None
    circle = [(place, (place + 1) % 30, 0.5) for place in range(30)] + [(30, 0, 0.5)]
    assert plan_exact(network(31, circle), numpy.array([30])) is None
    assert plan_exact(network(31, circle), numpy.array([0])) is not None, "a start cuts the circle"
    assert exact_totals(plan(network(200, layered(20, 10, random)), [0]), numpy.arange(200), work=1000) is None


@pytest.mark.parametrize("shape", ["chain", "star", "funnel"])
def test_long_chains_and_wide_stars_are_exact(shape: str) -> None:
    """Prevents recursion, and tables that grow with what is certain: 20,000 risks in a row, out of one, into one."""
    size = 20_000
    arcs = {
        "chain": [(place, place + 1, 0.9999) for place in range(size - 1)],
        "star": [(0, place, 0.25) for place in range(1, size)],
        "funnel": [(place, size - 1, 1e-5) for place in range(size - 1)],
    }[shape]
    starts = list(range(size - 1)) if shape == "funnel" else [0]
    given = network(size, arcs)
    found = exact_probabilities(given, plan(given, starts))
    last = {"chain": 0.9999 ** (size - 1), "star": 0.25, "funnel": 1 - (1 - 1e-5) ** (size - 1)}[shape]
    assert found[size - 1] == pytest.approx(last, rel=1e-9)
