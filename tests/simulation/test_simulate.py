from __future__ import annotations

from dataclasses import replace

import numpy
import pytest

from riskgraph.errors import UsageError
from riskgraph.simulation import kernel, sampling
from riskgraph.simulation.network import Network, Pert
from riskgraph.simulation.results import Simulation, Totals
from riskgraph.simulation.simulate import simulate
from tests.simulation.networks import enumerate_reach, network, random_network


def chain() -> Network:
    """Two cascades in a row of an even chance each, with delays of half an hour and an hour, and losses."""
    return network(3, [(0, 1, 0.5), (1, 2, 0.5)], losses=[100.0, 10.0, 1000.0], delays=[1800.0, 3600.0])


def test_a_chain_by_hand() -> None:
    """Prevents any slip in probability, size, loss and time: everything here can be said by heart."""
    found = simulate(chain(), ["R000000"])
    assert (found.method, found.runs) == ("exact", None)
    assert [reach.probability for reach in found.reached] == [1, 0.5, 0.25]
    assert [reach.interval for reach in found.reached] == [None] * 3
    assert found.size.pmf == ((1, 0.5), (2, 0.25), (3, 0.25))
    assert found.size.mean == 1.75
    assert found.loss is not None
    assert found.loss.mean == 100 + 5 + 250
    assert (found.loss.var95, found.loss.es95) == (1110, 1110)
    times = [reach.time for reach in found.reached]
    assert [time.median for time in times if time] == [0, 1800, 5400]


def test_several_starts_are_certain_and_count() -> None:
    """Prevents losses without the starts, and starts that are less than certain."""
    found = simulate(chain(), ["R000002", "R000000"], method="simulated", runs=100)
    assert found.starts == ("R000000", "R000002")
    assert [reach.probability for reach in found.reached if reach.id in found.starts] == [1, 1]
    assert found.loss is not None
    assert found.loss.mean >= 1100


def test_intervals_cover_what_is_exact() -> None:
    """Prevents intervals that are too narrow, wrong units, and a kernel choice that changes the answer's meaning."""
    random = numpy.random.default_rng(11)
    covered = total = 0
    for seed in range(60):
        given = random_network(random, 6, 10)
        exact, other = (simulate(given, ["R000000"], seed=seed, runs=2000, method=m) for m in ("exact", "simulated"))
        for one, two in zip(exact.reached, other.reached, strict=True):
            if two.interval:
                total += 1
                covered += two.interval[0] <= one.probability <= two.interval[1]
        assert other.size.interval is not None
        assert other.size.interval[0] <= exact.size.mean <= other.size.interval[1]
        if exact.loss and other.loss and other.loss.interval:
            assert other.loss.interval[0] - 1e-9 <= exact.loss.mean <= other.loss.interval[1] + 1e-9
    assert covered / total > 0.9


