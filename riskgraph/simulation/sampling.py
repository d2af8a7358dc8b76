"""Sampling: a network and starts in, how often each risk was reached and what each world came to, out.

There are two ways to draw worlds: one at a time, which costs as much as what is reached, and 512 at a time, which costs
as much as what any of them reaches. A pilot of a few worlds decides between them; it depends on network and seed alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy

from riskgraph.errors import UsageError
from riskgraph.simulation.amounts import Amounts
from riskgraph.simulation.blocks import Progress, run_blocks
from riskgraph.simulation.draws import Arcs, draw_keys
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.network import Ints, Longs
from riskgraph.simulation.worlds import LANES, Spread

RUNS: Final = 10_000
"""How many worlds are drawn where nobody says."""
MOST_RUNS: Final = 1 << 20
"""Sums of whole amounts over more worlds might not fit into 64 bits."""
ONE_WORLD, MANY_WORLDS = 1, 2
"""What keys are drawn for."""
PILOT: Final = 64
SMALL: Final = 1 << 15
"""Up to how many slots a block has many worlds, so that the calls do not show."""
BLOCK: Final = 1 << 16
"""How many words a block of worlds draws one world at a time, so that the calls do not show."""
LARGEST_BLOCK: Final = 1 << 11
SLOT_COST: Final = 6
"""What a slot costs in a block of 512 worlds, in words drawn for one world."""


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
    count = min(PILOT, runs)
    pilot = _draw_worlds(arcs, amounts, starts, roots, seed, count, count, 0)
    each = pilot.work / count
    touched = int(numpy.diff(arcs.offsets)[pilot.counts > 0].sum())
    draw, step = _draw_worlds, int(min(max(BLOCK / (each + 1), PILOT), LARGEST_BLOCK))
    if each * min(runs, LANES) > touched * SLOT_COST:
        draw, step = _draw_lanes, LANES
    work = partial(draw, arcs, amounts, starts, roots, seed, runs, step)
    counts = numpy.zeros(arcs.size, numpy.int64)
    parts: list[Spread] = []
    for part in run_blocks(work, -(-runs // step), threads=threads, progress=progress):
        counts += part.counts
        parts.append(Spread(counts, part.sizes, part.means, part.losses, 0))
    return Sample(
        runs,
        counts,
        numpy.concatenate([part.sizes for part in parts]),
        numpy.concatenate([part.means for part in parts]),
        numpy.concatenate([part.losses for part in parts]),
    )


def world_step(arcs: Arcs) -> int:
    """How many worlds a block has that are walked one at a time; few in a large network: interrupts wait for them."""
    return 2 * LANES if len(arcs.targets) <= SMALL else PILOT // 4


def _draw_worlds(
    arcs: Arcs, amounts: Amounts, starts: Ints, roots: Ints | None, seed: int, runs: int, step: int, block: int
) -> Spread:
    first, count = block * step, min(step, runs - block * step)
    keys = draw_keys(seed, ONE_WORLD, first, count)
    return engine().spread(arcs, keys, starts, None if roots is None else roots[first : first + count], amounts)


def _draw_lanes(
    arcs: Arcs, amounts: Amounts, starts: Ints, roots: Ints | None, seed: int, runs: int, step: int, block: int
) -> Spread:
    first, count = block * step, min(step, runs - block * step)
    keys = draw_keys(seed, MANY_WORLDS, first, count)
    mine = None if roots is None else roots[first : first + count]
    # A block's key is that of a world that is never drawn.
    (key,) = draw_keys(seed, MANY_WORLDS, MOST_RUNS + block, 1)
    return engine().lanes_spread(arcs, key, keys, starts, mine, amounts)
