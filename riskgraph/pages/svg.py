"""A picture as SVG: risks and cascades that know where they stand and how they look in, text out.

The twin of ``assets/shapes.js``, which draws in the page: the same shapes, courses and measures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from riskgraph.pages.geometry import Place, Point, Sheet, number
from riskgraph.pages.layout import Spot
from riskgraph.pages.page import read_asset
from riskgraph.report.escape import visible

PICTURE: Final = ("layout.js", "shapes.js", "painting.js", "scene.js", "saving.js")
"""The scripts that draw in a page."""
_WIDTH: Final = 18
_LINES: Final = 3
_SHIELDS: Final = 3
_SHIELD: Final = "M-7 -8H7V0C7 5 3 8 0 10C-3 8 -7 5 -7 0Z"


@dataclass(frozen=True)
class DrawnRisk:
    """A risk in a picture; ``state`` are classes of ``scene.css``, such as ``added``, separated by spaces.

    One that is ``start`` or ``reached`` has a ring around it.
    """

    id: str
    name: str
    level: str
    spot: Spot
    radius: float = 14
    closed: bool = False
    shields: tuple[str, ...] = ()
    """The status of each mitigation that guards it."""
    signals: int = 0
    """How many indicators watch it."""
    state: str = ""
    note: str = ""
    """A word above it."""


@dataclass(frozen=True)
class DrawnCascade:
    """A cascade in a picture, between two risks of it; ``states`` are classes of ``scene.css``, such as ``mapped``."""

    source: str
    target: str
    label: str = ""
    width: float = 2
    states: tuple[str, ...] = ()
    shields: tuple[str, ...] = ()


def draw_svg(
    risks: Sequence[DrawnRisk],
    cascades: Sequence[DrawnCascade],
    title: str,
    *,
    alone: bool = True,
    sized: bool = False,
) -> str:
    """The picture; ``alone`` it is a file with its own style, else a part of a page that has ``scene.css``.

    ``sized`` such a part is as wide as it was drawn, else as the page has it.
    """
    places = {risk.id: Place(risk.spot, risk.radius, len(_wrap(risk.name))) for risk in risks}
    sheet = Sheet(list(places.values()))
    lines = [_cascade(one, places[one.source], places[one.target], sheet) for one in cascades]
    shapes = [_risk(risk, sheet.point(risk.spot)) for risk in risks]
    left, top = number(sheet.box.left), number(sheet.box.top)
    width, height = number(sheet.box.right - sheet.box.left), number(sheet.box.bottom - sheet.box.top)
    own = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height} if alone else {}
    own |= {"width": width} if sized else {}
    paper = {"x": left, "y": top, "width": width, "height": height, "fill": "#ffffff"}
    ground = [_tag("style", {}, _style()), _tag("rect", paper)]
    return _tag(
        "svg", {"class": "picture", "role": "img", **own, "viewBox": f"{left} {top} {width} {height}"},
        _tag("title", {}, _text(title)), *(ground if alone else ()), *lines, *shapes,
    ) + "\n"  # fmt: skip


def _style() -> str:
    """The style sheet of the picture in the light colours, without variables: not every program knows those."""
    light = read_asset("page.css").partition("@media")[0]
    values = dict(re.findall(r"(--[a-z-]+):\s*([^;]+);", light))
    rules = re.sub(r"/\*.*?\*/", "", read_asset("scene.css"), flags=re.DOTALL)
    return re.sub(r"var\((--[a-z-]+)\)", lambda found: values[found[1]], rules).strip()


def _risk(risk: DrawnRisk, at: Point) -> str:
    r, states = risk.radius, risk.state.split()
    ring = [_tag("circle", {"class": "halo", "r": number(r + 8)})] if {"start", "reached"} & set(states) else []
    parts = [
        *ring,
        _tag("path", {"class": "shape", "d": _outline(risk.level, r)}),
        _label("id", 0, r + 22, risk.id),
        *(_label("name", 0, r + 39 + 16 * line, text) for line, text in enumerate(_wrap(risk.name))),
        *([_label("value", 0, -r - 12, risk.note)] if risk.note else ()),
        *_shields(risk.shields, r + 6, -r - 2),
        *_signals(risk.signals, -r - 8, -r),
    ]
    if "removed" in states:
        near, far = number(-r - 6), number(r + 6)
        parts.append(_tag("path", {"class": "strike", "d": f"M{near} {near}L{far} {far}"}))
    kinds = " ".join(part for part in ("risk", risk.level, "closed" if risk.closed else "", risk.state) if part)
    return _tag("g", {"class": kinds, "transform": _move(at)}, *parts)


def _cascade(cascade: DrawnCascade, source: Place, target: Place, sheet: Sheet) -> str:
    course = sheet.course(source, target)
    turned = f"{_move(course.end)} rotate({course.angle})"
    middle = course.middle
    parts = [
        _tag("path", {"class": "line", "d": course.path, "stroke-width": number(cascade.width)}),
        _tag("path", {"class": "head", "d": "M9 0L-4 -6V6Z", "transform": turned}),
    ]
    if cascade.shields:
        half = 8.5 * (min(len(cascade.shields), _SHIELDS) - 1)
        sheet.cover(Point(middle.x, middle.y + 8), half + 10)
        parts += _shields(cascade.shields, middle.x - half, middle.y + 8)
    if cascade.label:
        at = sheet.label(cascade.label, middle)
        parts.append(_label("label", at.x, at.y, cascade.label))
    if "blocked" in cascade.states:
        parts.append(_tag("path", {"class": "bar", "d": "M-6 -9V9", "transform": turned}))
    if "removed" in cascade.states:
        parts.append(_tag("path", {"class": "strike", "d": "M-7 -7L7 7M7 -7L-7 7", "transform": _move(middle)}))
    return _tag("g", {"class": " ".join(["edge", *cascade.states])}, *parts)


def _shields(states: Sequence[str], x: float, y: float) -> list[str]:
    parts = []
    for at, status in enumerate(states[:_SHIELDS]):
        cross = [_tag("path", {"class": "cross", "d": "M-6 -6L6 6M6 -6L-6 6"})] if status == "failed" else []
        shield = _tag("path", {"class": f"shield {status}", "d": _SHIELD})
        parts.append(_tag("g", {"transform": f"{_move(Point(x + 17 * at, y))} scale(1.2)"}, shield, *cross))
    if len(states) > _SHIELDS:
        more = {"class": "more", "x": number(x + 46), "y": number(y + 4)}
        parts.append(_tag("text", more, f"+{len(states) - _SHIELDS}"))
    return parts


def _signals(count: int, x: float, y: float) -> list[str]:
    if not count:
        return []
    parts = [_tag("circle", {"class": "signal", "r": "8"}), _tag("circle", {"class": "signal-dot", "r": "3"})]
    if count > 1:
        parts.append(_tag("text", {"class": "more", "x": "-11", "y": "5", "text-anchor": "end"}, str(count)))
    return [_tag("g", {"transform": _move(Point(x, y))}, *parts)]


def _outline(level: str, r: float) -> str:
    """The outline of a level around the origin, all of about the same area."""

    def by(share: float) -> str:
        return number(share * r)

    match level:
        case "medium":
            return f"M{by(-0.89)} {by(-0.89)}H{by(0.89)}V{by(0.89)}H{by(-0.89)}Z"
        case "high":
            return f"M0 {by(-1.25)}L{by(1.25)} 0L0 {by(1.25)}L{by(-1.25)} 0Z"
        case "critical":
            return f"M0 {by(-1.4)}L{by(1.3)} {by(0.95)}H{by(-1.3)}Z"
        case _:
            return f"M-{by(1)} 0A{by(1)} {by(1)} 0 1 1 {by(1)} 0A{by(1)} {by(1)} 0 1 1 -{by(1)} 0Z"


def _wrap(text: str) -> list[str]:
    """At most three lines of about 18 signs; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in visible(text).split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}\u2026" for line in lines[:_LINES]]
    if len(lines) > _LINES and not kept[-1].endswith("\u2026"):
        kept[-1] = f"{kept[-1][: _WIDTH - 1]}\u2026"
    return kept


def _label(kind: str, x: float, y: float, text: str) -> str:
    across = {"x": number(x)} if x else {}
    return _tag("text", {"class": kind, "text-anchor": "middle", **across, "y": number(y)}, _text(text))


def _text(text: str) -> str:
    return escape(visible(text), quote=False)


def _tag(name: str, attributes: Mapping[str, str], *children: str) -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(children)}</{name}>" if children else f"<{name}{said}/>"


def _move(at: Point) -> str:
    return f"translate({number(at.x)} {number(at.y)})"


__all__ = ["PICTURE", "DrawnCascade", "DrawnRisk", "draw_svg"]
