"""Networks for tests: a few numbers in, networks out, and the answers that looking at every world gives."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy

from riskgraph.simulation.network import Loss, Network, Pert
from riskgraph.simulation.worlds import reached_in

Arc = tuple[int, int, float]


def network(
    size: int,
    arcs: Sequence[Arc],
    *,
    losses: Sequence[Loss] | None = None,
    rates: Sequence[float] | None = None,
    delays: Sequence[float] | None = None,
) -> Network:
    """A network of risks R0, R1, ...; without more, each costs 1, happens once a year and cascades at once."""
    order = sorted(range(len(arcs)), key=lambda place: arcs[place][:2])
    ids = tuple(f"R{place:06d}" for place in range(size))
    sources = numpy.array([arcs[place][0] for place in order], dtype=numpy.int32)
    loss = tuple(losses if losses is not None else [1.0] * size)
    delay = delays if delays is not None else [0.0] * len(arcs)
    mean = [numpy.nan if one is None else one.mean if isinstance(one, Pert) else one for one in loss]
    return Network(
        ids=ids,
        index={id_: place for place, id_ in enumerate(ids)},
        offsets=numpy.searchsorted(sources, numpy.arange(size + 1)).astype(numpy.int64),
        sources=sources,
        targets=numpy.array([arcs[place][1] for place in order], dtype=numpy.int32),
        probability=numpy.array([arcs[place][2] for place in order], dtype=numpy.float64),
        delay=numpy.array([delay[place] for place in order], dtype=numpy.float64),
        rate=numpy.array(rates if rates is not None else [1.0] * size, dtype=numpy.float64),
        loss=loss,
        mean=numpy.array(mean, dtype=numpy.float64),
        unestimated=numpy.array([], dtype=numpy.int32),
        unrated=numpy.zeros(0, dtype=numpy.int32),
    )


def random_network(random: numpy.random.Generator, size: int, count: int) -> Network:
    """A network with cycles, certain and impossible cascades, losses and delays of every kind."""
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    chosen = random.choice(len(pairs), size=min(count, len(pairs)), replace=False)
    arcs = [(*pairs[place], _probability(random)) for place in sorted(chosen.tolist())]
    losses: list[Loss] = []
    for _ in range(size):
        low, mid, high = sorted(random.uniform(0, 1000, 3).tolist())
        losses.append(((None, float(random.integers(1000)), Pert(low, mid, high)))[int(random.integers(3))])
    delays = [float(random.choice([numpy.nan, 60, 1800, random.uniform(0, 1e5)])) for _ in arcs]
    return network(size, arcs, losses=losses, rates=random.uniform(0, 2, size).tolist(), delays=delays)


def _probability(random: numpy.random.Generator) -> float:
    return float(random.choice([0, 1, 0.5, random.uniform(), random.uniform() ** 4, random.uniform()]))


def list_worlds(given: Network, starts: Sequence[int]) -> Iterator[tuple[float, list[int]]]:
    """Every world with its probability and who is reached in it: the meaning of the model, word for word."""
    arcs = list(zip(given.sources.tolist(), given.targets.tolist(), given.probability.tolist(), strict=True))
    open_ = [place for place, arc in enumerate(arcs) if 0 < arc[2] < 1]
    for fired in itertools.product((False, True), repeat=len(open_)):
        live: list[list[tuple[int, int]]] = [[] for _ in given.ids]
        weight = 1.0
        choice = dict(zip(open_, fired, strict=True))
        for place, (source, target, probability) in enumerate(arcs):
            if choice.get(place, probability == 1):
                live[source].append((target, place))
            if place in choice:
                weight *= probability if choice[place] else 1 - probability
        yield weight, reached_in(live, starts)


def enumerate_reach(given: Network, starts: Sequence[int]) -> list[float]:
    """The probability that each risk is reached."""
    found = [0.0] * len(given.ids)
    for weight, reached in list_worlds(given, starts):
        for risk in reached:
            found[risk] += weight
    return found


def enumerate_totals(given: Network, starts: Sequence[int], weights: Sequence[int]) -> dict[int, float]:
    """The probability of each sum of weights over the risks reached."""
    found: defaultdict[int, float] = defaultdict(float)
    for weight, reached in list_worlds(given, starts):
        found[sum(weights[risk] for risk in reached)] += weight
    return dict(found)
