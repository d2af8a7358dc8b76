"""Charts: what was measured at places along a line in, inline SVG out that says in words what it shows.

A place without data stays empty, and nothing is drawn from one place to the next: what is between was not measured.
Colours are classes of the page's style sheet; shapes differ wherever colours do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup, escape

from riskgraph.report.escape import visible
from riskgraph.report.figures import format_number, format_share

if TYPE_CHECKING:
    from riskgraph.statistics import Interval

WIDTH: Final = 360
HEIGHT: Final = 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 12, 44
_ROOM_FOR_LABELS: Final = 18
"""How wide a place has to be for its label and its n."""
_CAP: Final = 4
_STEPS: Final = (1, 2, 5)
_TICKS: Final = 4


@dataclass(frozen=True)
class Place:
    """What stands at one place: a value with its interval, and another value beside it, each where it can be told.

    ``label`` is ``2024-Q1`` or a number in a table; ``said`` is all of it in words. ``n`` is how much it rests on.
    """

    label: str
    said: str
    n: int | None = None
    value: float | None = None
    interval: Interval | None = None
    other: float | None = None


@dataclass(frozen=True)
class Axis:
    """The vertical axis: where it begins and ends, and its ticks with their text."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """The vertical position of a value; what lies outside is drawn at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP)


SHARES: Final = Axis(0, 1, tuple((share, format_share(share)) for share in (0, 0.25, 0.5, 0.75, 1)))
"""From nothing to all."""


def axis_of(values: Sequence[float]) -> Axis:
    """An axis from 0 to a round number that holds all values."""
    top = max([*values, 1.0])
    power = 10 ** math.floor(math.log10(top / _TICKS))
    step = next(step * power for step in (*_STEPS, 10) if step * power * _TICKS >= top)
    step = max(step, 1)
    count = math.ceil(top / step)
    return Axis(0, step * count, tuple((step * tick, format_number(step * tick)) for tick in range(count + 1)))


def draw_places(
    places: Sequence[Place], axis: Axis, *, id_: str, title: str, other: Literal["dash", "ring"] = "dash"
) -> Markup:
    """A dot with its interval at each place; a second value is a short line across it, or a ring around it."""
    width = _width_of(places)
    parts = [_frame(axis)]
    for number, one in enumerate(places):
        x = _LEFT + width * (number + 0.5)
        parts.append(_label(places, number, x, width))
        if one.interval is not None:
            parts.append(_whisker(x, one.interval, axis, width, is_told=one.value is not None))
        if one.other is not None:
            y = axis.place(one.other)
            half = min(8.0, width * 0.42)
            parts.append(
                f'<path class="other" d="M{x - half:.5g} {y:.5g}h{2 * half:.5g}"/>' if other == "dash"
                else f'<circle class="other" cx="{x:.5g}" cy="{y:.5g}" r="{min(7.0, half):.3g}"/>'
            )  # fmt: skip
        if one.value is not None:
            parts.append(
                f'<circle class="mark" cx="{x:.5g}" cy="{axis.place(one.value):.5g}" r="{_radius(width):.3g}"/>'
            )
    return _picture(parts, id_, title, places)


def draw_stacks(places: Sequence[Place], *, id_: str, title: str) -> Markup:
    """A bar at each place: ``value`` filled from the ground, ``other`` as an outline on top of it."""
    axis = axis_of([(one.value or 0) + (one.other or 0) for one in places])
    width = _width_of(places)
    parts = [_frame(axis)]
    for number, one in enumerate(places):
        x = _LEFT + width * (number + 0.5)
        half = min(12.0, width * 0.36)
        below = one.value or 0
        parts += [
            _label(places, number, x, width),
            _bar("bar", x, half, axis.place(0), axis.place(below)),
            _bar("bar outline", x, half, axis.place(below), axis.place(below + (one.other or 0))),
        ]
    return _picture(parts, id_, title, places)


