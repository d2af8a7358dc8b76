"""The layout of a map: risks and cascades in, a column and a row for each risk, and where the shown ones stand, out.

Cascades read from left to right. ``rank_risks`` looks at the whole map once; ``place`` sets out any part of it, and
``assets/layout.js`` does the same in the page, number for number.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx

Pair = tuple[str, str]

_SORTINGS: Final = 12
_SWEEPS: Final = 8
_NARROWEST: Final = 6
_BETWEEN: Final = 1.5
"""The gap, in rows, between parts of the map that no cascade connects."""


@dataclass(frozen=True)
class Rank:
    """The column of a risk in the whole map, from 0 on the left, and its place among the risks of that column."""

    column: int
    row: int


@dataclass(frozen=True)
class Spot:
    """Where a risk stands: ``x`` in columns and ``y`` in rows, both from 0; neighbours in a column are a row apart."""

    x: float
    y: float


def rank_risks(risks: Iterable[str], cascades: Iterable[Pair]) -> dict[str, Rank]:
    """The column and the row of each risk.

    A risk stands right of all that can trigger it (the longest path over the strongly connected components); inside a
    component, columns count the cascades from where it is entered. Rows are sorted by the mean place of the neighbours
    (the barycentre heuristic of Sugiyama, Tagawa and Toda, 1981), so that few arrows cross.
    """
    ids = sorted(risks)
    pairs = sorted(cascades)
    columns = _columns(ids, pairs)
    return _rows(ids, pairs, columns)


def place(shown: Sequence[str], cascades: Iterable[Pair], ranks: Mapping[str, Rank]) -> dict[str, Spot]:
    """Where the shown risks stand: parts that no cascade connects are set out apart, single risks come last.

    Columns and rows that would be empty are left out. Within a column risks stand near the mean height of their
    neighbours, in the order of their rows, at least a row apart (isotonic regression).
    """
    kept = set(shown)
    near: dict[str, list[str]] = {risk: [] for risk in sorted(kept)}
    for from_, to in sorted(cascades):
        if from_ in kept and to in kept:
            near[from_].append(to)
            near[to].append(from_)
    parts = _parts(near)
    tracts = [_tract(part, near, ranks) for part in parts if len(part) > 1]
    single = [part[0] for part in parts if len(part) == 1]
    widest = max([_NARROWEST, *(1 + max(spot.x for spot in tract.values()) for tract in tracts)])
    spots, below = _shelve(tracts, int(widest))
    for place_, risk in enumerate(single):
        spots[risk] = Spot(float(place_ % int(widest)), below + place_ // int(widest))
    return spots


def _columns(ids: Sequence[str], pairs: Sequence[Pair]) -> dict[str, int]:
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(pairs)
    condensed = networkx.condensation(graph)
    depths: dict[int, dict[str, int]] = {}
    first: dict[int, int] = {}
    order = list(networkx.topological_sort(condensed))
    for component in order:
        members = condensed.nodes[component]["members"]
        depths[component] = _depths(sorted(members), graph)
        ends = (first[before] + _width(depths[before]) for before in condensed.predecessors(component))
        first[component] = max(ends, default=0)
    for component in reversed(order):
        # What nothing triggers stands beside the first that it can trigger, not far out on the left.
        after = [first[next_] for next_ in condensed.successors(component)]
        if after and not condensed.pred[component]:
            first[component] = min(after) - _width(depths[component])
    return {risk: first[component] + depth for component in order for risk, depth in depths[component].items()}


def _width(depths: Mapping[str, int]) -> int:
    return 1 + max(depths.values())


def _depths(members: Sequence[str], graph: networkx.DiGraph[str]) -> dict[str, int]:
    """How many cascades each member of a component is away from where the component is entered."""
    inside = set(members)
    entries = [risk for risk in members if any(before not in inside for before in graph.pred[risk])]
    if not entries:
        entries = [min(members, key=lambda risk: (len(graph.pred[risk]) - len(graph.succ[risk]), risk))]
    depths = dict.fromkeys(entries, 0)
    waiting = deque(entries)
    while waiting:
        risk = waiting.popleft()
        for next_ in sorted(graph.succ[risk]):
            if next_ in inside and next_ not in depths:
                depths[next_] = depths[risk] + 1
                waiting.append(next_)
    return depths


def _rows(ids: Sequence[str], pairs: Sequence[Pair], columns: Mapping[str, int]) -> dict[str, Rank]:
    import numpy

    index = {risk: at for at, risk in enumerate(ids)}
    column = numpy.array([columns[risk] for risk in ids], dtype=numpy.int64)
    ends = numpy.array([(index[from_], index[to]) for from_, to in pairs], dtype=numpy.int64).reshape(-1, 2)
    count = len(ids)
    row = numpy.zeros(count)
    order = numpy.lexsort((numpy.arange(count), column))
    forward = column[ends[:, 0]] < column[ends[:, 1]]
    for turn in range(_SORTINGS + 1):
        first = numpy.searchsorted(column[order], column[order])
        sizes = numpy.bincount(column, minlength=1)[column[order]] if count else first
        row[order] = numpy.arange(count) - first - (sizes - 1) / 2
        if turn == _SORTINGS:
            break
        of, by = (ends[forward, 1], ends[forward, 0]) if turn % 2 == 0 else (ends[forward, 0], ends[forward, 1])
        degree = numpy.bincount(of, minlength=count)
        mean = numpy.where(degree > 0, numpy.bincount(of, row[by], count) / numpy.maximum(degree, 1), row)
        order = numpy.lexsort((row, mean, column))
    place_ = numpy.empty(count, dtype=numpy.int64)
    place_[order] = numpy.arange(count) - numpy.searchsorted(column[order], column[order])
    return {risk: Rank(int(column[at]), int(place_[at])) for at, risk in enumerate(ids)}


def _parts(near: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The parts that no cascade connects, the largest first."""
    parts: list[list[str]] = []
    seen: set[str] = set()
    for start in near:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for risk in part:
            for other in near[risk]:
                if other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(part)
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _tract(part: Sequence[str], near: Mapping[str, Sequence[str]], ranks: Mapping[str, Rank]) -> dict[str, Spot]:
    """Where the risks of one part stand, from its own upper left."""
    by_column: dict[int, list[str]] = defaultdict(list)
    for risk in sorted(part, key=lambda risk: (ranks[risk].row, risk)):
        by_column[ranks[risk].column].append(risk)
    columns = [by_column[column] for column in sorted(by_column)]
    y = {risk: at - (len(column) - 1) / 2 for column in columns for at, risk in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [sum(y[other] for other in near[risk]) / len(near[risk]) for risk in column]
            y.update(zip(column, _spaced(wanted), strict=True))
    top = min(y.values())
    return {risk: Spot(float(at), y[risk] - top) for at, column in enumerate(columns) for risk in column}


def _spaced(wanted: Sequence[float]) -> list[float]:
    """The heights nearest to the wanted ones, in least squares, that rise by one at least (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for at, height in enumerate(wanted):
        total, size = height - at, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            before = pools.pop()
            total, size = before[0] + total, before[1] + size
        pools.append((total, size))
    flat = [total / size for total, size in pools for _ in range(size)]
    return [height + at for at, height in enumerate(flat)]


def _shelve(tracts: Sequence[dict[str, Spot]], widest: int) -> tuple[dict[str, Spot], float]:
    """All tracts, beside each other as far as they fit and below each other else; and where the next row is free."""
    spots: dict[str, Spot] = {}
    left, top, bottom = 0.0, 0.0, 0.0
    for tract in tracts:
        width = 1 + max(spot.x for spot in tract.values())
        if left and left + width > widest:
            left, top = 0.0, bottom
        for risk, spot in tract.items():
            spots[risk] = Spot(left + spot.x, top + spot.y)
        bottom = max(bottom, top + max(spot.y for spot in tract.values()) + _BETWEEN)
        left += width
    return spots, bottom
