"""Tables: layout, width, colour and the numbers that people read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from riskgraph.report.figures import (
    Money,
    Share,
    Span,
    format_cell,
    format_interval,
    format_moment,
    format_money,
    format_number,
    format_proportion,
    format_share,
    format_share_interval,
    format_value,
)
from riskgraph.report.render import render
from riskgraph.report.table import Table
from riskgraph.report.terminal import default_width, render_terminal
from riskgraph.statistics import Proportion

WORDS = Table("Title", ("name", "verdict", "n"), (("a " * 60, "unmapped", 3), ("b", "mapped", None)), ("a note",))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"), (0.4, "0.4"), (2 / 3, "0.67"), (0.0058, "0.0058"), (0.00001234, "0.000012"), (1.0, "1"),
        (0.999, ">0.99"),
        (0.994, "0.99"), (1.04, "1"), (9.797, "9.8"), (14.6, "15"), (99.6, "100"), (120.0, "120"), (12345.6, "12,346"),
        (-0.25, "-0.25"),
    ],
)  # fmt: skip
def test_numbers(value: float, shown: str) -> None:
    """Two significant digits, never scientific, and what is not certain is never shown as certain."""
    assert format_number(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"), (1, "100 %"), (0.4545, "45 %"), (0.061, "6.1 %"), (0.1, "10 %"), (0.004, "0.4 %"),
        (0.0004, "<0.1 %"), (0.994, "99 %"), (0.996, ">99 %"), (0.0999, "10 %"),
    ],
)  # fmt: skip
def test_shares(share: float, shown: str) -> None:
    """A share is in percent, and is all or nothing only where it is."""
    assert format_share(share) == shown
    assert format_cell(Share(share)) == shown


def test_the_interval_of_a_share() -> None:
    """Both ends say percent, so that neither is taken for the other unit."""
    assert format_share_interval((0.2065, 1.0)) == "21 % to 100 %"
    assert format_share_interval(None) is None


@pytest.mark.parametrize(
    ("value", "shown"), [(42000.0, "42,000"), (0, "0"), (90000.5, "90,000.50"), (1e9, "1,000,000,000")]
)
def test_money(value: float, shown: str) -> None:
    """Money has thousands, and cents only where there are some."""
    assert format_money(value) == shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, "-"), (3, "3"), (2024, "2024"), (12000, "12,000"), (0.123, "0.12"), (Money(42000), "42,000"),
        (Span(5400), "1h30m"), (Span(0), "0s"), ("x", "x"), (Span.of(timedelta(days=2)), "2d"),
    ],
)  # fmt: skip
def test_cells(cell: object, shown: str) -> None:
    """A cell says what it is by its type."""
    assert format_cell(cell) == shown
    assert Span.of(None) is None


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (None, "owner", "not set"), (True, "x_a", "yes"), (5, "threshold", "5"), (0.5, "threshold", "0.5"),
        (42000, "loss", "42,000"),
        ({"low": 5000, "likely": 20000, "high": 90000}, "loss", "low 5,000, likely 20,000, high 90,000"),
        ({"probability": 0.1, "horizon": "1y"}, "likelihood", "probability 0.1, horizon 1y"),
        (["a", "b"], "tags", "a, b"),
        ([{"from": "R1", "to": "R2", "at": "x"}, {"from": "R1", "to": "R3"}], "reached", "R1 -> R2 (at x); R1 -> R3"),
    ],
)  # fmt: skip
def test_values(value: object, name: str, shown: str) -> None:
    """Fields read as words, not as braces and quotes."""
    assert format_value(value, name) == shown


def test_moments_and_shares() -> None:
    """A time keeps its zone; nothing to judge is said, not divided."""
    assert format_moment(None) is None
    assert format_moment(date(2024, 2, 15)) == "2024-02-15"
    assert format_moment(datetime(2024, 2, 15, 3, 40, tzinfo=UTC)) == "2024-02-15 03:40+00:00"
    assert format_moment(datetime(2024, 2, 15, 3, 40, 7, tzinfo=UTC)) == "2024-02-15 03:40:07+00:00"
    assert format_interval(None) is None
    assert format_proportion(Proportion(0, 0)) == "0/0 (nothing to judge)"
    assert format_proportion(Proportion(1, 2)) == "1/2 (95 % interval 0.095 to 0.91)"


@pytest.mark.parametrize("width", [1, 20, 40, 60, 100, 200])
def test_width(width: int) -> None:
    """No line is longer than the terminal, and nothing is cut off."""
    text = render([WORDS], "table", width=width)
    lines = text.split("\n")
    assert max(map(len, lines)) <= max(width, 20)
    assert text.count("a") >= 60
    assert not any(line != line.rstrip() for line in lines)


def test_width_of_wide_characters() -> None:
    """Characters that take two cells are counted as two, or columns would not line up."""
    table = Table("", ("a", "b"), (("\u65e5\u672c", "x"), ("abcd", "y")))
    lines = render([table], "table", width=40).split("\n")
    assert lines[2] == "\u65e5\u672c   x"
    assert lines[3] == "abcd   y"


def test_default_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal the width is fixed, so that a log of today compares with one of tomorrow."""
    monkeypatch.setenv("COLUMNS", "71")
    assert default_width() == 71
    for odd in ("", "0", "-5", "wide"):
        monkeypatch.setenv("COLUMNS", odd)
        monkeypatch.setattr("sys.__stdout__", io.StringIO())
        assert default_width() == 100


