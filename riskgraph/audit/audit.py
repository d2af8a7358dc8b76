"""The audit of one incident: its diff and the graph's history in, six questions and findings out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskgraph.audit.defences import audit_escalation, audit_indicators, audit_mitigations
from riskgraph.audit.probability import audit_probability
from riskgraph.audit.question import Question
from riskgraph.audit.register import audit_cascades, audit_register
from riskgraph.findings import Finding
from riskgraph.model import QUESTIONS
from riskgraph.pir.review import field_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.diff import Diff
    from riskgraph.documents import Loc
    from riskgraph.history import History


@dataclass(frozen=True)
class Audit:
    """The six questions of one incident."""

    diff: Diff
    questions: Mapping[str, Question]

    def data(self) -> dict[str, Any]:
        """The JSON form of one incident."""
        pir = self.diff.match.pir
        return {
            "incident": pir.incident_id,
            "kind": pir.kind,
            "root": self.diff.match.root,
            "as_of": pir.started_at.isoformat(),
            "sealed": self.diff.sealed,
            **self.diff.commit_data(),
            "questions": [question.data() for question in self.questions.values()],
        }

    def findings(self) -> tuple[Finding, ...]:
        """Claims that the evidence contradicts, and mitigations that were not in place."""
        pir = self.diff.match.pir
        found = []
        for name, question in self.questions.items():
            loc: Loc = ("risk_process_audit", name, "answer")
            gap = question.gap or ""
            if question.agrees is False:
                message = f"{name}: the review says {question.claim}, the evidence says {question.verdict}"
                found.append(
                    Finding("claim-contradicted", "warning", message, pir.place(*loc), field_name(loc),
                            pir.incident_id, name, gap)
                )  # fmt: skip
        mitigations = self.questions["mitigation_worked"]
        for item in mitigations.result.items:
            if item["outcome"] == "not_in_place":
                late = f", {item['overdue_days']} days overdue" if item["overdue_days"] else ""
                message = f"{item['id']} was not in place ({item['status'] or 'not in the register'}{late})"
                loc = ("risk_process_audit", "mitigation_worked")
                found.append(
                    Finding("mitigation-not-in-place", "warning", message, pir.place(*loc), field_name(loc),
                            pir.incident_id, "mitigation_worked", mitigations.gap or "")
                )  # fmt: skip
        return tuple(found)


def audit_diff(diff: Diff, history: History) -> Audit:
    """The audit of one diffed incident. Of the history it reads only what does not change after the start."""
    match = diff.match
    verdicts = {
        "in_register": audit_register(match, history),
        "probability_accurate": audit_probability(match, history),
        "cascades_predicted": audit_cascades(match, diff),
        "mitigation_worked": audit_mitigations(match, diff),
        "indicators_fired": audit_indicators(match),
        "escalation_worked": audit_escalation(match),
    }
    answers = match.pir.answers
    claims = {name: answers[name].claim if name in answers else None for name in QUESTIONS}
    return Audit(diff, {name: Question(name, claims[name], verdicts[name]) for name in QUESTIONS})
