"""Expected losses: a network in, what each risk's cascade costs, all starts at once, and what a year costs out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy
from numpy.typing import NDArray

from riskgraph.errors import UsageError
from riskgraph.simulation.amounts import STRATA, Amounts, count_amounts, unit_for
from riskgraph.simulation.blocks import Progress, run_blocks
from riskgraph.simulation.draws import BITS, Arcs, Keys
from riskgraph.simulation.exact import exact_probabilities
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.network import Floats, Ints, LeftOut, Longs, Network
from riskgraph.simulation.plan import plan_exact
from riskgraph.simulation.results import Method
from riskgraph.simulation.sampling import ONE_WORLD, check_runs, draw_sample
from riskgraph.simulation.summary import sample_interval
from riskgraph.statistics import Z95, Interval, Proportion, mean_half_width

Choice = Literal["auto", "exact", "simulated"]

EXACT_WORK: Final = 1 << 22
"""How many entries of tables the exact losses of all starts may touch."""
EXACT_ARCS: Final = 1 << 16
"""How many cascades all starts together may have in reach for an exact answer; planning is the slow part of it."""
CLOSED: Final = 1 << 13
"""Up to how many risks a world is closed for all starts; more are sampled backwards from what is lost."""
_ROOTS: Final = 3
_STEP: Final = 128


@dataclass(frozen=True, eq=False)
class Losses:
    """What each risk's cascade is expected to cost, the risk itself included, and what that makes in a year.

    Amounts are in the register's currency. Risks without a loss cost nothing, risks without a rate start nothing;
    ``left_out`` counts both.
    """

    method: Method
    runs: int | None
    seed: int | None
    expected: Floats
    """For each risk, in the network's order."""
    low: Floats | None
    """The lower ends of the 95 % intervals; None where exact."""
    high: Floats | None
    annual: float
    """The sum over risks of rate times expected loss."""
    annual_interval: Interval | None
    samples: Floats | None
    """The annual loss that each world gives; worlds of one seed are the same for every network of one graph."""
    left_out: LeftOut

    def interval(self, risk: int) -> Interval | None:
        """The 95 % interval of one risk's expected loss."""
        if self.low is None or self.high is None:
            return None
        return float(self.low[risk]), float(self.high[risk])


