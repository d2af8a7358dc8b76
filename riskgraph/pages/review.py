"""The page of a proposal: its edits, its file's text and today's graph in, HTML to decide on each edit out.

What the page downloads is the file it was made from, with nothing but decisions and reasons written over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from riskgraph.edits import describe
from riskgraph.graph import order, title
from riskgraph.model import QUESTIONS
from riskgraph.pages.edited import draw_edits
from riskgraph.pages.page import Source, render_page
from riskgraph.proposal.file import dump_proposal
from riskgraph.proposal.obstacles import find_obstacles
from riskgraph.proposal.slots import find_slots
from riskgraph.report.figures import format_value
from riskgraph.report.plan import count_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riskgraph.edits import Edit
    from riskgraph.history import History
    from riskgraph.proposal.file import Decided, Proposal
    from riskgraph.proposal.obstacles import Obstacles

_OPS: Final = {"add": "To add", "change": "To change", "remove": "To remove"}
_CONFIDENCE: Final = {
    "explicit": "the review asks for it in so many words",
    "derived": "it follows from the review's evidence",
    "suggested": "a suggestion: decide on it by itself",
}
_NAMED: Final = 3
"""How many incidents a title names."""
_CHIPS: Final = {"explicit": "good", "derived": "plain", "suggested": "odd"}


@dataclass(frozen=True)
class Row:
    """A field that an edit sets: the value there was and the one there will be, in words, a list in parts."""

    field: str
    was: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """An edit as the page shows it; ``number`` counts from 0 in the file."""

    number: int
    op: str
    element: str
    name: str
    rows: tuple[Row, ...]
    confidence: str | None
    why: str
    chip: str
    place: str
    quoted: str
    answers: tuple[str, ...]
    incident: str | None
    decision: str
    reason: str
    stale: str
    on_record: str
    applied: bool


@dataclass(frozen=True)
class Entry:
    """What is decided at once: an edit, or alternatives of which at most one is accepted."""

    cards: tuple[Card, ...]
    chosen: str
    reason: str

    @property
    def is_choice(self) -> bool:
        """Whether these are alternatives."""
        return len(self.cards) > 1


def review_page(proposal: Proposal, text: str, name: str, source: Source, history: History | None = None) -> str:
    """The HTML in which a person decides on a proposal.

    ``text`` is that of its file and ``name`` the file's name. With a history the page says what is stale, applied or
    rejected already.
    """
    slots = find_slots(text)
    if slots is None:  # Saved in a form that has no place for a decision: the same edits in our own.
        undecided = [replace(one, decision="pending", reason="") for one in proposal.edits]
        open_ = [gap.model_copy(update={"reason": None}) for gap in proposal.unanswered]
        text = dump_proposal(replace(proposal, edits=tuple(undecided), unanswered=tuple(open_)), name)
        slots = find_slots(text) or ()
        originals = [""] * len(slots)
    else:
        originals = [text[slot.start : slot.end] for slot in slots]
    ends = [0, *(slot.end for slot in slots)]
    pieces = [text[end : slot.start] for end, slot in zip(ends, slots, strict=False)]
    obstacles = find_obstacles(proposal, history.graph if history else None)
    cards = [_card(number, one, obstacles[number], proposal, history) for number, one in enumerate(proposal.edits)]
    groups = _group(proposal.edits, cards)
    edits = [one.edit for one in proposal.edits]
    return render_page(
        "review.html",
        title=f"Proposal: {_title(proposal.incidents)}",
        source=source,
        scripts=("yaml.js", "review.js"),
        styles=("answers.css", "scene.css", "review.css"),
        data={
            "name": name,
            "pieces": [*pieces, text[ends[-1] :]],
            "slots": [
                {
                    "part": slot.part,
                    "number": slot.number,
                    "holds": slot.holds,
                    "opening": slot.opening,
                    "text": original,
                }
                for slot, original in zip(slots, originals, strict=True)
            ],
            "edits": [_data(card, proposal.edits[card.number].edit, obstacles[card.number]) for card in cards],
            "gaps": [gap.reason or "" for gap in proposal.unanswered],
            "repair": proposal.repairs is not None,
        },
        groups=groups,
        incidents=proposal.incidents,
        count=count_line(edits).removesuffix(", 0 kept"),
        gaps=[
            {
                "question": gap.question.replace("_", " "),
                "gap": gap.gap,
                "incident": gap.incident,
                "reason": gap.reason or "",
            }
            for gap in proposal.unanswered
        ],
        picture=_markup(draw_edits(edits, history.graph if history else None)),
        base=proposal.base_revision,
        is_repair=proposal.repairs is not None,
        is_checked=history is not None,
    )


def _title(incidents: Sequence[str]) -> str:
    if not incidents:
        return "what was changed past riskgraph"
    shown = ", ".join(incidents[:_NAMED])
    return shown if len(incidents) <= _NAMED else f"{shown} and {len(incidents) - _NAMED} more"


def _markup(svg: str | None) -> Any:
    from markupsafe import Markup

    return Markup(svg) if svg else None  # noqa: S704 - our own drawing, its texts escaped


def _group(decided: Sequence[Decided], cards: Sequence[Card]) -> list[dict[str, Any]]:
    """What is decided at once, by what it does and by kind and id, as a plan has it."""
    alternatives: dict[str, list[Card]] = {}
    for one, card in zip(decided, cards, strict=True):
        if one.edit.oneof:
            alternatives.setdefault(one.edit.oneof, []).append(card)
    groups = []
    seen: set[int] = set()
    ranked = sorted(cards, key=lambda card: order(decided[card.number].edit.key))
    for op, heading in _OPS.items():
        entries = []
        for card in ranked:
            if card.op == op and card.number not in seen:
                together = alternatives.get(decided[card.number].edit.oneof or "", [card])
                seen |= {other.number for other in together}
                entries.append(_entry(together))
        if entries:
            groups.append({"title": heading, "entries": entries, "op": op})
    return groups


def _entry(cards: Sequence[Card]) -> Entry:
    accepted = next((str(card.number) for card in cards if card.decision == "accept"), None)
    refused = all(card.decision == "reject" for card in cards)
    reason = next((card.reason for card in cards if card.reason), "") if refused else ""
    return Entry(tuple(cards), accepted or ("none" if refused else "later"), reason)


def _card(number: int, one: Decided, found: Obstacles, proposal: Proposal, history: History | None) -> Card:
    edit = one.edit
    because = edit.because
    applied = history.applied.get(edit.marker) if history else None
    known = history.decisions.get(("edit", edit.marker)) if history else None
    on_record = ""
    if applied:
        on_record = f"applied already, in revision {applied.revision.number}"
    elif known:
        said = f": {known[1].reason}" if known[1].reason else ""
        on_record = f"rejected in revision {known[0].number} by {known[0].author}{said}"
    return Card(
        number=number,
        op=edit.op,
        element=title(edit.key),
        name=str(edit.set.get("name") or _name(edit, history)),
        rows=tuple(_rows(edit)),
        confidence=edit.confidence,
        why=_CONFIDENCE.get(edit.confidence or "", ""),
        chip=_CHIPS.get(edit.confidence or "", "plain"),
        place=(because.field + (f", line {because.line}" if because.line else "")) if because else "",
        quoted=because.text if because else "",
        answers=tuple(name.replace("_", " ") for name in QUESTIONS if name in edit.answers),
        incident=edit.incident if len(proposal.incidents) > 1 else None,
        decision=one.decision,
        reason=one.reason,
        stale="" if applied else found.stale,
        on_record=on_record,
        applied=applied is not None,
    )


def _name(edit: Edit, history: History | None) -> str:
    """What the element is called today; for an edge, its ends."""
    if history is None:
        return ""
    nodes: Mapping[str, Any] = {**history.graph.risks, **history.graph.mitigations, **history.graph.indicators}
    return " \u2192 ".join(nodes[id_].name for id_ in edit.key[1:] if id_ in nodes)


def _rows(edit: Edit) -> list[Row]:
    fields = edit.set if edit.op != "remove" else edit.was
    return [
        Row(
            name.removeprefix("x_").replace("_", " "),
            _words(edit.was.get(name), name) if edit.op != "add" else (),
            _words(edit.set.get(name), name) if edit.op != "remove" else (),
        )
        for name in fields
    ]


def _words(value: Any, name: str) -> tuple[str, ...]:
    """A value in words, an entry of a list by itself."""
    values = value if isinstance(value, list) and len(value) > 1 else [value]
    return tuple(format_value(inner, name) for inner in values)


def _data(card: Card, edit: Edit, found: Obstacles) -> dict[str, Any]:
    """What the page's script knows of an edit."""
    return {
        "title": describe(edit).split(":")[0] if edit.op == "change" else f"{edit.op} {card.element}",
        "element": card.element,
        "confidence": edit.confidence,
        "oneof": edit.oneof,
        "decision": card.decision,
        "reason": card.reason,
        "applied": card.applied,
        "stale": card.stale,
        "needs": [{"what": need.what, "by": need.by} for need in found.needs],
        "narrows": edit.kind == "incident",
        "rivals": found.rivals,
    }


__all__ = ["review_page"]
