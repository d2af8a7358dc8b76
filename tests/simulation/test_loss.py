from __future__ import annotations

import numpy
import pytest

from riskgraph.simulation import loss as module
from riskgraph.simulation import sampling
from riskgraph.simulation.loss import Losses, expected_losses
from riskgraph.simulation.network import Network
from riskgraph.simulation.removal import removal_gains
from tests.simulation.networks import enumerate_reach, network, random_network


def by_hand(given: Network) -> list[float]:
    """The expected loss of each risk's cascade, from every world."""
    mean = numpy.nan_to_num(given.mean)
    return [float(numpy.array(enumerate_reach(given, [risk])) @ mean) for risk in range(len(given.ids))]


def covers(found: Losses, expected: list[float]) -> float:
    """The share of the risks whose interval holds the exact value."""
    ends = [found.interval(risk) or (value, value) for risk, value in enumerate(expected)]
    return float(
        numpy.mean([low - 1e-6 <= value <= high + 1e-6 for (low, high), value in zip(ends, expected, strict=True)])
    )


def test_exact_losses_are_what_every_world_says() -> None:
    """Prevents a start's loss without the start, and a year that counts a rate wrongly."""
    random = numpy.random.default_rng(1)
    for _ in range(30):
        given = random_network(random, 5, 9)
        found = expected_losses(given)
        assert found.method == "exact"
        assert found.expected == pytest.approx(by_hand(given), abs=1e-9)
        assert found.annual == pytest.approx(float(given.rate @ by_hand(given)))


@pytest.mark.parametrize("closed", [1 << 13, 0], ids=["closed worlds", "walked backwards"])
def test_simulated_losses_cover_the_exact_ones(closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents either way to sample all starts at once from being biased."""
    monkeypatch.setattr(module, "CLOSED", closed)
    random = numpy.random.default_rng(2)
    shares = []
    for seed in range(20):
        given = random_network(random, 6, 12)
        expected = by_hand(given)
        found = expected_losses(given, method="simulated", seed=seed, runs=4000)
        assert found.method == "simulated"
        shares.append(covers(found, expected))
        low, high = found.annual_interval or (0.0, 0.0)
        year = float(given.rate @ expected)
        assert low - 0.1 * year <= year <= high + 0.1 * year
    assert numpy.mean(shares) > 0.93


def test_threads_change_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents sums that depend on which block was first."""
    given = random_network(numpy.random.default_rng(3), 30, 90)
    monkeypatch.setattr(sampling, "BLOCK", 1 << 9)
    one, two = (expected_losses(given, method="simulated", runs=1000, threads=threads) for threads in (1, 4))
    assert numpy.array_equal(one.expected, two.expected)
    assert one.samples is not None
    assert two.samples is not None
    assert numpy.array_equal(one.samples, two.samples)
    gains = [removal_gains(given, runs=1000, threads=threads) for threads in (1, 4)]
    assert numpy.array_equal(gains[0].cascades, gains[1].cascades)
    assert numpy.array_equal(gains[0].risk_high, gains[1].risk_high)


def test_what_a_removal_saves_is_the_difference_of_two_years() -> None:
    """Prevents choke points that are none: against the exact loss of a year without each cascade and each risk.

    Of 95 % intervals some miss, but none by much.
    """
    random = numpy.random.default_rng(4)
    inside: list[bool] = []
    for seed in range(6):
        given = random_network(random, 6, 10)
        found = removal_gains(given, seed=seed, runs=20_000)
        now = expected_losses(given).annual
        exact = []
        for place in range(len(given.sources)):
            without = given.probability.copy()
            without[place] = 0
            exact.append(now - _annual(given, without, given.rate))
        for risk in range(len(given.ids)):
            away = (given.sources == risk) | (given.targets == risk)
            rate = numpy.where(numpy.arange(len(given.ids)) == risk, 0, given.rate)
            exact.append(now - _annual(given, numpy.where(away, 0, given.probability), rate))
        low = numpy.concatenate([found.cascade_low, found.risk_low]) - 1e-6
        high = numpy.concatenate([found.cascade_high, found.risk_high]) + 1e-6
        inside += ((low <= exact) & (exact <= high)).tolist()
        room = high - low
        assert ((low - room / 2 <= exact) & (exact <= high + room / 2)).all()
    assert numpy.mean(inside) >= 0.93


def _annual(given: Network, probability: object, rate: object) -> float:
    from dataclasses import replace

    return expected_losses(replace(given, probability=probability, rate=rate)).annual  # type: ignore[arg-type]


def test_a_network_without_rates_or_losses_costs_nothing() -> None:
    """Prevents a division by zero where nothing is estimated."""
    bare = network(2, [(0, 1, 0.5)], losses=[None, None], rates=[numpy.nan, numpy.nan])
    for found in (expected_losses(bare), expected_losses(bare, method="simulated", runs=10)):
        assert found.annual == 0
        assert found.left_out.losses == found.left_out.rates == 2
    assert not removal_gains(bare, runs=10).cascades.any()


def test_the_same_worlds_serve_two_networks() -> None:
    """Prevents a comparison of two what-ifs that is mostly noise: a removed cascade never raises a world's loss."""
    given = random_network(numpy.random.default_rng(9), 20, 50)
    cut = given.probability.copy()
    cut[7] = 0
    both = [
        expected_losses(network_, method="simulated", runs=500).samples for network_ in (given, _replace(given, cut))
    ]
    assert both[0] is not None
    assert both[1] is not None
    assert (both[0] >= both[1]).all()


def _replace(given: Network, probability: object) -> Network:
    from dataclasses import replace

    return replace(given, probability=probability)  # type: ignore[arg-type]
