"""Networks: a risk graph and what to pretend in, its risks and cascades as arrays of numbers out."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy
from numpy.typing import NDArray

from riskgraph.errors import InputError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.model import Blocks, Mitigates
from riskgraph.parts import LossRange
from riskgraph.validation import closest

Floats = NDArray[numpy.float64]
Ints = NDArray[numpy.int32]
Longs = NDArray[numpy.int64]

NOT_ESTIMATED: Final = math.nan


class Pert(NamedTuple):
    """A loss as a PERT distribution: a beta on ``low`` to ``high`` with mean ``(low + 4 likely + high) / 6``."""

    low: float
    likely: float
    high: float

    @property
    def mean(self) -> float:
        """The mean, in the register's currency."""
        return (self.low + 4 * self.likely + self.high) / 6


Loss = float | Pert | None
"""What a risk costs when it materialises: an amount, a distribution, or None where nothing is estimated."""


@dataclass(frozen=True)
class LeftOut:
    """How many elements have no estimate, and so are in no number."""

    cascades: int = 0
    """Cascades without a probability: nothing goes along them."""
    losses: int = 0
    """Risks without a loss: they cost nothing in any sum."""
    rates: int = 0
    """Risks without a likelihood, or closed ones: they start nothing."""
    delays: int = 0
    """Cascades with a probability and without a delay: no time is counted along them."""
    effects: int = 0
    """Effects of implemented mitigations without an effectiveness: they lower nothing."""

    def data(self) -> dict[str, int]:
        """The counts by name, those of zero too."""
        return dict(self.__dict__)


@dataclass(frozen=True, eq=False)
class Network:
    """A graph as arrays: risks sorted by id, cascades by from and to.

    ``sources``, ``targets``, ``probability`` and ``delay`` have one entry a cascade; those out of risk ``i`` are
    ``offsets[i]`` to ``offsets[i + 1]``. A cascade that is pretended away keeps its place, with probability 0: so two
    networks of one graph draw the same chances for the same cascade.
    """

    ids: tuple[str, ...]
    index: Mapping[str, int]
    offsets: Longs
    sources: Ints
    targets: Ints
    probability: Floats
    """After implemented blocks; 0 to 1."""
    delay: Floats
    """Seconds; nan: not estimated."""
    rate: Floats
    """Occurrences a year after implemented mitigations; nan: not estimated, or the risk is closed."""
    loss: tuple[Loss, ...]
    mean: Floats
    """The mean of each loss; nan: not estimated."""
    unestimated: Ints
    """The sources of the cascades that have no probability; these cascades are in no other array."""
    unrated: Ints
    """For each effect of an implemented mitigation that has no effectiveness the risk, or the cascade's source."""

    @property
    def left_out(self) -> LeftOut:
        """What of the whole network is in no number."""
        return self.left_out_of(numpy.ones(len(self.ids), dtype=bool))

    def left_out_from(self, ids: Sequence[str]) -> LeftOut:
        """What is in no number about the risks that these can pull down. Errors as those of :meth:`find`."""
        return self.left_out_of(self.reach(self.find(ids)))

    def left_out_of(self, risks: NDArray[numpy.bool_]) -> LeftOut:
        """What is in no number about these risks and the cascades out of them."""
        mine = risks[self.sources]
        return LeftOut(
            cascades=int(risks[self.unestimated].sum()),
            losses=int(numpy.isnan(self.mean[risks]).sum()),
            rates=int(numpy.isnan(self.rate[risks]).sum()),
            delays=int((mine & (self.probability > 0) & numpy.isnan(self.delay)).sum()),
            effects=int(risks[self.unrated].sum()),
        )

    def find(self, ids: Sequence[str]) -> Longs:
        """The places of risks, sorted, each once.

        Raises:
            InputError: one is not a risk of the network.
            UsageError: none is named.
        """
        if not ids:
            raise UsageError("name at least one risk that materialises")
        for id_ in ids:
            if id_ not in self.index:
                near = closest(id_, self.ids)
                hint = f"did you mean {near}?" if near else "riskgraph show lists the risks"
                raise InputError(f"{id_!r} is not the id of a risk: {hint}")
        return numpy.unique(numpy.array([self.index[id_] for id_ in ids], dtype=numpy.int64))

    def reach(self, starts: Longs) -> NDArray[numpy.bool_]:
        """Which risks the starts can pull down at all, the starts among them."""
        return self._follow(starts, self._onward)

    def within(self, starts: Longs) -> Network:
        """The network of what the starts can pull down, also by cascades that are pretended away.

        Chance is drawn by a cascade's place, so what is drawn here depends on nothing that cannot be reached.
        """
        kept = self._follow(starts, self._listed)
        if kept.all():
            return self
        places = numpy.flatnonzero(kept)
        arcs = numpy.flatnonzero(kept[self.sources])
        to = numpy.cumsum(kept, dtype=numpy.int32) - 1
        ids = tuple(self.ids[place] for place in places)
        sources = to[self.sources[arcs]]
        return Network(
            ids=ids,
            index={id_: place for place, id_ in enumerate(ids)},
            offsets=numpy.searchsorted(sources, numpy.arange(len(ids) + 1)).astype(numpy.int64),
            sources=sources,
            targets=to[self.targets[arcs]],
            probability=self.probability[arcs],
            delay=self.delay[arcs],
            rate=self.rate[places],
            loss=tuple(self.loss[place] for place in places),
            mean=self.mean[places],
            unestimated=to[self.unestimated[kept[self.unestimated]]],
            unrated=to[self.unrated[kept[self.unrated]]],
        )

    def _follow(self, starts: Longs, onward: list[list[int]]) -> NDArray[numpy.bool_]:
        found = dict.fromkeys(starts.tolist())
        edge = list(found)
        while edge:
            new = [target for target in onward[edge.pop()] if target not in found]
            found.update(dict.fromkeys(new))
            edge += new
        seen = numpy.zeros(len(self.ids), dtype=bool)
        seen[list(found)] = True
        return seen

    @cached_property
    def _onward(self) -> list[list[int]]:
        """For each risk the ones that it can trigger."""
        chosen = self.probability > 0
        if chosen.all():
            return self._listed
        targets = self.targets[chosen].tolist()
        ends = numpy.concatenate([[0], numpy.cumsum(chosen)])[self.offsets].tolist()
        return [targets[first:last] for first, last in pairwise(ends)]

    @cached_property
    def _listed(self) -> list[list[int]]:
        """For each risk the ones that a cascade leads to, however improbable."""
        targets = self.targets.tolist()
        return [targets[first:last] for first, last in pairwise(self.offsets.tolist())]


