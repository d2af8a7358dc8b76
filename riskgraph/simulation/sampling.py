"""Sampling: a network and starts in, how often each risk was reached and what each world came to, out.

There are two ways to draw worlds: one at a time, which costs as much as what is reached, and 512 at a time, which costs
as much as what any of them reaches. A pilot of a few worlds decides between them; it depends on network and seed alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import numpy
from numpy.typing import NDArray

from riskgraph.errors import UsageError
from riskgraph.simulation.amounts import Amounts
from riskgraph.simulation.blocks import Progress, run_blocks
from riskgraph.simulation.draws import Arcs, Keys
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.network import Ints, Longs
from riskgraph.simulation.worlds import LANES, Spread

T = TypeVar("T", bound=numpy.generic)
RUNS: Final = 10_000
"""How many worlds are drawn where nobody says."""
MOST_RUNS: Final = 1 << 20
"""Sums of whole amounts over more worlds might not fit into 64 bits."""
ONE_WORLD, MANY_WORLDS = 1, 2
"""What keys are drawn for."""
PILOT: Final = 16
SMALL: Final = 1 << 15
"""Up to how many slots a network is small."""
BLOCK: Final = 1 << 16
"""How many words are drawn one world at a time in about a millisecond."""
MOST_WORDS: Final = 16 * BLOCK
"""What one call takes at most, so that an interrupt does not wait long."""
LANES_COST: Final = 2500
RISK_COST: Final = 2
SLOT_COST: Final = 10
"""What a block of 512 worlds costs, what each risk and each slot within reach adds, in words drawn for one world."""


@dataclass(frozen=True, eq=False)
class Sample:
    """What all worlds say together."""

    runs: int
    counts: Longs
    sizes: Ints
    means: Longs
    losses: Longs


def check_runs(runs: int | None) -> int:
    """The number of worlds to draw.

    Raises:
        UsageError: it is not from 1 to ``MOST_RUNS``.
    """
    if runs is not None and not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"{runs} runs cannot be drawn: name a number from 1 to {MOST_RUNS}")
    return RUNS if runs is None else runs


def draw_sample(
    arcs: Arcs,
    amounts: Amounts,
    starts: Ints,
    *,
    roots: Ints | None = None,
    seed: int,
    runs: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sample:
    """Worlds with the same starts, or each with its own root, by the way that the pilot finds cheaper."""
    pilot = draw_pilot(arcs, amounts, starts, roots, seed=seed, runs=runs)
    draw, step = _draw_worlds, split_work(pilot.each, runs)
    cost = _lanes_cost(arcs, pilot, most=pilot.each * min(runs, LANES))
    if cost is not None:
        draw, step = _draw_lanes, LANES * split_work(cost, -(-runs // LANES))
    work = partial(draw, arcs, amounts, starts, roots, seed, runs, step)
    counts = numpy.zeros(arcs.size, numpy.int64)
    sizes: list[Ints] = []
    means: list[Longs] = []
    losses: list[Longs] = []
    for part in run_blocks(work, -(-runs // step), threads=threads, progress=progress):
        counts += part.counts
        sizes.append(part.sizes)
        means.append(part.means)
        losses.append(part.losses)
    return Sample(runs, counts, _join(sizes), _join(means), _join(losses))


def _join(parts: list[NDArray[T]]) -> NDArray[T]:
    return numpy.concatenate(parts) if len(parts) > 1 else parts[0]


def draw_pilot(arcs: Arcs, amounts: Amounts, starts: Ints, roots: Ints | None, *, seed: int, runs: int) -> Spread:
    """The first few worlds."""
    count = min(PILOT, runs)
    return _draw_worlds(arcs, amounts, starts, roots, seed, count, count, 0)


def split_work(words: float, units: int) -> int:
    """How many units of work one call does, each of which costs as much as drawing so many words.

    Little work is one call: to start threads would take longer. More is an even number of calls, for two processors or
    more, of which none takes long. The number of threads plays no part, since sums of fractions depend on how they are
    split.
    """
    if words * units <= BLOCK:
        return units
    pairs = math.ceil(words * units / (2 * MOST_WORDS))
    return -(-units // (2 * pairs))


def _lanes_cost(arcs: Arcs, pilot: Spread, *, most: float) -> int | None:
    """What a block of 512 worlds costs, in words drawn one world at a time; None if that is ``most`` or more."""
    cost = LANES_COST + arcs.size * RISK_COST
    if cost < most:
        cost += int(numpy.diff(arcs.offsets)[pilot.counts > 0].sum()) * SLOT_COST
    return cost if cost < most else None


def _draw_worlds(
    arcs: Arcs, amounts: Amounts, starts: Ints, roots: Ints | None, seed: int, runs: int, step: int, block: int
) -> Spread:
    first, count = block * step, min(step, runs - block * step)
    keys = Keys(seed, ONE_WORLD, first, count)
    return engine().spread(arcs, keys, starts, None if roots is None else roots[first : first + count], amounts)


def _draw_lanes(
    arcs: Arcs, amounts: Amounts, starts: Ints, roots: Ints | None, seed: int, runs: int, step: int, block: int
) -> Spread:
    first, count = block * step, min(step, runs - block * step)
    keys = Keys(seed, MANY_WORLDS, first, count)
    mine = None if roots is None else roots[first : first + count]
    # A block's key is that of a world that is never drawn.
    blocks = Keys(seed, MANY_WORLDS, MOST_RUNS + first // LANES, -(-count // LANES))
    return engine().lanes_spread(arcs, blocks, keys, starts, mine, amounts)
