"""Findings: what check, diff and audit want a person to look at, as values with a rule, a level and a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file, and a line and column counted from 1 (0: the whole file)."""

    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``file:line:column``, as far as known."""
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(part for part in parts if part)


@dataclass(frozen=True)
class Finding:
    """One thing to look at: the rule it breaks, how grave, where, what is wrong, and what to do.

    ``incident``, ``question`` and ``gap`` are set where the finding is about an audit question, so that an
    answered gap can be told from an open one.
    """

    rule: str
    level: Level
    message: str
    place: Place = Place()
    field: str = ""
    incident: str = ""
    question: str = ""
    gap: str = ""

    def __str__(self) -> str:
        """One line: place, level, message and rule."""
        prefix = f"{self.place}: " if self.place.path else ""
        return f"{prefix}{self.level}: {self.message} [{self.rule}]"


def is_at_least(level: Level, threshold: Level) -> bool:
    """Whether a level is as grave as the threshold or graver."""
    return LEVELS.index(level) <= LEVELS.index(threshold)
