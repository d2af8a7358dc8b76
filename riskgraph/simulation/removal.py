"""Removals: a network in, what a year would cost less without each of its risks and each of its cascades out.

What a start no longer reaches when a risk is taken out of a live world is what that risk dominates. So one dominator
tree a world, from a start drawn by its rate, answers for every risk and every cascade at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy

from riskgraph.simulation.amounts import count_amounts
from riskgraph.simulation.blocks import Progress, run_blocks
from riskgraph.simulation.draws import Arcs, Keys
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.loss import CLOSED, draw_roots, reach_of
from riskgraph.simulation.network import Floats, LeftOut, Longs, Network
from riskgraph.simulation.sampling import PILOT, SMALL, check_runs, draw_pilot, split_work
from riskgraph.simulation.worlds import Gains
from riskgraph.statistics import Z95

SMALL_RUNS: Final = 100_000
"""How many worlds are drawn for a small network where nobody says; a rare start needs many to show."""
_PURPOSE: Final = 4
_WORD_COST: Final = 5
"""What a word costs where dominators are found, in words drawn for one world."""


@dataclass(frozen=True, eq=False)
class Removals:
    """What a year would cost less, in the register's currency, simulated over ``runs`` worlds.

    Arrays have one entry a risk or a cascade, in the network's order. The 95 % intervals are the normal ones, widened
    by three more worlds like the worst (the rule of three: Hanley and Lippman-Hand, 1983): bounds that hold for every
    distribution are as wide as the most that a risk could ever save, which is no help in a large network.
    """

    runs: int
    seed: int
    risks: Floats
    risk_low: Floats
    risk_high: Floats
    cascades: Floats
    cascade_low: Floats
    cascade_high: Floats
    left_out: LeftOut


def removal_gains(
    network: Network,
    *,
    seed: int = 0,
    runs: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Removals:
    """The expected annual loss that each risk and each cascade stands for: what goes with it.

    Without a risk neither its own occurrences nor those of others that run through it cost what they did. The gains of
    two removals do not add up: either may do the work of the other.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    arcs, amounts = Arcs.of(network), count_amounts(network)
    count = SMALL_RUNS if runs is None and len(arcs.targets) <= SMALL else check_runs(runs)
    rates = numpy.nan_to_num(network.rate)
    rate = float(rates.sum())
    size, slots = arcs.size, len(arcs.targets)
    risks, cascades = numpy.zeros(size, dtype=numpy.int64), numpy.zeros(slots, dtype=numpy.int64)
    risk_squares, cascade_squares = numpy.zeros(size), numpy.zeros(slots)
    if rate > 0:
        roots = draw_roots(rates, seed, count)
        few = roots[:: -(-count // PILOT)].copy()
        words = draw_pilot(arcs, amounts, few[:0], few, seed=seed, runs=len(few)).each
        step = split_work(words * _WORD_COST, count)

        def work(block: int) -> Gains:
            part = slice(block * step, min(block * step + step, count))
            keys = Keys(seed, _PURPOSE, part.start, part.stop - part.start)
            return engine().dominate(arcs, keys, roots[part], amounts.mean)

        for part in run_blocks(work, -(-count // step), threads=threads, progress=progress):
            risks += part.risks
            cascades += part.cascades
            risk_squares += part.risk_squares
            cascade_squares += part.cascade_squares
    most = (
        reach_of(arcs, amounts, arcs.threshold > 0) if size <= CLOSED else numpy.full(size, float(amounts.mean.sum()))
    )
    scale = rate * amounts.unit
    own = rates / rate * amounts.mean if rate > 0 else numpy.zeros(size)
    ends = network.targets
    by_risk = _ends(risks, risk_squares, count, own, most)
    by_cascade = _ends(cascades[arcs.slots], cascade_squares[arcs.slots], count, numpy.zeros(len(ends)), most[ends])
    return Removals(
        runs=count,
        seed=seed,
        risks=risks / count * scale,
        risk_low=by_risk[0] * scale,
        risk_high=by_risk[1] * scale,
        cascades=cascades[arcs.slots] / count * scale,
        cascade_low=by_cascade[0] * scale,
        cascade_high=by_cascade[1] * scale,
        left_out=network.left_out,
    )


def _ends(sums: Longs, squares: Floats, runs: int, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """The ends of the intervals, from the sums of what each world would save and of its squares."""
    mean = sums / runs
    deviation = numpy.sqrt(numpy.maximum(squares / runs - mean**2, 0))
    # No world saves more than the root of the sum of squares; where none saves anything, nothing but ``most`` is known.
    worst = numpy.where(squares > 0, numpy.minimum(most, numpy.sqrt(squares)), most)
    half = Z95 * deviation / math.sqrt(runs) + 3 * worst / runs
    return numpy.maximum(least, mean - half), numpy.minimum(numpy.maximum(most, least), mean + half)
