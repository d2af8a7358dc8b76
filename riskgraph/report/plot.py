"""Plots: the calibration of forecasts in, a reliability diagram as SVG out.

Each circle is a bin: where it stands says what was forecast and how often it happened, its area how many risk-years it
is, the bar its 95 % interval. On the dashed line forecasts are as good as they can be.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

from riskgraph.report.figures import format_number

if TYPE_CHECKING:
    from riskgraph.metrics.calibration import Bin, Calibration

SIZE: Final = 480
"""Width and height of the picture; it has no other unit than its own."""
_MARGIN: Final = 64
_SIDE: Final = SIZE - 2 * _MARGIN
_LARGEST: Final = 14
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#222}.axis{stroke:#222}.best{stroke:#666;stroke-dasharray:5 5}"
    ".bin{stroke:#0a5c8f;stroke-width:2}circle.bin{fill:#0a5c8f;fill-opacity:.35}"
    "@media (prefers-color-scheme:dark){text{fill:#ddd}.axis{stroke:#ddd}.best{stroke:#999}"
    ".bin{stroke:#6cc0f0}circle.bin{fill:#6cc0f0}}"
)


def plot_reliability(calibration: Calibration, *, inline: str = "") -> str:
    """The reliability diagram (Murphy and Winkler, 1977) of forecasts; without enough of them it says so.

    With ``inline`` it is a part of a page, whose style sheet it leaves the colours to, and whose ids begin with that.
    """
    said = _describe(calibration)
    title, desc = (f"{inline}-t", f"{inline}-d") if inline else ("t", "d")
    about = f'class="{inline}"' if inline else 'xmlns="http://www.w3.org/2000/svg"'
    style = "" if inline else f"<style>{_STYLE}</style>"
    parts = [
        f'<svg {about} viewBox="0 0 {SIZE} {SIZE}" role="img" aria-labelledby="{title} {desc}">',
        f'<title id="{title}">Reliability of forecasts</title><desc id="{desc}">{escape(said)}</desc>{style}',
        f'<path class="axis" fill="none" d="M{_MARGIN} {_MARGIN}V{_y(0):g}H{_x(1):g}"/>',
        f'<path class="best" d="M{_x(0):g} {_y(0):g}L{_x(1):g} {_y(1):g}"/>',
        *(_tick(share) for share in _TICKS),
        _text(SIZE / 2, SIZE - 16, "forecast, share of risk-years", "middle"),
        f'<text transform="translate(18 {SIZE / 2:g}) rotate(-90)" text-anchor="middle">happened</text>',
        _text(_MARGIN, 36, said.partition(":")[0], "start"),
        *(part for one in calibration.bins for part in _circle(one, calibration.forecasts)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _describe(calibration: Calibration) -> str:
    if calibration.brier is None:
        return f"not enough data (n = {calibration.forecasts})"
    bins = "; ".join(
        f"{format_number(one.mean)} forecast, {one.happened.k} of {one.happened.n} happened" for one in calibration.bins
    )
    return f"{calibration.forecasts} risk-years, Brier score {format_number(calibration.brier)}: {bins}"


def _circle(one: Bin, forecasts: int) -> list[str]:
    low, high = one.happened.interval or (0.0, 1.0)
    share = one.happened.k / one.happened.n
    radius = max(3.0, _LARGEST * math.sqrt(one.happened.n / forecasts))
    return [
        f'<path class="bin" d="M{_x(one.mean):g} {_y(low):g}V{_y(high):g}"/>',
        f'<circle class="bin" cx="{_x(one.mean):g}" cy="{_y(share):g}" r="{radius:.3g}"/>',
        _text(_x(one.mean) + radius + 4, _y(share) - 6, f"{one.happened.k} of {one.happened.n}", "start"),
    ]


def _tick(share: float) -> str:
    below = _text(_x(share), _y(0) + 20, f"{share:g}", "middle")
    return below + _text(_MARGIN - 8, _y(share) + 4, f"{share:g}", "end")


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.5g}" y="{y:.5g}" text-anchor="{anchor}">{escape(text)}</text>'


def _x(share: float) -> float:
    return round(_MARGIN + share * _SIDE, 2)


def _y(share: float) -> float:
    return round(SIZE - _MARGIN - share * _SIDE, 2)


__all__ = ["plot_reliability"]
