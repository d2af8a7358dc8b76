"""Worlds: arcs and the keys of worlds in, who is reached, at what cost and when, in each of them out.

This is the meaning of the C files but ``lanes.c``, function by function and bit for bit, and takes their place where no
compiler built them. A world is a subset of the cascades, the live ones; what a risk reaches in it is what live cascades
lead to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final, TypeVar

import numpy

from riskgraph.simulation.amounts import STRATA, Amounts
from riskgraph.simulation.draws import GOLDEN, LOSS, UNKNOWN, Arcs, Keys, draw_live, mix
from riskgraph.simulation.network import Floats, Ints, Longs

if TYPE_CHECKING:
    import networkx

LANES: Final = 512
"""How many worlds a block of many worlds has."""

Live = list[list[tuple[int, int]]]
"""For each risk the live cascades out of it: target and slot."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Spread:
    """What a block of worlds says of start risks."""

    counts: Longs
    """For each risk the worlds in which it is reached."""
    sizes: Ints
    """For each world the number of risks reached, starts included."""
    means: Longs
    """For each world the sum of the mean losses of the risks reached, in units."""
    losses: Longs
    """For each world the sum of their losses as drawn, in units."""
    work: int
    """How many words were drawn one world at a time."""

    @property
    def each(self) -> float:
        """How many words a world took."""
        return self.work / len(self.sizes)


@dataclass(frozen=True, eq=False)
class Gains:
    """What a block of worlds loses when a risk or a cascade is taken out of it; squares are sums over the worlds."""

    risks: Longs
    risk_squares: Floats
    cascades: Longs
    """By slot."""
    cascade_squares: Floats


def spread(arcs: Arcs, keys: Keys, starts: Ints, roots: Ints | None, amounts: Amounts) -> Spread:
    """Who is reached from ``starts``, or in each world from its own root, one world at a time."""
    counts = numpy.zeros(arcs.size, dtype=numpy.int64)
    sizes = numpy.zeros(keys.count, dtype=numpy.int32)
    means = numpy.zeros(keys.count, dtype=numpy.int64)
    losses = numpy.zeros(keys.count, dtype=numpy.int64)
    blocks = numpy.diff(arcs.offsets) // 8
    work = 0
    for world, key in enumerate(keys.words()):
        found = reached_in(list_live(arcs, draw_live(arcs, key)), starts if roots is None else roots[world : world + 1])
        counts[found] += 1
        sizes[world] = len(found)
        means[world] = amounts.mean[found].sum()
        losses[world] = draw_losses(amounts, key, found).sum()
        work += int(blocks[found].sum())
    return Spread(counts, sizes, means, losses, work)


def arrivals(arcs: Arcs, keys: Keys, starts: Ints) -> tuple[Ints, Longs]:
    """The risks reached in each world after the other, and when: microseconds from the start, or ``UNKNOWN``.

    An arrival is the earliest over live cascades that have a delay (Dijkstra, 1959).
    """
    risks: list[int] = []
    times: list[int] = []
    for key in keys.words():
        live = list_live(arcs, draw_live(arcs, key))
        earliest: dict[int, int] = {}
        heap = [(0, int(start)) for start in starts]
        while heap:
            time, risk = heappop(heap)
            if risk in earliest:
                continue
            earliest[risk] = time
            for target, slot in live[risk]:
                if arcs.delay[slot] != UNKNOWN and target not in earliest:
                    heappush(heap, (time + int(arcs.delay[slot]), target))
        found = sorted(reached_in(live, starts))
        risks += found
        times += [earliest.get(risk, UNKNOWN) for risk in found]
    return numpy.array(risks, dtype=numpy.int32), numpy.array(times, dtype=numpy.int64)


