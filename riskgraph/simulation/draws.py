"""Draws: a seed, a world and a cascade in, whether the cascade is live in that world out; nothing else plays a part.

Chance is a pure function of counters, so no result depends on threads or on the order of the work. The function is the
finaliser of SplitMix64 (Steele, Lea and Flood, 2014), which passes BigCrush on counters times the golden ratio. One
64-bit word decides eight cascades by a byte each; a byte equal to the first byte of the probability is decided by 48
more bits, so a probability is met to 2 ** -57.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy
from numpy.typing import NDArray

from riskgraph.simulation.network import Ints, Longs, Network

Words = NDArray[numpy.uint64]

GOLDEN: Final = numpy.uint64(0x9E3779B97F4A7C15)
REFINE: Final = numpy.uint64(0xD1B54A32D192ED03)
LOSS: Final = numpy.uint64(0x8CB92BA72F3D8DD7)
BITS: Final = 56
"""Bits of a probability."""
UNKNOWN: Final = -1
"""A delay that is not estimated, and an arrival that is not known."""
MICROSECONDS: Final = 1e6


def mix(values: Words) -> Words:
    """The finaliser of SplitMix64."""
    values = (values ^ (values >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return values ^ (values >> numpy.uint64(31))


@dataclass(frozen=True)
class Keys:
    """The keys of ``count`` worlds from ``first`` on; each purpose of a seed has worlds of its own."""

    seed: int
    purpose: int
    first: int
    count: int

    @property
    def origin(self) -> int:
        """The counter before that of the first world: a key is the mix of one of them."""
        return (draw_base(self.seed, self.purpose) + self.first * int(GOLDEN)) % (1 << 64)

    def words(self) -> Words:
        """The keys themselves."""
        return mix(numpy.uint64(self.origin) + numpy.arange(1, self.count + 1, dtype=numpy.uint64) * GOLDEN)


@lru_cache
def draw_base(seed: int, purpose: int) -> int:
    """What the counters of all worlds of a purpose of a seed begin with."""
    given, offset = numpy.array([[seed % (1 << 64)], [purpose * int(GOLDEN) % (1 << 64)]], dtype=numpy.uint64)
    return int(mix(mix(given) + offset)[0])


@dataclass(frozen=True, eq=False)
class Arcs:
    """The cascades of a network by source, or by target if reversed; each risk's begin at a multiple of eight.

    Slots that hold no cascade have the threshold 0, which no draw is below.
    """

    offsets: Longs
    targets: Ints
    threshold: Words
    """The probability times ``2 ** BITS``."""
    packed: Words
    """The first bytes of eight thresholds, 255 at most, the first in the lowest byte."""
    delay: Longs
    """Microseconds, or ``UNKNOWN``."""
    slots: Longs
    """For each cascade of the network its slot."""

    @classmethod
    def of(cls, network: Network, *, reverse: bool = False) -> Arcs:
        """The arcs of a network."""
        size = len(network.ids)
        source, target = network.sources, network.targets
        order = numpy.arange(len(source))
        if reverse:
            source, target = target, source
            order = numpy.lexsort((target, source))
        counts = numpy.bincount(source, minlength=size)
        padded = numpy.concatenate([[0], numpy.cumsum((counts + 7) // 8 * 8)]).astype(numpy.int64)
        first = numpy.concatenate([[0], numpy.cumsum(counts)])
        slots = numpy.empty(len(source), dtype=numpy.int64)
        slots[order] = padded[source[order]] + numpy.arange(len(source)) - first[source[order]]
        total = int(padded[-1])
        targets = numpy.zeros(total, dtype=numpy.int32)
        threshold = numpy.zeros(total, dtype=numpy.uint64)
        delay = numpy.full(total, UNKNOWN, dtype=numpy.int64)
        targets[slots] = target
        threshold[slots] = numpy.rint(network.probability * 2.0**BITS).astype(numpy.uint64)
        known = ~numpy.isnan(network.delay)
        delay[slots[known]] = numpy.rint(network.delay[known] * MICROSECONDS).astype(numpy.int64)
        high = numpy.minimum(threshold >> numpy.uint64(BITS - 8), numpy.uint64(255)).reshape(-1, 8)
        packed = (high << (numpy.arange(8, dtype=numpy.uint64) * numpy.uint64(8))).sum(axis=1, dtype=numpy.uint64)
        return cls(padded, targets, threshold, packed, delay, slots)

    @property
    def size(self) -> int:
        """How many risks there are."""
        return len(self.offsets) - 1


def draw_live(arcs: Arcs, key: numpy.uint64) -> NDArray[numpy.bool_]:
    """For each slot, whether its cascade is live in the world of a key."""
    words = mix(key + numpy.arange(1, len(arcs.packed) + 1, dtype=numpy.uint64) * GOLDEN)
    shifts = numpy.arange(8, dtype=numpy.uint64) * numpy.uint64(8)
    byte = (words[:, None] >> shifts & numpy.uint64(255)).reshape(-1)
    first = (arcs.packed[:, None] >> shifts & numpy.uint64(255)).reshape(-1)
    live = byte < first
    equal = numpy.flatnonzero(byte == first)
    rest = mix((key ^ REFINE) + (equal.astype(numpy.uint64) + numpy.uint64(1)) * GOLDEN) >> numpy.uint64(16)
    live[equal] = rest < arcs.threshold[equal] - (first[equal] << numpy.uint64(BITS - 8))
    return live
