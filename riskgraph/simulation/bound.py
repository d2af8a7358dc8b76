"""Bounds: a sample, costs and a budget in, what no set of mitigations within it can save more than out.

In one event a set saves at most what it does by its rates alone, or, if one of it blocks a cascade that would have
fired, what all candidates together save of that cascade. That is a sum of one minus products of one factor a
mitigation, so it is submodular, and from any set ``T`` it rises by no more than the best single additions to ``T``
that the budget has room for, the last of them in part (Leskovec et al., 2007, section 3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import numpy

from riskgraph.simulation.changes import Change

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from riskgraph.simulation.changes import Switches
    from riskgraph.simulation.events import Events
    from riskgraph.simulation.measures import Sampled
    from riskgraph.simulation.network import Floats, Longs

    Mask = NDArray[numpy.bool_]


_LEAST: Final = 1e-12


def bound_savings(
    switches: Switches,
    sampled: Sampled,
    costs: Mapping[str, float],
    budget: float,
    steps: Iterable[frozenset[str]],
) -> float:
    """What no set within the budget saves more than, on the sample; the least over the sets ``steps`` as ``T``.

    For a shortfall it is what all candidates save together.
    """
    everything = sampled.save(switches.switch(costs)).value
    if sampled.basis.by == "shortfall":
        return everything
    relaxed = _Relaxed(switches, sampled.events, costs)
    return min([everything, *(relaxed.bound(step, budget) for step in dict.fromkeys(steps))])


class _Relaxed:
    """What sets save at most in each event."""

    def __init__(self, switches: Switches, events: Events, costs: Mapping[str, float]) -> None:
        self._costs = costs
        self._events = events
        everything = switches.switch(costs)
        self._now = events.event_losses(events.network.probability)
        self._least = events.event_losses(everything.apply(events.network).probability)
        self._worth = events.worth()
        self._acts: dict[str, Longs] = {}
        self._slows: dict[str, dict[int, float]] = {}
        for id_ in costs:
            alone = switches.switch([id_])
            # Together with others a mitigation may stop what it does not stop alone.
            cascades = {place: everything.cascades[place] for place in alone.cascades if place in everything.cascades}
            self._acts[id_] = events.touched(Change(cascades))
            self._slows[id_] = {place: rate / float(events.network.rate[place]) for place, rate in alone.rates.items()}

    def bound(self, step: frozenset[str], budget: float) -> float:
        """The bound from one set."""
        left, acted = self._state(step)
        saved = float((self._worth * (self._now - self._left(left, acted))).sum())
        others = [id_ for id_ in self._costs if id_ not in step and self._costs[id_] <= budget]
        gains = [(self._gain(id_, left, acted), self._costs[id_]) for id_ in others]
        gains.sort(key=lambda found: (-found[0] / max(found[1], _LEAST), found[1]))
        room = budget
        for gain, cost in gains:
            if cost > room:
                return saved + gain * room / cost
            saved, room = saved + gain, room - cost
        return saved

    def _state(self, step: frozenset[str]) -> tuple[Floats, Mask]:
        """For each event the share of its rate that a set leaves, and whether the set acts in it."""
        left = numpy.ones(len(self._now))
        acted = numpy.zeros(len(self._now), dtype=bool)
        for id_ in sorted(step):
            acted[self._acts[id_]] = True
            left *= self._factor(id_)
        return left, acted

    def _factor(self, id_: str) -> Floats:
        factor = numpy.ones(len(self._events.network.ids))
        factor[list(self._slows[id_])] = list(self._slows[id_].values())
        return factor[self._events.starts]

    def _left(self, left: Floats, acted: Mask) -> Floats:
        return left * numpy.where(acted, self._least, self._now)

    def _gain(self, id_: str, left: Floats, acted: Mask) -> float:
        more = acted.copy()
        more[self._acts[id_]] = True
        after = self._left(left * self._factor(id_), more)
        return float((self._worth * (self._left(left, acted) - after)).sum())


__all__ = ["bound_savings"]
