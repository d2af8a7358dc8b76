"""Findings: what check, diff and audit want a person to look at, as values with a rule, a level and a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file, and a line and column counted from 1 (0: the whole file).

    In a spreadsheet they are row and column of a cell, and ``sheet`` names the sheet; a file that is one sheet has its
    own name there.
    """

    path: str = ""
    sheet: str = field(default="", kw_only=True)
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``file:line:column`` or ``file!sheet!cell``, as far as known."""
        if self.sheet:
            own = "" if self.path.endswith(self.sheet) else self.sheet
            return "!".join(part for part in (self.path, own, self.cell) if part)
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(part for part in parts if part)

    @property
    def cell(self) -> str:
        """The name of a spreadsheet's cell, such as ``C7``; nothing in other files, a column or row where known."""
        if not self.sheet:
            return ""
        letters, rest = "", self.column
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters + (str(self.line) if self.line else "")


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
