"""Cards: what was measured in, each of the five metrics as its number with what it rests on out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.definitions import DEFINITIONS
from riskgraph.metrics.metric import MINIMUM
from riskgraph.pages.charts import SHARES, Axis, draw_interval
from riskgraph.report.figures import Share, Span, format_cell, format_interval, format_number, format_share_interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from riskgraph.metrics.definitions import Definition
    from riskgraph.metrics.measure import Measured

_OF: Final = {
    "in_register": ("incident", "incidents"),
    "cascades_predicted": ("observed step", "observed steps"),
    "mitigations_worked": ("challenged mitigation", "challenged mitigations"),
    "detection": ("detection", "detections"),
}
FEW: Final = "too few"
"""What stands in a table for a share of fewer than ``MINIMUM``."""
_MINUS: Final = "\u2212"


@dataclass(frozen=True)
class Figure:
    """A number for a person, and the same in full for a program; ``value`` is None where there are too few data."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Card:
    """A metric at a glance. ``facts`` are pairs of a word and what it is; ``lacks`` says what more would be needed."""

    definition: Definition
    figure: Figure
    of: str
    picture: Markup | None
    facts: tuple[tuple[str, Figure], ...]
    lacks: tuple[str, ...] = ()


def make_cards(measured: Measured) -> tuple[Card, ...]:
    """The five, in the order of the method."""
    data = measured.data()
    return (
        _share_card("in_register", data["in_register"]),
        _gap_card(data["probability_gap"]),
        _share_card("cascades_predicted", data["cascades_predicted"], _precision(data["cascades_predicted"])),
        _share_card("mitigations_worked", data["mitigations_worked"], _outcomes(data["mitigations_worked"])),
        _detection_card(data["detection"]),
    )


def share_figure(share: Mapping[str, Any]) -> Figure:
    """A share in percent, or that there are not enough data for one."""
    value = share["value"]
    return Figure(few(share["n"]) if value is None else format_cell(Share(value)), value)


def share_of(name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The share that is in a metric's numbers: that of detection is the part that was not later than expected."""
    found: Mapping[str, Any] = data["share_within"] if name == "detection" else data
    return found


def few(n: int, of: str = "") -> str:
    """That so many are not enough for a number."""
    return f"not enough data (n = {n}{of and f' {of}'})"


def _share_card(name: str, data: Mapping[str, Any], more: Sequence[tuple[str, Figure]] = ()) -> Card:
    interval = data["interval"]
    return Card(
        DEFINITIONS[name],
        share_figure(data),
        f"{data['k']} of {data['n']} {_OF[name][data['n'] != 1]}",
        draw_interval(interval, data["value"], SHARES) if interval else None,
        (("95 % interval", Figure(format_share_interval(interval) or "none")), *more, *_vouched(data)),
        _lacks(data["n"], data),
    )


def _gap_card(data: Mapping[str, Any]) -> Card:
    interval, years = data["interval"], data["risk_years"]
    told = interval is not None and (years > 0 or data["observed"] > 0)
    side = max(map(abs, interval or (1.0,)))
    facts = [
        ("predicted", Figure(format_number(data["predicted"]), data["predicted"])),
        ("95 % interval of the gap", Figure(format_interval(interval) or "none")),
        ("gaps of the bands, signs left out", Figure(format_number(data["absolute"]), data["absolute"])),
        (
            f"Brier score, n = {years} risk-years",
            Figure(few(years) if data["brier"] is None else format_number(data["brier"]), data["brier"]),
        ),
    ]
    if data["stated_only"]:
        facts.append(("occurrences that only a review counts", Figure(str(data["stated_only"]), data["stated_only"])))
    lacks = []
    if risks := data["not_estimated"]["risks"]:
        happened = data["not_estimated"]["occurrences"]
        lacks.append(f"left out, without a likelihood: {risks} of the risks, and {happened} occurrences of them")
    return Card(
        DEFINITIONS["probability_gap"],
        Figure(_signed(data["gap"]), data["gap"]) if told else Figure(few(years, "risk-years")),
        f"n = {data['observed']} {'occurrence' if data['observed'] == 1 else 'occurrences'}, {years} risk-years",
        draw_interval(interval, data["gap"], Axis(-side, side, ())) if told else None,
        (*facts, *_vouched(data)) if told else (),
        (*lacks, *_missing(data)),
    )


def _spans(interval: Sequence[float] | None) -> str:
    return " to ".join(format_cell(Span(round(end))) for end in interval) if interval else "none"


def _detection_card(data: Mapping[str, Any]) -> Card:
    n, within = data["n"], data["share_within"]
    median = data["median"]
    facts = []
    if median is not None:
        spread = f"{format_cell(Span(round(data['q1'])))} to {format_cell(Span(round(data['q3'])))}"
        facts += [
            ("quartiles", Figure(spread)),
            ("95 % interval of the median", Figure(_spans(data["interval"]))),
            ("mean", Figure(format_cell(Span(round(data["mean"]))), data["mean"])),
        ]
    facts += [
        (f"as fast as expected, {within['k']} of {within['n']}", share_figure(within)),
        ("95 % interval", Figure(format_share_interval(within["interval"]) or "none")),
    ]
    return Card(
        DEFINITIONS["detection"],
        Figure(few(n)) if median is None else Figure(_late(median), median),
        f"median of {n} {_OF['detection'][n != 1]}",
        draw_interval(within["interval"], within["value"], SHARES) if within["interval"] else None,
        (*facts, *_vouched(data)),
        _lacks(n, data),
    )


def _precision(data: Mapping[str, Any]) -> list[tuple[str, Figure]]:
    one = data["precision"]
    return [(f"of the cascades tried, {one['k']} of {one['n']} fired", share_figure(one))]


def _outcomes(data: Mapping[str, Any]) -> list[tuple[str, Figure]]:
    return [
        (name.replace("_", " "), Figure(str(data[name]), data[name])) for name in ("partly", "failed", "not_in_place")
    ]


def _vouched(data: Mapping[str, Any]) -> list[tuple[str, Figure]]:
    """How much of it the store's clock vouches for, and how much declared dates do."""
    return [
        (name, Figure(f"{data[name]['k']} of {data[name]['n']}", data[name]["value"]))
        for name in ("sealed", "declared")
        if data[name]["n"]
    ]


def _lacks(n: int, data: Mapping[str, Any]) -> tuple[str, ...]:
    more = [f"{MINIMUM - n} more would give a number"] if n < MINIMUM else []
    return (*more, *_missing(data))


def _missing(data: Mapping[str, Any]) -> list[str]:
    return [f"cannot be told of {', '.join(data['missing'])}"] if data["missing"] else []


def _signed(gap: float) -> str:
    """A gap with its sign: above 0 more was predicted than happened."""
    shown = format_number(abs(gap))
    return shown if gap == 0 else f"{'+' if gap > 0 else _MINUS}{shown}"


def _late(seconds: float) -> str:
    shown = format_cell(Span(abs(round(seconds))))
    return f"{shown} {'later' if seconds > 0 else 'earlier'}" if round(seconds) else "on time"
