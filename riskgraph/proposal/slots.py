"""The places of decisions in a proposal's file: its text in, those places out, and the text with decisions in them.

Everything else in the file stays as it was written, comments too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from riskgraph.documents import parse_document, quote
from riskgraph.errors import InputError

if TYPE_CHECKING:
    from riskgraph.documents import Document
    from riskgraph.proposal.file import Choice

Part = Literal["edits", "unanswered"]
Holds = Literal["decision", "reason"]

_QUOTED: Final = r"""\"(?:[^"\\]|\\.)*\"|'(?:[^']|'')*'"""
_HELD: Final[tuple[tuple[Part, Holds], ...]] = (("edits", "decision"), ("edits", "reason"), ("unanswered", "reason"))
_FIRST: Final = r"""[^\s"'{}\[\],#&*!|>%@`?:-]"""
_ALONE: Final = re.compile(rf"{_QUOTED}|{_FIRST}(?:[^\n\r]*?[^\s])?(?=\s*$|\s+#)", re.DOTALL | re.MULTILINE)
_INSIDE: Final = re.compile(rf"{_QUOTED}|{_FIRST}(?:[^\n\r#,{{}}\[\]]*[^\s#,{{}}\[\]])?", re.DOTALL)
"""A value on a line of its own, and one among others between brackets."""


@dataclass(frozen=True)
class Said:
    """A decision on an edit, or on a gap, where only the reason counts."""

    choice: Choice = "pending"
    reason: str = ""


@dataclass(frozen=True)
class Slot:
    """The place of a decision or of a reason: what stands there from ``start`` to ``end`` of the text is replaced.

    ``opening`` is there for a decision without a reason: what comes between the two, should it get one.
    """

    part: Part
    number: int
    holds: Holds
    start: int
    end: int
    opening: str | None = None

    def write(self, said: Said) -> str:
        """What stands in the slot after a decision."""
        if self.holds == "reason":
            return quote(said.reason)
        return said.choice + (self.opening + quote(said.reason) if self.opening is not None and said.reason else "")


def find_slots(text: str) -> tuple[Slot, ...] | None:
    """The places of all decisions and reasons of a proposal, in the order of the text.

    None where the file has no place for one of them, or in a form that cannot be written over: then the file has to be
    written anew.

    Raises:
        InputError: the text is not YAML.
    """
    document = parse_document(text)
    # What begins a line is a field of its own, or, as in JSON, one among others between brackets.
    found = (_find_all(document, text, may_be_alone=alone) for alone in (True, False))
    return next((slots for slots in found if slots is not None and _hold(slots, text, document.data)), None)


def fill_slots(text: str, slots: Sequence[Slot], said: Mapping[tuple[Part, int], Said]) -> str:
    """The text with these decisions; where none is given, what stood there stays."""
    parts, end = [], 0
    for slot in slots:
        decision = said.get((slot.part, slot.number))
        parts += [text[end : slot.start], slot.write(decision) if decision else text[slot.start : slot.end]]
        end = slot.end
    return "".join([*parts, text[end:]])


def _find_all(document: Document, text: str, *, may_be_alone: bool) -> tuple[Slot, ...] | None:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    slots: list[Slot] = []
    for part, holds in _HELD:
        for number, entry in enumerate(document.data.get(part) or ()):
            if part == "edits" and holds == "reason" and "reason" not in entry:
                continue
            slot = _find(document, text, starts, (part, number, holds), may_be_alone=may_be_alone)
            if slot is None:
                return None
            slots.append(slot)
    return tuple(sorted(slots, key=lambda slot: slot.start))


def _find(
    document: Document, text: str, starts: list[int], loc: tuple[Part, int, Holds], *, may_be_alone: bool
) -> Slot | None:
    """The slot of a value, if it is where its file says and has an end that can be seen."""
    place, key = document.places.get(loc), document.places.get((*loc, "<key>"))
    if place is None or key is None or place == key or max(place[0], key[0]) > len(starts):
        return None
    start, line = starts[place[0] - 1] + place[1] - 1, starts[key[0] - 1]
    alone = may_be_alone and not text[line : line + key[1] - 1].strip("- ")
    found = (_ALONE if alone else _INSIDE).match(text, start)
    if found is None:
        return None
    part, number, holds = loc
    opening = None
    if holds == "decision" and (part, number, "reason") not in document.places:
        opening = f"\n{' ' * (key[1] - 1)}reason: " if alone else f", {_quoted_like(text, line + key[1] - 1)}: "
    return Slot(part, number, holds, start, found.end(), opening)


def _quoted_like(text: str, key: int) -> str:
    """The key of a reason beside a decision's key: in JSON both are in quotes."""
    return '"reason"' if text[key] == '"' else "reason"


def _hold(slots: Sequence[Slot], text: str, data: Any) -> bool:
    """Whether decisions written into the slots are read as those decisions, and nothing else has changed."""
    wanted = deepcopy(data)
    said: dict[tuple[Part, int], Said] = {}
    for number, entry in enumerate(wanted.get("edits") or ()):
        entry |= {"decision": "reject", "reason": f"edit {number}"}
        said["edits", number] = Said("reject", entry["reason"])
    for number, entry in enumerate(wanted.get("unanswered") or ()):
        entry["reason"] = f"gap {number}"
        said["unanswered", number] = Said(reason=entry["reason"])
    try:
        return bool(parse_document(fill_slots(text, slots, said)).data == wanted)
    except InputError:
        return False


__all__ = ["Said", "Slot", "fill_slots", "find_slots"]
