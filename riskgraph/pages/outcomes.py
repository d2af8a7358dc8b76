"""Outcomes: an audit in; its questions, mitigations and indicators as rows that say what became of each out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.durations import format_duration
from riskgraph.model import QUESTIONS, Blocks, Mitigates, Watches
from riskgraph.pages.story import Mark, mark
from riskgraph.report.figures import format_moment
from riskgraph.report.plan import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.audit.audit import Audit
    from riskgraph.matching.observed import Evidence
    from riskgraph.proposal.gaps import Answer

ASKED: Final = {
    "in_register": "Was the risk in the register?",
    "probability_accurate": "Was its probability right?",
    "cascades_predicted": "Were its cascades on the map?",
    "mitigation_worked": "Did the mitigations work?",
    "indicators_fired": "Did the indicators warn in time?",
    "escalation_worked": "Did escalation work?",
}
"""The six questions as a person asks them."""
assert tuple(ASKED) == QUESTIONS  # noqa: S101 - one list, twice for readers


@dataclass(frozen=True)
class Asked:
    """One of the six questions, with both answers, their gap, what it rests on, and what has answered the gap."""

    name: str
    text: str
    claim: str | None
    verdict: str
    agrees: bool | None
    gap: str | None
    gap_from: str | None
    evidence: tuple[Evidence, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Defence:
    """A mitigation or an indicator in an incident: what became of it, and what the register and the review say.

    ``status`` is that of a mitigation at the start, ``late`` the days that it was overdue then; ``within`` is how fast
    an indicator should detect. ``guards`` are the risks and cascades that it stands against, or watches.
    """

    id: str
    name: str | None
    mark: Mark
    guards: tuple[str, ...]
    status: str = ""
    due: str | None = None
    late: int = 0
    said: str = ""
    at: str | None = None
    within: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it was not in place."""
        return self.mark == mark("not_in_place")


def ask(audit: Audit, name: str, answers: Sequence[Answer]) -> Asked:
    """One question; ``answers`` are what answers its gap."""
    question = audit.questions[name]
    return Asked(
        name,
        ASKED[name],
        question.claim,
        question.verdict.replace("_", " "),
        question.agrees,
        question.gap,
        question.gap_from,
        question.result.evidence,
        tuple(f"{one.kind} in revision {one.revision}: {shorten(one.text)}" for one in answers) if question.gap else (),
    )


def list_mitigations(audit: Audit) -> tuple[Defence, ...]:
    """The mitigations that the audit looks at, by id."""
    match = audit.diff.match
    guards: dict[str, list[str]] = defaultdict(list)
    for edge in match.graph.of_kind(Mitigates).values():
        guards[edge.mitigation].append(edge.risk)
    for block in match.graph.of_kind(Blocks).values():
        guards[block.mitigation].append(f"{block.from_} \N{RIGHTWARDS ARROW} {block.to}")
    return tuple(
        Defence(
            item["id"],
            item["name"],
            mark(item["outcome"]),
            tuple(sorted(guards[item["id"]])),
            (item["status"] or "not in the register").replace("_", " "),
            item["due"],
            item["overdue_days"] or 0,
            _said(item, audit),
        )
        for item in audit.questions["mitigation_worked"].result.items
    )


def list_indicators(audit: Audit) -> tuple[Defence, ...]:
    """The indicators of the root, as the audit sees them, then others that the review answers for."""
    match = audit.diff.match
    outcomes = {item["id"]: item["outcome"] for item in audit.questions["indicators_fired"].result.items}
    others = {id_: answer.fired or "unknown" for id_, answer in match.indicators.items() if id_ not in outcomes}
    watched: dict[str, list[str]] = defaultdict(list)
    for edge in match.graph.of_kind(Watches).values():
        watched[edge.indicator].append(edge.risk)
    found = []
    for id_, outcome in {**outcomes, **others}.items():
        indicator, answer = match.graph.indicators.get(id_), match.indicators.get(id_)
        limit = indicator.detects_within if indicator else None
        found.append(
            Defence(
                id_,
                indicator.name if indicator else None,
                mark(outcome),
                tuple(sorted(watched[id_])),
                at=format_moment(answer.at) if answer else None,
                within=format_duration(limit) if limit is not None else None,
            )
        )
    return tuple(found)


def _said(item: dict[str, Any], audit: Audit) -> str:
    """What the review says of a mitigation."""
    answer = audit.diff.match.mitigations.get(item["id"])
    parts = ((item["claim"] or "").replace("_", " "), (answer.note if answer else None) or "")
    return ": ".join(part for part in parts if part)


__all__ = ["ASKED", "Asked", "Defence", "ask", "list_indicators", "list_mitigations"]
