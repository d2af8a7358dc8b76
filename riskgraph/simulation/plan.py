"""Plans: a network and start risks in, the order of an exact calculation out, or None where its tables are too wide.

Risks are taken in an order in which all that can trigger one comes before it; what can go in a circle is taken as one
component. A table holds the probability of each subset of the open risks: those that still have cascades to try. A
risk leaves the table when its last child is done (bucket elimination: Dechter, 1999; on the frontier of a network:
Hardy, Lucet and Limnios, 2007).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

import numpy

from riskgraph.simulation.network import Longs, Network

LARGEST_COMPONENT: Final = 12
WORK: Final = 1 << 25
"""How many entries of tables a calculation may touch; beyond that, simulation is faster."""

Arc = tuple[int, int, float]


@dataclass(frozen=True)
class Step:
    """One component in the order of a plan."""

    members: tuple[int, ...]
    parents: tuple[int, ...]
    """The open risks that can trigger a member."""
    outside: tuple[Arc, ...]
    """Cascades into members: place in ``parents``, place in ``members``, probability."""
    sure: tuple[float, ...]
    """For each member, the probability that risks which certainly materialise trigger it."""
    inside: tuple[Arc, ...]
    """Cascades among the members, by their places."""
    kept: tuple[int, ...]
    """Places of the members that have cascades to try later."""
    leaving: tuple[int, ...]
    """The risks whose last child is in this step."""


@dataclass(frozen=True)
class Plan:
    """The steps of an exact calculation, and how many entries of tables they touch."""

    certain: tuple[int, ...]
    """The starts, and what they reach by cascades of probability 1."""
    steps: tuple[Step, ...]
    work: int


@dataclass(frozen=True)
class _Parts:
    """The components of the uncertain risks by number, what triggers them, and which ones they trigger."""

    members: dict[int, list[int]]
    inside: dict[int, list[Arc]]
    outside: dict[int, list[Arc]]
    """Cascades from uncertain risks of other components."""
    missed: dict[int, float]
    """For each risk the probability that no certain one triggers it."""
    children: dict[int, list[int]]
    """For each risk the other components that it can trigger, sorted."""
    label: list[int]
    """For each risk its component."""


def plan_exact(network: Network, starts: Longs, work: int = WORK) -> Plan | None:
    """The better of two plans; None if both touch more than ``work``, or a component is too large."""
    certain, uncertain, arcs = _triggers(network, starts)
    parts = _split(certain, uncertain, arcs, len(network.ids))
    if any(len(group) > LARGEST_COMPONENT for group in parts.members.values()):
        return None
    plans = [Plan(tuple(sorted(certain)), *order) for order in (_order(parts, sign, work) for sign in (1, -1)) if order]
    return min(plans, key=lambda plan: plan.work, default=None)


def _triggers(network: Network, starts: Longs) -> tuple[set[int], list[int], list[Arc]]:
    """The certain risks, the other ones in reach, and the cascades into these."""
    in_reach = network.reach(starts)
    chosen = in_reach[network.sources] & (network.probability > 0)
    arcs: list[Arc] = list(
        zip(
            network.sources[chosen].tolist(),
            network.targets[chosen].tolist(),
            network.probability[chosen].tolist(),
            strict=True,
        )
    )
    surely = defaultdict(list)
    for source, target, probability in arcs:
        if probability == 1:
            surely[source].append(target)
    edge: list[int] = starts.tolist()
    certain = set(edge)
    while edge:
        found = [target for target in surely[edge.pop()] if target not in certain]
        certain.update(found)
        edge += found
    uncertain = [risk for risk in numpy.flatnonzero(in_reach).tolist() if risk not in certain]
    return certain, uncertain, [arc for arc in arcs if arc[1] not in certain]


def _split(certain: set[int], uncertain: list[int], arcs: list[Arc], size: int) -> _Parts:
    """The strongly connected components of what is uncertain."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    between = numpy.array([arc[:2] for arc in arcs if arc[0] not in certain], dtype=numpy.int64).reshape(-1, 2)
    matrix = csr_matrix((numpy.ones(len(between)), (between[:, 0], between[:, 1])), shape=(size, size))
    label: list[int] = connected_components(matrix, connection="strong")[1].tolist()
    parts = _Parts({}, defaultdict(list), defaultdict(list), defaultdict(lambda: 1.0), defaultdict(list), label)
    for risk in uncertain:
        parts.members.setdefault(label[risk], []).append(risk)
    for source, target, probability in arcs:
        if source in certain:
            parts.missed[target] *= 1 - probability
        elif label[source] == label[target]:
            parts.inside[label[target]].append((source, target, probability))
        else:
            parts.outside[label[target]].append((source, target, probability))
            parts.children[source].append(label[target])
    for risk, groups in parts.children.items():
        parts.children[risk] = sorted(set(groups))
    return parts


