"""Notes of a reading: what is found in a review, by its place below the review, in; findings with file and line out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from riskgraph.findings import Finding
from riskgraph.pir.template import WRAPPER

if TYPE_CHECKING:
    from riskgraph.documents import Document, Loc
    from riskgraph.findings import Level, Place


@dataclass(frozen=True)
class Notes:
    """The findings of one review while it is read; ``base`` is where the review stands in its document."""

    document: Document
    base: Loc
    found: list[Finding] = field(default_factory=list)

    def place(self, loc: Loc) -> Place:
        """File, line and column of a place below the review."""
        return self.document.place((*self.base, *loc))

    def add(self, rule: str, loc: Loc, message: str, level: Level = "note") -> None:
        """Keep one finding about a place."""
        self.found.append(Finding(rule, level, message, self.place(loc), field_name(loc)))

    def error(self, rule: str, loc: Loc, message: str) -> None:
        """Keep one problem that has to be mended before the review can be used."""
        self.add(rule, loc, message, "error")


def quote(text: str, limit: int = 80) -> str:
    """A text in quotation marks for a message: on one line, and cut where it is long."""
    line = " ".join(text.split())
    return repr(line if len(line) <= limit else line[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}")


def field_name(loc: Loc) -> str:
    """How people name a place of a review: ``actions.immediate[0].action``; the wrapper is never named."""
    parts = loc[1:] if loc and loc[0] == WRAPPER else loc
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")