def compile_network(
    graph: RiskGraph,
    *,
    without: Iterable[str] = (),
    with_: Iterable[str] = (),
    assume: float | None = None,
) -> Network:
    """The network of a graph, as it is or as somebody pretends it to be.

    ``without`` names mitigations that count as not implemented, and cascades (``FROM->TO``) that count as removed;
    ``with_`` names mitigations that count as implemented; ``assume`` is the probability, 0 to 1, of cascades that have
    none. An effect without an effectiveness is none. A closed risk starts nothing any more, but can be reached.

    Raises:
        InputError: a name is neither a mitigation nor a cascade.
        UsageError: a name stands on both sides, or ``assume`` is no probability.
    """
    if assume is not None and not 0 <= assume <= 1:
        raise UsageError(f"a probability is between 0 and 1, and {assume} is not: give one such as 0.2")
    removed, implemented = pretend(graph, tuple(without), tuple(with_))
    acting: list[tuple[Blocks | Mitigates, str]] = [(edge, edge.risk) for edge in graph.of_kind(Mitigates).values()]
    acting += [(edge, edge.from_) for edge in graph.of_kind(Blocks).values()]
    ids = tuple(sorted(graph.risks))
    index = {id_: place for place, id_ in enumerate(ids)}
    known: list[tuple[int, int, float, float]] = []
    unestimated: list[int] = []
    for (from_, to), cascade in graph.cascades.items():
        base = assume if cascade.probability is None else cascade.probability
        if base is None:
            unestimated.append(index[from_])
            continue
        factor = 0.0 if (from_, to) in removed else share_left(graph.blocks.get((from_, to), ()), implemented)
        delay = NOT_ESTIMATED if cascade.delay is None else cascade.delay.total_seconds()
        known.append((index[from_], index[to], base * factor, delay))
    known.sort(key=lambda arc: arc[:2])
    unrated = [risk for edge, risk in acting if edge.mitigation in implemented and edge.effectiveness is None]
    sources = numpy.array([arc[0] for arc in known], dtype=numpy.int32)
    losses = tuple(_loss(graph, id_) for id_ in ids)
    return Network(
        ids=ids,
        index=index,
        offsets=numpy.searchsorted(sources, numpy.arange(len(ids) + 1)).astype(numpy.int64),
        sources=sources,
        targets=numpy.array([arc[1] for arc in known], dtype=numpy.int32),
        probability=numpy.array([arc[2] for arc in known], dtype=numpy.float64),
        delay=numpy.array([arc[3] for arc in known], dtype=numpy.float64),
        rate=numpy.array([_rate(graph, id_, implemented) for id_ in ids], dtype=numpy.float64),
        loss=losses,
        mean=numpy.array([_mean(loss) for loss in losses], dtype=numpy.float64),
        unestimated=numpy.array(sorted(unestimated), dtype=numpy.int32),
        unrated=numpy.array(sorted(index[risk] for risk in unrated), dtype=numpy.int32),
    )


