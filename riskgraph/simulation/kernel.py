"""The kernel: what ``worlds`` and ``lanes`` calculate in, the same numbers from compiled code out, where it was built.

The C files of this folder are compiled when riskgraph is installed; without a compiler the installation goes on, and
``engine`` gives the readable twins, which are much slower and give the same numbers.
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

from riskgraph.simulation import lanes, worlds
from riskgraph.simulation.amounts import Amounts
from riskgraph.simulation.draws import Arcs, Keys, Words
from riskgraph.simulation.network import Floats, Ints, Longs
from riskgraph.simulation.worlds import Gains, Spread

VERSION: Final = 3
"""Of the functions' arguments; a library of another one is not used."""
_TOGETHER: Final = 64
"""How many worlds the kernel walks side by side."""
_NAMES: Final = ("_kernel.so", "_kernel.dll")


@dataclass(frozen=True)
class Engine:
    """The five functions that everything is simulated with; their meaning is that of the twins."""

    compiled: bool
    spread: Callable[[Arcs, Keys, Ints, Ints | None, Amounts], Spread]
    lanes_spread: Callable[[Arcs, Keys, Keys, Ints, Ints | None, Amounts], Spread]
    arrivals: Callable[[Arcs, Keys, Ints], tuple[Ints, Longs]]
    close: Callable[[Arcs, Keys, Longs, Floats], tuple[Longs, Floats, Floats]]
    dominate: Callable[[Arcs, Keys, Ints, Longs], Gains]


