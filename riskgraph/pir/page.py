"""A page that is being read: values with their lines and columns in, the data of a review, its places and notes out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from riskgraph.documents import Loc, parse_scalar
from riskgraph.findings import Finding, Place
from riskgraph.pir.form import FORM, Field, find_inner, fold
from riskgraph.pir.notes import field_name, quote

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

Spot = tuple[int, int]
"""A line and a column, counted from 1."""


@dataclass
class Page:
    """What has been read of a page so far."""

    path: str
    lines: Sequence[str]
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Loc, Spot] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    def put(self, loc: Loc, value: Any, spot: Spot) -> None:
        """Keeps a value at its place; one that is there already is an error."""
        inner: Any = self.data
        for part in loc[:-1]:
            if isinstance(inner, dict):
                inner = inner.setdefault(str(part), {})
            else:
                inner = inner[part] if isinstance(inner, list) and isinstance(part, int) else None
        name = loc[-1]
        if not isinstance(inner, dict) or name in inner:
            self.note("duplicate-key", f"has {field_name(loc)} twice: keep one", spot, "error")
            return
        inner[name] = value
        self.places[loc] = self.places[(*loc, "<key>")] = spot

    def append(self, loc: Loc, value: Any, spot: Spot) -> Loc:
        """Keeps an item at the end of a list, and gives its place."""
        if loc not in self.places or not isinstance(self.at(loc), list):
            self.put(loc, [], self.places.get(loc, spot))
        items = self.at(loc)
        if not isinstance(items, list):
            return loc
        items.append(value)
        where = (*loc, len(items) - 1)
        self.places[where] = spot
        return where

    def put_text(self, loc: Loc, into: Field, text: str, spot: Spot) -> None:
        """Keeps a text as the value of a field, or as items of the list that it is."""
        if into.kind == "texts":
            for part in _several(into, text):
                self.append(loc, part, spot)
        elif into.kind == "number":
            self.put(loc, _number(text), spot)
        else:
            self.put(loc, word if (word := fold(text)) in into.words else text, spot)

    def extend(self, loc: Loc, into: Field, text: str, spot: Spot) -> None:
        """Adds to a text what stands below it; where there is none yet, that is the text."""
        before = self.at(loc)
        if isinstance(before, str):
            self.at(loc[:-1])[loc[-1]] = before + text
        else:
            self.put_text(loc, into, text.lstrip("\n"), spot)

    def at(self, loc: Loc) -> Any:
        """The value at a place, or None."""
        inner: Any = self.data
        for part in loc:
            if isinstance(inner, dict):
                inner = inner.get(str(part))
            else:
                inner = inner[part] if isinstance(inner, list) and isinstance(part, int) and part < len(inner) else None
        return inner

    def find(self, within: Field, label: str, spot: Spot, what: str = "label") -> Field | None:
        """The field that a label names; noted where there is none."""
        found = within.find(label)
        if found is None:
            self.note_unknown(within, label, spot, what=what)
        return found

    def note_unknown(self, within: Field, label: str, spot: Spot, *, what: str) -> None:
        """Notes a heading, label or column that names no field; one that was probably meant to is an error."""
        if near := within.near(label):
            self.note("unknown-key", f"unknown {what} {quote(label)}: did you mean {near.title!r}?", spot, "error")
        else:
            message = f"the {what} {quote(label)} names no field of a review: what stands there is not read"
            self.note("not-read", message, spot)

    def note(self, rule: str, message: str, spot: Spot, level: Literal["error", "note"] = "note") -> None:
        """Keeps a finding."""
        self.notes.append(Finding(rule, level, message, Place(self.path, *spot)))

    def inline(self, node: SyntaxTreeNode) -> list[Token]:
        """The tokens of a heading, a paragraph or a cell."""
        inner = (child.token for child in node.children if child.token)
        return [token for each in inner for token in each.children or ()]

    def source(self, node: SyntaxTreeNode) -> str:
        """The lines of a block, as they were written."""
        start, end = node.map or (0, 0)
        return "\n".join(self.lines[start:end]).strip()

    def place_of(self, node: SyntaxTreeNode, text: str = "", line: int = 0, after: int = 0) -> Spot:
        """Where a text begins in a line of a block; where markup hides it, the line's first sign."""
        number = (node.map[0] if node.map else 0) + line
        written = self.lines[number] if number < len(self.lines) else ""
        word = text.split(maxsplit=1)[0] if text.strip() else ""
        column = written.find(word, after) if word else -1
        return number + 1, (column if column >= 0 else len(written) - len(written.lstrip())) + 1

    def note_stray(self, block: SyntaxTreeNode, loc: Loc) -> None:
        """Notes a block that belongs to no field."""
        section = f"under {field_name(loc)}" if loc else "before the first section"
        message = f"{quote(self.source(block))} belongs to no field {section}, and is not read{_where(loc)}"
        self.note("not-read", message, self.place_of(block))


def _where(loc: Loc) -> str:
    """The headings below which something would be read, where a section is made of lists: those of the actions."""
    into: Field | None = FORM
    for part in loc:
        into = into.fields.get(str(part)) if into else None
    if into is None or not into.fields or any(inner.kind != "records" for inner in into.fields.values()):
        return ""
    *most, last = (inner.title for inner in into.fields.values())
    return f": put it below a heading {', '.join(most)} or {last}"


def _number(text: str) -> Any:
    """A number, as YAML has it; what is none stays a text, which is refused where the review is checked."""
    try:
        return parse_scalar(text)
    except ValueError:
        return text


def _several(into: Field, text: str) -> list[str]:
    """The items of a list that is written as one text: the questions that an action answers, else the text itself."""
    if into.name != "answers":
        return [text]
    words = [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]
    return [inner[1].name if (inner := find_inner(word)) else fold(word) or word for word in words]


__all__ = ["Page", "Spot"]
