"""The geometry of a picture: where risks stand, in columns and rows, in; points, courses and free places out.

The twin of the upper half of ``assets/shapes.js``. Lengths are units of SVG; one is a pixel where nothing is scaled.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from riskgraph.pages.layout import Spot

MARGIN: Final = 70
_PITCH_X: Final = 190
_LEAST_PITCH_Y: Final = 132
_MOST_PITCH_Y: Final = 190
_FORM: Final = (1400, 900)
"""The form of the sheet for which the distance of rows is chosen."""
_BESIDE: Final = 12
"""How far cascades that take the same way are apart."""
_SIGN: Final = 7.5
"""How wide a sign of a label is, about."""
_TRIES: Final = (-7, 17, -25, 35, -43, 53, -61, 71)
"""How far below the middle of its cascade a label may stand, the best first."""


@dataclass(frozen=True)
class Point:
    """A point, from the upper left."""

    x: float
    y: float


@dataclass(frozen=True)
class Place:
    """Where a risk stands, how large it is drawn, and how many lines its name takes."""

    spot: Spot
    radius: float
    lines: int = 1


@dataclass(frozen=True)
class Course:
    """The path of a cascade, where it ends, in which direction (degrees), and its middle."""

    path: str
    end: Point
    angle: int
    middle: Point


@dataclass(frozen=True)
class Box:
    """What something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)

    def around(self, other: Box) -> Box:
        """The least that covers both."""
        return Box(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip


class Sheet:
    """A sheet with its risks, on which cascades and their labels find their way one after the other.

    ``box`` is what the risks cover, and what was put beside, above and below them since.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self._pitch = _choose_pitch([place.spot for place in places])
        points = [self.point(place.spot) for place in places]
        right, bottom = max([0.0, *(at.x for at in points)]), max([0.0, *(at.y for at in points)])
        self.box = Box(0.0, 0.0, right + MARGIN + 40, bottom + MARGIN + 50)
        self._lanes = self._free_lanes(place.spot for place in places)
        self._taken = [
            Box(at.x - 74, at.y - place.radius, at.x + 74, at.y + place.radius + 26 + 16 * place.lines)
            for at, place in zip(points, places, strict=True)
        ]

    def point(self, spot: Spot) -> Point:
        """Where a spot is."""
        return Point(_x(spot.x), MARGIN + self._pitch * spot.y)

    def course(self, source: Place, target: Place) -> Course:
        """The course of a cascade: to the right past what stands between; back, or within a column, around."""
        a, b = self.point(source.spot), self.point(target.spot)
        if b.x > a.x + 1:
            return self._forward(source, target)
        found = self._around(source, target)
        self._reach(found.middle)
        return found

    def _around(self, source: Place, target: Place) -> Course:
        a, b = self.point(source.spot), self.point(target.spot)
        if abs(b.x - a.x) < 1:
            start, end = Point(a.x + source.radius + 2, a.y + 3), Point(b.x + target.radius + 9, b.y + 3)
            out = 30 + 10 * min(6, abs(b.y - a.y) / self._pitch)
            path = _curve(start, Point(start.x + out, start.y), Point(end.x + out, end.y), end)
            return Course(path, end, 180, Point(max(start.x, end.x) + out * 0.75, (start.y + end.y) / 2))
        start, end = Point(a.x - 4, a.y - source.radius - 4), Point(b.x + 4, b.y - target.radius - 10)
        peak = min(start.y, end.y) - (26 + 8 * min(8, (a.x - b.x) / _PITCH_X))
        path = _curve(start, Point(start.x - 20, peak), Point(end.x + 20, peak), end)
        return Course(path, end, 90, Point((start.x + end.x) / 2, 0.125 * (start.y + end.y) + 0.75 * peak))

    def label(self, text: str, middle: Point) -> Point:
        """Where a label stands: near the middle of its cascade, on nothing else or on as little as can be."""
        half = len(text) * _SIGN / 2
        boxes = [Box(middle.x - half, middle.y + by - 12, middle.x + half, middle.y + by + 4) for by in _TRIES]
        best = min(range(len(boxes)), key=lambda at: sum(boxes[at].shared(other) for other in self._taken))
        box = boxes[best]
        self._taken.append(box)
        self._reach(Point(box.left, box.top))
        self._reach(Point(box.right, box.bottom))
        return Point(middle.x, middle.y + _TRIES[best])

    def cover(self, at: Point, half_width: float) -> None:
        """Takes the place of something small, so that no label stands on it."""
        self._taken.append(Box(at.x - half_width, at.y - 11, at.x + half_width, at.y + 12))

    def _forward(self, source: Place, target: Place) -> Course:
        a, b = self.point(source.spot), self.point(target.spot)
        start, end = Point(a.x + source.radius + 3, a.y), Point(b.x - target.radius - 9, b.y)
        stops = [start]
        for column in range(_column(source.spot) + 1, _column(target.spot)):
            x = _x(column)
            lane = self._take_lane(column, start.y + (end.y - start.y) * (x - start.x) / (end.x - start.x))
            stops.append(Point(x, lane))
            self._reach(stops[-1])
        stops.append(end)
        path = f"M{number(start.x)} {number(start.y)}"
        for p, q in pairwise(stops):
            bend = (q.x - p.x) * 0.45
            path += _bend(Point(p.x + bend, p.y), Point(q.x - bend, q.y), q)
        half = (len(stops) - 1) // 2
        p, q = stops[half], stops[half + 1]
        return Course(path, end, 0, Point((p.x + q.x) / 2, (p.y + q.y) / 2))

    def _reach(self, at: Point) -> None:
        """Makes room for the furthest that a cascade or its label goes."""
        self.box = self.box.around(Box(at.x - _BESIDE, at.y - _BESIDE, at.x + _BESIDE, at.y + _BESIDE))

    def _take_lane(self, column: int, wanted: float) -> float:
        """The free height that is nearest to the wanted one; the next cascade there goes beside this one."""
        free = self._lanes.get(column)
        if not free:
            return wanted
        best = min(range(len(free)), key=lambda at: abs(free[at] - wanted))
        free[best] += _BESIDE
        return free[best] - _BESIDE

    def _free_lanes(self, spots: Iterable[Spot]) -> dict[int, list[float]]:
        """For each column the heights between its risks, and one above and one below them."""
        columns: dict[int, list[float]] = defaultdict(list)
        for spot in spots:
            columns[_column(spot)].append(spot.y)
        lanes = {}
        for column, heights in columns.items():
            heights.sort()
            between = [(low + high) / 2 + 0.04 for low, high in pairwise(heights)]
            lanes[column] = [MARGIN + self._pitch * y for y in (heights[0] - 0.5, *between, heights[-1] + 0.6)]
        return lanes


def number(value: float) -> str:
    """A length to hundredths, rounded and written as JavaScript's ``Math.round`` and numbers are."""
    hundredths = math.floor(value * 100 + 0.5)
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") if hundredths else "0"


def _choose_pitch(spots: Sequence[Spot]) -> int:
    """The distance of rows: as far apart as fills the sheet, within what looks well."""
    columns = max([1.0, *(spot.x + 1 for spot in spots)])
    rows = max([1.0, *(spot.y + 1 for spot in spots)])
    wanted = (_FORM[1] / _FORM[0]) * (columns * _PITCH_X + MARGIN) / rows
    return math.floor(min(_MOST_PITCH_Y, max(_LEAST_PITCH_Y, wanted)) + 0.5)


def _x(column: float) -> float:
    return MARGIN + 40 + _PITCH_X * column


def _column(spot: Spot) -> int:
    return math.floor(spot.x + 0.5)


def _curve(start: Point, first: Point, second: Point, end: Point) -> str:
    return f"M{number(start.x)} {number(start.y)}{_bend(first, second, end)}"


def _bend(first: Point, second: Point, end: Point) -> str:
    return "C" + " ".join(f"{number(at.x)} {number(at.y)}" for at in (first, second, end))


__all__ = ["MARGIN", "Box", "Course", "Place", "Point", "Sheet", "number"]
