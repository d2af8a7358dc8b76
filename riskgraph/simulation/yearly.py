"""Yearly losses: a network in, what a year is expected to cost, exactly, out, and what a change of it would save.

The expected annual loss is the sum over risks of the yearly rate times the expected loss of the cascade that the risk
sets off, itself included. A change touches the cascades of those risks only that lead to what it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy

from riskgraph.simulation.exact import exact_probabilities
from riskgraph.simulation.plan import plan_exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from riskgraph.simulation.changes import Change
    from riskgraph.simulation.network import Floats, Network

WORK: Final = 1 << 22
"""How many entries of tables one start may touch."""
CALCULATIONS: Final = 1000
"""How many losses of a start, with or without a change, are calculated; beyond that, simulation is faster."""


@dataclass(frozen=True, eq=False)
class YearlyLoss:
    """The expected annual loss of a network, in its currency; ``losses`` has the expected loss of each start."""

    network: Network
    losses: Floats

    @classmethod
    def of(cls, network: Network, changes: Iterable[Change] = ()) -> Self | None:
        """The exact loss; None where it, or what the changes would save, takes too long."""
        places = numpy.flatnonzero(network.rate > 0).tolist()
        left = CALCULATIONS - len(places)
        for change in changes:
            if left < 0:
                break
            left -= int((_before(network, change) & (network.rate > 0) | _begins(network, change)).sum())
        if left < 0:
            return None
        losses = numpy.zeros(len(network.ids))
        for place in places:
            loss = _loss(network, place)
            if loss is None:
                return None
            losses[place] = loss
        return cls(network, losses)

    @property
    def total(self) -> float:
        """The expected annual loss."""
        return float(numpy.nan_to_num(self.network.rate) @ self.losses)

    def after(self, change: Change) -> float | None:
        """The expected annual loss with a change; None where that takes too long."""
        network = change.apply(self.network)
        losses = self.losses.copy()
        affected = _before(network, change) | _before(self.network, change) | _begins(self.network, change)
        for place in numpy.flatnonzero(affected & (network.rate > 0)).tolist():
            loss = _loss(network, place)
            if loss is None:
                return None
            losses[place] = loss
        return float(numpy.nan_to_num(network.rate) @ losses)


def _loss(network: Network, start: int) -> float | None:
    """The expected loss of the cascade that a risk sets off."""
    plan = plan_exact(network, numpy.array([start]), WORK)
    if plan is None:
        return None
    return float(exact_probabilities(network, plan) @ numpy.nan_to_num(network.mean))


def _begins(network: Network, change: Change) -> NDArray[numpy.bool_]:
    """The risks that start nothing as it is, and with a change do: what they cost has not been asked yet."""
    begins = numpy.zeros(len(network.ids), dtype=bool)
    begins[[place for place, rate in change.rates.items() if rate > network.rate[place] == 0]] = True
    return begins


def _before(network: Network, change: Change) -> NDArray[numpy.bool_]:
    """The risks from which a changed cascade can be reached."""
    seen = numpy.zeros(len(network.ids), dtype=bool)
    edge = numpy.unique(network.sources[list(change.cascades)])
    into = numpy.argsort(network.targets, kind="stable")
    ends = numpy.searchsorted(network.targets[into], numpy.arange(len(network.ids) + 1))
    while len(edge):
        seen[edge] = True
        lists = [into[ends[place] : ends[place + 1]] for place in edge]
        arcs = numpy.concatenate(lists)
        found = network.sources[arcs[network.probability[arcs] > 0]]
        edge = numpy.unique(found[~seen[found]])
    return seen


__all__ = ["CALCULATIONS", "YearlyLoss"]