TWINS: Final = Engine(
    False,  # noqa: FBT003 - they are not compiled
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


_Begin = ctypes.c_char * 0
"""Stands for an array in a call: nothing of it but where it is, which is found several times as fast as by numpy."""


class _Arcs(ctypes.Structure):
    _fields_ = (
        ("size", ctypes.c_int64),
        ("offsets", ctypes.c_void_p),
        ("targets", ctypes.c_void_p),
        ("threshold", ctypes.c_void_p),
        ("packed", ctypes.c_void_p),
        ("delay", ctypes.c_void_p),
    )


class _Keys(ctypes.Structure):
    _fields_ = (("origin", ctypes.c_uint64), ("count", ctypes.c_int64))


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
        for name in ("lanes", "close", "dominate"):
            getattr(library, f"riskgraph_{name}").restype = None

    def spread(self, arcs: Arcs, keys: Keys, starts: Ints, roots: Ints | None, amounts: Amounts) -> Spread:
        """As ``worlds.spread``."""
        found = _empty(arcs, keys.count, amounts)
        together = min(keys.count, _TOGETHER)
        reached = numpy.zeros(arcs.size, numpy.uint64)
        visits, queue = (numpy.empty(n * together + 2, numpy.uint32) for n in (arcs.size, len(arcs.packed)))
        work = self._library.riskgraph_spread(
            self._arcs(arcs), _keys(keys), _at(starts), _long(len(starts)), _at(roots),
            self._amounts(amounts), _out(found), _at(reached), _at(visits), _at(queue),
        )  # fmt: skip
        return Spread(*found, int(work))

    def lanes_spread(
        self, arcs: Arcs, blocks: Keys, keys: Keys, starts: Ints, roots: Ints | None, amounts: Amounts
    ) -> Spread:
        """As ``lanes.lanes_spread``."""
        found = _empty(arcs, keys.count, amounts)
        words, slots = worlds.LANES // 64, len(arcs.targets)
        reached, told, masks = (_lines(n * words) for n in (arcs.size, arcs.size, slots))
        drawn, waits = numpy.empty(slots, numpy.uint8), numpy.empty(arcs.size // 64 + 1, numpy.uint64)
        order, place = (numpy.empty(arcs.size + 1, numpy.int32) for _ in range(2))
        self._library.riskgraph_lanes(
            self._arcs(arcs), _keys(blocks), _keys(keys), _at(starts), _long(len(starts)), _at(roots),
            self._amounts(amounts), _out(found), _at(reached), _at(told), _at(masks), _at(drawn), _at(waits),
            _at(order), _at(place),
        )  # fmt: skip
        return Spread(*found, 0)

    def arrivals(self, arcs: Arcs, keys: Keys, starts: Ints) -> tuple[Ints, Longs]:
        """As ``worlds.arrivals``."""
        seen, queue = numpy.zeros(arcs.size, numpy.int32), numpy.empty(arcs.size, numpy.int32)
        earliest = numpy.empty(arcs.size, numpy.int64)
        heap = numpy.empty(2 * (len(arcs.targets) + len(starts)), numpy.int64)
        room = 64 * keys.count + arcs.size
        while True:
            seen[:] = 0
            risks, times = numpy.empty(room, numpy.int32), numpy.empty(room, numpy.int64)
            filled = self._library.riskgraph_arrivals(
                self._arcs(arcs), _keys(keys), _at(starts), _long(len(starts)), _at(risks), _at(times),
                _long(room), _at(seen), _at(queue), _at(earliest), _at(heap),
            )  # fmt: skip
            if filled >= 0:
                return risks[:filled].copy(), times[:filled].copy()
            room *= 4

    def close(self, arcs: Arcs, keys: Keys, weights: Longs, rates: Floats) -> tuple[Longs, Floats, Floats]:
        """As ``worlds.close``."""
        size = arcs.size
        sums, squares, totals = numpy.zeros(size, numpy.int64), numpy.zeros(size), numpy.zeros(keys.count)
        blocks = len(arcs.packed)
        scratch, live = (numpy.empty(n, numpy.int32) for n in (6 * size + 2 * blocks + 3, 2 * len(arcs.targets) + 1))
        words, sets = (numpy.empty(n, numpy.uint64) for n in (3 * blocks, size * ((size + 63) // 64)))
        value = numpy.empty(size, numpy.int64)
        self._library.riskgraph_close(
            self._arcs(arcs), _keys(keys), _at(weights), _at(rates), _at(sums), _at(squares),
            _at(totals), _at(scratch), _at(live), _at(words), _at(sets), _at(value),
        )  # fmt: skip
        return sums, squares, totals

    def dominate(self, arcs: Arcs, keys: Keys, roots: Ints, weights: Longs) -> Gains:
        """As ``worlds.dominate``."""
        size, slots = arcs.size, len(arcs.targets)
        found = Gains(
            numpy.zeros(size, numpy.int64), numpy.zeros(size), numpy.zeros(slots, numpy.int64), numpy.zeros(slots)
        )
        seen, scratch = numpy.zeros(size, numpy.int32), numpy.empty(14 * size + 1, numpy.int32)
        live, sources = (numpy.empty(slots, numpy.int32) for _ in range(2))
        sums, next_, begin, end = (numpy.empty(size, numpy.int64) for _ in range(4))
        self._library.riskgraph_dominate(
            self._arcs(arcs), _keys(keys), _at(roots), _at(weights), _at(found.risks),
            _at(found.risk_squares), _at(found.cascades), _at(found.cascade_squares), _at(seen), _at(scratch),
            _at(live), _at(sources), _at(sums), _at(next_), _at(begin), _at(end),
        )  # fmt: skip
        return found

    def _arcs(self, arcs: Arcs) -> Any:
        """Where the arrays of a network are; they are asked for with every call, and do not move."""
        if arcs not in self._known:
            self._known[arcs] = _Arcs(
                arcs.size,
                *(_place(array) for array in (arcs.offsets, arcs.targets, arcs.threshold, arcs.packed, arcs.delay)),
            )
        return ctypes.byref(self._known[arcs])

    def _amounts(self, amounts: Amounts) -> Any:
        if amounts not in self._known:
            self._known[amounts] = _Amounts(
                *(_place(array) for array in (amounts.mean, amounts.low, amounts.span, amounts.shape, amounts.table)),
                int(amounts.is_certain),
            )
        return ctypes.byref(self._known[amounts])


def _empty(arcs: Arcs, count: int, amounts: Amounts) -> tuple[Longs, Ints, Longs, Longs]:
    """Room for what worlds say: counts, sizes, means and losses, which are the means where they are certain."""
    means = numpy.empty(count, numpy.int64)
    losses = means if amounts.is_certain else numpy.empty(count, numpy.int64)
    return numpy.zeros(arcs.size, numpy.int64), numpy.empty(count, numpy.int32), means, losses


def _lines(words: int) -> Words:
    """Room for words that begins with a line of the cache, so that no eight of them lie in two lines."""
    room = numpy.empty(words + 7, numpy.uint64)
    return room[-room.ctypes.data // 8 % 8 :][:words]


def _at(array: NDArray[Any] | None) -> Any:
    """Where an array begins, for a call; the array has no gaps, else it is refused."""
    if array is None:
        return None
    return _Begin.from_buffer(array)  # type: ignore[arg-type]  # types know of buffers from Python 3.12 on


def _place(array: NDArray[Any]) -> int:
    """Where an array begins, for a structure; the caller keeps it until the call is over."""
    return ctypes.addressof(_at(array))


def _keys(keys: Keys) -> Any:
    return ctypes.byref(_Keys(keys.origin, keys.count))


def _long(value: int) -> ctypes.c_int64:
    return ctypes.c_int64(value)


def _out(found: tuple[Longs, Ints, Longs, Longs]) -> Any:
    return ctypes.byref(_Spread(*(_place(array) for array in found)))
