"""Paths: a network, a start and perhaps an end in, the most probable ways that a cascade can take out.

The probability of a path is that all of its cascades fire, the product of theirs. Paths visit no risk twice. They are
found one by one, best first, and never more than are wanted, however many there are.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from riskgraph.errors import UsageError

if TYPE_CHECKING:
    from riskgraph.simulation.network import Network

LIMIT: Final = 5_000_000
"""How many cascades are looked at before the search for further paths stops."""
_DIGITS: Final = 1e12
"""To what part of one costs are compared."""


@dataclass(frozen=True)
class Path:
    """One way of a cascade.

    ``risks`` are ids in order, ``probability`` lies in (0, 1], ``delay`` is the sum of the delays in seconds, or None
    where one of them is not estimated.
    """

    risks: tuple[str, ...]
    probability: float
    delay: float | None

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {"path": list(self.risks), "probability": self.probability, "delay": self.delay}


@dataclass(frozen=True)
class Paths:
    """Paths, the most probable first; of equal ones the shorter, then by ids. ``capped``: there may be further ones."""

    paths: tuple[Path, ...]
    capped: bool


def find_paths(network: Network, from_: str, to: str | None = None, *, top: int = 10, limit: int = LIMIT) -> Paths:
    """The ``top`` most probable paths between two risks; without ``to`` the best one to each of the ``top`` risks.

    Cascades that never fire are on no path. The search stops early when it has looked at ``limit`` cascades; what it
    gives is then still the best there is, only less. It is that of Lawler (1972) for Yen's k shortest simple paths,
    over ``-log p``, where the exact distances to the end bound each set of paths and mostly are its best path.

    Raises:
        UsageError: both ends are one risk.
    """
    if from_ == to:
        raise UsageError(f"a path from {from_} to itself is none: name another risk")
    map_ = _Map(network)
    start = network.index[from_]
    if to is None:
        found, capped = map_.find_best_each(start, top)
    else:
        search = _Search(map_, start, network.index[to], top + 1, limit)
        found = list(islice(search.walk(), top + 1))
        capped = search.stopped or len(found) > top
        found = found[:top]
    paths = [map_.path(nodes) for nodes in found]
    return Paths(tuple(sorted(paths, key=lambda path: (-path.probability, len(path.risks), path.risks))), capped)


class _Map:
    """A network as lists, for a search that looks at single cascades."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.offsets: list[int] = network.offsets.tolist()
        self.targets: list[int] = network.targets.tolist()
        self.chances: list[float] = network.probability.tolist()
        self.delays: list[float] = network.delay.tolist()
        self.costs = [abs(math.log(chance)) if chance > 0 else math.inf for chance in self.chances]

    def out(self, node: int) -> Iterator[tuple[int, float]]:
        """Where the cascades out of a risk lead that can fire, and what each costs: ``-log p``."""
        edges = slice(self.offsets[node], self.offsets[node + 1])
        return ((to, cost) for to, cost in zip(self.targets[edges], self.costs[edges], strict=True) if cost < math.inf)

    def backwards(self) -> list[list[tuple[int, float]]]:
        """Where the cascades into each risk come from that can fire, and what each costs."""
        found: list[list[tuple[int, float]]] = [[] for _ in self.network.ids]
        for node in range(len(found)):
            for to, cost in self.out(node):
                found[to].append((node, cost))
        return found

    def find_best_each(self, start: int, top: int) -> tuple[list[tuple[int, ...]], bool]:
        """The best path to each of the ``top`` risks that are reached most probably by one path, and if there are more.

        Costs rise along a path, so the search ends with the last of them.
        """
        before: dict[int, int] = {}
        found: list[tuple[int, ...]] = []
        queue: list[tuple[float, int, int, int]] = [(0.0, 0, start, start)]
        while queue:
            cost, hops, here, from_ = heapq.heappop(queue)
            if here in before:
                continue
            before[here] = from_
            if here != start:
                if len(found) == top:
                    return found, True
                found.append(_walk_back(here, start, before))
            for to, more in self.out(here):
                if to not in before:
                    heapq.heappush(queue, (cost + more, hops + 1, to, here))
        return found, False

    def path(self, nodes: tuple[int, ...]) -> Path:
        """The path over these risks."""
        edges = [self.edge(*pair) for pair in pairwise(nodes)]
        delay = sum([self.delays[edge] for edge in edges])
        return Path(
            tuple([self.network.ids[node] for node in nodes]),
            math.prod([self.chances[edge] for edge in edges]),
            None if math.isnan(delay) else delay,
        )

    def edge(self, from_: int, to: int) -> int:
        """The number of the cascade between two risks."""
        return self.targets.index(to, self.offsets[from_], self.offsets[from_ + 1])


def _walk_back(end: int, start: int, before: dict[int, int]) -> tuple[int, ...]:
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(before[nodes[-1]])
    return tuple(reversed(nodes))


class _Set(NamedTuple):
    """The paths that begin like ``path`` up to position ``at`` and do not go on to one of ``banned``.

    ``rest`` is the best way on, or None where only a bound of its cost is known yet.
    """

    path: tuple[int, ...]
    at: int
    cost: float
    banned: frozenset[int]
    rest: tuple[int, ...] | None


class _Way(NamedTuple):
    """A cascade as a way to the end: the cost of the best path that begins with it, its hops, and where it leads."""

    whole: float
    hops: int
    to: int
    cost: float