def draw_interval(interval: Interval, value: float | None, axis: Axis) -> Markup:
    """An interval and its value on a line of its own; who hears the page skips it, the numbers stand beside it."""

    def place(at: float) -> float:
        return 6 + (min(max(at, axis.low), axis.high) - axis.low) / (axis.high - axis.low) * (WIDTH - 12)

    low, high = place(interval[0]), place(interval[1])
    kind = "whisker" if value is not None else "whisker few"
    dot = f'<circle class="mark" cx="{place(value):.5g}" cy="12" r="6"/>' if value is not None else ""
    middle = place((axis.low + axis.high) / 2)
    return _trusted(
        f'<svg class="interval" viewBox="0 0 {WIDTH} 24" aria-hidden="true" focusable="false">'
        f'<path class="grid" d="M6 6v12M{middle:.5g} 6v12M{WIDTH - 6} 6v12"/><path class="axis" d="M6 12H{WIDTH - 6}"/>'
        f'<path class="{kind}" d="M{low:.5g} 12H{high:.5g}M{low:.5g} 7v10M{high:.5g} 7v10"/>{dot}</svg>'
    )


def _width_of(places: Sequence[Place]) -> float:
    return (WIDTH - _LEFT - _RIGHT) / max(1, len(places))


def _radius(width: float) -> float:
    return max(1.5, min(4.5, width * 0.3))


def _frame(axis: Axis) -> str:
    lines = "".join(
        f'<path class="grid" d="M{_LEFT} {axis.place(at):.5g}H{WIDTH - _RIGHT}"/>'
        f'<text x="{_LEFT - 6}" y="{axis.place(at) + 4:.5g}" text-anchor="end">{text}</text>'
        for at, text in axis.ticks
    )
    return f'{lines}<path class="axis" d="M{_LEFT} {axis.place(axis.low):.5g}H{WIDTH - _RIGHT}"/>'


def _whisker(x: float, interval: Interval, axis: Axis, width: float, *, is_told: bool) -> str:
    cap = min(_CAP, width * 0.3)
    low, high = axis.place(interval[0]), axis.place(interval[1])
    kind = "whisker" if is_told else "whisker few"
    caps = f"M{x - cap:.5g} {high:.5g}h{2 * cap:.5g}M{x - cap:.5g} {low:.5g}h{2 * cap:.5g}"
    return f'<path class="{kind}" d="M{x:.5g} {low:.5g}V{high:.5g}"/><path class="whisker" d="{caps}"/>'


def _label(places: Sequence[Place], number: int, x: float, width: float) -> str:
    """The label of a place, as far as there is room; that of a quarter has its n, and the year at the first of it."""
    year, _, quarter = places[number].label.partition("-Q")
    if not quarter:
        every = math.ceil(_ROOM_FOR_LABELS / width)
        return _text(x, 16, year) if number % every == 0 else ""
    is_first = number == 0 or places[number - 1].label.partition("-Q")[0] != year
    n = places[number].n
    parts = []
    if width >= _ROOM_FOR_LABELS:
        parts.append(_text(x, 14, f"Q{quarter}"))
        parts.append(_text(x, 26, n or "", "n"))
    if is_first:
        parts.append(_text(x, 40, year, "year"))
    return "".join(parts)


def _text(x: float, below: float, text: object, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.5g}" y="{HEIGHT - _BOTTOM + below:.5g}" text-anchor="middle">{_safe(text)}</text>'


def _bar(kind: str, x: float, half: float, ground: float, top: float) -> str:
    if ground - top <= 0:
        return ""
    return f'<rect class="{kind}" x="{x - half:.5g}" y="{top:.5g}" width="{2 * half:.5g}" height="{ground - top:.5g}"/>'


def _picture(parts: Sequence[str], id_: str, title: str, places: Sequence[Place]) -> Markup:
    said = "; ".join(f"{one.label}: {one.said}" for one in places) or "nothing to show"
    return _trusted(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id_}-t {id_}-d">'
        f'<title id="{id_}-t">{_safe(title)}</title><desc id="{id_}-d">{_safe(said)}</desc>{"".join(parts)}</svg>'
    )


def _safe(text: object) -> Markup:
    return escape(visible(str(text)))


def _trusted(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - numbers and classes of ours; every text in it is escaped


__all__ = ["SHARES", "Axis", "Place", "axis_of", "draw_interval", "draw_places", "draw_stacks"]
