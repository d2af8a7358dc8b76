"""Lanes: arcs and the key of a block in, who is reached in each of its 512 worlds out, a world a bit.

This is the meaning of ``lanes.c``, bit for bit. A cascade's live worlds are drawn 512 at a time:
ten bits of a uniform number are compared with those of the probability, the highest first. Where they are equal, which
they are in half a world of 512, 46 more are drawn for that world. The kernel draws only cascades that are asked for.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy

from riskgraph.simulation.amounts import Amounts
from riskgraph.simulation.draws import BITS, GOLDEN, REFINE, Arcs, Keys, Words, mix
from riskgraph.simulation.network import Ints
from riskgraph.simulation.worlds import LANES, Spread, draw_losses

_WORDS = LANES // 64
ROUNDS: Final = 10
"""How many bits of a uniform number are drawn for 512 worlds at a time."""
_ALL = numpy.uint64(0xFFFFFFFFFFFFFFFF)


def lanes_spread(arcs: Arcs, blocks: Keys, keys: Keys, starts: Ints, roots: Ints | None, amounts: Amounts) -> Spread:
    """Who is reached from ``starts``, or in each world from its own root.

    ``keys`` has one for each world and draws losses; ``blocks`` one for each 512 of them and draws cascades.
    """
    own = keys.words()
    counts = numpy.zeros(arcs.size, dtype=numpy.int64)
    parts = []
    for number, block in enumerate(blocks.words()):
        part = slice(number * LANES, (number + 1) * LANES)
        parts.append(_spread_block(arcs, block, own[part], starts, None if roots is None else roots[part], amounts))
        counts += parts[-1].counts
    sizes, means, losses = (
        numpy.concatenate(found) for found in zip(*((p.sizes, p.means, p.losses) for p in parts), strict=True)
    )
    return Spread(counts, sizes, means, losses, 0)


def _spread_block(
    arcs: Arcs, block: numpy.uint64, keys: Words, starts: Ints, roots: Ints | None, amounts: Amounts
) -> Spread:
    live = draw_masks(arcs, block)
    reached = numpy.zeros((arcs.size, _WORDS), dtype=numpy.uint64)
    lanes = numpy.arange(len(keys))
    bits = numpy.uint64(1) << (lanes % 64).astype(numpy.uint64)
    if roots is None:
        everywhere = numpy.zeros(_WORDS, dtype=numpy.uint64)
        numpy.bitwise_or.at(everywhere, lanes // 64, bits)
        reached[starts] = everywhere
        work = deque(starts.tolist())
    else:
        numpy.bitwise_or.at(reached, (roots, lanes // 64), bits)
        work = deque(sorted(set(roots.tolist())))
    waiting = set(work)
    while work:
        risk = work.popleft()
        waiting.remove(risk)
        for slot in range(arcs.offsets[risk], arcs.offsets[risk + 1]):
            target = int(arcs.targets[slot])
            new = reached[risk] & live[slot] & ~reached[target]
            if new.any():
                reached[target] |= new
                if target not in waiting:
                    waiting.add(target)
                    work.append(target)
    found = (reached[:, lanes // 64] & bits) != 0
    sizes = found.sum(axis=0, dtype=numpy.int32)
    means = amounts.mean @ found
    losses = numpy.array(
        [draw_losses(amounts, key, numpy.flatnonzero(found[:, lane]).tolist()).sum() for lane, key in enumerate(keys)],
        dtype=numpy.int64,
    )
    return Spread(found.sum(axis=1, dtype=numpy.int64), sizes, means, losses, 0)


def draw_masks(arcs: Arcs, block: numpy.uint64) -> Words:
    """For each slot the worlds of a block in which its cascade is live: eight words of 64 worlds."""
    one, slots = numpy.uint64(1), numpy.arange(1, len(arcs.threshold) + 1, dtype=numpy.uint64)
    keys = mix(block + slots * GOLDEN)
    live = numpy.zeros((len(slots), _WORDS), dtype=numpy.uint64)
    undecided = numpy.full((len(slots), _WORDS), _ALL)
    for round_ in range(ROUNDS):
        counters = numpy.arange(round_ * _WORDS + 1, round_ * _WORDS + _WORDS + 1, dtype=numpy.uint64)
        words = mix(keys[:, None] + counters * GOLDEN)
        bit = (arcs.threshold >> numpy.uint64(BITS - 1 - round_) & one == one)[:, None]
        live |= numpy.where(bit, undecided & ~words, numpy.uint64(0))
        undecided &= numpy.where(bit, words, ~words)
    lanes = numpy.arange(LANES, dtype=numpy.uint64)
    slot, lane = numpy.nonzero(undecided[:, lanes // numpy.uint64(64)] >> lanes % numpy.uint64(64) & one)
    rest = mix((keys[slot] ^ REFINE) + (lanes[lane] + one) * GOLDEN) >> numpy.uint64(64 - BITS + ROUNDS)
    below = rest < arcs.threshold[slot] & numpy.uint64((1 << BITS - ROUNDS) - 1)
    numpy.bitwise_or.at(live, (slot, lane // 64), below.astype(numpy.uint64) << lanes[lane] % numpy.uint64(64))
    live[arcs.threshold >> numpy.uint64(BITS) == one] = _ALL
    return live
