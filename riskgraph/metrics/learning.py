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
from riskgraph.metrics.attribution import Pair, Trials, attribute
from riskgraph.metrics.exposure import list_occurrences, list_stretches
from riskgraph.metrics.judged import judge_incidents
from riskgraph.metrics.window import Window
from riskgraph.model import Risk
from riskgraph.statistics import PRIOR_EVENTS, PRIOR_TRIALS, probability_interval, rate_interval, rate_mean

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
        expert = "none" if self.expert is None else f"{self.expert:.2g}"
        low, high = self.interval
        span = f" in {self.years:.2g} years" if self.years is not None else ""
        return f"expert {expert}, evidence {low:.2g} to {high:.2g}, n = {self.n:g}{span}"

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "kind": self.key[0], "ids": list(self.key[1:]), "what": self.what, "expert": self.expert,
            "mean": self.mean, "interval": list(self.interval), "k": self.k, "n": self.n, "years": self.years,
            "incidents": list(self.incidents), "external": list(self.external),
        }  # fmt: skip


def learn_cascades(history: History, strength: Strength | None = None) -> dict[Pair, Learned]:
    """What the incidents say of each of today's cascades that was tried at least once (Beta-Binomial)."""
    given = strength or Strength()
    graph = history.graph
    alone: dict[Pair, Trials] = defaultdict(Trials)
    outside: dict[Pair, list[str]] = defaultdict(list)
    together: list[tuple[Pair, ...]] = []
    joint: dict[Pair, list[str]] = defaultdict(list)
    for incident in graph.incidents.values():
        steps = dict.fromkeys((step.from_, step.to) for step in incident.reached)
        missed = dict.fromkeys((one.from_, one.to) for one in incident.checked)
        by_target: dict[str, list[Pair]] = defaultdict(list)
        for pair in steps:
            by_target[pair[1]].append(pair)
        for pairs in by_target.values():
            known = tuple(pair for pair in pairs if pair in graph.cascades)
            if incident.type == "external" or len(pairs) == 1:
                for pair in known:
                    _count(alone[pair], outside[pair], incident.id, incident.type, given, fired=True)
            elif known:
                together.append(known)
                for pair in known:
                    joint[pair].append(incident.id)
        for pair in missed:
            if pair in graph.cascades and pair not in steps:
                _count(alone[pair], outside[pair], incident.id, incident.type, given, fired=False)
    tried = sorted(alone.keys() | joint.keys())
    said = _list_experts(history)
    experts = {pair: _expert_probability(pair, said.get(("cascade", *pair)), history) for pair in tried}
    priors = {pair: _beta(experts[pair], given.trials) for pair in tried}
    hits = attribute({pair: (one.hits, one.n) for pair, one in alone.items()}, together, priors)
    return {
        pair: _learned_cascade(
            pair, experts[pair], hits[pair], alone[pair].n + len(joint[pair]), given,
            tuple(dict.fromkeys([*alone[pair].incidents, *joint[pair]])), tuple(outside[pair]),
        )
        for pair in tried
    }  # fmt: skip


def learn_risks(
    history: History, until: date | None = None, strength: Strength | None = None, only: str | None = None
) -> dict[str, Learned]:
    """What time and incidents say of the rate of each of today's risks, or of one (Gamma-Poisson).

    They are counted until a moment, by default that of the last thing known, so that nothing depends on a clock. What
    happened elsewhere does not count: nobody knows in how many years, and of how many organisations, it did.
    """
    given = strength or Strength()
    window = _whole_window(history, until)
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
        factor = stretches[-1].factor
        expert = _expert_rate(id_, said.get(("risk", id_)), history)
        incidents = tuple(dict.fromkeys(one.judged.incident.id for one in counted[id_]))
        if not expert or not factor:
            continue
        low, high = rate_interval(n, open_years, expert, given.events)
        mean = rate_mean(n, open_years, expert, given.events)
        found[id_] = Learned(
            ("risk", id_), "rate", expert * factor, mean * factor, (low * factor, high * factor), n, n, years, incidents
        )
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


def _count(trials: Trials, outside: list[str], incident: str, kind: str, given: Strength, *, fired: bool) -> None:
    if kind == "external":
        outside.append(incident)
        trials.add(fired=fired, weight=given.external)
    else:
        trials.incidents.append(incident)
        trials.add(fired=fired)


def _learned_cascade(
    pair: Pair,
    expert: float | None,
    hits: float,
    n: float,
    given: Strength,
    own: tuple[str, ...],
    outside: tuple[str, ...],
) -> Learned:
    a, b = _beta(expert, given.trials)
    interval = probability_interval(hits, n, expert, given.trials)
    return Learned(
        ("cascade", *pair), "probability", expert, (a + hits) / (a + b + n), interval, hits, n, None, own, outside
    )


def _beta(mean: float | None, strength: float) -> tuple[float, float]:
    if mean is None:
        return 1.0, 1.0
    held = min(max(mean, 1e-6), 1 - 1e-6)
    return held * strength, (1 - held) * strength


def _expert_probability(pair: Pair, value: float | None, history: History) -> float | None:
    """The expert's value of a cascade, after the blocks of today."""
    if value is None:
        return None
    cascade = history.graph.cascades[pair]
    left = history.graph.probability(*pair)
    blocked = left / cascade.probability if left is not None and cascade.probability else 1.0
    return float(value) * blocked


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


def _whole_window(history: History, until: date | None) -> Window | None:
    if not history.revisions:
        return None
    first = history.revisions[0].effective
    moments = [revision.effective for revision in history.revisions]
    moments += [instant(incident.started_at) for incident in history.graph.incidents.values()]
    last = until if until is not None else max(moments).date()
    window = Window(first, last)
    return window if window.start < window.end else None


__all__ = ["EXTERNAL_WEIGHT", "Learned", "Strength", "learn_cascades", "learn_element", "learn_risks"]