def _order(parts: _Parts, sign: int, limit: int) -> tuple[tuple[Step, ...], int] | None:
    """The steps, next always what widens the table least; among equals the oldest (1) or the newest (-1)."""
    ready = _Ready(parts, sign)
    steps: list[Step] = []
    width = work = 0
    while (group := ready.take()) is not None:
        parents = ready.parents[group]
        step = _step(parts, group, parents, [risk for risk in parents if ready.left[risk] == 1])
        steps.append(step)
        size = len(step.members)
        work += (1 << (width + size)) + (3**size << len(parents) if size > 1 else 0)
        if work > limit:
            return None
        width += len(step.kept) - len(step.leaving)
        ready.finish(group)
    return tuple(steps), work


class _Ready:
    """The components whose parents are done, by how much they widen the table."""

    def __init__(self, parts: _Parts, sign: int) -> None:
        self._parts, self._sign, self._turn = parts, sign, 0
        self._heap: list[tuple[int, int, int]] = []
        self._done: set[int] = set()
        self.parents = {group: sorted({arc[0] for arc in parts.outside[group]}) for group in parts.members}
        self.left = {risk: len(groups) for risk, groups in parts.children.items()}
        """For each open risk how many of its children are not done."""
        self._waiting = {group: len({parts.label[risk] for risk in found}) for group, found in self.parents.items()}
        for group in parts.members:
            self._offer(group)

    def take(self) -> int | None:
        """The next component, or None."""
        while self._heap:
            group = heappop(self._heap)[2]
            if group not in self._done:
                self._done.add(group)
                return group
        return None

    def finish(self, group: int) -> None:
        """Makes known that a component is done: others become ready, or widen the table less."""
        children = self._parts.children
        for next_ in {next_: None for risk in self._parts.members[group] for next_ in children.get(risk, ())}:
            self._waiting[next_] -= 1
            self._offer(next_)
        for risk in self.parents[group]:
            self.left[risk] -= 1
            if self.left[risk] == 1:
                self._offer(next(other for other in children[risk] if other not in self._done))

    def _offer(self, group: int) -> None:
        if self._waiting[group]:
            return
        self._turn += 1
        kept = sum(risk in self.left for risk in self._parts.members[group])
        growth = kept - sum(self.left[risk] == 1 for risk in self.parents[group])
        heappush(self._heap, (growth, self._sign * self._turn, group))


def _step(parts: _Parts, group: int, parents: Sequence[int], leaving: Sequence[int]) -> Step:
    members = parts.members[group]
    place = {risk: number for number, risk in enumerate(members)}
    outer = {risk: number for number, risk in enumerate(parents)}
    return Step(
        members=tuple(members),
        parents=tuple(parents),
        outside=tuple((outer[a], place[b], probability) for a, b, probability in parts.outside[group]),
        sure=tuple(1 - parts.missed[risk] for risk in members),
        inside=tuple((place[a], place[b], probability) for a, b, probability in parts.inside[group]),
        kept=tuple(place[risk] for risk in members if risk in parts.children),
        leaving=tuple(leaving),
    )
