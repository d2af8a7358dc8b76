"""Durations: the words people use, and what is refused because two readers would take it for two things."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.durations import MONTH, YEAR, find_duration, format_duration, is_clock, parse_duration
from tests.strategies import durations

S, M, H, D = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", 30 * M), ("2h", 2 * H), ("1 day", D), ("1h30m", 90 * M), ("PT15M", 15 * M), ("P1DT2H", 26 * H),
        ("2 hours from failure", 2 * H), ("~6 hours", 6 * H), ("73 hours", 73 * H), ("about 5 minutes", 5 * M),
        ("1.5 hours", 90 * M), ("1,5 hours", 90 * M), ("half an hour", 30 * M), ("two days", 2 * D),
        ("an hour and 20 minutes", 80 * M), ("1 hour, 5 minutes", 65 * M), ("3 weeks", 21 * D), ("6 months", 6 * MONTH),
        ("1y", YEAR), ("1 year", YEAR), ("a quarter", YEAR / 4), ("90 seconds", 90 * S), ("45 min", 45 * M),
        ("12 hrs", 12 * H), ("P1M", MONTH), ("PT1.5H", 90 * M), ("P2W", 14 * D), ("0s", 0 * S), ("0 minutes", 0 * S),
        ("the alert fired after 10 minutes, not 2 hours", 10 * M), ("took 2 HOURS", 2 * H), ("1h 30m", 90 * M),
        ("5 minutes 2 hours", 5 * M),
    ],
)  # fmt: skip
def test_the_first_duration_of_a_text(text: str, expected: timedelta) -> None:
    """The first one counts, and all of it."""
    assert find_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "02:15", "5", "m", "v1.2m", "room 5", "5 apples", "2024-01-02", "5 mice", "hours",
     "1/2h", "P", "PT", "999999999999 years", "5 monthly"],
)  # fmt: skip
def test_texts_without_a_duration(text: str) -> None:
    """A number beside a letter is not yet a time."""
    assert find_duration(text) is None


@pytest.mark.parametrize("text", ["03:00", "2:15", "02:15:00", "about 3:00", "~02:15", "3:00 h", "12:30 hours"])
def test_clock_forms_are_refused(text: str) -> None:
    """02:15 is two hours to one reader and two minutes to another."""
    assert is_clock(text)
    with pytest.raises(ValueError, match="clock form, minutes to one reader and hours to another"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["at 03:00 the job failed", "2h", "ratio 3:1", "03:00 2h"])
def test_what_is_no_clock_form(text: str) -> None:
    """Prose with a time of day in it is prose."""
    assert not is_clock(text)


@pytest.mark.parametrize("value", [5, 5.5, "5", "", "soon", "2 hours from failure", "-2h", "2h!", "2024-01-02", None])
def test_fields_want_a_duration_and_nothing_else(value: object) -> None:
    """A register's field is no prose: what stands beside the duration is a mistake."""
    with pytest.raises(ValueError, match="is not a duration: write a number and a unit"):
        parse_duration(value)


def test_negative_durations_are_refused() -> None:
    """A delay cannot be before its cause."""
    with pytest.raises(ValueError, match="cannot be negative"):
        parse_duration(-D)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0 * S, "0s"), (30 * M, "30m"), (90 * M, "1h30m"), (D, "1d"), (25 * H, "1d1h"), (YEAR, "1y"), (2 * YEAR, "2y"),
        (MONTH, "1mo"), (6 * MONTH, "6mo"), (90 * S, "1m30s"), (timedelta(milliseconds=1500), "1.5s"),
        (timedelta(microseconds=1), "0.000001s"), (7 * D, "7d"), (365 * D, "365d"),
    ],
)  # fmt: skip
def test_the_shortest_form(value: timedelta, expected: str) -> None:
    """Exports are compared in git: one value, one form."""
    assert format_duration(value) == expected


@given(durations | st.integers(0, 1000).map(lambda n: n * MONTH))
def test_a_form_is_read_as_what_it_was(value: timedelta) -> None:
    """To the microsecond, or a round trip would drift."""
    assert parse_duration(format_duration(value)) == value
    assert find_duration(format_duration(value)) == value


@given(st.text(max_size=40) | st.text("0123456789.,:PTHMSDhmsday ", max_size=30))
def test_any_text_is_taken(text: str) -> None:
    """Prose is read in full: no text may break the reader."""
    found = find_duration(text)
    assert found is None or found >= timedelta()
