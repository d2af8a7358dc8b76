"""Dates in cells: what Excel and people write in, a date out, or what to do where it may be two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import MINYEAR, date, datetime, timedelta
from typing import Final, Literal

from riskgraph.fields import parse_moment
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.words import fold, words_of

Order = Literal["dmy", "mdy"]
_PARTS: Final = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
_WORDS: Final = re.compile(
    r"(?:\w+,?\s+)??(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s.-]*(?P<month>[^\W\d_]{3,})\.?[\s,.'-]*(?P<year>\d{4}|\d{2})"
)
_WORDS_US: Final = re.compile(r"(?P<month>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_SERIAL: Final = re.compile(r"[2-9]\d{4}(?:\.0+)?")
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_MANGLED: Final = re.compile(
    r"(?:\d{1,2}[-. ](?P<a>[^\W\d_]{3,4})\.?|(?P<b>[^\W\d_]{3,4})\.?[-. ]\d{1,4}|\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?)"
)
_CENTURY_TURN: Final = 69
_MONTHS: Final = 12


def is_mangled_id(cell: Cell) -> bool:
    """Whether a cell that should hold an id holds what a spreadsheet program made of one: a date."""
    if isinstance(cell, date):
        return True
    found = _MANGLED.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if not found:
        return False
    word = found["a"] or found["b"]
    return word is None or fold(word) in words_of("months")


def find_order(cells: Iterable[Cell]) -> Order | None:
    """Whether day or month stands first in a column of dates with numbers only; None where they do not tell."""
    found: set[Order] = set()
    for cell in cells:
        parts = _PARTS.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if parts and parts[2] != ".":
            if int(parts[1]) > _MONTHS:
                found.add("dmy")
            elif int(parts[3]) > _MONTHS:
                found.add("mdy")
    return found.pop() if len(found) == 1 else None


def parse_date(cell: Cell, order: Order | None = None) -> date:
    """The date, or the time with its zone, of a cell; a time of day without a zone is left out.

    Raises:
        ValueError: it is no date, or may be two.
    """
    if isinstance(cell, datetime):
        return cell if cell.utcoffset() is not None else cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    if isinstance(cell, float | int) or _SERIAL.fullmatch(text):
        raise ValueError(_of_serial(text))
    try:
        return parse_moment(text)
    except ValueError:
        pass
    year, month, day = _numbers(text, order)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is not a date: write it as 2024-03-01") from None


def _numbers(text: str, order: Order | None) -> tuple[int, int, int]:
    """Year, month and day."""
    bare = re.sub(r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?$", "", text)
    if found := _YEAR_FIRST.fullmatch(bare):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _PARTS.fullmatch(bare):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        own: Order = "mdy" if second > _MONTHS else "dmy"
        if found[2] == "." or first == second or max(first, second) > _MONTHS:
            order = own
        if order is None:
            both = " or ".join(f"{year:04}-{month:02}-{day:02}" for month, day in ((second, first), (first, second)))
            raise ValueError(f"{text!r} may be {both}: write it in that form")
        return (year, second, first) if order == "dmy" else (year, first, second)
    found = _WORDS.fullmatch(bare) or _WORDS_US.fullmatch(bare)
    month_name = words_of("months").get(fold(found["month"])) if found else None
    if not found or not month_name:
        raise ValueError(f"{text!r} is not a date: write it as 2024-03-01")
    return _year(found["year"]), int(month_name), int(found["day"])


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:  # noqa: PLR2004 - all four digits
        return max(year, MINYEAR)
    return year + (2000 if year < _CENTURY_TURN else 1900)


def _of_serial(text: str) -> str:
    try:
        meant = _EXCEL_EPOCH + timedelta(days=int(float(text)))
    except (OverflowError, ValueError):
        return f"{text!r} is a number, not a date: write it as 2024-03-01"
    if not _SERIAL.fullmatch(text):
        return f"{text!r} is a number, not a date: write it as 2024-03-01"
    return f"{text.removesuffix('.0')} is a number; as a date Excel would show it as {meant}: write it in that form"
