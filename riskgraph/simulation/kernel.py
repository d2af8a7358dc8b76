"""The kernel: what ``worlds`` and ``lanes`` calculate in, the same numbers from compiled code out, where it was built.

``kernel.c`` is compiled when riskgraph is installed; without a compiler the installation goes on, and ``engine`` gives
the readable twins, which are some hundred times slower and give the same numbers.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy
from numpy.typing import NDArray

from riskgraph.simulation import draws, lanes, worlds
from riskgraph.simulation.amounts import Amounts
from riskgraph.simulation.draws import Arcs, Words
from riskgraph.simulation.network import Floats, Ints, Longs
from riskgraph.simulation.worlds import Gains, Spread

VERSION: Final = 2
"""Of the functions' arguments; a library of another one is not used."""
_TOGETHER: Final = 64
"""How many worlds the kernel walks side by side."""
_NAMES: Final = ("_kernel.so", "_kernel.dll")


@dataclass(frozen=True)
class Engine:
    """The six functions that everything is simulated with; their meaning is that of the twins."""

    compiled: bool
    keys: Callable[[int, int, int, int], Words]
    spread: Callable[[Arcs, Words, Ints, Ints | None, Amounts], Spread]
    lanes_spread: Callable[[Arcs, numpy.uint64, Words, Ints, Ints | None, Amounts], Spread]
    arrivals: Callable[[Arcs, Words, Ints], tuple[Ints, Longs]]
    close: Callable[[Arcs, Words, Longs, Floats], tuple[Longs, Floats, Floats]]
    dominate: Callable[[Arcs, Words, Ints, Longs], Gains]


TWINS: Final = Engine(
    False,  # noqa: FBT003 - they are not compiled
    draws.draw_keys,
    worlds.spread,
    lanes.lanes_spread,
    worlds.arrivals,
    worlds.close,
    worlds.dominate,
)


@cache
def engine() -> Engine:
    """The compiled functions, or the twins where there are none."""
    library = load_library()
    if library is None:
        return TWINS
    kernel = _Kernel(library)
    return Engine(
        True,  # noqa: FBT003 - they are compiled
        kernel.keys,
        kernel.spread,
        kernel.lanes_spread,
        kernel.arrivals,
        kernel.close,
        kernel.dominate,
    )


def load_library() -> ctypes.CDLL | None:
    """The compiled library beside this module, or None: it was not built, or for another version or machine."""
    for name in _NAMES:
        path = Path(__file__).with_name(name)
        if path.exists():
            try:
                library = ctypes.CDLL(str(path))
                if library.riskgraph_version() == VERSION:
                    return library
            except (OSError, AttributeError):
                continue
    return None


class _Arcs(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_int64),
        ("offsets", ctypes.c_void_p),
        ("targets", ctypes.c_void_p),
        ("threshold", ctypes.c_void_p),
        ("packed", ctypes.c_void_p),
        ("delay", ctypes.c_void_p),
    )


class _Amounts(ctypes.Structure):
    _fields_ = (
        ("mean", ctypes.c_void_p),
        ("low", ctypes.c_void_p),
        ("span", ctypes.c_void_p),
        ("shape", ctypes.c_void_p),
        ("table", ctypes.c_void_p),
        ("certain", ctypes.c_int64),
    )


class _Spread(ctypes.Structure):
    _fields_ = (
        ("counts", ctypes.c_void_p),
        ("sizes", ctypes.c_void_p),
        ("means", ctypes.c_void_p),
        ("losses", ctypes.c_void_p),
    )


