"""Diff: a match in, the cascades that happened against the cascades that were mapped out."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

from riskgraph.findings import Finding
from riskgraph.pir.review import field_name
from riskgraph.queries.evidence import reached_risks
from riskgraph.statistics import Interval, Proportion, probability_interval

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.matching.observed import Match, ObservedStep
    from riskgraph.model import Key

StepVerdict = Literal["mapped", "indirect", "reversed", "unmapped", "new_risk", "unknown"]
PredictionVerdict = Literal["fired", "blocked", "not_fired", "unknown"]

FLOOR: Final = 0.01
"""The probability that a step counts with which the map did not have."""
_LEAST: Final = 1e-6
_LEVELS: Final[dict[str, Literal["warning", "note"]]] = {
    "unmapped": "warning",
    "new_risk": "warning",
    "indirect": "note",
    "reversed": "note",
}


@dataclass(frozen=True)
class StepResult:
    """An observed step and what the map made of it. Delays are spans from one end reached to the other."""

    step: ObservedStep
    verdict: StepVerdict
    delay: timedelta | None
    mapped_delay: timedelta | None = None
    probability: float | None = None
    path: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """The JSON form; durations in seconds."""
        return {
            "from": self.step.from_,
            "to": self.step.to,
            "verdict": self.verdict,
            "at": self.step.at.isoformat() if self.step.at else None,
            "delay": seconds(self.delay),
            "mapped_delay": seconds(self.mapped_delay),
            "probability": self.probability,
            "path": list(self.path),
            "new": list(self.new),
            "evidence": [evidence.data() for evidence in self.step.evidence],
        }


@dataclass(frozen=True)
class Prediction:
    """A cascade mapped out of a risk that was reached, and whether it happened. One cascade is one trial."""

    from_: str
    to: str
    verdict: PredictionVerdict
    probability: float | None
    interval: Interval | None
    blocked_by: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "from": self.from_,
            "to": self.to,
            "verdict": self.verdict,
            "probability": self.probability,
            "interval": list(self.interval) if self.interval else None,
            "blocked_by": list(self.blocked_by),
        }


@dataclass(frozen=True)
class Diff:
    """The diff of one incident."""

    match: Match
    steps: tuple[StepResult, ...]
    predictions: tuple[Prediction, ...]
    sealed: bool | None

    @property
    def recall(self) -> Proportion:
        """Steps mapped over all steps that could be judged."""
        judged = [step for step in self.steps if step.verdict != "unknown"]
        return Proportion(sum(step.verdict == "mapped" for step in judged), len(judged))

    @property
    def surprise_bits(self) -> float:
        """``-log2`` of the probability that the map gave to what was seen, in bits."""
        chances = [FLOOR for step in self.steps if step.verdict not in {"mapped", "unknown"}]
        for prediction in self.predictions:
            if prediction.probability is not None and prediction.verdict != "unknown":
                p = min(max(prediction.probability, _LEAST), 1 - _LEAST)
                chances.append(p if prediction.verdict == "fired" else 1 - p)
        return sum(-math.log2(chance) for chance in chances)

    def data(self) -> dict[str, Any]:
        """The JSON form of one incident."""
        pir = self.match.pir
        return {
            "incident": pir.incident_id,
            "kind": pir.kind,
            "root": self.match.root,
            "as_of": pir.started_at.isoformat(),
            "sealed": self.sealed,
            **self.commit_data(),
            "steps": [step.data() for step in self.steps],
            "predictions": [prediction.data() for prediction in self.predictions],
            "recall": self.recall.data(),
            "surprise_bits": self.surprise_bits,
            "floor": FLOOR,
        }

    def commit_data(self) -> dict[str, str]:
        """The commit that the prediction rests on, in JSON form; nothing where the history is no repository's."""
        commit = self.match.snapshot.commit
        return {"commit": commit} if commit else {}

    def findings(self) -> tuple[Finding, ...]:
        """The steps that the map did not have."""
        found = []
        for result in self.steps:
            if level := _LEVELS.get(result.verdict):
                loc = result.step.loc
                found.append(
                    Finding(
                        f"step-{result.verdict.replace('_', '-')}", level, _sentence(result),
                        self.match.pir.place(*loc), field_name(loc),
                        self.match.pir.incident_id, "cascades_predicted", "INTERACT",
                    )
                )  # fmt: skip
        return tuple(found)


def diff_match(match: Match) -> Diff:
    """The diff of one match."""
    steps = tuple(_judge(step, match) for step in match.steps)
    predictions = _predict(match) if match.snapshot.is_known else ()
    keys: list[Key] = [("risk", risk) for risk in match.reached]
    keys += [("cascade", *step.pair) for step in match.steps]
    return Diff(match, steps, predictions, match.snapshot.is_sealed(keys))


def recall_of(diffs: Sequence[Diff]) -> Proportion:
    """The recall over several incidents: all their steps together."""
    return Proportion(sum(diff.recall.k for diff in diffs), sum(diff.recall.n for diff in diffs))