def pretend(
    graph: RiskGraph, without: tuple[str, ...], with_: tuple[str, ...]
) -> tuple[set[tuple[str, str]], set[str]]:
    """The cascades that count as removed, and the mitigations that count as implemented.

    Raises:
        InputError, UsageError: as :func:`compile_network`.
    """
    implemented = {id_ for id_ in graph.mitigations if graph.is_implemented(id_)}
    removed: set[tuple[str, str]] = set()
    taken: set[str] = set()
    for text in without:
        named = _named(graph, text)
        if isinstance(named, str):
            taken.add(named)
        else:
            removed.add(named)
    for text in with_:
        named = _named(graph, text)
        if not isinstance(named, str):
            raise UsageError(f"--with takes a mitigation, and {text} is a cascade: name what would be in place")
        if named in taken:
            raise UsageError(f"{named} cannot be both with and without: name it once")
        implemented.add(named)
    return removed, implemented - taken


def _named(graph: RiskGraph, text: str) -> str | tuple[str, str]:
    """The mitigation, or the two ends of the cascade, that a text names; capitals do not matter."""
    ends = tuple(end.strip() for end in text.replace("\u2192", "->").split("->"))
    folded = tuple(end.casefold() for end in ends)
    if len(ends) == 1:
        if ends[0] in graph.mitigations:
            return ends[0]
        for id_ in graph.mitigations:
            if id_.casefold() == folded[0]:
                return id_
        kind = "a risk" if ends[0] in graph.risks else "neither a mitigation nor a cascade"
        near = None if ends[0] in graph.risks else closest(ends[0], list(graph.mitigations))
    else:
        if len(ends) == 2 and ends in graph.cascades:  # noqa: PLR2004 - from and to
            return ends[0], ends[1]
        pairs = {f"{from_}->{to}": (from_, to) for from_, to in graph.cascades}
        for pair in pairs.values():
            if (pair[0].casefold(), pair[1].casefold()) == folded:
                return pair
        kind, near = "not a cascade of the graph", closest("->".join(ends), list(pairs))
    hint = f"did you mean {near}?" if near else "name a mitigation by its id, or a cascade as FROM->TO"
    raise InputError(f"{text!r} is {kind}: {hint}")


def share_left(edges: Iterable[Blocks | Mitigates], implemented: Collection[str]) -> float:
    """What implemented mitigations leave: ``product(1 - effectiveness)``."""
    left = 1.0
    for edge in edges:
        if edge.mitigation in implemented:
            left *= 1 - (edge.effectiveness or 0)
    return left


def _rate(graph: RiskGraph, id_: str, implemented: set[str]) -> float:
    band = graph.band(id_)
    if band is None or graph.risks[id_].status == "closed":
        return NOT_ESTIMATED
    return band.value * share_left(graph.mitigates.get(id_, ()), implemented)


def _loss(graph: RiskGraph, id_: str) -> Loss:
    risk = graph.risks[id_]
    if isinstance(risk.loss, LossRange):
        found = Pert(risk.loss.low, risk.loss.likely, risk.loss.high)
        return found if found.high > found.low else found.low
    if risk.loss is not None:
        return risk.loss
    scale = graph.header.scale
    band = scale.impact_band(risk.impact) if risk.impact is not None and scale else None
    return band.value if band else None


def _mean(loss: Loss) -> float:
    if loss is None:
        return NOT_ESTIMATED
    return loss.mean if isinstance(loss, Pert) else loss
