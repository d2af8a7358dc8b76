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
from typing import TYPE_CHECKING, Any, Final

from riskgraph.errors import UsageError

if TYPE_CHECKING:
    from riskgraph.simulation.network import Network

LIMIT: Final = 5_000_000
"""How many cascades are looked at before the search for further paths stops."""


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
        search = _Search(map_, start, network.index[to], limit)
        found = list(islice(search.walk(), top + 1))
        capped = search.stopped or len(found) > top
        found = found[:top]
    paths = [map_.path(nodes) for nodes in found]
    return Paths(tuple(sorted(paths, key=lambda path: (-path.probability, len(path.risks), path.risks))), capped)


class _Map:
    """A network as lists, for a search that looks at single cascades: ``out[v]`` has (to, cost)."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.offsets: list[int] = network.offsets.tolist()
        self.targets: list[int] = network.targets.tolist()
        self.chances: list[float] = network.probability.tolist()

    def out(self, node: int) -> Iterator[tuple[int, float]]:
        """Where the cascades out of a risk lead, and what each costs: ``-log p``."""
        for edge in range(self.offsets[node], self.offsets[node + 1]):
            if self.chances[edge] > 0:
                yield self.targets[edge], abs(math.log(self.chances[edge]))

    def backwards(self) -> dict[int, list[tuple[int, float]]]:
        """Where the cascades into each risk come from, and what each costs."""
        found: dict[int, list[tuple[int, float]]] = {}
        for node in range(len(self.offsets) - 1):
            for to, cost in self.out(node):
                found.setdefault(to, []).append((node, cost))
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
        edges = [self._edge(*pair) for pair in pairwise(nodes)]
        delay = sum(float(self.network.delay[edge]) for edge in edges)
        return Path(
            tuple(self.network.ids[node] for node in nodes),
            math.prod(self.chances[edge] for edge in edges),
            None if math.isnan(delay) else delay,
        )

    def _edge(self, from_: int, to: int) -> int:
        return self.targets.index(to, self.offsets[from_], self.offsets[from_ + 1])


def _walk_back(end: int, start: int, before: dict[int, int]) -> tuple[int, ...]:
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(before[nodes[-1]])
    return tuple(reversed(nodes))


@dataclass(frozen=True)
class _Set:
    """The paths that begin like ``path`` up to position ``at`` and do not go on to one of ``banned``.

    ``rest`` is the best way on, or None where only a bound of its cost is known yet.
    """

    path: tuple[int, ...]
    at: int
    cost: float
    banned: frozenset[int]
    rest: tuple[int, ...] | None


class _Search:
    """One search; ``walk`` gives the paths, ``stopped`` says whether it ended at the limit."""

    def __init__(self, map_: _Map, start: int, end: int, limit: int) -> None:
        self.map, self.start, self.end, self.left = map_, start, end, limit
        self.next: dict[int, int] = {}
        self.far: dict[int, tuple[float, int]] = {}
        self.queue: list[tuple[float, int, int, _Set]] = []
        self.pushed = 0

    @property
    def stopped(self) -> bool:
        return self.left <= 0

    def walk(self) -> Iterator[tuple[int, ...]]:
        self._measure()
        self._add((self.start,), 0, 0.0, frozenset(), {self.start})
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
            for from_, more in into.get(here, ()):
                if from_ not in self.far:
                    heapq.heappush(queue, (cost + more, hops + 1, from_, here))

    def _split(self, path: tuple[int, ...], found: _Set) -> None:
        """The other paths of a set whose best one is known, as sets: they leave it at one place each."""
        seen, cost = set(path[: found.at]), found.cost
        for at in range(found.at, len(path) - 1):
            seen.add(path[at])
            banned = found.banned if at == found.at else frozenset[int]()
            self._add(path, at, cost, banned | {path[at + 1]}, seen)
            cost += next(more for to, more in self.map.out(path[at]) if to == path[at + 1])

    def _add(self, path: tuple[int, ...], at: int, cost: float, banned: frozenset[int], seen: set[int]) -> None:
        """Puts a set in the queue, with its best path if no risk of that was passed already."""
        ways = [
            (more + self.far[to][0], 1 + self.far[to][1], to)
            for to, more in self.map.out(path[at])
            if to in self.far and to not in banned and to not in seen
        ]
        self.left -= len(ways)
        if ways:
            more, hops, to = min(ways)
            rest = [to]
            while rest[-1] != self.end and rest[-1] not in seen:
                rest.append(self.next[rest[-1]])
            self.left -= len(rest)
            known = tuple(rest) if rest[-1] == self.end else None
            self._push(cost + more, at + hops, _Set(path, at, cost, banned, known))

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
                settled = _Set(found.path, found.at, found.cost, found.banned, rest)
                self._push(found.cost + cost, found.at + len(rest), settled)
                return
            for to, more in self.map.out(here):
                self.left -= 1
                if to in self.far and to not in before and not (here == first and to in found.banned):
                    so_far = cost + more
                    heapq.heappush(queue, (so_far + self.far[to][0], hops + 1, to, so_far, here))

    def _push(self, cost: float, hops: int, found: _Set) -> None:
        # Sums of one path's logs differ in the last digits with their order, and ties go to the shorter path.
        self.pushed += 1
        heapq.heappush(self.queue, (round(cost, 12), hops, self.pushed, found))


__all__ = ["LIMIT", "Path", "Paths", "find_paths"]
