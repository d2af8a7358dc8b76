"""Learning: a history in, what it says of each rate and probability beside the expert's value out.

The expert's value is the last one that no review put there: what a review made of it already rests on the same
evidence, which would count twice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from riskgraph.durations import YEAR
from riskgraph.fields import instant
from riskgraph.graph import band_of
from riskgraph.metrics.attribution import Pair, attribute
from riskgraph.metrics.exposure import list_occurrences, list_stretches
from riskgraph.metrics.judged import judge_incidents
from riskgraph.metrics.trials import list_trials
from riskgraph.metrics.window import Window
from riskgraph.model import Risk
from riskgraph.statistics import (
    PRIOR_EVENTS,
    PRIOR_TRIALS,
    count_interval,
    probability_interval,
    rate_interval,
    rate_mean,
    say_evidence,
)

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.history import History
    from riskgraph.model import Key
    from riskgraph.statistics import Interval

EXTERNAL_WEIGHT: Final = 0.2
"""What a trial elsewhere counts for: five of them are worth one of our own."""


@dataclass(frozen=True)
class Strength:
    """How much the expert's value counts for: so many trials of a cascade, so many occurrences of a risk."""

    trials: float = PRIOR_TRIALS
    events: float = PRIOR_EVENTS
    external: float = EXTERNAL_WEIGHT


@dataclass(frozen=True)
class Learned:
    """What was learned of a risk's rate a year or a cascade's probability, both after mitigations of today.

    ``k`` of ``n`` trials of a cascade fired, shared out where several led to one risk; of a risk ``n`` is the number of
    occurrences in ``years``. ``expert`` is None where nobody but a review gave a value.
    """

    key: Key
    what: Literal["rate", "probability"]
    expert: float | None
    mean: float
    interval: Interval
    k: float
    n: float
    years: float | None = None
    incidents: tuple[str, ...] = ()
    external: tuple[str, ...] = field(default=())

    def says(self) -> str:
        """One line: ``expert 0.30, evidence 0.08 to 0.22, n = 6``."""
        return say_evidence(self.expert, self.interval, self.n, self.years)

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "kind": self.key[0], "ids": list(self.key[1:]), "what": self.what, "expert": self.expert,
            "mean": self.mean, "interval": list(self.interval), "k": self.k, "n": self.n, "years": self.years,
            "incidents": list(self.incidents), "external": list(self.external),
        }  # fmt: skip


def learn_cascades(
    history: History, window: Window | None = None, strength: Strength | None = None
) -> dict[Pair, Learned]:
    """What the incidents of a window, or all, say of each of today's cascades that was tried (Beta-Binomial).

    A trial behind the blocks of today counts as it is. One behind others is set against today's by what these leave of
    the probability: one of ten that got through before a block of 0.9 came is a tenth.
    """
    given = strength or Strength()
    tried = list_trials(history, window, given.external)
    said = _list_experts(history)
    experts = {
        pair: None if (value := said.get(("cascade", *pair))) is None else value * history.graph.cascade_factor(*pair)
        for pair in sorted(tried.incidents.keys() | tried.external.keys())
    }
    priors = {pair: _beta(expert, given.trials) for pair, expert in experts.items()}
    return {
        pair: Learned(
            ("cascade", *pair), "probability", experts[pair], one.mean,
            probability_interval(0, 0, one.mean, one.strength), one.fired, one.n, None,
            tuple(tried.incidents.get(pair, ())), tuple(tried.external.get(pair, ())),
        )
        for pair, one in sorted(attribute(tried.alone, tried.together, priors).items())
    }  # fmt: skip


