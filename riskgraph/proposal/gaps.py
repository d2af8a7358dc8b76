"""Gaps: the history in, every gap of every recorded incident out, open or with what answered it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from riskgraph.audit.question import gap_of
from riskgraph.edits import describe
from riskgraph.model import QUESTIONS

if TYPE_CHECKING:
    from riskgraph.history import History


@dataclass(frozen=True)
class Answer:
    """What answers a gap: an applied edit, an accepted action, or a reason on record."""

    kind: Literal["edit", "action", "reason"]
    text: str
    revision: int

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {"kind": self.kind, "text": self.text, "revision": self.revision}


@dataclass(frozen=True)
class Gap:
    """A gap that an incident showed in the risk process."""

    incident: str
    question: str
    gap: str
    claim: str | None
    verdict: str
    answered_by: tuple[Answer, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing answers it."""
        return not self.answered_by

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "incident": self.incident,
            "question": self.question,
            "gap": self.gap,
            "claim": self.claim,
            "verdict": self.verdict,
            "state": "open" if self.is_open else "answered",
            "answered_by": [answer.data() for answer in self.answered_by],
        }


def find_gaps(history: History) -> tuple[Gap, ...]:
    """Every gap of the incidents in today's graph, by incident and question."""
    answers = answers_to_gaps(history)
    found = []
    for incident in history.graph.incidents.values():
        for question in QUESTIONS:
            claim, verdict = incident.claims.get(question), incident.verdicts.get(question)
            if verdict is None:
                continue
            gap = gap_of(question, claim, verdict)
            if gap:
                found.append(Gap(incident.id, question, gap, claim, verdict, answers.get((incident.id, question), ())))
    return tuple(found)


def answered(history: History) -> set[tuple[str, str]]:
    """The incident and question of every gap that something answers."""
    return set(answers_to_gaps(history))


def answers_to_gaps(history: History) -> dict[tuple[str, str], tuple[Answer, ...]]:
    """What answers each gap, by incident and question."""
    found: dict[tuple[str, str], tuple[Answer, ...]] = {}

    def put(incident: str, question: str, answer: Answer) -> None:
        found[incident, question] = (*found.get((incident, question), ()), answer)

    for origin in history.applied.values():
        for question in origin.edit.answers:
            kind: Literal["edit", "action"] = "action" if origin.edit.kind == "action" else "edit"
            put(
                origin.edit.incident or "",
                question,
                Answer(kind, describe(origin.edit), origin.revision.number),
            )
    for revision, decision in history.decisions.values():
        if decision.what == "gap" and decision.decision == "accept":
            put(decision.incident, decision.question, Answer("reason", decision.reason, revision.number))
    return found
