"""Predicted against actual: an audit in; one picture of what happened and what was mapped, with its legend, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from riskgraph.diff import reached_at
from riskgraph.durations import format_duration
from riskgraph.pages.layout import Spot, place, rank_risks
from riskgraph.pages.level import level_of
from riskgraph.pages.svg import DrawnCascade, DrawnRisk, draw_svg
from riskgraph.report.figures import Span, format_cell, format_interval, format_moment, format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from markupsafe import Markup

    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff, Prediction, StepResult
    from riskgraph.graph import RiskGraph
    from riskgraph.model import Mitigation

Pair = tuple[str, str]

DRAWN: Final = 60
"""How many cascades a picture has at most; every step is in it, whatever their number."""
WORDS: Final = {
    "mapped": ("mapped", "happened, and was on the map"),
    "indirect": ("indirect", "happened; the map had it only by way of other risks"),
    "reversed": ("reversed", "happened; the map had only the opposite"),
    "unmapped": ("not mapped", "happened between two risks that the map did not connect"),
    "new_risk": ("new risk", "happened; a risk that was not in the register"),
    "unjudged": ("not judged", "happened; no map was recorded or declared before it"),
    "blocked": ("blocked", "was predicted; a mitigation stopped it"),
    "not_fired": ("did not happen", "was predicted; somebody looked, and it did not happen"),
    "unknown": ("not looked", "was predicted; nobody looked, so it counts for nothing"),
    "way": ("the mapped way", "the path that the map had instead of an indirect cascade"),
}
"""What a line of the picture is called and what it says; the names are classes of ``scene.css``."""
_HAPPENED: Final = frozenset({"mapped", "indirect", "reversed", "unmapped", "new_risk", "unjudged"})
_SHIELDS: Final = {"held": "implemented", "partly": "partly", "failed": "failed", "not_in_place": "planned"}
_APART: Final = 1.3
"""How much further apart rows are than on the map: labels are longer here, and risks fewer."""
_RADIUS: Final = 16
_ROOT: Final = 21


@dataclass(frozen=True)
class Line:
    """A line of the legend: the class of its cascades, what it is called, what it says, how many there are."""

    verdict: str
    word: str
    says: str
    count: int


@dataclass(frozen=True)
class Overlay:
    """The picture of one incident: as SVG, as what the page draws it from, and what its lines mean.

    ``left_out`` is how many predictions are not in it.
    """

    picture: Markup
    risks: tuple[DrawnRisk, ...]
    cascades: tuple[DrawnCascade, ...]
    legend: tuple[Line, ...]
    data: dict[str, Any]
    left_out: int


def overlay(audit: Audit, later: RiskGraph) -> Overlay:
    """The steps and the predictions of an incident, each cascade once, as a picture and its legend.

    ``later`` is the graph of today: it may know what a risk is called that was not in the register then.
    """
    from markupsafe import Markup

    diff = audit.diff
    found = list_verdicts(diff)
    shown = dict(list(found.items())[: max(DRAWN, len(diff.steps))])
    names = name_ends(diff, later)
    outcomes = {item["id"]: item["outcome"] for item in audit.questions["mitigation_worked"].result.items}
    ends = list(dict.fromkeys([diff.match.root, *(end for pair in shown for end in pair)]))
    pairs = [(names[from_], names[to]) for from_, to in shown]
    ids = [names[end] for end in ends]
    spots = {id_: Spot(at.x, at.y * _APART) for id_, at in place(ids, pairs, rank_risks(ids, pairs)).items()}
    risks = tuple(
        replace(_draw_risk(end, audit, outcomes, later), id=names[end], spot=spots[names[end]])
        for end in sorted(ends, key=lambda end: names[end])
    )
    cascades = tuple(
        _draw_cascade(pair, verdict, diff, outcomes, names)
        for pair, verdict in sorted(shown.items(), key=lambda one: one[0])
    )
    counts = Counter(shown.values())
    legend = tuple(Line(verdict, *said, counts[verdict]) for verdict, said in WORDS.items() if counts[verdict])
    title = f"{diff.match.pir.incident_id}: predicted against actual"
    ends_of = {name: end for end, name in names.items()}
    facts = _Facts(audit, shown, outcomes)
    data = {
        "root": names[diff.match.root],
        "risks": [_risk_data(risk, facts.of_risk(ends_of[risk.id])) for risk in risks],
        "cascades": [
            {**vars(one), "facts": facts.of_cascade((ends_of[one.source], ends_of[one.target]))} for one in cascades
        ],
        "ways": {
            f"{names[step.step.from_]}->{names[step.step.to]}": [
                f"{names[a]}->{names[b]}" for a, b in pairwise(step.path)
            ]
            for step in diff.steps
            if step.verdict == "indirect"
        },
    }
    picture = Markup(draw_svg(risks, cascades, title, alone=False))  # noqa: S704 - texts in it are escaped
    return Overlay(picture, risks, cascades, legend, data, len(found) - len(shown))


def name_ends(diff: Diff, later: RiskGraph) -> dict[str, str]:
    """What each risk of an incident is called in its picture: its id, or ``NEW 1`` where it is only a name."""
    match = diff.match
    mapped = [
        *(end for one in diff.predictions for end in (one.from_, one.to)),
        *(end for step in diff.steps for end in step.path),
    ]
    ends = dict.fromkeys([*match.reached, *mapped])
    new = [end for end in ends if end not in match.graph.risks and end not in later.risks]
    return {**{end: end for end in ends}, **{end: f"NEW {number}" for number, end in enumerate(new, 1)}}


def tell_since(span: timedelta | None) -> str:
    """How long after the start: ``+25m``, before it ``-1h``; nothing where it is not known."""
    if not span:
        return "" if span is None else "0s"
    return f"{'-' if span < timedelta() else '+'}{format_duration(abs(span))}"


def list_verdicts(diff: Diff) -> dict[Pair, str]:
    """Each cascade once, those first that say most: steps, ways of indirect ones, then what was only predicted."""
    found = {step.step.pair: "unjudged" if step.verdict == "unknown" else step.verdict for step in diff.steps}
    predicted: list[Prediction] = [one for one in diff.predictions if one.verdict != "fired"]
    order = ("blocked", "not_fired", "unknown")
    predicted.sort(key=lambda one: (order.index(one.verdict), -(one.probability or 0.0), one.from_, one.to))
    mapped: dict[Pair, str] = {(one.from_, one.to): one.verdict for one in predicted}
    for step in diff.steps:
        for pair in pairwise(step.path) if step.verdict == "indirect" else ():
            found.setdefault(pair, mapped.get(pair, "way"))
    return {**found, **{pair: verdict for pair, verdict in mapped.items() if pair not in found}}


def _draw_risk(end: str, audit: Audit, outcomes: Mapping[str, str], later: RiskGraph) -> DrawnRisk:
    match = audit.diff.match
    risk, known = match.graph.risks.get(end), later.risks.get(end)
    level = level_of(end, match.graph) if risk else None
    states = ["start" if end == match.root else "reached" if end in match.reached else "", "" if risk else "added"]
    guards = match.graph.mitigates.get(end, ()) if end == match.root else ()
    return DrawnRisk(
        id="",
        name=risk.name if risk else known.name if known else end,
        level=level.word if level else "unrated",
        spot=Spot(0, 0),
        radius=_ROOT if end == match.root else _RADIUS,
        closed=risk is not None and risk.status == "closed",
        shields=tuple(_shield(edge.mitigation, match.graph.mitigations, outcomes) for edge in guards),
        signals=len(match.graph.watches.get(end, ())),
        state=" ".join(state for state in states if state),
        note="root" if end == match.root else "",
    )


def _draw_cascade(
    pair: Pair, verdict: str, diff: Diff, outcomes: Mapping[str, str], names: Mapping[str, str]
) -> DrawnCascade:
    graph, pir = diff.match.graph, diff.match.pir
    step = next((one for one in diff.steps if one.step.pair == pair), None)
    p = step.probability if step else graph.probability(*pair)
    label = [tell_since(step.step.at - pir.started_at if step and step.step.at else None)]
    label.append("" if p is None else f"p {format_number(p)}")
    guards = tuple(_shield(edge.mitigation, graph.mitigations, outcomes) for edge in graph.blocks.get(pair, ()))
    text = ", ".join(part for part in label if part)
    return DrawnCascade(names[pair[0]], names[pair[1]], text, 2, (verdict,), guards)


def _shield(id_: str, mitigations: Mapping[str, Mitigation], outcomes: Mapping[str, str]) -> str:
    """How the shield of a mitigation looks: as it did in the incident, else as its status was."""
    return _SHIELDS.get(outcomes.get(id_, "")) or mitigations[id_].status


def _risk_data(risk: DrawnRisk, facts: list[tuple[str, str]]) -> dict[str, Any]:
    return {**vars(risk), "spot": vars(risk.spot), "facts": facts}


@dataclass(frozen=True)
class _Facts:
    """What the page says of a risk or a cascade that is chosen, as names and texts."""

    audit: Audit
    verdicts: Mapping[Pair, str]
    outcomes: Mapping[str, str]

    def of_risk(self, end: str) -> list[tuple[str, str]]:
        """The facts about a risk."""
        match = self.audit.diff.match
        risk, at = match.graph.risks.get(end), reached_at(match).get(end)
        guards = [edge.mitigation for edge in match.graph.mitigates.get(end, ())] if end == match.root else []
        signals = {item["id"]: item["outcome"] for item in self.audit.questions["indicators_fired"].result.items}
        watched = [edge.indicator for edge in match.graph.watches.get(end, ())]
        role = "the root" if end == match.root else "was reached" if end in match.reached else "was not reached"
        return _told(
            ("in this incident", f"{role}{self._when(at)}"),
            ("register", None if risk else "was not in it"),
            ("owner", risk.owner if risk else None),
            ("category", risk.category if risk else None),
            ("mitigations", ", ".join(f"{id_}: {_word(self.outcomes.get(id_, 'unknown'))}" for id_ in guards)),
            ("indicators", ", ".join(f"{id_}: {_word(signals[id_])}" if id_ in signals else id_ for id_ in watched)),
        )

    def of_cascade(self, pair: Pair) -> list[tuple[str, str]]:
        """The facts about a cascade."""
        diff = self.audit.diff
        verdict = self.verdicts[pair]
        step = next((one for one in diff.steps if one.step.pair == pair), None)
        told = next((one for one in diff.predictions if (one.from_, one.to) == pair), None)
        cascade = diff.match.graph.cascades.get(pair)
        p = told.probability if told else step.probability if step else diff.match.graph.probability(*pair)
        blocks = diff.match.graph.blocks.get(pair, ())
        return _told(
            (WORDS[verdict][0], WORDS[verdict][1]),
            *self._of_step(step),
            ("probability", None if p is None else format_number(p)),
            ("95 % interval of its trials", format_interval(told.interval) if told else None),
            ("mapped delay", format_duration(cascade.delay) if cascade and cascade.delay and not step else None),
            ("blocked by", ", ".join(told.blocked_by) if told else None),
            (
                "mitigations",
                ", ".join(f"{one.mitigation}: {_word(self.outcomes.get(one.mitigation, 'unknown'))}" for one in blocks),
            ),
            ("mechanism", cascade.mechanism if cascade else None),
        )

    def _of_step(self, result: StepResult | None) -> Iterable[tuple[str, str | None]]:
        if result is None:
            return
        yield "happened at", f"{format_moment(result.step.at)}{self._when(result.step.at)}" if result.step.at else None
        yield "delay", _span(result.delay)
        yield "mapped delay", _span(result.mapped_delay)
        yield "mapped path", " -> ".join(result.path) if result.verdict == "indirect" else None
        yield "not in the register then", ", ".join(result.new)
        for evidence in result.step.evidence:
            yield (
                "evidence",
                f"\N{LEFT DOUBLE QUOTATION MARK}{evidence.text}\N{RIGHT DOUBLE QUOTATION MARK} {evidence.source}",
            )

    def _when(self, at: datetime | None) -> str:
        return f", {tell_since(at - self.audit.diff.match.pir.started_at)}" if at else ""


def _told(*facts: tuple[str, str | None]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in facts if text]


def _span(span: timedelta | None) -> str | None:
    return None if span is None else format_cell(Span.of(span))


def _word(outcome: str) -> str:
    return outcome.replace("_", " ")


__all__ = ["DRAWN", "WORDS", "Line", "Overlay", "list_verdicts", "name_ends", "overlay", "tell_since"]
