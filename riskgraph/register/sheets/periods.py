"""Periods in cells: ``2 Stunden``, ``30 min``, or a number below the heading ``Delay (h)`` in, a duration out."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final

from riskgraph.durations import format_duration, parse_duration
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.words import fold, words_of

_WORD: Final = re.compile(r"[^\W\d_]+")
_UNIT: Final = re.compile(r"(?:in\s+|[(\[]\s*(?:in\s+)?)([^\W\d_]+)\s*[)\]]?\s*$", re.IGNORECASE)
_ENGLISH: Final = {
    "s": "s", "m": "m", "w": "w", "mo": "mo", "y": "y",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
    "minutes": "m", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "d": "d", "day": "d", "days": "d",
    "week": "w", "weeks": "w", "month": "mo", "months": "mo", "year": "y", "years": "y",
}  # fmt: skip


def parse_period(text: str) -> timedelta:
    """The duration that a text is, in English, German or French; a unit alone is one of it.

    Raises:
        ValueError: it is none, or a clock form.
    """
    known = words_of("units")
    plain = _WORD.sub(lambda found: known.get(fold(found[0]), found[0]), text.strip())
    plain = re.sub(r"(\d)\s+([a-z])", r"\1\2", plain)
    if unit := _ENGLISH.get(fold(plain)):
        plain = f"1{unit}"
    try:
        return parse_duration(plain)
    except ValueError as error:
        raise ValueError(str(error).replace(repr(plain), repr(text.strip()))) from None


def read_period(cell: Cell, unit: str | None) -> str:
    """A duration as a register file writes it; ``unit`` is what bare numbers of the column are in.

    Raises:
        ValueError: it is none, a clock form, or a number without a unit.
    """
    if isinstance(cell, timedelta):
        return format_duration(parse_duration(cell))
    if isinstance(cell, time):
        clock = cell.isoformat("minutes")
        raise ValueError(  # noqa: TRY004 - the reader of a column reports a ValueError with its cell
            f"{clock} is a time of day: write a duration such as 2h or 15m, as text"
        )
    text = repr(cell).removesuffix(".0") if isinstance(cell, float) else str(cell).strip()
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return format_duration(parse_period(text))
    if not number:
        return "0s"
    if unit is None:
        raise ValueError(f"{text} has no unit: write it as {text}h or {text}m, or the unit into the heading")
    return format_duration(parse_duration(f"{text}{unit}"))


def heading_unit(heading: str) -> str | None:
    """The unit of time that a heading ends with, as in ``Delay (h)`` or ``Verz\u00f6gerung in Minuten``."""
    found = _UNIT.search(heading.strip())
    if not found:
        return None
    word = fold(found[1])
    return _ENGLISH.get(word) or words_of("units").get(word)
