"""Exposure: a history and a window in, how long each risk stood at which rate, and when it happened, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from riskgraph.durations import YEAR
from riskgraph.fields import instant, parse_moment
from riskgraph.metrics.judged import NONE
from riskgraph.model import Mitigates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.graph import RiskGraph
    from riskgraph.history import History
    from riskgraph.metrics.judged import Judged
    from riskgraph.metrics.window import Window
    from riskgraph.model import Element, Risk

STATED: Final = "stated"
"""The band of a likelihood that is no score, where no scale says which band its rate falls into."""


@dataclass(frozen=True)
class Stretch:
    """A time in which a registered risk stood at one current rate a year; None: not estimated. ``end`` is past it.

    ``factor`` is what implemented mitigations left of the rate before them; 0 of a closed risk.
    """

    risk: str
    start: datetime
    end: datetime
    rate: float | None
    factor: float
    band: str
    category: str
    sealed: bool | None

    @property
    def years(self) -> float:
        """Its length in years of 365.25 days."""
        return (self.end - self.start) / YEAR

    @property
    def expected(self) -> float:
        """How many occurrences its rate lets expect; 0 where there is no estimate."""
        return (self.rate or 0) * self.years


@dataclass(frozen=True)
class Occurrence:
    """A registered risk happened; ``is_recorded`` is False where a review only counts it, without an incident."""

    risk: str
    at: datetime
    judged: Judged
    band: str | None
    is_recorded: bool = True


def list_stretches(history: History, window: Window, only: str | None = None) -> tuple[Stretch, ...]:
    """The stretches of every risk in the window, or of one, by the graph as known at each moment, by risk and time.

    A closed risk is registered at a rate of 0.
    """
    moments = [*_moments(history, window), window.end]
    found: list[Stretch] = []
    running: dict[str, tuple[Risk, Stretch]] = {}
    around: tuple[Element, ...] = ()
    for start, end in pairwise(moments):
        snapshot = history.as_of(start)
        graph, is_sealed = snapshot.graph, snapshot.is_sealed()
        before, around = around, _around_rates(graph)
        same = len(before) == len(around) and all(one is other for one, other in zip(before, around, strict=True))
        still: dict[str, tuple[Risk, Stretch]] = {}
        for id_ in graph.risks if only is None else {only} & graph.risks.keys():
            risk = graph.risks[id_]
            sealed = is_sealed and ("risk", id_) not in snapshot.declared
            known = running.get(id_)
            # An element that did not change is the same object, so most of a history costs a comparison.
            if not (known and same and known[0] is risk and known[1].sealed == sealed):
                new = _stretch(risk, graph, start, end, sealed=sealed)
                if known and replace(known[1], start=start, end=end) == new:
                    new = known[1]
                elif known:
                    found.append(replace(known[1], end=start))
                known = (risk, new)
            still[id_] = known
        found += [replace(one, end=start) for id_, (_, one) in running.items() if id_ not in still]
        running = still
    found += [replace(one, end=window.end) for _, one in running.values()]
    return tuple(sorted(found, key=lambda one: (one.risk, one.start)))


def cut(stretches: Iterable[Stretch], start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """The part of each stretch that lies between two instants."""
    clipped = (replace(one, start=max(one.start, start), end=min(one.end, end)) for one in stretches)
    return tuple(one for one in clipped if one.start < one.end)


def list_occurrences(judged: Sequence[Judged], history: History, window: Window) -> tuple[Occurrence, ...]:
    """Every time that a registered risk happened as a root, recorded or only counted by a review.

    A review that says "3rd in 6 months" counts three, less what is recorded of these six months, never in addition.
    Of periods that overlap the fewest occurrences are taken that explain all of them. A period that began before the
    window, or before the risk was registered, adds none.
    """
    found = []
    for one in judged:
        if one.incident.type == "incident" and one.known and one.incident.risk:
            band = band_label(one.incident.risk, one.snapshot.graph)
            found.append(Occurrence(one.incident.risk, instant(one.incident.started_at), one, band))
    return tuple(
        sorted([*found, *_stated(found, history, window)], key=lambda one: (one.at, one.risk, one.judged.incident.id))
    )


def band_label(risk: str, graph: RiskGraph) -> str | None:
    """The band of a risk's likelihood before mitigations: its score, or that of its rate; None: not estimated."""
    band = graph.band(risk)
    if band is None:
        return None
    likelihood = graph.risks[risk].likelihood
    if isinstance(likelihood, int):
        return str(likelihood)
    score = graph.header.scale.likelihood_score(band.value) if graph.header.scale else None
    return STATED if score is None else str(score)


def _around_rates(graph: RiskGraph) -> tuple[Element, ...]:
    """What a current rate depends on beside its risk: the scale, the mitigations, and what they mitigate."""
    return (graph.header, *graph.mitigations.values(), *graph.of_kind(Mitigates).values())


def _stretch(risk: Risk, graph: RiskGraph, start: datetime, end: datetime, *, sealed: bool | None) -> Stretch:
    factor = 0.0 if risk.status == "closed" else graph.rate_factor(risk.id)
    band = graph.band(risk.id)
    rate = None if band is None else band.value * factor
    return Stretch(risk.id, start, end, rate, factor, band_label(risk.id, graph) or "", risk.category or NONE, sealed)


def _moments(history: History, window: Window) -> list[datetime]:
    """The start of the window, and every moment in it at which what was known may have changed."""
    moments = {revision.effective for revision in history.revisions}
    for origin in history.walk():
        if since := origin.edit.set.get("since"):
            moments.add(instant(parse_moment(since)))
    return [window.start, *sorted(moment for moment in moments if window.start < moment < window.end)]


def _stated(recorded: Sequence[Occurrence], history: History, window: Window) -> list[Occurrence]:
    found: list[Occurrence] = []
    for one in sorted(recorded, key=lambda one: (one.at, one.judged.incident.id)):
        counted = one.judged.incident.occurrences
        if counted is None:
            continue
        begin = one.at - counted.period
        known = sum(begin <= other.at <= one.at and other.risk == one.risk for other in [*recorded, *found])
        missing = counted.count - known
        if missing > 0 and begin >= window.start and one.risk in history.as_of(begin).graph.risks:
            found += [replace(one, is_recorded=False)] * missing
    return found


__all__ = [
    "STATED", "Occurrence", "Stretch", "band_label", "cut", "list_occurrences", "list_stretches",
]  # fmt: skip