def test_environment_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour and width come from the caller alone."""
    plain = render([WORDS], "table", width=80)
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "dumb"), ("NO_COLOR", "1"), ("COLUMNS", "30"), ("LINES", "5")):
        monkeypatch.setenv(name, value)
    assert render([WORDS], "table", width=80) == plain
    assert "\x1b" not in plain


def test_color_only_repeats_words() -> None:
    """A reader who sees no colour misses nothing."""
    import re

    colored = render([WORDS], "table", width=80, color=True)
    assert "\x1b[31munmapped" in colored
    bare = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert [line.rstrip() for line in bare.split("\n")] == render([WORDS], "table", width=80).split("\n")


@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
def test_every_text_ends_with_one_line_feed(format_: str) -> None:
    """Output that is appended to a file must not run into the next line."""
    for tables in ([], [WORDS], [Table("Empty", ("a",), ())], [WORDS, WORDS]):
        text = render(tables, format_, width=80)  # type: ignore[arg-type]
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


def test_empty_tables_say_so() -> None:
    """Nothing found is a result, not a missing one."""
    empty = Table("Findings", ("where", "rule"), ())
    assert render([empty], "table", width=80) == "Findings\n  none\n"
    assert render([empty], "markdown") == "## Findings\n\nNone.\n"
    assert render([empty], "csv") == "where,rule\n"


def test_csv_blocks() -> None:
    """Tables of the same columns are one block with their keys in front; others follow after an empty line."""
    tables = [
        Table("A", ("n",), ((1,), (2,)), keys=(("incident", "INC-1"),)),
        Table("Other", ("x",), (("=1",),)),
        Table("A", ("n",), ((3,),), keys=(("incident", "INC-2"),)),
    ]
    text = render(tables, "csv")
    assert text == "incident,n\nINC-1,1\nINC-1,2\nINC-2,3\n\nx\n'=1\n"
    blocks = [list(csv.reader(io.StringIO(block))) for block in text.split("\n\n")]
    assert [len(block) for block in blocks] == [4, 2]


def test_headings_are_said_once() -> None:
    """Two tables of one incident stand under one heading."""
    tables = [Table("One", ("a",), ((1,),), (), "INC-1"), Table("Two", ("a",), ((1,),), (), "INC-1")]
    assert render(tables, "markdown").count("## INC-1\n") == 1
    assert render(tables, "table", width=80).count("INC-1") == 1


def test_a_time_is_broken_before_its_words_are() -> None:
    """Prevents: 2024-02-15 12:30 on four lines of nine letters where the table has room for two."""
    moment, path = "2024-02-15 12:30+01:00", " -> ".join(f"RISK-{number}" for number in range(101, 111))
    table = Table("", ("from", "at", "verdict", "path"), (("RISK-101", moment, "indirect", path),))
    lines = render_terminal([table], color=False, width=45).splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["RISK-101", "12:30+01:00"]


def test_what_can_be_spared_gives_way_before_the_table_does() -> None:
    """Prevents: nine lines for each of two hundred risks on a terminal of eighty letters."""
    table = Table("", ("id", "category", "name"), (("R-1", "Supply chain", "It falls down"),), spare=("category",))
    assert render_terminal([table], color=False, width=40).splitlines()[0].split() == ["id", "category", "name"]
    first, _, row, *rest = render_terminal([table], color=False, width=25).splitlines()
    assert first.split() == ["id", "name"]
    assert row.split() == ["R-1", "It", "falls", "down"]
    assert " ".join(" ".join(rest).split()) == "left out, the terminal is too narrow: category"