def learn_risks(
    history: History, window: Window | None = None, strength: Strength | None = None, only: str | None = None
) -> dict[str, Learned]:
    """What time and incidents of a window say of the rate of each of today's risks, or of one (Gamma-Poisson).

    Without an expert's value it is what was counted, with the exact interval (Garwood, 1936).

    Without a window they are counted until the moment of the last thing known, so that nothing depends on a clock. What
    happened elsewhere does not count: nobody knows in how many years, and of how many organisations, it did.
    """
    given = strength or Strength()
    window = window or whole_window(history)
    if window is None:
        return {}
    judged = [one for one in judge_incidents(history, window) if only in {None, one.incident.risk}]
    counted = defaultdict(list)
    for one in list_occurrences(judged, history, window):
        counted[one.risk].append(one)
    spans = defaultdict(list)
    for stretch in list_stretches(history, window, only):
        spans[stretch.risk].append(stretch)
    said = _list_experts(history)
    found = {}
    for id_, stretches in spans.items():
        if id_ not in history.graph.risks:
            continue
        spent: dict[float, timedelta] = defaultdict(timedelta)  # Exact: no sum depends on when a revision was written.
        for stretch in stretches:
            spent[stretch.factor] += stretch.end - stretch.start
        n, years = len(counted[id_]), sum(spent.values(), timedelta()) / YEAR
        open_years = math.fsum(factor * (span / YEAR) for factor, span in sorted(spent.items()))
        expert = _expert_rate(id_, said.get(("risk", id_)), history)
        mean, (low, high) = _rate(n, open_years, expert, given)
        incidents = tuple(dict.fromkeys(one.judged.incident.id for one in counted[id_]))
        if (factor := stretches[-1].factor) and (open_years or expert):
            found[id_] = Learned(
                ("risk", id_), "rate", None if expert is None else expert * factor, mean * factor,
                (low * factor, high * factor), n, n, years, incidents,
            )  # fmt: skip
    return found


def learn_element(key: Key, history: History) -> Learned | None:
    """What the incidents say of one risk or cascade; None where they say nothing, or it is something else."""
    if key not in history.graph:
        return None
    match key:
        case ("risk", id_):
            return learn_risks(history, only=id_).get(id_)
        case ("cascade", from_, to):
            return learn_cascades(history).get((from_, to))
        case _:
            return None


def whole_window(history: History, until: date | None = None) -> Window | None:
    """All that is known until a day, by default until the last thing known; None where that is nothing."""
    if not history.revisions:
        return None
    first = history.revisions[0].effective
    moments = [revision.effective for revision in history.revisions]
    moments += [instant(incident.started_at) for incident in history.graph.incidents.values()]
    window = Window(first, until if until is not None else max(moments).date())
    return window if window.start < window.end else None


def _rate(n: int, years: float, expert: float | None, given: Strength) -> tuple[float, Interval]:
    """A rate before mitigations and its interval, after ``n`` occurrences in so many years without any."""
    if expert:
        return rate_mean(n, years, expert, given.events), rate_interval(n, years, expert, given.events)
    low, high = count_interval(n)
    return (n / years, (low / years, high / years)) if years else (0.0, (0.0, math.inf))


def _beta(mean: float | None, strength: float) -> tuple[float, float]:
    if mean is None:
        return 1.0, 1.0
    held = min(max(mean, 1e-6), 1 - 1e-6)
    return held * strength, (1 - held) * strength


def _expert_rate(risk: str, value: Any, history: History) -> float | None:
    """The expert's rate of a risk, before mitigations."""
    if value is None:
        return None
    likelihood = Risk.model_validate({"id": risk, "name": risk, "likelihood": value}).likelihood
    band = band_of(likelihood, history.graph.header.scale)
    return band.value if band else None


def _list_experts(history: History) -> dict[Key, Any]:
    """The last likelihood of each risk, and probability of each cascade, that no review put there."""
    names = {"risk": "likelihood", "cascade": "probability"}
    found: dict[Key, Any] = {}
    for origin in history.walk():
        edit = origin.edit
        name = names.get(edit.kind)
        if name in edit.set and not edit.incident and origin.revision.undoes is None:
            found[edit.key] = edit.set[name]
    return found


__all__ = ["EXTERNAL_WEIGHT", "Learned", "Strength", "learn_cascades", "learn_element", "learn_risks", "whole_window"]
