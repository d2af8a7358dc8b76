"""Lessons: an audit and a proposal in; the edits that a review proposes, its actions and its words on causes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from riskgraph.metrics.actions import State, follow
from riskgraph.pages.outcomes import ASKED
from riskgraph.pages.story import Mark, Tone
from riskgraph.proposal.incident import actions_of
from riskgraph.report.figures import format_moment
from riskgraph.report.plan import edit_row, shorten

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.audit.audit import Audit
    from riskgraph.edits import Confidence, Edit
    from riskgraph.history import History
    from riskgraph.model import Action
    from riskgraph.proposal.file import Proposal

_CONFIDENCES: Final[dict[Confidence, str]] = {
    "explicit": "The review says so",
    "derived": "Follows from the evidence",
    "suggested": "Suggestions, to be accepted one by one",
}
_HORIZONS: Final = {
    "immediate": "immediate", "short_term": "short term", "process_improvement": "improvement of the process",
}  # fmt: skip
_STATES: Final[dict[State, Tone]] = {"overdue": "bad", "open": "plain", "done": "good"}


@dataclass(frozen=True)
class Proposed:
    """An edit that a review proposes, and why."""

    sign: str
    op: str
    element: str
    what: str
    text: str
    place: str
    answers: tuple[str, ...]
    oneof: str | None


@dataclass(frozen=True)
class Proposals:
    """The edits of one confidence."""

    title: str
    confidence: str
    edits: tuple[Proposed, ...]


@dataclass(frozen=True)
class Task:
    """An action of a review as it stands on the day of the page; ``is_recorded``: it is in the graph."""

    text: str
    owner: str | None
    due: str | None
    horizon: str
    mark: Mark
    is_recorded: bool


@dataclass(frozen=True)
class Words:
    """What a review says of causes and learnings: heads with one text, and heads with several."""

    texts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]


def list_proposals(incident: str, proposal: Proposal) -> tuple[Proposals, ...]:
    """The edits that one review proposes, surest first."""
    groups = []
    for confidence, title in _CONFIDENCES.items():
        edits = [
            one.edit for one in proposal.edits if (one.edit.incident, one.edit.confidence) == (incident, confidence)
        ]
        if edits:
            groups.append(Proposals(title, confidence, tuple(_proposed(edit) for edit in edits)))
    return tuple(groups)


def list_actions(audit: Audit, history: History, today: date) -> tuple[Task, ...]:
    """The actions of a review in its order; one that is on record as it stands there."""
    known = history.graph.actions
    return tuple(
        _task(known.get(action.id, action), today, is_recorded=action.id in known) for action in actions_of(audit)
    )


def list_words(audit: Audit) -> Words:
    """Causes and learnings, as far as the review gives any."""
    pir = audit.diff.match.pir
    texts = (
        ("Immediate cause", pir.text("root_cause", "immediate_cause")),
        ("Root cause", pir.text("root_cause", "root_cause")),
        ("For the process", pir.text("learnings", "process_level_learning")),
    )
    lists = (
        ("Contributing factors", pir.contributing_factors),
        ("What was done", _listed(audit, "response", "actions_taken")),
        ("What went well", _listed(audit, "learnings", "what_went_well")),
        ("What to improve", _listed(audit, "learnings", "what_to_improve")),
    )
    return Words(
        tuple((title, text) for title, text in texts if text),
        tuple((title, items) for title, items in lists if items),
    )


def _proposed(edit: Edit) -> Proposed:
    sign, element, _, what, _, place = edit_row(edit)
    return Proposed(
        str(sign),
        edit.op,
        str(element),
        shorten(str(what)) if what else "",
        edit.because.text if edit.because else "",
        str(place or ""),
        tuple(ASKED[name] for name in edit.answers),
        edit.oneof,
    )


def _task(action: Action, today: date, *, is_recorded: bool) -> Task:
    stands = follow(action, today)
    days = stands.overdue_days
    said = {"overdue": f", {days} day{'' if days == 1 else 's'}", "done": f" on {format_moment(action.done_on)}"}
    return Task(
        action.text or action.name,
        action.owner,
        format_moment(action.due),
        _HORIZONS.get(action.horizon or "", ""),
        Mark(f"{stands.state}{said.get(stands.state, '')}", _STATES[stands.state]),
        is_recorded,
    )


def _listed(audit: Audit, *loc: str) -> tuple[str, ...]:
    """The texts of a list of the review, without its blanks."""
    pir = audit.diff.match.pir
    part = pir.content.get(loc[0])
    written = part.get(loc[1]) if isinstance(part, dict) else None
    size = len(written) if isinstance(written, list) else 0
    return tuple(text for at in range(size) if (text := pir.text(*loc, at)))


__all__ = ["Proposals", "Proposed", "Task", "Words", "list_actions", "list_proposals", "list_words"]
