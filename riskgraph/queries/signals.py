"""Questions about what should be known of risks: a graph in, where indicators, estimates or owners are missing out."""

from __future__ import annotations

from typing import Final

from riskgraph.graph import RiskGraph
from riskgraph.queries.evidence import list_hits
from riskgraph.queries.question import Question, Rows

_OUTCOMES: Final = ("silent", "too_late", "in_time")


def _list_unwatched(graph: RiskGraph) -> Rows:
    hits = list_hits(graph)
    rows = [
        (id_, risk.name, risk.owner, len(hits.get(id_, ())))
        for id_, risk in graph.risks.items()
        if risk.status != "closed" and id_ not in graph.watches
    ]
    return tuple(sorted(rows, key=lambda row: (-row[3], row[0])))


def _list_silent(graph: RiskGraph) -> Rows:
    found: dict[str, dict[str, set[str]]] = {}
    for incident in graph.incidents.values():
        for signal in incident.signalled:
            found.setdefault(signal.indicator, {}).setdefault(signal.outcome, set()).add(incident.id)
    rows = []
    for id_, outcomes in found.items():
        silent, late, in_time = (outcomes.get(outcome, set()) for outcome in _OUTCOMES)
        if missed := silent | late:
            counts = (len(silent), len(late), len(in_time))
            rows.append((id_, graph.indicators[id_].name, *counts, tuple(sorted(missed))))
    return tuple(sorted(rows, key=lambda row: (-row[2], -row[3], row[0])))


def _list_unestimated(graph: RiskGraph) -> Rows:
    hits = list_hits(graph)
    rows = []
    for id_, risk in graph.risks.items():
        absent = {"likelihood": risk.likelihood is None, "loss": risk.loss is None and risk.impact is None}
        missing = tuple(name for name, is_absent in absent.items() if is_absent)
        if missing and risk.status != "closed":
            rows.append((id_, risk.name, risk.owner, len(hits.get(id_, ())), missing))
    return tuple(sorted(rows, key=lambda row: (-row[3], row[0])))


def _list_ownerless(graph: RiskGraph) -> Rows:
    risks = [
        ("risk", id_, risk.name) for id_, risk in graph.risks.items() if risk.owner is None and risk.status != "closed"
    ]
    mitigations = [
        ("mitigation", id_, mitigation.name)
        for id_, mitigation in graph.mitigations.items()
        if mitigation.owner is None and mitigation.status != "retired"
    ]
    actions = [
        ("action", id_, action.name)
        for id_, action in graph.actions.items()
        if action.owner is None and action.done_on is None
    ]
    return tuple(sorted([*risks, *mitigations, *actions]))


QUESTIONS: Final = (
    Question(
        "risks-without-indicators",
        "Which risks that are not closed does no indicator watch, those that struck most often first?",
        ("risk", "name", "owner", "times"),
        _list_unwatched,
    ),
    Question(
        "silent-indicators",
        "Which indicators were silent, or too late, when an incident should have set them off?",
        ("indicator", "name", *_OUTCOMES, "incidents"),
        _list_silent,
    ),
    Question(
        "unestimated-risks",
        "Which risks that are not closed have no likelihood, or neither loss nor impact, so that no number has them?",
        ("risk", "name", "owner", "times", "missing"),
        _list_unestimated,
    ),
    Question(
        "without-owner",
        "Which risks, mitigations and open actions belong to nobody?",
        ("kind", "id", "name"),
        _list_ownerless,
    ),
)
"""The questions of this module."""