class _Kernel:
    """The functions of a loaded library. A call holds no lock of Python, so that threads run side by side."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        library.riskgraph_spread.restype = ctypes.c_int64
        library.riskgraph_arrivals.restype = ctypes.c_int64
        self._known: WeakKeyDictionary[Arcs | Amounts, Any] = WeakKeyDictionary()
        for name in ("keys", "lanes", "close", "dominate"):
            getattr(library, f"riskgraph_{name}").restype = None

    def keys(self, seed: int, purpose: int, first: int, count: int) -> Words:
        """As ``draws.draw_keys``."""
        found = numpy.empty(count, numpy.uint64)
        base = ctypes.c_uint64(int(draws.draw_base(seed, purpose)))
        self._library.riskgraph_keys(base, ctypes.c_uint64(first), _long(count), _at(found))
        return found

    def spread(self, arcs: Arcs, keys: Words, starts: Ints, roots: Ints | None, amounts: Amounts) -> Spread:
        """As ``worlds.spread``."""
        found = _empty(arcs, len(keys), amounts)
        reached = numpy.zeros(arcs.size, numpy.uint64)
        visits, queue = (numpy.empty(n * _TOGETHER + 1, numpy.uint32) for n in (arcs.size, len(arcs.packed)))
        work = self._library.riskgraph_spread(
            self._arcs(arcs), _at(keys), _long(len(keys)), _at(starts), _long(len(starts)), _at(roots),
            self._amounts(amounts), _out(found), _at(reached), _at(visits), _at(queue),
        )  # fmt: skip
        return Spread(found.counts, found.sizes, found.means, found.losses, int(work))

    def lanes_spread(
        self, arcs: Arcs, block: numpy.uint64, keys: Words, starts: Ints, roots: Ints | None, amounts: Amounts
    ) -> Spread:
        """As ``lanes.lanes_spread``."""
        found = _empty(arcs, len(keys), amounts)
        reached, told = (numpy.zeros(arcs.size * (worlds.LANES // 64), numpy.uint64) for _ in range(2))
        waits, queue = numpy.zeros(arcs.size, numpy.uint8), numpy.empty(arcs.size + 1, numpy.int32)
        masks = numpy.empty(len(arcs.targets) * (worlds.LANES // 64), numpy.uint64)
        drawn = numpy.zeros(len(arcs.targets), numpy.uint8)
        self._library.riskgraph_lanes(
            self._arcs(arcs), ctypes.c_uint64(int(block)), _at(keys), _long(len(keys)), _at(starts), _long(len(starts)),
            _at(roots), self._amounts(amounts), _out(found), _at(reached), _at(told), _at(waits), _at(queue),
            _at(masks), _at(drawn),
        )  # fmt: skip
        return found

    def arrivals(self, arcs: Arcs, keys: Words, starts: Ints) -> tuple[Ints, Longs]:
        """As ``worlds.arrivals``."""
        seen, queue = numpy.zeros(arcs.size, numpy.int32), numpy.empty(arcs.size, numpy.int32)
        earliest = numpy.empty(arcs.size, numpy.int64)
        heap = numpy.empty(2 * (len(arcs.targets) + len(starts)), numpy.int64)
        room = 64 * len(keys) + arcs.size
        while True:
            seen[:] = 0
            risks, times = numpy.empty(room, numpy.int32), numpy.empty(room, numpy.int64)
            filled = self._library.riskgraph_arrivals(
                self._arcs(arcs), _at(keys), _long(len(keys)), _at(starts), _long(len(starts)), _at(risks), _at(times),
                _long(room), _at(seen), _at(queue), _at(earliest), _at(heap),
            )  # fmt: skip
            if filled >= 0:
                return risks[:filled].copy(), times[:filled].copy()
            room *= 4

    def close(self, arcs: Arcs, keys: Words, weights: Longs, rates: Floats) -> tuple[Longs, Floats, Floats]:
        """As ``worlds.close``."""
        size = arcs.size
        sums, squares, totals = numpy.zeros(size, numpy.int64), numpy.zeros(size), numpy.zeros(len(keys))
        blocks = len(arcs.packed)
        scratch, live = (numpy.empty(n, numpy.int32) for n in (6 * size + 2 * blocks + 3, 2 * len(arcs.targets) + 1))
        words, sets = (numpy.empty(n, numpy.uint64) for n in (3 * blocks, size * ((size + 63) // 64)))
        value = numpy.empty(size, numpy.int64)
        self._library.riskgraph_close(
            self._arcs(arcs), _at(keys), _long(len(keys)), _at(weights), _at(rates), _at(sums), _at(squares),
            _at(totals), _at(scratch), _at(live), _at(words), _at(sets), _at(value),
        )  # fmt: skip
        return sums, squares, totals

    def dominate(self, arcs: Arcs, keys: Words, roots: Ints, weights: Longs) -> Gains:
        """As ``worlds.dominate``."""
        size, slots = arcs.size, len(arcs.targets)
        found = Gains(
            numpy.zeros(size, numpy.int64), numpy.zeros(size), numpy.zeros(slots, numpy.int64), numpy.zeros(slots)
        )
        seen, scratch = numpy.zeros(size, numpy.int32), numpy.empty(14 * size + 1, numpy.int32)
        live, sources = (numpy.empty(slots, numpy.int32) for _ in range(2))
        sums, next_, begin, end = (numpy.empty(size, numpy.int64) for _ in range(4))
        self._library.riskgraph_dominate(
            self._arcs(arcs), _at(keys), _long(len(keys)), _at(roots), _at(weights), _at(found.risks),
            _at(found.risk_squares), _at(found.cascades), _at(found.cascade_squares), _at(seen), _at(scratch),
            _at(live), _at(sources), _at(sums), _at(next_), _at(begin), _at(end),
        )  # fmt: skip
        return found

    def _arcs(self, arcs: Arcs) -> Any:
        """Where the arrays of a network are; they are asked for with every call, and do not move."""
        if arcs not in self._known:
            self._known[arcs] = _Arcs(
                arcs.size,
                *(_at(array) for array in (arcs.offsets, arcs.targets, arcs.threshold, arcs.packed, arcs.delay)),
            )
        return ctypes.byref(self._known[arcs])

    def _amounts(self, amounts: Amounts) -> Any:
        if amounts not in self._known:
            self._known[amounts] = _Amounts(
                *(_at(array) for array in (amounts.mean, amounts.low, amounts.span, amounts.shape, amounts.table)),
                int(amounts.is_certain),
            )
        return ctypes.byref(self._known[amounts])


def _empty(arcs: Arcs, count: int, amounts: Amounts) -> Spread:
    """Room for what a block of worlds says; losses that are certain are the means."""
    means = numpy.empty(count, numpy.int64)
    losses = means if amounts.is_certain else numpy.empty(count, numpy.int64)
    return Spread(numpy.zeros(arcs.size, numpy.int64), numpy.empty(count, numpy.int32), means, losses, 0)


def _at(array: NDArray[Any] | None) -> ctypes.c_void_p:
    """Where an array begins; the caller keeps it until the call is over."""
    if array is not None and not array.flags.c_contiguous:
        raise ValueError("the kernel reads arrays without gaps")
    return ctypes.c_void_p(None if array is None else array.ctypes.data)


def _long(value: int) -> ctypes.c_int64:
    return ctypes.c_int64(value)


def _out(spread: Spread) -> Any:
    return ctypes.byref(_Spread(_at(spread.counts), _at(spread.sizes), _at(spread.means), _at(spread.losses)))
