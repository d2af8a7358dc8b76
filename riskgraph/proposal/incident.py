"""The incident as an element: a match, its diff and its audit in, the node with its evidence and actions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskgraph.model import Action, Incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from riskgraph.audit.audit import Audit
    from riskgraph.graph import RiskGraph


def incident_of(audit: Audit, graph: RiskGraph, id_of: Callable[[str], str | None]) -> Incident:
    """The incident that a review describes.

    ``graph`` is today's; ``id_of`` gives the risk id that an end of a step has today, or None where it stays a name.
    """
    match, pir = audit.diff.match, audit.diff.match.pir
    ends = {end: id_of(end) for end in (*match.reached, *(end for pair in match.checked for end in pair))}
    reached: list[dict[str, Any]] = [
        {"from": ends[step.from_], "to": ends[step.to], "at": step.at} for step in match.steps
    ]
    checked = [{"from": ends[from_], "to": ends[to]} for from_, to in match.checked]
    tested = [
        {"mitigation": item["id"], "outcome": item["outcome"]}
        for item in audit.questions["mitigation_worked"].result.items
        if item["id"] in graph.mitigations
    ]
    signalled = [
        {"indicator": item["id"], "outcome": item["outcome"], "at": item["at"]}
        for item in audit.questions["indicators_fired"].result.items
        if item["id"] in graph.indicators
    ]
    count = pir.occurrences or match.occurrences
    questions = audit.questions.values()
    return Incident.model_validate(
        {
            "id": pir.incident_id,
            "name": pir.title or _title(audit, graph, ends.get(match.root)),
            "kind": pir.kind,
            "severity": pir.severity,
            "started_at": pir.started_at,
            "duration": pir.duration,
            "detected_after": pir.detection_time,
            "expected_detection": pir.expected_detection,
            "occurrences": {"count": count[0], "period": count[1]} if count else None,
            "loss": pir.loss,
            "contributing_factors": pir.contributing_factors,
            "learnings": pir.learnings,
            "claims": {question.question: question.claim for question in questions if question.claim},
            "verdicts": {question.question: question.verdict for question in questions},
            "risk": ends.get(match.root),
            "reached": [step for step in reached if step["from"] and step["to"]],
            "checked": [pair for pair in checked if pair["from"] and pair["to"]],
            "tested": tested,
            "signalled": signalled,
            "unregistered": [end for end, id_ in ends.items() if id_ is None],
            "pir": pir.path,
            "pir_digest": pir.digest,
        }
    )


def actions_of(audit: Audit) -> tuple[Action, ...]:
    """The actions of a review, numbered in its order: ``INC-1-A1``, ``INC-1-A2``."""
    pir = audit.diff.match.pir
    return tuple(
        Action.model_validate(
            {
                "id": f"{pir.incident_id}-A{number}",
                "name": shorten(action.text),
                "text": action.text,
                "owner": action.owner,
                "due": action.due,
                "horizon": action.horizon,
                "incident": pir.incident_id,
                "answers": action.answers,
            }
        )
        for number, action in enumerate(pir.actions, 1)
    )


def shorten(text: str) -> str:
    """The first 80 characters of a text, on one line."""
    return " ".join(text.split())[:80].rstrip()


def _title(audit: Audit, graph: RiskGraph, root: str | None) -> str:
    """What to call an incident whose review has no title: its root."""
    if root is not None and root in graph.risks:
        return graph.risks[root].name
    return shorten(audit.diff.match.root)