@pytest.mark.parametrize("cost", [-1e9, 1e9], ids=["many worlds at a time", "one world at a time"])
def test_both_ways_to_draw_say_the_same(cost: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents one of the two kernels from having another meaning than the other."""
    monkeypatch.setattr(sampling, "LANES_COST", cost)
    given = random_network(numpy.random.default_rng(2), 8, 14)
    found = simulate(given, ["R000000"], method="simulated", runs=20_000)
    for reach, probability in zip(found.reached, _in_reach(given), strict=True):
        low, high = reach.interval or (1.0, 1.0)
        assert low - 0.01 <= probability <= high + 0.01


def _in_reach(given: Network) -> list[float]:
    reach = given.reach(numpy.array([0]))
    return [share for share, seen in zip(enumerate_reach(given, [0]), reach, strict=True) if seen]


def test_threads_and_twins_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents numbers that depend on the machine: threads, and whether there was a compiler."""
    given = random_network(numpy.random.default_rng(5), 12, 30)
    monkeypatch.setattr(sampling, "BLOCK", 1 << 9)

    def ask(threads: int) -> Simulation:
        return simulate(given, ["R000003"], seed=4, runs=1500, method="simulated", threads=threads)

    first = ask(1)
    assert ask(3) == first
    monkeypatch.setattr(sampling, "engine", lambda: kernel.TWINS)
    monkeypatch.setattr("riskgraph.simulation.simulate.engine", lambda: kernel.TWINS)
    assert ask(1) == first


@pytest.mark.parametrize(
    ("words", "units", "share"),
    [(0, 10_000, 10_000), (6, 10_000, 10_000), (7, 10_000, 5_000), (300, 10_000, 2_500), (1e9, 10_000, 1), (1e9, 3, 1)],
)
def test_a_call_takes_as_much_as_pays(words: float, units: int, share: int) -> None:
    """Prevents threads that are started for less than they cost, and interrupts that wait for a whole sample."""
    assert sampling.split_work(words, units) == share


def test_a_seed_is_repeatable_and_another_differs() -> None:
    """Prevents a seed that does nothing."""
    given = random_network(numpy.random.default_rng(8), 10, 25)
    one, again, other = (simulate(given, ["R000000"], seed=s, method="simulated") for s in (1, 1, 2))
    assert one == again
    assert one.reached != other.reached


def test_a_rare_target_has_an_interval_with_width() -> None:
    """Prevents the claim that what no world showed cannot happen, and that what all showed is certain."""
    given = network(3, [(0, 1, 1e-7), (0, 2, 1 - 1e-7)])
    found = simulate(given, ["R000000"], method="simulated", runs=1000)
    assert found.reached[1].probability == 0
    assert found.reached[2].probability == 1
    for reach in found.reached[1:]:
        assert reach.interval is not None
        assert reach.interval[1] - reach.interval[0] > 1e-3
    assert found.loss is not None
    assert found.loss.interval is not None
    assert found.loss.interval[0] < found.loss.interval[1]


def test_times_leave_out_ways_without_a_delay() -> None:
    """Prevents a missing delay from counting as none: it gives no time, and the share of such worlds is said."""
    given = network(4, [(0, 1, 1.0), (0, 2, 1.0), (2, 1, 0.5), (1, 3, 1.0)], delays=[numpy.nan, 60, 60, 60])
    found = {reach.id: reach.time for reach in simulate(given, ["R000000"], runs=4000).reached}
    time = found["R000001"]
    assert time is not None
    assert (time.q1, time.median, time.q3) == (120, 120, 120)
    assert time.unknown == pytest.approx(0.5, abs=0.05)
    assert simulate(replace(given, delay=given.delay * numpy.nan), ["R000000"]).reached[1].time is None


def test_drawn_losses_keep_mean_and_tail() -> None:
    """Prevents PERT losses with another mean or tail than the distribution's."""
    from scipy.stats import beta  # type: ignore[import-untyped,unused-ignore]

    loss = Pert(0.0, 20_000.0, 100_000.0)
    found = simulate(network(1, [], losses=[loss]), ["R000000"], runs=200_000)
    assert found.loss is not None
    assert (found.loss.mean_method, found.loss.method) == ("exact", "simulated")
    assert found.loss.mean == pytest.approx(loss.mean)
    shape = beta(1 + 4 * 0.2, 1 + 4 * 0.8)
    assert found.loss.var95 == pytest.approx(100_000 * shape.ppf(0.95), rel=0.01)
    assert found.loss.var95_interval is not None
    assert found.loss.es95_interval is not None
    tail = shape.expect(lambda x: x, lb=shape.ppf(0.95), conditional=True) * 100_000
    assert found.loss.es95 == pytest.approx(tail, rel=0.01)
    assert found.loss.es95_interval[0] < tail < found.loss.es95_interval[1]


def test_tails_of_a_small_distribution() -> None:
    """Prevents a shortfall that averages whole outcomes where only part of one is in the worst 5 %."""
    totals = Totals(numpy.array([0.0, 100.0, 1000.0]), numpy.array([0.9, 0.07, 0.03]))
    assert totals.quantile(0.95) == 100
    assert totals.shortfall() == pytest.approx((0.03 * 1000 + 0.02 * 100) / 0.05)


@pytest.mark.parametrize("runs", [0, -1, sampling.MOST_RUNS + 1])
def test_runs_out_of_range(runs: int) -> None:
    """Prevents an empty sample, and sums that overflow."""
    with pytest.raises(UsageError, match="runs"):
        simulate(chain(), ["R000000"], runs=runs)


def test_exact_is_refused_where_it_cannot_be() -> None:
    """Prevents a simulated number under the name of an exact one."""
    circle = network(31, [(place, (place + 1) % 30, 0.5) for place in range(30)] + [(30, 0, 0.5)])
    with pytest.raises(UsageError, match="exact"):
        simulate(circle, ["R000030"], method="exact")
    assert simulate(circle, ["R000030"]).method == "simulated"


def test_large_shapes_are_simulated_without_recursion() -> None:
    """Prevents an overflow of the stack on a chain and a star of 100,000 risks, in every kind of world."""
    size = 100_000
    for arcs in (
        [(place, place + 1, 1 - 1e-6) for place in range(size - 1)],
        [(0, place, 0.5) for place in range(1, size)],
    ):
        found = simulate(network(size, arcs), ["R000000"], method="simulated", runs=20)
        assert found.size.mean > 1000


def test_progress_is_told_to_the_end() -> None:
    """Prevents a progress bar that stops before the work does."""
    told: list[tuple[int, int]] = []
    simulate(chain(), ["R000000"], method="simulated", runs=5000, threads=2, progress=lambda *at: told.append(at))
    assert told == [(place + 1, told[0][1]) for place in range(told[0][1])]