def close(arcs: Arcs, keys: Keys, weights: Longs, rates: Floats) -> tuple[Longs, Floats, Floats]:
    """All starts at once: the sums over the worlds of what each risk reaches, of its squares, and each world's total.

    ``weights`` are whole numbers; a world's total is the sum over risks of ``rates`` times what the risk reaches.
    """
    import networkx

    sums = numpy.zeros(arcs.size, dtype=numpy.int64)
    squares = numpy.zeros(arcs.size)
    totals = numpy.zeros(keys.count)
    for world, key in enumerate(keys.words()):
        graph = _graph(list_live(arcs, draw_live(arcs, key)))
        whole = networkx.condensation(graph)
        below: dict[int, set[int]] = {}
        value = numpy.zeros(arcs.size, dtype=numpy.int64)
        for component in reversed(list(networkx.topological_sort(whole))):
            members = whole.nodes[component]["members"]
            below[component] = set(members).union(*(below[child] for child in whole.successors(component)))
            value[list(members)] = weights[list(below[component])].sum()
        sums += value
        squares += value.astype(numpy.float64) ** 2
        totals[world] = _in_order(rates * value.astype(numpy.float64))
    return sums, squares, totals


def dominate(arcs: Arcs, keys: Keys, roots: Ints, weights: Longs) -> Gains:
    """What the root of each world no longer reaches without a risk or a cascade, for all of them.

    In a live world the risks that a root reaches only through another are below that one in the dominator tree.
    """
    import networkx

    risks = numpy.zeros(arcs.size, dtype=numpy.int64)
    cascades = numpy.zeros(len(arcs.targets), dtype=numpy.int64)
    risk_squares, cascade_squares = numpy.zeros(arcs.size), numpy.zeros(len(arcs.targets))
    for key, root in zip(keys.words(), roots.tolist(), strict=True):
        live = list_live(arcs, draw_live(arcs, key))
        found = reached_in(live, [root])
        parent = networkx.immediate_dominators(_graph(live), root)
        tree: networkx.DiGraph[int] = networkx.DiGraph((parent[risk], risk) for risk in found if risk != root)
        tree.add_node(root)
        below = {risk: {risk, *networkx.descendants(tree, risk)} for risk in found}
        entries: dict[int, list[int]] = {risk: [] for risk in found}
        for source in found:
            for target, slot in live[source]:
                if source not in below[target]:
                    entries[target].append(slot)
        for risk in found:
            gain = int(weights[list(below[risk])].sum())
            risks[risk] += gain
            risk_squares[risk] += float(gain) * float(gain)
            if risk != root and len(entries[risk]) == 1:
                cascades[entries[risk][0]] += gain
                cascade_squares[entries[risk][0]] += float(gain) * float(gain)
    return Gains(risks, risk_squares, cascades, cascade_squares)


def draw_losses(amounts: Amounts, key: numpy.uint64, risks: Sequence[int]) -> Longs:
    """What each of these risks costs in the world of a key."""
    chosen = numpy.asarray(risks, dtype=numpy.int64)
    words = mix((key ^ LOSS) + (chosen.astype(numpy.uint64) + numpy.uint64(1)) * GOLDEN)
    stratum = (words >> numpy.uint64(64 - STRATA.bit_length() + 1)).astype(numpy.int64)
    share = amounts.table[amounts.shape[chosen] * STRATA + stratum]
    return numpy.asarray(amounts.low[chosen] + (amounts.span[chosen] * share).astype(numpy.int64))


def list_live(arcs: Arcs, live: numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.bool_]]) -> Live:
    """The live cascades out of each risk."""
    out: Live = [[] for _ in range(arcs.size)]
    slots = numpy.flatnonzero(live)
    sources = numpy.searchsorted(arcs.offsets, slots, side="right") - 1
    for source, target, slot in zip(sources.tolist(), arcs.targets[slots].tolist(), slots.tolist(), strict=True):
        out[source].append((target, slot))
    return out


def reached_in(live: Live, starts: Iterator[int] | Sequence[int] | Ints) -> list[int]:
    """Who live cascades lead to, starts included."""
    found = dict.fromkeys(int(start) for start in starts)
    edge = list(found)
    while edge:
        for target, _ in live[edge.pop()]:
            if target not in found:
                found[target] = None
                edge.append(target)
    return list(found)


def _graph(live: Live) -> networkx.DiGraph[int]:
    import networkx

    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(live)))
    graph.add_edges_from((source, target) for source, out in enumerate(live) for target, _ in out)
    return graph


def _in_order(values: Floats) -> float:
    """The sum from first to last; numpy's own adds in pairs."""
    return float(numpy.add.accumulate(values)[-1])
