"""Calibration: forecasts and what came of them in, Brier score, its parts, skill and a reliability table out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from riskgraph.durations import YEAR
from riskgraph.metrics.metric import MINIMUM, share_data
from riskgraph.scales import probability_of
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from riskgraph.metrics.exposure import Occurrence, Stretch

BINS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
"""Upper bounds of the bins of a reliability table; narrow where registers have most of their risks."""


@dataclass(frozen=True)
class Forecast:
    """A risk-year: the probability that a risk happens at least once in it, said at its start, and whether it did."""

    risk: str
    start: datetime
    probability: float
    happened: bool
    sealed: bool | None = None
    category: str = ""


@dataclass(frozen=True)
class Bin:
    """The risk-years whose forecast lies in one bin."""

    low: float
    high: float
    mean: float
    happened: Proportion

    def data(self) -> dict[str, Any]:
        """The JSON form: forecasts from ``low`` to ``high``, their mean, and the share that happened."""
        return {"low": self.low, "high": self.high, "mean": self.mean, "happened": share_data(self.happened)}


@dataclass(frozen=True)
class Calibration:
    """How good forecasts were; every score is None where they are fewer than ``MINIMUM``.

    ``brier`` is the mean squared difference of probability and outcome, 0 at best (Brier, 1950). It is
    ``reliability - resolution + uncertainty + within`` (Murphy, 1973; ``within`` is what forecasts of one bin differ,
    Stephenson, Coelho and Jolliffe, 2008). ``skill`` is the share of the base rate's score that was saved.
    """

    forecasts: int
    events: int
    brier: float | None = None
    reliability: float | None = None
    resolution: float | None = None
    uncertainty: float | None = None
    within: float | None = None
    skill: float | None = None
    bins: tuple[Bin, ...] = ()

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "risk_years": self.forecasts, "events": self.events, "brier": self.brier, "reliability": self.reliability,
            "resolution": self.resolution, "uncertainty": self.uncertainty, "within": self.within, "skill": self.skill,
            "bins": [one.data() for one in self.bins],
        }  # fmt: skip


def calibrate(forecasts: Sequence[Forecast]) -> Calibration:
    """The calibration of forecasts."""
    n, events = len(forecasts), sum(one.happened for one in forecasts)
    if n < MINIMUM:
        return Calibration(n, events)
    rate = events / n
    groups: dict[int, list[Forecast]] = {}
    for one in forecasts:
        groups.setdefault(sum(one.probability >= bound for bound in BINS), []).append(one)
    edges = (0.0, *BINS, 1.0)
    bins = tuple(
        Bin(
            edges[place],
            edges[place + 1],
            fmean(one.probability for one in groups[place]),
            Proportion(sum(one.happened for one in groups[place]), len(groups[place])),
        )
        for place in sorted(groups)
    )
    brier = fmean((one.probability - one.happened) ** 2 for one in forecasts)
    reliability = math.fsum(one.happened.n * (one.mean - (one.happened.value or 0)) ** 2 for one in bins) / n
    resolution = math.fsum(one.happened.n * ((one.happened.value or 0) - rate) ** 2 for one in bins) / n
    uncertainty = rate * (1 - rate)
    return Calibration(
        n, events, brier, reliability, resolution, uncertainty,
        brier - reliability + resolution - uncertainty,
        1 - brier / uncertainty if uncertainty else None,
        bins,
    )  # fmt: skip


def make_forecasts(stretches: Iterable[Stretch], occurrences: Iterable[Occurrence]) -> tuple[Forecast, ...]:
    """A forecast for each risk-year.

    The time in which a risk had an estimate is cut into equal parts, as near to a year as can be.
    Each is made by the rate as known at the start of its part, so that nothing learned later counts.
    """
    by_risk: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        if stretch.rate is not None:
            by_risk.setdefault(stretch.risk, []).append(stretch)
    times: dict[str, list[datetime]] = {}
    for occurrence in occurrences:
        times.setdefault(occurrence.risk, []).append(occurrence.at)
    found = []
    for risk, own in sorted(by_risk.items()):
        begin, end = own[0].start, own[-1].end
        years = (end - begin) / YEAR
        parts = max(1, round(years))
        for part in range(parts):
            start, stop = begin + (end - begin) * part / parts, begin + (end - begin) * (part + 1) / parts
            here = next((one for one in own if one.start <= start < one.end), None)
            if here is None or here.rate is None:
                continue
            happened = any(start <= at < stop for at in times.get(risk, ()))
            probability = probability_of(here.rate, years / parts)
            found.append(Forecast(risk, start, probability, happened, here.sealed, here.category))
    return tuple(found)
