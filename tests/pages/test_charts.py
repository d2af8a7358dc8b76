"""Takes what was measured, shows the pictures that are drawn of it, and what they never draw."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.pages.charts import HEIGHT, SHARES, WIDTH, Axis, Place, axis_of, draw_interval, draw_places, draw_stacks

VALUES = st.none() | st.floats(0, 1e6)
PLACES = st.lists(
    st.builds(
        Place,
        label=st.sampled_from(["2023-Q4", "2024-Q1", "INC-1", "<b>&"]),
        said=st.text(max_size=20),
        n=st.none() | st.integers(0, 10_000),
        value=VALUES,
        interval=st.none() | st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)).map(lambda ends: (min(ends), max(ends))),
        other=VALUES,
    ),
    max_size=60,
)


def drawn(svg: str, name: str) -> list[ET.Element]:
    """The shapes of a class."""
    return [one for one in ET.fromstring(svg).iter() if name in one.get("class", "").split()]  # noqa: S314 - our own


@given(PLACES)
def test_every_picture_is_one(places: list[Place]) -> None:
    """Whatever was measured, the picture is well formed and says all of it in words."""
    axis = axis_of([end for one in places for end in (one.value or 0.0, one.other or 0.0)])
    for svg in (
        draw_places(places, axis, id_="a", title="T"),
        draw_places(places, SHARES, id_="b", title="T", other="ring"),
        draw_stacks(places, id_="c", title="T"),
    ):
        root = ET.fromstring(svg)  # noqa: S314 - our own
        assert root.get("role") == "img"
        said = root.findtext("desc") or ""
        assert said.count("; ") >= len(places) - 1
        assert "nan" not in svg
        assert "inf" not in svg


@given(st.lists(st.floats(0, 1e9), max_size=20))
def test_an_axis_holds_what_it_is_made_for(values: list[float]) -> None:
    """Nothing is cut off, and the ticks are few enough to read."""
    axis = axis_of(values)
    assert axis.high >= max([*values, 1])
    assert 2 <= len(axis.ticks) <= 6
    assert axis.ticks[0] == (0, "0")
    assert all(0 <= axis.place(value) <= HEIGHT for value in values)


def test_a_quarter_without_data_stays_empty() -> None:
    """A line through a quarter in which nothing was judged would show what nobody knows."""
    places = [
        Place("2024-Q1", "3 of 6", 6, 0.5, (0.19, 0.81)),
        Place("2024-Q2", "nothing to judge"),
        Place("2024-Q3", "5 of 5", 5, 1.0, (0.57, 1.0)),
    ]
    svg = draw_places(places, SHARES, id_="a", title="T")
    marks = [float(one.get("cx", "")) for one in drawn(svg, "mark")]
    assert len(marks) == 2
    for whisker in drawn(svg, "whisker"):
        moves = re.findall(r"M([\d.]+)", whisker.get("d", ""))
        assert all(min(abs(float(x) - mark) for mark in marks) <= 4 for x in moves)


def test_too_few_have_an_interval_and_no_dot() -> None:
    """1 of 1 must not look like 100 %."""
    svg = draw_places([Place("2024-Q1", "1 of 1, too few", 1, None, (0.21, 1.0))], SHARES, id_="a", title="T")
    assert drawn(svg, "mark") == []
    assert len(drawn(svg, "few")) == 1


@pytest.mark.parametrize(("value", "kind", "dots"), [(0.5, "whisker", 1), (None, "few", 0)])
def test_an_interval_on_a_line(value: float | None, kind: str, dots: int) -> None:
    """The line of a card tells a value from an interval that has none."""
    svg = draw_interval((0.2, 0.9), value, SHARES)
    assert len(drawn(svg, kind)) == 1
    assert len(drawn(svg, "mark")) == dots


def test_an_interval_beyond_its_axis_ends_at_its_edge() -> None:
    """A number outside of what is drawn stays inside of the picture."""
    svg = draw_interval((-9, 9), 5, Axis(-1, 1, ()))
    assert [float(one.get("cx", "")) for one in drawn(svg, "mark")] == [WIDTH - 6]


def test_stacks_tell_open_from_answered_by_more_than_colour() -> None:
    """Whoever sees no red still sees which part is an outline."""
    svg = draw_stacks([Place("2024-Q1", "1 open, 2 answered", n=3, value=1, other=2)], id_="a", title="T")
    heights = {one.get("class"): float(one.get("height", "")) for one in drawn(svg, "bar")}
    assert heights["bar outline"] == pytest.approx(2 * heights["bar"], rel=1e-3)


@pytest.mark.parametrize(("quarters", "labels", "years"), [(4, 4, 2), (60, 0, 16)])
def test_labels_make_room(quarters: int, labels: int, years: int) -> None:
    """Fifteen years of quarters must not print labels on top of each other."""
    places = [Place(f"{2020 + (n + 1) // 4}-Q{(n + 1) % 4 + 1}", "x", 5, 0.5) for n in range(quarters)]
    texts = [one.text or "" for one in ET.fromstring(draw_places(places, SHARES, id_="a", title="T")).iter()]  # noqa: S314
    assert sum(bool(re.fullmatch(r"Q\d", text)) for text in texts) == labels
    assert sum(bool(re.fullmatch(r"20\d\d", text)) for text in texts) == years
