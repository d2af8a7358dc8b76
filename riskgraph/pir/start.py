"""When an incident began: the checked form of a review in; its zone, day, start and timeline out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Final

from riskgraph.pir.notes import quote
from riskgraph.pir.review import Entry
from riskgraph.pir.times import is_local, moment, parse_day, parse_stamp, parse_zone, zone_names
from riskgraph.validation import closest

if TYPE_CHECKING:
    from riskgraph.pir.model import PirFile
    from riskgraph.pir.notes import Notes

_NO_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class When:
    """The zone of the review's clock times, its declared day, the start in that zone, and the timeline."""

    zone: tzinfo
    day: date | None
    start: datetime
    timeline: tuple[Entry, ...]


def read_when(file: PirFile, notes: Notes) -> When:
    """When the incident of a review began.

    The start is ``started_at``, else the first time of the timeline on ``date``, else 00:00 UTC of ``date``. The zone
    is ``timezone``, else that of ``started_at`` or ``date``, else UTC with a note. What cannot be read is noted as an
    error and stood in for.
    """
    declared = _zone(file, notes)
    stamp = parse_stamp(file.date or "")
    day = stamp.date() if stamp else parse_day(file.date or "")
    if file.date is not None and day is None:
        notes.error("date-unreadable", ("date",), f"date: {quote(file.date)} is no date: write it as 2024-02-15")
    start = _explicit_start(file, declared, notes)
    known = declared or (start.tzinfo if start else None) or (stamp.tzinfo if stamp else None)
    zone = known or UTC
    if start is not None and day is not None and start.astimezone(zone).date() != day:
        message = f"date is {day}, and started_at is on {start.astimezone(zone).date()}: make them agree"
        notes.add("date-differs", ("date",), message)
    first = day or (start.astimezone(zone).date() if start else _NO_DAY)
    timeline = _timeline(file, first, zone, notes)
    if start is None:
        if known is None and any(is_local(entry.time) for entry in file.timeline or () if entry.time is not None):
            message = "no timezone is given, so the times are read as UTC: add timezone, such as Europe/Paris"
            notes.add("zone-assumed", ("date",), message)
        dated = stamp.replace(tzinfo=stamp.tzinfo or zone) if stamp else datetime.combine(first, time(), UTC)
        start = next((entry.at for entry in timeline if entry.at is not None), dated)
    return When(zone, day, start.astimezone(zone), timeline)


def _zone(file: PirFile, notes: Notes) -> tzinfo | None:
    """The declared zone."""
    text = file.timezone
    zone = parse_zone(text) if text is not None else None
    if text is not None and zone is None:
        near = closest(text, zone_names())
        hint = f"did you mean {near}?" if near else "write a name such as Europe/Paris, or an offset such as +01:00"
        notes.error("unknown-timezone", ("timezone",), f"there is no timezone {quote(text)}: {hint}")
    return zone


def _explicit_start(file: PirFile, zone: tzinfo | None, notes: Notes) -> datetime | None:
    """The moment that ``started_at`` is, a day being its 00:00 UTC; None where absent or unusable."""
    text = file.started_at
    if text is None:
        return None
    if (day := parse_day(text)) is not None:
        return datetime.combine(day, time(), UTC)
    stamp = parse_stamp(text)
    if stamp is None:
        message = f"started_at: {quote(text)} is no time: write it as 2024-02-15T03:00:00+01:00"
        notes.error("time-unreadable", ("started_at",), message)
        return None
    if stamp.tzinfo is None and zone is None:
        if file.timezone is None:
            message = f"started_at: {text} has no zone: end it with an offset such as +01:00, or add timezone"
            notes.error("naive-time", ("started_at",), message)
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)


def _timeline(file: PirFile, day: date, zone: tzinfo, notes: Notes) -> tuple[Entry, ...]:
    """The entries in which anything was written, each with its moment."""
    entries: list[Entry] = []
    previous: datetime | None = None
    for index, item in enumerate(file.timeline or ()):
        if item.time is None and item.event is None:
            continue
        at = moment(item.time, day, zone, previous) if item.time is not None else None
        if item.time is not None and at is None:
            message = f"time: {quote(item.time)} is no time: write HH:MM or 2024-02-15T03:40:00+01:00"
            notes.add("time-unreadable", ("timeline", index, "time"), message)
        previous = at or previous
        entries.append(Entry(index, at, (item.event or "").strip()))
    return tuple(entries)
