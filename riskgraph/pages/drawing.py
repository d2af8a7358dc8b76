"""The map as a still picture: what the page of the map knows in, SVG of what it shows at first out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from riskgraph.durations import format_duration
from riskgraph.pages.layout import Rank, place
from riskgraph.pages.svg import DrawnCascade, DrawnRisk, draw_svg
from riskgraph.report.figures import format_number

SMALLEST: Final = 14
"""The radius of a risk of which no loss is expected; the dearest has ``SMALLEST + GROWTH``."""
GROWTH: Final = 18
_QUIET: Final = 60
"""Above so many cascades their labels would cover each other, and are left out."""


def draw_map(data: Mapping[str, Any], title: str = "Cascade map") -> str:
    """The picture of ``map_data``: as large as what a risk is expected to cost, as thick as a cascade is probable."""
    kept = set(data["scope"])
    pairs = [(one["from"], one["to"]) for one in data["cascades"] if one["from"] in kept and one["to"] in kept]
    spots = place(data["scope"], pairs, {one["id"]: Rank(one["column"], one["row"]) for one in data["risks"]})
    largest = max((one["expected"] or 0.0 for one in data["risks"]), default=0.0)
    guards: dict[str | tuple[str, str], list[str]] = defaultdict(list)
    for mitigation in data["mitigations"]:
        for edge in mitigation["mitigates"]:
            guards[edge["risk"]].append(mitigation["status"])
        for edge in mitigation["blocks"]:
            guards[edge["from"], edge["to"]].append(mitigation["status"])
    signals: dict[str, int] = defaultdict(int)
    for indicator in data["indicators"]:
        for risk in indicator["watches"]:
            signals[risk] += 1
    risks = [
        DrawnRisk(
            one["id"],
            one["name"],
            one["level"],
            spots[one["id"]],
            radius_of(one["expected"], largest),
            closed=one["status"] == "closed",
            shields=tuple(guards[one["id"]]),
            signals=signals[one["id"]],
        )
        for one in data["risks"]
        if one["id"] in kept
    ]
    cascades = [
        DrawnCascade(
            one["from"],
            one["to"],
            label_of(one["probability"], one["delay"]) if len(pairs) <= _QUIET else "",
            1 + 4 * (one["probability"] or 0),
            () if one["probability"] is not None else ("unestimated",),
            tuple(guards[one["from"], one["to"]]),
        )
        for one in data["cascades"]
        if one["from"] in kept and one["to"] in kept
    ]
    hidden = len(data["risks"]) - len(kept)
    return draw_svg(risks, cascades, f"{title}: {len(kept)} risks, {hidden} more are hidden" if hidden else title)


def radius_of(expected: float | None, largest: float) -> float:
    """How large a risk is drawn: its area grows with the loss that is expected if it happens."""
    return SMALLEST + (GROWTH * math.sqrt((expected or 0) / largest) if largest else 0)


def label_of(probability: float | None, delay: float | None) -> str:
    """What stands beside a cascade: ``0.5, 2 h``; ``delay`` is in seconds."""
    parts = []
    if probability is not None:
        parts.append(format_number(probability))
    if delay is not None:
        parts.append(format_duration(timedelta(seconds=delay)))
    return ", ".join(parts)


__all__ = ["draw_map", "label_of", "radius_of"]
