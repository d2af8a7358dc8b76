"""Durations in words: text such as "2 hours from failure" or "PT15M" in, a ``timedelta`` out, and back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

YEAR: Final = timedelta(days=365.25)
MONTH: Final = YEAR / 12

_UNITS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": MONTH,
    "quarter": YEAR / 4,
    "year": YEAR,
}
_SHORT: Final = {
    "s": "second", "sec": "second", "secs": "second",
    "m": "minute", "min": "minute", "mins": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour",
    "d": "day", "w": "week", "wk": "week", "wks": "week",
    "mo": "month", "y": "year", "yr": "year", "yrs": "year",
}  # fmt: skip
_NUMBERS: Final = {
    "half an": 0.5, "half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_UNIT: Final = "|".join([*(f"{unit}s?" for unit in _UNITS), *sorted(_SHORT, key=len, reverse=True)])
_WORDS: Final = "|".join(_NUMBERS)
_PART: Final = (
    rf"(?:(?<![\w.,:/])(?P<n>\d{{1,12}}(?:[.,]\d{{1,6}})?)\s?|\b(?P<word>{_WORDS})\s)(?P<unit>{_UNIT})(?![A-Za-z])"
)
_FIRST: Final = re.compile(_PART, re.IGNORECASE)
_NEXT: Final = re.compile(
    rf"(?:\s*,?\s*(?:and\s)?)(?P<n>\d{{1,12}}(?:[.,]\d{{1,6}})?)\s?(?P<unit>{_UNIT})(?![A-Za-z])",
    re.IGNORECASE,
)
_ISO: Final = re.compile(
    r"(?<!\w)P(?=[\dT])(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?(?!\w)"
)
_ISO_UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")
_CLOCK: Final = re.compile(
    r"^\W*(?:about|around|approx\.?|circa)?\s*\d{1,3}:\d{2}(?::\d{2})?\s*(?:h|hrs?|hours?|min|minutes?)?\W*$",
    re.IGNORECASE,
)
_LONGEST_CLOCK: Final = 40
_LONGEST: Final = timedelta(days=365.25 * 1000)


def is_clock(text: str) -> bool:
    """Whether the text is a clock form such as ``02:15``, which one reader takes for minutes, another for hours."""
    return len(text) <= _LONGEST_CLOCK and bool(_CLOCK.match(text))


def find_duration(text: str) -> timedelta | None:
    """The first duration that a text names, or None: "about 5 minutes after", "1h30m", "two days", "PT2H".

    Months are a twelfth of a year of 365.25 days. A clock form is not a duration.
    """
    iso = _ISO.search(text)
    words = _FIRST.search(text)
    if iso and any(iso.groups()) and (words is None or iso.start() <= words.start()):
        total = sum(
            (float(n) * _UNITS[unit] for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if n),
            timedelta(),
        )
        return total if total <= _LONGEST else None
    if words is None:
        return None
    number = words["n"].replace(",", ".") if words["n"] else _NUMBERS[words["word"].lower()]
    try:
        total = float(number) * _unit(words["unit"])
        while following := _NEXT.match(text, words.end()):
            smaller = _unit(following["unit"])
            if smaller >= _unit(words["unit"]):
                break
            total += float(following["n"].replace(",", ".")) * smaller
            words = following
    except OverflowError:
        return None
    return total if total <= _LONGEST else None


def parse_duration(value: object) -> timedelta:
    """The duration that a whole value is, for fields of a register: "30m", "1 day", "1h30m", "PT15M".

    Raises:
        ValueError: the value is a bare number, a clock form, negative, or more than a duration.
    """
    if isinstance(value, timedelta):
        if value < timedelta():
            raise ValueError("a duration cannot be negative")
        return value
    text = str(value).strip()
    if is_clock(text):
        raise ValueError(f"{text!r} is a clock form, minutes to one reader and hours to another: write 2h or 15m")
    found = find_duration(text)
    rest = _NEXT.sub("", _FIRST.sub("", _ISO.sub("", text)))
    if found is None or rest.strip(" ,~"):
        raise ValueError(f"{text!r} is not a duration: write a number and a unit, such as 30m, 2h or 1 day")
    return found


def format_duration(value: timedelta) -> str:
    """The shortest exact form: whole years or months, else days to seconds: ``1y``, ``1h30m``, ``0s``."""
    for letters, unit in (("y", YEAR), ("mo", MONTH)):
        if value and not value % unit:
            return f"{value // unit}{letters}"
    seconds = value.total_seconds()
    parts = []
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:.0f}{letter}")
    if seconds or not parts:
        parts.append(f"{seconds:.6f}".rstrip("0").rstrip(".") + "s")
    return "".join(parts)


def _unit(word: str) -> timedelta:
    word = word.lower()
    name = _SHORT.get(word) or word.rstrip("s")
    return _UNITS[name]