def verdict_on(from_: str, to: str, graph: RiskGraph) -> tuple[StepVerdict, tuple[str, ...]]:
    """What a map makes of a step: the verdict, and for an indirect one the most probable path."""
    if from_ not in graph.risks or to not in graph.risks:
        return "new_risk", ()
    if (from_, to) in graph.cascades:
        return "mapped", (from_, to)
    if path := most_probable_path(from_, to, graph):
        return "indirect", path
    return ("reversed" if (to, from_) in graph.cascades else "unmapped"), ()


def most_probable_path(from_: str, to: str, graph: RiskGraph) -> tuple[str, ...]:
    """The path whose cascades most probably all fire (Dijkstra over ``-log p``); empty where there is none.

    A cascade without an estimate is no number: the path with the fewest of them comes first, then the most
    probable, then the shortest, then the first by id.
    """
    done: set[str] = set()
    queue: list[tuple[int, float, int, tuple[str, ...]]] = [(0, 0.0, 0, (from_,))]
    while queue:
        unknown, cost, length, path = heapq.heappop(queue)
        here = path[-1]
        if here == to:
            return path
        if here in done:
            continue
        done.add(here)
        for cascade in graph.downstream.get(here, ()):
            if cascade.to not in done:
                p = graph.probability(here, cascade.to)
                bits = 0.0 if p is None else -math.log(max(p, 1e-12))
                heapq.heappush(queue, (unknown + (p is None), cost + bits, length + 1, (*path, cascade.to)))
    return ()


def trials(from_: str, to: str, graph: RiskGraph, without: str = "") -> tuple[int, int]:
    """How often a cascade fired, and in how many recorded trials; external events are none.

    A cascade out of a risk that was not reached was not tried, whatever was looked at.

    ``without`` is an incident that does not count.
    """
    fired = tried = 0
    for incident in graph.incidents.values():
        if incident.type != "external" and incident.id != without:
            happened = any((step.from_, step.to) == (from_, to) for step in incident.reached)
            not_so = any((pair.from_, pair.to) == (from_, to) for pair in incident.checked)
            not_so = not_so and from_ in reached_risks(incident)
            fired += happened
            tried += happened or not_so
    return fired, tried


def seconds(span: timedelta | None) -> float | None:
    """A span in seconds, for JSON."""
    return span.total_seconds() if span is not None else None


def reached_at(match: Match) -> dict[str, datetime]:
    """When each risk was first reached, as far as known; the root at the start."""
    times = {match.root: match.pir.started_at}
    for step in match.steps:
        if step.at is not None and step.to != match.root:
            times[step.to] = min(step.at, times.get(step.to, step.at))
    return times


def _judge(step: ObservedStep, match: Match) -> StepResult:
    graph = match.graph
    before = reached_at(match).get(step.from_)
    delay = step.at - before if step.at and before and step.at >= before else None
    if not match.snapshot.is_known:
        return StepResult(step, "unknown", delay)
    verdict, path = verdict_on(*step.pair, graph)
    if verdict == "new_risk":
        return StepResult(step, verdict, delay, new=tuple(end for end in step.pair if end not in graph.risks))
    if not path:
        return StepResult(step, verdict, delay)
    pairs = list(pairwise(path))
    chances = [graph.probability(*pair) for pair in pairs]
    delays = [graph.cascades[pair].delay for pair in pairs]
    known = [p for p in chances if p is not None]
    spans = [span for span in delays if span is not None]
    probability = math.prod(known) if len(known) == len(pairs) else None
    mapped_delay = sum(spans, timedelta()) if len(spans) == len(pairs) else None
    return StepResult(step, verdict, delay, mapped_delay, probability, path)


def _predict(match: Match) -> tuple[Prediction, ...]:
    """One prediction for each cascade mapped out of a reached risk."""
    graph, fired = match.graph, {step.pair for step in match.steps}
    found = []
    for risk in sorted(match.reached):
        for cascade in graph.downstream.get(risk, ()):
            pair = (cascade.from_, cascade.to)
            probability = graph.probability(*pair)
            k, n = trials(*pair, graph, without=match.pir.incident_id)
            interval = probability_interval(k, n, probability) if n else None
            blocked_by: list[str] = []
            if pair not in fired:
                blocks = [b.mitigation for b in graph.blocks.get(pair, ()) if graph.is_implemented(b.mitigation)]
                worked = [b for b in blocks if b in match.mitigations and match.mitigations[b].worked == "held"]
                blocked_by = blocks if pair in match.checked else worked
            verdict: PredictionVerdict = "unknown"
            if pair in fired:
                verdict = "fired"
            elif blocked_by:
                verdict = "blocked"
            elif pair in match.checked:
                verdict = "not_fired"
            found.append(Prediction(*pair, verdict, probability, interval, tuple(blocked_by)))
    return tuple(found)


def _sentence(result: StepResult) -> str:
    step = f"{result.step.from_} -> {result.step.to}"
    match result.verdict:
        case "unmapped":
            return f"{step} happened and was not mapped"
        case "new_risk":
            return f"{step} happened; not in the register then: {', '.join(result.new)}"
        case "reversed":
            return f"{step} happened; only the opposite cascade was mapped"
        case _:
            return f"{step} happened; mapped only by way of {' -> '.join(result.path)}"
