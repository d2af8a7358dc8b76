"""Times of a review: ``03:00``, a timestamp or a zone as a person writes it in, aware datetimes out.

Zones change their clocks: a wall clock time that exists twice is the first of the two, and one that does not exist is
read with the offset from before the change. Nothing fails for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

_OFFSET: Final = r"(?:Z|UTC|GMT)?\s?(?:[+-]\d{2}(?::?\d{2})?)|Z|UTC|GMT"
_CLOCK: Final = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*((?:Z|UTC|GMT)(?:\s?[+-]\d{2}(?::?\d{2})?)?|\+\d{2}:\d{2})?", re.IGNORECASE
)  # A bare minus is a span, 03:00-03:15, more often than an offset.
_STAMP: Final = re.compile(
    rf"(\d{{4}}-\d{{2}}-\d{{2}})[T ]\s?(\d{{2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d{{1,6}})?)?)\s*({_OFFSET})?",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMED: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,60}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_DAY_LENGTH: Final = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """A time of day, with its own zone where it names one."""

    hour: int
    minute: int
    second: int | None = None
    zone: tzinfo | None = None

    def on(self, day: date, zone: tzinfo) -> datetime:
        """This time on a day, in its own zone or else in ``zone``."""
        return datetime.combine(day, time(self.hour, self.minute, self.second or 0), self.zone or zone)


def parse_zone(text: str) -> tzinfo | None:
    """The zone of an IANA name or of an offset such as ``+01:00``; None where there is none of that name."""
    if (offset := _offset(text)) is not None:
        return offset
    if not _NAMED.fullmatch(text.strip()):
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(text.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_names() -> list[str]:
    """All IANA names of zones, for telling which one was meant."""
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def parse_day(text: str) -> date | None:
    """The day that a text such as ``2024-02-15`` is; None where it is none, or none of 1900 to 2199."""
    if not _DAY.fullmatch(text.strip()):
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def parse_stamp(text: str) -> datetime | None:
    """The day and time that a text such as ``2024-02-15T03:00:00+01:00`` is, naive where it names no zone."""
    found = _STAMP.fullmatch(text.strip())
    return _stamp(found) if found else None


def parse_clock(text: str) -> Clock | None:
    """The time of day that a text such as ``03:00``, ``03:00:30`` or ``03:00 UTC`` is."""
    found = _CLOCK.fullmatch(text.strip())
    return _clock(found) if found else None


def is_local(text: str) -> bool:
    """Whether a text is a time that needs a zone from elsewhere."""
    stamp, clock = parse_stamp(text), parse_clock(text)
    return (stamp is not None and stamp.tzinfo is None) or (clock is not None and clock.zone is None)


def find_time(text: str) -> str | None:
    """The first timestamp in a sentence, or else the first time of day, as written."""
    for form, read in ((_STAMP, _stamp), (_CLOCK, _clock)):
        for found in form.finditer(text):
            before, after = text[max(found.start() - 1, 0) : found.start()], text[found.end() : found.end() + 1]
            if read(found) and not re.match(r"[\w:.]", before) and not re.match(r"[\w:]", after):
                return found[0].strip()
    return None


def moment(text: str, day: date, zone: tzinfo, previous: datetime | None) -> datetime | None:
    """The moment of a timeline's entry: a timestamp, a day (00:00 UTC), or a time of day.

    A time of day that is earlier on the clock than the entry before is the next day's. ``day`` counts for the first.
    """
    if stamp := parse_stamp(text):
        return stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)
    if whole := parse_day(text):
        return datetime.combine(whole, time(), UTC)
    clock = parse_clock(text)
    if clock is None:
        return None
    if previous is None:
        return clock.on(day, zone)
    before = previous.astimezone(clock.zone or zone)
    found = clock.on(before.date(), zone)
    return found if found.replace(tzinfo=None) >= before.replace(tzinfo=None) else clock.on(_next(before.date()), zone)


def moment_after(text: str, start: datetime, zone: tzinfo) -> datetime | None:
    """The moment that a text names: a timestamp as it is, a time of day the first such one at or after the start.

    A time of day without seconds in the minute of the start is the start.
    """
    if stamp := parse_stamp(text):
        return stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)
    clock = parse_clock(text)
    if clock is None:
        return None
    day = start.astimezone(clock.zone or zone).date()
    today = clock.on(day, zone)
    earliest = start.replace(second=0, microsecond=0) if clock.second is None else start.replace(microsecond=0)
    candidates = (today, today.replace(fold=1), clock.on(_next(day), zone))
    later = (each for each in candidates if each.astimezone(UTC) >= earliest.astimezone(UTC))
    return max(next(later, candidates[-1]), start, key=lambda each: each.astimezone(UTC))


def _next(day: date) -> date:
    return day + _DAY_LENGTH


def _offset(text: str) -> tzinfo | None:
    found = re.fullmatch(r"(?:UTC|GMT|Z)?\s?(?:([+-])(\d{2})(?::?(\d{2}))?)?", text.strip(), re.IGNORECASE)
    if not found or not text.strip():
        return None
    if not found[1]:
        return UTC
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if span >= _DAY_LENGTH or int(found[3] or 0) > 59:  # noqa: PLR2004 - minutes of an hour
        return None
    return timezone(-span if found[1] == "-" else span) if span else UTC


def _clock(found: re.Match[str]) -> Clock | None:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    zone = _offset(found[4]) if found[4] else None
    if hour > 23 or minute > 59 or (second or 0) > 59 or (found[4] and zone is None):  # noqa: PLR2004 - a day's clock
        return None
    return Clock(hour, minute, second, zone)


def _stamp(found: re.Match[str]) -> datetime | None:
    zone = _offset(found[3]) if found[3] else None
    if found[3] and zone is None:
        return None
    try:
        stamp = datetime.fromisoformat(f"{found[1]}T{found[2].replace(',', '.')}").replace(tzinfo=zone)
    except ValueError:
        return None
    return stamp if _FIRST_YEAR <= stamp.year <= _LAST_YEAR else None
