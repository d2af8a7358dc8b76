"""The story of an incident: an audit in; its moments in order of time, each with what it lights on the map, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.durations import format_duration
from riskgraph.pages.overlay import WORDS, name_ends, tell_since
from riskgraph.report.figures import format_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from riskgraph.audit.audit import Audit
    from riskgraph.diff import StepResult
    from riskgraph.graph import RiskGraph

Kind = Literal["start", "note", "indicator", "detection", "step", "escalation", "end"]
Tone = Literal["good", "warn", "bad", "odd", "plain"]

_ARROW: Final = "\N{RIGHTWARDS ARROW}"
SIGNS: Final[Mapping[Kind, tuple[str, str]]] = {
    "start": ("\N{BLACK CIRCLE}", "start"),
    "note": ("\N{MIDDLE DOT}", "note"),
    "indicator": ("\N{BLACK DIAMOND}", "indicator"),
    "detection": ("\N{BULLSEYE}", "detected"),
    "step": (_ARROW, "cascade"),
    "escalation": ("\N{BLACK UP-POINTING TRIANGLE}", "escalated"),
    "end": ("\N{BLACK SQUARE}", "end"),
}
"""The sign and the word of each kind, in the order in which moments of the same time are told."""
TONES: Final[Mapping[str, Tone]] = {
    "mapped": "good", "indirect": "warn", "reversed": "odd", "unmapped": "bad", "new_risk": "bad",
    "in_time": "good", "too_late": "bad", "silent": "bad",
    "held": "good", "partly": "warn", "failed": "bad", "not_in_place": "bad",
}  # fmt: skip
"""The colour that goes with a verdict, which is always said in words beside it."""


@dataclass(frozen=True)
class Mark:
    """A verdict in a word, with its colour."""

    word: str
    tone: Tone


@dataclass(frozen=True)
class Moment:
    """Something that happened: when, how long after the start, what, and what the map or the audit says of it.

    ``lights`` are ids and cascades (``FROM->TO``) of the picture that happened then.
    """

    kind: Kind
    at: datetime | None
    since: str
    text: str
    marks: tuple[Mark, ...] = ()
    lights: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """The sign of its kind."""
        return SIGNS[self.kind][0]

    @property
    def word(self) -> str:
        """The word of its kind."""
        return SIGNS[self.kind][1]

    @property
    def time(self) -> str | None:
        """When it was, to the minute, with its offset."""
        return format_moment(self.at)


def tell_story(audit: Audit, later: RiskGraph) -> tuple[tuple[Moment, ...], tuple[Moment, ...]]:
    """The moments of an incident in order of time, and apart those of which no time is known, in their own order.

    ``later`` is the graph of today, as for the picture.
    """
    order = list(SIGNS)
    told = list(_moments(audit, later))
    timed = [(moment.at, order.index(moment.kind), at, moment) for at, moment in enumerate(told) if moment.at]
    timed.sort(key=lambda one: one[:3])
    return tuple(one[3] for one in timed), tuple(moment for moment in told if moment.at is None)


def _moments(audit: Audit, later: RiskGraph) -> Iterable[Moment]:
    match = audit.diff.match
    pir, names = match.pir, name_ends(audit.diff, later)
    risk = match.graph.risks.get(match.root)
    root = f"{match.root} {risk.name}" if risk else f"{match.root} (not in the register then)"
    yield Moment("start", pir.started_at, "0s", root, lights=(names[match.root],))
    yield from _steps(audit, names, later)
    if pir.detection_time is not None:
        found = pir.text("detection", "how_detected")
        text = f"Detected after {format_duration(pir.detection_time)}{f': {found}' if found else ''}"
        yield _moment(audit, "detection", pir.started_at + pir.detection_time, text, _detected(audit))
    yield from _indicators(audit)
    escalated = audit.questions["escalation_worked"].verdict
    if pir.escalation_at is not None:
        marks = {"yes": (Mark("in time", "good"),), "no": (Mark("too late", "bad"),)}.get(escalated, ())
        whom = f"{pir.escalation_to} was told" if pir.escalation_to else "Escalated"
        yield _moment(audit, "escalation", pir.escalation_at, whom, marks)
    if pir.duration is not None:
        known = pir.detection_time is not None
        after = "detection" if known else "the start (detection is unknown)"
        end = pir.started_at + (pir.detection_time or timedelta()) + pir.duration
        yield _moment(audit, "end", end, f"Resolved {format_duration(pir.duration)} after {after}")


def _steps(audit: Audit, names: Mapping[str, str], later: RiskGraph) -> Iterable[Moment]:
    """The timeline of the review, each entry with the steps that it tells of; then the steps that no entry tells of."""
    match = audit.diff.match
    left = list(audit.diff.steps)
    for entry in match.pir.timeline:
        source = match.source("timeline", entry.index, "event")
        own = [
            one
            for one in left
            if one.step.at == entry.at and any(evidence.source == source for evidence in one.step.evidence)
        ]
        left = [one for one in left if one not in own]
        yield _step(audit, entry.at, entry.event, own, names, "step" if own else "note")
    for one in left:
        yield _step(audit, one.step.at, _told(one, audit, later), [one], names, "step")


def _told(result: StepResult, audit: Audit, later: RiskGraph) -> str:
    """A step that no entry of the timeline tells of: the names of both risks, and how the review knows of it."""
    step, match = result.step, audit.diff.match
    pair = (match.graph.risks.get(end) or later.risks.get(end) for end in step.pair)
    named = f" {_ARROW} ".join(risk.name if risk else end for risk, end in zip(pair, step.pair, strict=True))
    said = match.pir.text(*step.loc, "evidence") if step.source == "structured" else step.evidence[0].text
    return f"{named}: {said}" if said else named


def _step(
    audit: Audit, at: datetime | None, text: str, results: list[StepResult], names: Mapping[str, str], kind: Kind
) -> Moment:
    marks, lights = [], []
    for result in results:
        verdict = "unjudged" if result.verdict == "unknown" else result.verdict
        pair = names[result.step.from_], names[result.step.to]
        marks.append(Mark(f"{WORDS[verdict][0]}: {pair[0]} {_ARROW} {pair[1]}", TONES.get(verdict, "plain")))
        lights += [*pair, "->".join(pair)]
    return _moment(audit, kind, at, text, tuple(marks), tuple(lights))


def _detected(audit: Audit) -> tuple[Mark, ...]:
    pir = audit.diff.match.pir
    if pir.expected_detection is None or pir.detection_time is None:
        return ()
    late = pir.detection_time - pir.expected_detection
    if late <= timedelta():
        return (Mark("as fast as expected", "good"),)
    return (Mark(f"{format_duration(late)} later than expected", "bad"),)


def _indicators(audit: Audit) -> Iterable[Moment]:
    """The indicators of the root with the outcome of the audit, then others that the review answers for."""
    match = audit.diff.match
    known = {item["id"]: item for item in audit.questions["indicators_fired"].result.items}
    for id_ in [*known, *(other for other in match.indicators if other not in known)]:
        answer, indicator = match.indicators.get(id_), match.graph.indicators.get(id_)
        outcome = known[id_]["outcome"] if id_ in known else (answer.fired if answer else None) or "unknown"
        at = answer.at if answer else None
        if outcome == "unknown" and at is None:
            continue
        text = f"{id_} {indicator.name}" if indicator else id_
        yield _moment(audit, "indicator", at, text, (mark(outcome),))


def _moment(
    audit: Audit, kind: Kind, at: datetime | None, text: str, marks: tuple[Mark, ...] = (), lights: tuple[str, ...] = ()
) -> Moment:
    return Moment(kind, at, tell_since(at - audit.diff.match.pir.started_at if at else None), text, marks, lights)


def mark(outcome: str) -> Mark:
    """The mark of an outcome of a mitigation or an indicator."""
    return Mark(outcome.replace("_", " "), TONES.get(outcome, "plain"))


__all__ = ["Mark", "Moment", "mark", "tell_story"]
