"""Events: a network and all that may be pretended of it in, a sample of what happens out, the same for each pretence.

An event is a risk that materialises by itself, and the cascade that it sets off in a world of its own. Events are drawn
once, at the highest rates and probabilities of all alternatives; an alternative keeps those of them, and those of
their cascades, whose draw is below its own. So alternatives differ by what they change and by nothing else (common
random numbers: Glasserman and Yao, 1992), and only the events that a change touches have to be followed again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, Self

import numpy

from riskgraph.errors import UsageError
from riskgraph.simulation.amounts import STRATA, count_amounts
from riskgraph.simulation.network import Floats, Longs, Network
from riskgraph.simulation.traces import LOOKS, Traces, trace_events

if TYPE_CHECKING:
    from riskgraph.simulation.blocks import Progress
    from riskgraph.simulation.changes import Change

EVENTS: Final = 100_000
"""How many events are drawn, unless tracing them ends earlier."""
YEARS: Final = 20_000
"""How many years at most; as many as ``EVENTS`` make."""
LEAST_YEARS: Final = 100
"""Fewer years say nothing of their worst 5 %."""


@dataclass(frozen=True, eq=False)
class Events:
    """A sample of units, which are single events or whole years; their mean is the expected annual loss."""

    network: Network
    rates: Floats
    """The highest rate of each risk; 0 where there is none."""
    probability: Floats
    """The highest probability of each cascade."""
    traces: Traces
    unit: Longs
    """The unit of each event."""
    units: int
    weight: float
    """What an event counts in its unit: the yearly rate of all events together where it is one, 1 in a year."""
    thinning: Floats | None
    """Uniform draws: at a lower rate an event is there where its draw is below the share; None: it counts by it."""
    cost: Floats
    """What each place costs."""

    @classmethod
    def draw(
        cls,
        network: Network,
        changes: Iterable[Change],
        *,
        seed: int,
        runs: int | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """A sample of ``runs`` single events, stratified by their rates. Losses count as their means."""
        rates, probability = _highest(network, changes)
        random = numpy.random.Generator(numpy.random.Philox(seed))
        wanted = runs or EVENTS
        starts = _choose(rates, (numpy.arange(wanted) + random.random(wanted)) / wanted)
        if len(starts):  # Mixed, so that those that are traced are as good as all.
            starts = starts[numpy.argsort(random.random(wanted), kind="stable")]
        traces = trace_events(network, probability, starts, random, progress)
        cost = numpy.nan_to_num(network.mean)[traces.risk]
        unit = numpy.arange(traces.count)
        return cls(network, rates, probability, traces, unit, max(traces.count, 1), float(rates.sum()), None, cost)

    @classmethod
    def draw_years(
        cls,
        network: Network,
        changes: Iterable[Change],
        *,
        seed: int,
        runs: int | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """A sample of ``runs`` years: Poisson numbers of events, losses drawn from their distributions.

        Raises:
            UsageError: a year has so many events that too few years can be drawn.
        """
        rates, probability = _highest(network, changes)
        random = numpy.random.Generator(numpy.random.Philox(seed))
        total = float(rates.sum())
        wanted = runs or max(LEAST_YEARS, min(YEARS, int(EVENTS / max(total, EVENTS / YEARS))))
        wanted = min(wanted, int(LOOKS / max(total, 1e-9)))
        counts = _draw_counts(total, random.random(wanted if _are_enough(wanted, runs) else 0))
        starts = _choose(rates, random.random(int(counts.sum())))
        traces = trace_events(network, probability, starts, random, progress)
        unit = numpy.repeat(numpy.arange(len(counts)), counts)[: traces.count]
        # Where tracing ended early, the last year is cut off and does not count.
        units = len(counts) if traces.count == len(starts) else int(unit[-1])
        if not _are_enough(units, runs):
            raise UsageError(f"a year has {total:,.0f} events, too many to simulate its tail: ask for the loss instead")
        thinning = random.random(traces.count)
        cost = _draw_costs(network, traces, random)
        return cls(network, rates, probability, traces, unit, units, 1.0, thinning, cost)

    def losses(self) -> Floats:
        """The loss of each unit as it is."""
        events = numpy.arange(self.traces.count)
        return self._sum(events, self._shares(events, self.network.rate), self._as_it_is)

    def differences(self, change: Change) -> Floats:
        """What a change saves in each unit: the loss as it is minus that with the change."""
        touched = self.touched(change)
        if not len(touched):
            return numpy.zeros(self.units)
        after = change.apply(self.network)
        shares = self._shares(touched, after.rate)
        losses = self.event_losses(after.probability, touched[shares > 0])
        before = self._sum(touched, self._shares(touched, self.network.rate), self._as_it_is)
        return before - self._sum(touched, shares, losses)

    def touched(self, change: Change) -> Longs:
        """The events in which a change may matter: it has to do with their start, or one of their cascades."""
        found = [numpy.flatnonzero(numpy.isin(self.starts, list(change.rates)))]
        for place, after in change.cascades.items():
            before = float(self.network.probability[place])
            found.append(self.traces.events_with(place, min(before, after), max(before, after)))
        return numpy.unique(numpy.concatenate(found))

    def shares(self, what: Literal["cascades", "risks"], weights: Floats) -> Floats:
        """For each cascade or risk the losses of the events that it has a part in, units weighted by ``weights``.

        Events count as they are; the sample has to have been drawn without changes.
        """
        traces = self.traces
        losses = self.event_losses(self.probability)
        units = numpy.minimum(self.unit, self.units - 1)
        worth = self.weight * losses * numpy.where(self.unit < self.units, weights[units], 0.0)
        if what == "risks":
            return _sums(traces.risk, worth[traces.event], len(self.network.ids))
        event = numpy.repeat(traces.event, numpy.diff(traces.offsets))
        return _sums(traces.cascade, worth[event], len(self.network.targets))

    @cached_property
    def starts(self) -> Longs:
        """The risk that each event begins with."""
        return self.traces.risk[self.traces.first]

    def worth(self) -> Floats:
        """What an amount lost in each event adds to the mean over units, as rates are now."""
        share = numpy.nan_to_num(self.network.rate)[self.starts] / self.rates[self.starts]
        return numpy.asarray(self.weight / self.units * share)

    def event_losses(self, probability: Floats, events: Longs | None = None) -> Floats:
        """What each event costs at some probabilities, whether it is there or not; 0 for all but ``events``."""
        chosen = numpy.arange(self.traces.count) if events is None else events
        places = self.traces.follow(chosen, probability)
        return _sums(self.traces.event[places], self.cost[places], self.traces.count)

    @cached_property
    def _as_it_is(self) -> Floats:
        """What each event costs at the probabilities of today."""
        return self.event_losses(self.network.probability)

    def _shares(self, events: Longs, rate: Floats) -> Floats:
        """How much of each of these events there is at some rates."""
        starts = self.starts[events]
        share = numpy.nan_to_num(rate)[starts] / self.rates[starts]
        return share if self.thinning is None else (self.thinning[events] < share).astype(numpy.float64)

    def _sum(self, events: Longs, shares: Floats, losses: Floats) -> Floats:
        """The losses of the units in these events, of which there are these shares."""
        return _sums(self.unit[events], self.weight * shares * losses[events], self.units)[: self.units]


def _are_enough(years: int, wanted: int | None) -> bool:
    return years >= min(LEAST_YEARS, wanted or LEAST_YEARS)


def _highest(network: Network, changes: Iterable[Change]) -> tuple[Floats, Floats]:
    """The highest rate of each risk and probability of each cascade."""
    rates, probability = numpy.nan_to_num(network.rate), network.probability.copy()
    for change in changes:
        for place, rate in change.rates.items():
            rates[place] = max(rates[place], rate)
        for place, chance in change.cascades.items():
            probability[place] = max(probability[place], chance)
    return rates, probability


def _choose(rates: Floats, points: Floats) -> Longs:
    """The risks that points from 0 to 1 fall on where each takes as much room as its rate; none where no risk has."""
    places = numpy.flatnonzero(rates)
    if not len(places):
        return places
    sums = numpy.cumsum(rates[places])
    chosen = numpy.searchsorted(sums, points * sums[-1], side="right")
    return numpy.asarray(places[numpy.minimum(chosen, len(places) - 1)])


def _sums(places: Longs, values: Floats, size: int) -> Floats:
    """The sum of the values at each of ``size`` places."""
    return numpy.asarray(numpy.bincount(places, weights=values, minlength=size), dtype=numpy.float64)


def _draw_counts(mean: float, points: Floats) -> Longs:
    """Poisson numbers, from points from 0 to 1; not by numpy's own, which may change with its version."""
    from scipy.special import gammaln

    if not mean:
        return numpy.zeros(len(points), dtype=numpy.int64)
    numbers = numpy.arange(int(mean + 12 * math.sqrt(mean) + 40))
    below = numpy.cumsum(numpy.exp(numbers * math.log(mean) - mean - gammaln(numbers + 1.0)))
    return numpy.searchsorted(below, points).astype(numpy.int64)


def _draw_costs(network: Network, traces: Traces, random: numpy.random.Generator) -> Floats:
    """A loss for each place, from the distribution of its risk."""
    amounts = count_amounts(network)
    stratum = (random.random(len(traces.risk)) * STRATA).astype(numpy.int64)
    share = amounts.table[amounts.shape[traces.risk].astype(numpy.int64) * STRATA + stratum]
    return numpy.asarray((amounts.low[traces.risk] + amounts.span[traces.risk] * share) * amounts.unit)


__all__ = ["EVENTS", "YEARS", "Events"]
