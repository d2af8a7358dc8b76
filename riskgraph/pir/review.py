"""The checked review: what a PIR file says, as a frozen value with the place of everything in it.

What was left out, and what is still the template's text, is absent: None, or not in the tuple.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from riskgraph.pir.notes import field_name
from riskgraph.pir.times import moment_after

if TYPE_CHECKING:
    from riskgraph.documents import Document, Loc
    from riskgraph.findings import Place
    from riskgraph.pir.answers import Fired, Worked

Horizon = Literal["immediate", "short_term", "process_improvement"]


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline; ``index`` is its position in the file, ``at`` is aware."""

    index: int
    at: datetime | None
    event: str


@dataclass(frozen=True)
class Observed:
    """A cascade that happened, ends as written; ``from_`` is None for the root."""

    from_: str | None
    to: str
    at: datetime | None
    evidence: str | None
    loc: Loc


@dataclass(frozen=True)
class Pair:
    """A cascade that was checked and did not happen, ends as written; ``from_`` is None for the root."""

    from_: str | None
    to: str
    loc: Loc


@dataclass(frozen=True)
class MitigationAnswer:
    """What the review says became of one mitigation."""

    id: str
    worked: Worked | None
    note: str | None
    loc: Loc


@dataclass(frozen=True)
class IndicatorAnswer:
    """What the review says became of one indicator, and when it fired."""

    id: str
    fired: Fired | None
    at: datetime | None
    loc: Loc


@dataclass(frozen=True)
class PirAction:
    """Something that the review asks for; ``answers`` are the audit questions whose gap it closes."""

    text: str
    owner: str | None
    due: date | None
    horizon: Horizon
    answers: tuple[str, ...]
    loc: Loc


@dataclass(frozen=True)
class Answer:
    """The author's answer to a question of the audit.

    ``claim`` is in lower case and one of the question's words. ``gap_type`` is a gap in upper case, or ``none``.
    """

    claim: str | None
    gap_type: str | None
    loc: Loc


@dataclass(frozen=True)
class Pir:
    """A checked review. Every ``loc`` in it, and every one that its methods take, counts from the review itself.

    ``started_at`` is aware and in ``zone``. ``observed`` is None where nobody filled the list in: then prose counts.
    ``digest`` is that of the review's parsed content, with or without the wrapper.
    """

    path: str
    document: Document = field(repr=False)
    base: Loc
    incident_id: str
    title: str | None
    kind: Literal["incident", "near_miss", "external"]
    severity: str | None
    related_risk: str
    started_at: datetime
    zone: tzinfo
    day: date | None
    timeline: tuple[Entry, ...]
    duration: timedelta | None
    detection_time: timedelta | None
    expected_detection: timedelta | None
    answers: Mapping[str, Answer]
    observed: tuple[Observed, ...] | None
    checked: tuple[Pair, ...]
    mitigations: tuple[MitigationAnswer, ...]
    indicators: tuple[IndicatorAnswer, ...]
    occurrences: tuple[int, timedelta] | None
    escalation_to: str | None
    escalation_at: datetime | None
    loss: float | None
    actions: tuple[PirAction, ...]
    contributing_factors: tuple[str, ...]
    learnings: tuple[str, ...]
    language: str
    ignore: tuple[tuple[str, str], ...]
    digest: str
    content: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The plain data of the review, with None for placeholders and blanks."""

    def text(self, *loc: str | int) -> str | None:
        """The text at a place; None where it is absent, a placeholder, or not a text. Numbers are as written."""
        found = _at(self.content, loc)
        if isinstance(found, str):
            return found.strip() or None
        return getattr(found, "text", None)

    def has(self, *loc: str | int) -> bool:
        """Whether anything was written at a place or below it."""
        return _is_written(_at(self.content, loc))

    def place(self, *loc: str | int) -> Place:
        """File, line and column of a place, or of the nearest thing around it that is in the file."""
        return self.document.place((*self.base, *loc))

    @property
    def is_english(self) -> bool:
        """Whether its prose is in the language whose words are known."""
        return self.language.split("-")[0].lower() == "en"

    def moment_after_start(self, text: str) -> datetime | None:
        """The moment that a text names: a timestamp, or the first such time of day at or after the start."""
        return moment_after(text, self.started_at, self.zone)


def _at(value: Any, loc: Loc) -> Any:
    for part in loc:
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _is_written(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_written(part) for part in value.values())
    if isinstance(value, list):
        return any(_is_written(part) for part in value)
    return value is not None


__all__ = [
    "Answer", "Entry", "IndicatorAnswer", "MitigationAnswer", "Observed", "Pair", "Pir", "PirAction", "field_name",
]  # fmt: skip
