"""Times of a review: what people write in, moments with a zone out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.pir.times import (
    find_time,
    moment,
    moment_after,
    parse_clock,
    parse_day,
    parse_stamp,
    parse_zone,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from riskgraph.pir.review import Pir

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UTC", UTC),
        ("z", UTC),
        ("+01:00", timezone(HOUR)),
        ("-0330", timezone(-3.5 * HOUR)),
        ("UTC+2", None),
        ("UTC+02", timezone(2 * HOUR)),
        ("+00:00", UTC),
        ("Europe/Paris", PARIS),
        ("Europe", None),
        ("../../etc/passwd", None),
        ("/etc/localtime", None),
        ("CEST", None),
        ("+24:00", None),
        ("+01:75", None),
        ("", None),
    ],
)
def test_a_zone_is_an_iana_name_or_an_offset(text: str, expected: object) -> None:
    """A name out of a file must open no other file, and an abbreviation has no one meaning."""
    assert parse_zone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03:00", (3, 0, None)),
        ("3:05", (3, 5, None)),
        (" 23:59:58 ", (23, 59, 58)),
        ("24:00", None),
        ("12:60", None),
        ("3", None),
        ("3 pm", None),
        ("03:00-03:15", None),
        ("03:00 CET", None),
        ("~03:00", None),
    ],
)
def test_a_time_of_day_is_read_to_the_letter(text: str, expected: object) -> None:
    """A span or an unknown zone must not become some other time."""
    clock = parse_clock(text)
    assert (clock and (clock.hour, clock.minute, clock.second)) == expected


def test_a_time_of_day_may_name_its_zone() -> None:
    """Logs are in UTC while the review's zone is another."""
    day = date(2024, 7, 1)
    for text in ("03:00 UTC", "03:00Z", "03:00 utc", "05:00+02:00", "05:00 UTC+02:00"):
        assert moment(text, day, PARIS, None) == datetime(2024, 7, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-15T03:00:00+01:00", datetime(2024, 2, 15, 2, tzinfo=UTC)),
        ("2024-02-15 03:00Z", datetime(2024, 2, 15, 3, tzinfo=UTC)),
        ("2024-02-15 03:00 UTC", datetime(2024, 2, 15, 3, tzinfo=UTC)),
        ("2024-02-15T03:00:00.250-05:00", datetime(2024, 2, 15, 8, 0, 0, 250000, tzinfo=UTC)),
        ("2024-02-30T03:00:00Z", None),
        ("2024-02-15T25:00:00Z", None),
        ("2024-02-15", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_timestamp_is_read_to_the_letter(text: str, expected: datetime | None) -> None:
    """Dates at the end of the calendar overflow when their zone is changed."""
    assert parse_stamp(text) == expected


def test_a_timestamp_without_zone_is_on_the_wall() -> None:
    """It is read in the review's zone, in winter and in summer."""
    day = date(2024, 1, 1)
    assert moment("2024-07-01 05:00", day, PARIS, None) == datetime(2024, 7, 1, 3, tzinfo=UTC)
    assert moment_after("2024-01-01 05:00", datetime(2024, 7, 1, tzinfo=UTC), PARIS) == datetime(
        2024, 1, 1, 4, tzinfo=UTC
    )
    assert parse_day("2024-1-5") is None


def test_a_timeline_rolls_over_at_midnight(review: Callable[..., Pir]) -> None:
    """An incident over night lasts hours, not minus twenty."""
    times = [
        "22:10",
        "23:59",
        "00:05",
        "00:05",
        "23:00",
        "01:00",
        "2024-02-20T12:00:00Z",
        "11:00",
        "2024-02-22",
        "00:30",
    ]
    pir = review("timeline:\n" + "".join(f"- {{time: '{time}', event: e}}\n" for time in times))
    assert [entry.at.strftime("%d %H:%M") for entry in pir.timeline if entry.at] == [
        "15 22:10", "15 23:59", "16 00:05", "16 00:05", "16 23:00", "17 01:00", "20 12:00", "21 11:00", "22 00:00",
        "22 00:30",
    ]  # fmt: skip
    assert pir.started_at == datetime(2024, 2, 15, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "start", "rules"),
    [
        ("date: 2024-02-15", "2024-02-15T00:00:00+00:00", []),
        ("date: 2024-02-15\ntimeline: [{time: 03:00, event: e}]", "2024-02-15T03:00:00+00:00", ["zone-assumed"]),
        ("date: 2024-02-15\ntimeline: [{time: 03:00 UTC, event: e}]", "2024-02-15T03:00:00+00:00", []),
        ("date: 2024-02-15\ntimeline: [{event: a}, {time: 04:00, event: e}]\ntimezone: Europe/Paris",
         "2024-02-15T04:00:00+01:00", []),
        ("date: 2024-02-15\ntimezone: Europe/Paris", "2024-02-15T01:00:00+01:00", []),
        ("date: 2024-02-15T06:00:00+02:00", "2024-02-15T06:00:00+02:00", []),
        ("date: 2024-02-15T06:00:00+02:00\ntimeline: [{time: 05:00, event: e}]", "2024-02-15T05:00:00+02:00", []),
        ("started_at: 2024-02-15T03:00:00+01:00\ntimeline: [{time: 04:00, event: e}]", "2024-02-15T03:00:00+01:00", []),
        ("started_at: 2024-02-15T03:00:00Z\ntimezone: Europe/Paris", "2024-02-15T04:00:00+01:00", []),
        ("started_at: 2024-07-15T03:00\ntimezone: Europe/Paris", "2024-07-15T03:00:00+02:00", []),
        ("started_at: 2024-02-15", "2024-02-15T00:00:00+00:00", []),
        ("started_at: 2024-02-16T01:00:00Z\ndate: 2024-02-15", "2024-02-16T01:00:00+00:00", ["date-differs"]),
    ],
)  # fmt: skip
def test_the_start(read: Callable[..., Any], head: str, start: str, rules: list[str]) -> None:
    """The graph that a review is judged by depends on this moment alone."""
    pir, findings = read("", head=f"incident_id: I1\nrelated_risk: R1\n{head}\n")
    assert pir is not None, findings
    assert pir.started_at.isoformat() == start
    assert [finding.rule for finding in findings] == rules


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        ("Europe/Paris", "2024-03-31", "02:30", "2024-03-31T01:30:00+00:00"),
        ("Europe/Paris", "2024-10-27", "02:30", "2024-10-27T00:30:00+00:00"),
        ("America/New_York", "2024-03-10", "02:30", "2024-03-10T07:30:00+00:00"),
        ("America/New_York", "2024-11-03", "01:30", "2024-11-03T05:30:00+00:00"),
        ("Australia/Lord_Howe", "2024-04-07", "01:45", "2024-04-06T14:45:00+00:00"),
        ("Australia/Lord_Howe", "2024-10-06", "02:15", "2024-10-05T15:45:00+00:00"),
    ],
)
def test_both_changes_of_the_clock(review: Callable[..., Pir], zone: str, day: str, clock: str, expected: str) -> None:
    """A time that exists twice is the first, and one that does not exist is no crash."""
    head = (
        f"incident_id: I1\nrelated_risk: R1\ndate: {day}\ntimezone: {zone}\ntimeline: [{{time: '{clock}', event: e}}]\n"
    )
    assert review("", head=head).started_at.astimezone(UTC).isoformat() == expected