def expected_losses(
    network: Network,
    *,
    seed: int = 0,
    runs: int | None = None,
    method: Choice = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Losses:
    """What every risk's cascade is expected to cost, and the whole network in a year.

    Exact where the tables of every start fit. Else each of ``runs`` worlds is closed: its strongly connected components
    are found, and what each leads to. In networks of more than ``CLOSED`` risks the worlds are walked backwards, each
    from a risk drawn by its loss (reverse reachable sets: Borgs, Brautbar, Chayes and Lucier, 2014).

    Raises:
        UsageError: ``runs`` is out of range, or ``exact`` was asked for and cannot be.
    """
    count = check_runs(runs)
    if method != "simulated":
        found = _exact(network, EXACT_WORK if method == "auto" else 1 << 30, method)
        if found:
            return found
        if method == "exact":
            raise UsageError("the network is too wide for an exact answer: leave the method to riskgraph")
    if len(network.ids) <= CLOSED:
        return _closed(network, seed, count, threads, progress)
    return _backwards(network, seed, count, threads, progress)


def _exact(network: Network, work: int, method: Choice) -> Losses | None:
    mean = numpy.nan_to_num(network.mean)
    arcs = numpy.diff(network.offsets)
    allowed = EXACT_ARCS if method == "auto" else 1 << 62
    expected = numpy.zeros(len(network.ids))
    for risk in range(len(network.ids)):
        start = numpy.array([risk])
        in_reach = network.reach(start)
        allowed -= int(arcs[in_reach].sum()) + 1
        plan = plan_exact(network, start, work) if allowed >= 0 else None
        if plan is None:
            return None
        work -= plan.work
        expected[risk] = float(exact_probabilities(network, plan)[in_reach] @ mean[in_reach])
    annual = float(numpy.nan_to_num(network.rate) @ expected)
    return Losses("exact", None, None, expected, None, None, annual, None, None, network.left_out)


def _closed(network: Network, seed: int, runs: int, threads: int | None, progress: Progress | None) -> Losses:
    arcs, amounts = Arcs.of(network), count_amounts(network)
    rates = numpy.nan_to_num(network.rate)

    def work(block: int) -> tuple[Longs, Floats, Floats]:
        keys = Keys(seed, ONE_WORLD, block * _STEP, min(_STEP, runs - block * _STEP))
        return engine().close(arcs, keys, amounts.mean, rates)

    sums = numpy.zeros(arcs.size, dtype=numpy.int64)
    squares = numpy.zeros(arcs.size)
    totals: list[Floats] = []
    for part in run_blocks(work, -(-runs // _STEP), threads=threads, progress=progress):
        sums += part[0]
        squares += part[1]
        totals.append(part[2])
    least, most = bound_reach(arcs, amounts)
    mean = sums / runs
    lowest, highest = bound_means(sums, squares, runs, least, most)
    samples = numpy.concatenate(totals) * amounts.unit
    annual_bounds = (float(rates @ bound) * amounts.unit for bound in (least, most))
    return Losses(
        method="simulated",
        runs=runs,
        seed=seed,
        expected=mean * amounts.unit,
        low=lowest * amounts.unit,
        high=highest * amounts.unit,
        annual=float(samples.mean()),
        annual_interval=sample_interval(samples, *annual_bounds),
        samples=samples,
        left_out=network.left_out,
    )


def bound_reach(arcs: Arcs, amounts: Amounts) -> tuple[Floats, Floats]:
    """For each risk what it costs at least, by certain cascades alone, and at most, by all that can fire; in units."""
    certain = arcs.threshold >> numpy.uint64(BITS) == 1
    return reach_of(arcs, amounts, certain), reach_of(arcs, amounts, arcs.threshold > 0)


def reach_of(arcs: Arcs, amounts: Amounts, live: NDArray[numpy.bool_]) -> Floats:
    """For each risk what it costs where the cascades in these slots fire, and no others; in units."""
    threshold = live.astype(numpy.uint64) << numpy.uint64(BITS)
    packed = (live.astype(numpy.uint8) * numpy.uint8(255)).view("<u8").astype(numpy.uint64)
    fixed = replace(arcs, threshold=threshold, packed=packed)
    sums, _, _ = engine().close(fixed, Keys(0, ONE_WORLD, 0, 1), amounts.mean, numpy.zeros(arcs.size))
    return sums.astype(numpy.float64)


def bound_means(sums: Longs, squares: Floats, runs: int, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """The ends of the 95 % intervals of means between two bounds, from the sums of values and of their squares."""
    mean = sums / runs
    variance = numpy.maximum(squares - runs * mean**2, 0) / max(runs - 1, 1)
    half = mean_half_width(variance, runs, most - least)
    return numpy.maximum(least, mean - half), numpy.minimum(most, mean + half)


def _backwards(network: Network, seed: int, runs: int, threads: int | None, progress: Progress | None) -> Losses:
    """Each world walked backwards from a risk drawn by its loss: what is found there would have caused that loss.

    The interval of the annual loss is the normal one: a bound for every distribution would be wider than the number,
    and a world's total is a sum over many risks.
    """
    amounts = count_amounts(network)
    rates = numpy.nan_to_num(network.rate)
    unit = unit_for(float(rates.sum()))
    whole = numpy.rint(rates / unit).astype(numpy.int64)
    none = numpy.zeros(len(rates))
    weights = Amounts(unit, whole, whole, none, none.astype(numpy.int32), numpy.zeros(STRATA))
    mixed = numpy.argsort(Keys(seed, _ROOTS, 0, runs).words(), kind="stable")
    roots = draw_roots(amounts.mean.astype(numpy.float64), seed, runs)[mixed]
    sample = draw_sample(
        Arcs.of(network, reverse=True), weights, roots[:0], roots=roots,
        seed=seed, runs=runs, threads=threads, progress=progress,
    )  # fmt: skip
    own, total = amounts.mean * numpy.float64(amounts.unit), float(amounts.mean.sum()) * amounts.unit
    others = sample.counts - numpy.bincount(roots, minlength=len(own))
    ends = numpy.array([Proportion(int(count), runs).interval for count in others])
    samples: Floats = sample.means * numpy.float64(unit * total)
    annual, half = float(samples.mean()), Z95 * float(samples.std(ddof=1 if runs > 1 else 0)) / math.sqrt(runs)
    return Losses(
        method="simulated",
        runs=runs,
        seed=seed,
        expected=own + total * others / runs,
        low=own + total * ends[:, 0],
        high=numpy.minimum(own + total * ends[:, 1], total),
        annual=annual,
        annual_interval=(max(float(rates @ own), annual - half), annual + half),
        samples=samples,
        left_out=network.left_out,
    )


def draw_roots(weights: Floats, seed: int, runs: int) -> Ints:
    """A risk for each world, as often as its weight says: evenly spaced over the sum of weights, in order."""
    (key,) = Keys(seed, _ROOTS, runs, 1).words()
    shift = float(key >> numpy.uint64(11)) / 2.0**53
    sums = numpy.add.accumulate(weights)
    places = (numpy.arange(runs) + shift) / runs * sums[-1]
    drawn = numpy.minimum(numpy.searchsorted(sums, places, side="right"), len(weights) - 1)
    return numpy.asarray(drawn, dtype=numpy.int32)
