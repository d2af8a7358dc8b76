"""Findings: what check, diff and audit want a person to look at, as values with a rule, a level and a place."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, Literal

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
_FINGERPRINT: Final = 32


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


@dataclass(frozen=True)
class Suppressed:
    """A finding that is left out: its review says to ignore it, or it was known before; and the reason."""

    finding: Finding
    by: Literal["review", "baseline"]
    reason: str


@dataclass(frozen=True)
class Sifted:
    """Findings, and those that were left out of them."""

    shown: tuple[Finding, ...] = ()
    left_out: tuple[Suppressed, ...] = ()


def join(parts: Iterable[Sifted]) -> Sifted:
    """All findings of several."""
    every = list(parts)
    shown = tuple(finding for one in every for finding in one.shown)
    return Sifted(shown, tuple(left_out for one in every for left_out in one.left_out))


def path_below(root: PurePath, folder: PurePath, path: str) -> str:
    """The path of a file as seen from ``root``, with ``/``; ``folder`` is where ``path`` counts from.

    A file elsewhere keeps its whole path.
    """
    parts: list[str] = []
    whole = folder / path
    for part in whole.parts:
        if part == "..":
            parts = parts[:1] if len(parts) <= 1 else parts[:-1]
        else:
            parts.append(part)
    plain = type(whole)(*parts)
    return (plain.relative_to(root) if plain.is_relative_to(root) else plain).as_posix()


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """What tells each finding from all others, and stays when lines are moved.

    Rule, file, incident, field and message count, without the positions in them. Of several that are alike each has
    its number.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        field = re.sub(r"\[\d+\]", "[]", finding.field)
        message = re.sub(r"(?<=[A-Za-z]):\d+(:\d+)?\b", "", finding.message)
        content = json.dumps([finding.rule, finding.place.path, finding.incident, field, message])
        digest = hashlib.sha256(content.encode()).hexdigest()[:_FINGERPRINT]
        seen[digest] += 1
        found.append(f"{digest}:{seen[digest]}")
    return found


def is_at_least(level: Level, threshold: Level) -> bool:
    """Whether a level is as grave as the threshold or graver."""
    return LEVELS.index(level) <= LEVELS.index(threshold)
