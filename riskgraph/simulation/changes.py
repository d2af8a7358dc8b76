"""Changes: a network and what to pretend in, the probabilities and rates that would be others out.

Alternatives to one network differ from it in a few cascades and risks only, so they are kept as these differences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy

from riskgraph.model import Blocks, Mitigates
from riskgraph.simulation.network import compile_network, pretend, share_left

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.network import Network


@dataclass(frozen=True)
class Change:
    """What an alternative has otherwise: probabilities of cascades and yearly rates of risks, by place."""

    cascades: Mapping[int, float] = field(default_factory=dict)
    rates: Mapping[int, float] = field(default_factory=dict)

    def apply(self, network: Network) -> Network:
        """The network with the change."""
        probability, rate = network.probability.copy(), network.rate.copy()
        probability[list(self.cascades)] = list(self.cascades.values())
        rate[list(self.rates)] = list(self.rates.values())
        return replace(network, probability=probability, rate=rate)

    def is_worse(self, network: Network) -> bool:
        """Whether something becomes more probable."""
        return any(after > network.probability[place] for place, after in self.cascades.items()) or any(
            after > network.rate[place] for place, after in self.rates.items()
        )


class Switches:
    """A graph's mitigations as switches on its network.

    ``network`` is what :func:`compile_network` makes of the same arguments, and ``implemented`` the mitigations that
    count as implemented in it.

    Raises:
        InputError, UsageError: as :func:`compile_network`.
    """

    def __init__(
        self,
        graph: RiskGraph,
        *,
        without: Iterable[str] = (),
        with_: Iterable[str] = (),
        assume: float | None = None,
    ) -> None:
        names = tuple(without), tuple(with_)
        self.graph = graph
        self.network = compile_network(graph, without=names[0], with_=names[1], assume=assume)
        removed, implemented = pretend(graph, *names)
        self.implemented = frozenset(implemented)
        self._removed, self._assume = frozenset(removed), assume
        self._blocks: dict[str, list[Blocks]] = defaultdict(list)
        self._mitigates: dict[str, list[Mitigates]] = defaultdict(list)
        for block in graph.of_kind(Blocks).values():
            self._blocks[block.mitigation].append(block)
        for edge in graph.of_kind(Mitigates).values():
            self._mitigates[edge.mitigation].append(edge)

    def is_estimated(self, mitigation: str) -> bool:
        """Whether anybody has said how well a mitigation works; where not, no number says what it saves."""
        shares = [block.effectiveness for block in self._blocks[mitigation]]
        shares += [edge.effectiveness for edge in self._mitigates[mitigation]]
        return any(share is not None for share in shares)

    def switch(self, mitigations: Iterable[str]) -> Change:
        """What differs where these mitigations are the other way round: implemented ones not, others implemented."""
        flipped = set(mitigations)
        standing = self.implemented ^ flipped
        pairs = {(block.from_, block.to) for id_ in flipped for block in self._blocks[id_]} - self._removed
        risks = {edge.risk for id_ in flipped for edge in self._mitigates[id_]}
        cascades: dict[int, float] = {}
        for pair in sorted(pairs):
            estimate = self.graph.cascades[pair].probability
            base = self._assume if estimate is None else estimate
            if base is not None:
                after = base * share_left(self.graph.blocks[pair], standing)
                place = cascade_place(self.network, *pair)
                if after != self.network.probability[place]:
                    cascades[place] = after
        rates: dict[int, float] = {}
        for risk in sorted(risks):
            place = self.network.index[risk]
            band = self.graph.band(risk)
            if band is not None and not numpy.isnan(self.network.rate[place]):
                after = band.value * share_left(self.graph.mitigates[risk], standing)
                if after != self.network.rate[place]:
                    rates[place] = after
        return Change(cascades, rates)


def remove(network: Network, what: Literal["cascades", "risks"], place: int) -> Change:
    """A cascade that never fires, or a risk that cannot happen.

    Such a risk happens neither by itself nor by a cascade, and so pulls nothing down either.
    """
    if what == "cascades":
        return Change({place: 0.0})
    into = numpy.flatnonzero(network.targets == place)
    out = range(int(network.offsets[place]), int(network.offsets[place + 1]))
    rates = {} if numpy.isnan(network.rate[place]) else {place: 0.0}
    return Change(dict.fromkeys([*into.tolist(), *out], 0.0), rates)


def cascade_place(network: Network, from_: str, to: str) -> int:
    """The place of a cascade that has a probability."""
    source = network.index[from_]
    first, last = int(network.offsets[source]), int(network.offsets[source + 1])
    return first + int(numpy.searchsorted(network.targets[first:last], network.index[to]))


__all__ = ["Change", "Switches", "cascade_place", "remove"]