def test_the_first_such_moment_at_or_after_the_start(review: Callable[..., Pir]) -> None:
    """A step cannot come before its cause, nor a day late because of some seconds."""
    pir = review("started_at: 2024-02-15T23:30:20+01:00\n", head="incident_id: I1\nrelated_risk: R1\n")
    assert str(pir.moment_after_start("23:45")) == "2024-02-15 23:45:00+01:00"
    assert str(pir.moment_after_start("23:30")) == "2024-02-15 23:30:20+01:00"
    assert str(pir.moment_after_start("23:30:19")) == "2024-02-16 23:30:19+01:00"
    assert str(pir.moment_after_start("00:10")) == "2024-02-16 00:10:00+01:00"
    assert str(pir.moment_after_start("22:40 UTC")) == "2024-02-15 22:40:00+00:00"
    assert str(pir.moment_after_start("2024-02-14T10:00:00Z")) == "2024-02-14 10:00:00+00:00"
    assert pir.moment_after_start("later") is None


def test_the_hour_that_comes_twice_does_not_cost_a_day() -> None:
    """At 02:40 winter time, 02:50 is ten minutes away."""
    start = datetime(2024, 10, 27, 1, 40, tzinfo=UTC).astimezone(PARIS)
    found = moment_after("02:50", start, PARIS)
    assert found is not None
    assert found.astimezone(UTC) == datetime(2024, 10, 27, 1, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes - EM engaged at 06:30", "06:30"),
        ("No: told at 2024-02-15T07:00:00Z, not at 06:30", "2024-02-15T07:00:00Z"),
        ("Yes (06:30-07:00).", "06:30"),
        ("ratio 1:300, port 10:20:30:40", None),
        ("Yes", None),
        ("at 99:99, then 04:10", "04:10"),
    ],
)
def test_a_time_in_a_sentence(text: str, expected: str | None) -> None:
    """Only what is a time by itself is one."""
    assert find_time(text) == expected


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.timezones()), st.times())  # noqa: DTZ001
def test_a_time_of_day_is_found_within_a_day_or_so(start: datetime, clock: Any) -> None:
    """In every zone the moment is not before the start, and at most a day and a change of the clock after it."""
    assert start.tzinfo is not None
    found = moment_after(clock.strftime("%H:%M"), start, start.tzinfo)
    assert found is not None
    gap = found.astimezone(UTC) - start.astimezone(UTC)
    assert timedelta() <= gap <= timedelta(hours=49)