class _Search:
    """One search; ``walk`` gives the paths, ``stopped`` says whether it ended at the limit.

    ``best`` has the costs of the best ``wanted`` paths that are known, negative, the highest first; a set whose best
    path costs more than the last of them is not kept.
    """

    def __init__(self, map_: _Map, start: int, end: int, wanted: int, limit: int) -> None:
        self.map, self.start, self.end, self.left = map_, start, end, limit
        self.wanted = wanted
        self.best: list[int] = []
        self.next: dict[int, int] = {}
        self.far: dict[int, tuple[float, int]] = {}
        self.ways: dict[int, list[_Way]] = {}
        self.tails: dict[int, tuple[int, ...]] = {}
        self.queue: list[tuple[int, int, int, _Set]] = []
        self.pushed = 0

    @property
    def stopped(self) -> bool:
        return self.left <= 0

    def walk(self) -> Iterator[tuple[int, ...]]:
        self._measure()
        self._add((self.start,), 0, 0.0, frozenset(), self.start, {self.start})
        while self.queue and not self.stopped:
            _, _, _, found = heapq.heappop(self.queue)
            if found.rest is None:
                self._settle(found)
                continue
            path = (*found.path[: found.at + 1], *found.rest)
            yield path
            self._split(path, found)

    def _measure(self) -> None:
        """How far the end is from each risk, and where the best way to it goes on (Dijkstra, backwards)."""
        into = self.map.backwards()
        queue: list[tuple[float, int, int, int]] = [(0.0, 0, self.end, self.end)]
        while queue:
            cost, hops, here, after = heapq.heappop(queue)
            if here in self.far:
                continue
            self.far[here], self.next[here] = (cost, hops), after
            for from_, more in into[here]:
                if from_ not in self.far:
                    heapq.heappush(queue, (cost + more, hops + 1, from_, here))

    def _ways(self, node: int) -> list[_Way]:
        """The ways on from a risk to the end, the best first."""
        found = self.ways.get(node)
        if found is None:
            far = self.far
            ends = ((to, more) for to, more in self.map.out(node) if to in far)
            found = self.ways[node] = sorted(_Way(more + far[to][0], 1 + far[to][1], to, more) for to, more in ends)
        return found

    def _tail(self, node: int) -> tuple[int, ...]:
        """The best path from a risk to the end."""
        found = self.tails.get(node)
        if found is None:
            path = [node]
            while path[-1] != self.end:
                path.append(self.next[path[-1]])
            found = self.tails[node] = tuple(path)
        return found

    def _split(self, path: tuple[int, ...], found: _Set) -> None:
        """The other paths of a set whose best one is known, as sets: they leave it at one place each."""
        seen, cost, banned = set(path[: found.at]), found.cost, found.banned
        for at in range(found.at, len(path) - 1):
            here, to = path[at], path[at + 1]
            seen.add(here)
            self._add(path, at, cost, banned, to, seen)
            cost += self.map.costs[self.map.edge(here, to)]
            banned = frozenset()

    def _add(
        self, path: tuple[int, ...], at: int, cost: float, banned: frozenset[int], taken: int, seen: set[int]
    ) -> None:
        """Puts a set in the queue, with its best path if no risk of that was passed already."""
        for whole, hops, to, _ in self._ways(path[at]):
            self.left -= 1
            if to != taken and to not in banned and to not in seen:
                if self._is_wanted(cost + whole):
                    tail = self._tail(to)
                    self.left -= len(tail)
                    known = tail if seen.isdisjoint(tail) else None
                    self._push(cost + whole, at + hops, _Set(path, at, cost, banned | {taken}, known))
                return

    def _settle(self, found: _Set) -> None:
        """Finds the best path of a set (A*), and puts the set back in the queue with it; drops one that has none."""
        first = found.path[found.at]
        before: dict[int, int] = dict.fromkeys(found.path[: found.at], -1)
        queue: list[tuple[float, int, int, float, int]] = [(0.0, 0, first, 0.0, first)]
        while queue and not self.stopped:
            _, hops, here, cost, from_ = heapq.heappop(queue)
            if here in before:
                continue
            before[here] = from_
            if here == self.end:
                rest = _walk_back(here, first, before)[1:]
                self._push(found.cost + cost, found.at + len(rest), found._replace(rest=rest))
                return
            ways = self._ways(here)
            self.left -= len(ways)
            for whole, _, to, more in ways:
                if to not in before and not (here == first and to in found.banned):
                    heapq.heappush(queue, (cost + whole, hops + 1, to, cost + more, here))

    def _is_wanted(self, cost: float) -> bool:
        return len(self.best) < self.wanted or _rounded(cost) <= -self.best[0]

    def _push(self, cost: float, hops: int, found: _Set) -> None:
        rounded = _rounded(cost)
        self.pushed += 1
        heapq.heappush(self.queue, (rounded, hops, self.pushed, found))
        if found.rest is not None:
            heapq.heappush(self.best, -rounded)
            if len(self.best) > self.wanted:
                heapq.heappop(self.best)


def _rounded(cost: float) -> int:
    """A cost to compare: sums of one path's logs differ in the last digits with their order, and ties go by hops."""
    return int(cost * _DIGITS + 0.5)


__all__ = ["LIMIT", "Path", "Paths", "find_paths"]
