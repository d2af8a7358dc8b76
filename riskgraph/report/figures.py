"""Figures: numbers, spans and times in, the short form that a person reads out. JSON never goes through here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from riskgraph.durations import format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riskgraph.statistics import Interval, Proportion

_GROUPED: Final = 100
_TINY: Final = 0.00001
_SHARES: Final = frozenset({"probability", "effectiveness"})
_AMOUNTS: Final = frozenset({"loss", "low", "likely", "high"})


class Money(float):
    """An amount in a register's currency, as a cell of a table."""


class Share(float):
    """A part of a whole, from 0 to 1, as a cell of a table that says it in percent."""


class Span(float):
    """A duration in seconds, as a cell of a table; below 0 it is that much earlier."""

    @classmethod
    def of(cls, span: timedelta | None) -> Span | None:
        """The cell of a duration; None stays None."""
        return None if span is None else cls(span.total_seconds())


def format_number(value: float) -> str:
    """Two significant digits, or whole with thousands.

    What is almost but not certainly 1 is not rounded to 1, nor what is almost nothing to 0.
    """
    if abs(value) >= _GROUPED:
        return f"{value:,.0f}"
    if 0 < abs(value) < _TINY:
        return "<0.00001" if value > 0 else ">-0.00001"
    shown = format(Decimal(f"{value:.2g}"), "f")
    if shown == "1" and value < 1:
        return ">0.99"
    return shown


def format_money(value: float) -> str:
    """An amount with thousands, and with cents only where it has some."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def format_interval(interval: Interval | None) -> str | None:
    """Both ends of an interval; None stays None."""
    return f"{format_number(interval[0])} to {format_number(interval[1])}" if interval else None


def format_share(share: float) -> str:
    """A part of a whole in percent, as ``format_number``: almost all is not rounded to all, nor almost none to none."""
    percent = share * 100
    if share in {0, 1}:
        return f"{percent:.0f} %"
    if percent >= 99.5:  # noqa: PLR2004 - would be rounded to all
        return ">99 %"
    if percent < 0.1:  # noqa: PLR2004 - a digit that no share of so few incidents has
        return "<0.1 %"
    return f"{percent:.0f} %" if percent >= 10 else f"{format_number(percent)} %"  # noqa: PLR2004 - two digits


def format_share_interval(interval: Interval | None) -> str | None:
    """Both ends of an interval of a share, in percent; None stays None."""
    return f"{format_share(interval[0])} to {format_share(interval[1])}" if interval else None


def format_proportion(proportion: Proportion) -> str:
    """``k/n`` with its 95 % interval, or that there is nothing to share."""
    if not proportion.n:
        return "0/0 (nothing to judge)"
    return f"{proportion.k}/{proportion.n} (95 % interval {format_interval(proportion.interval)})"


def format_moment(moment: date | None) -> str | None:
    """A date, or a time to the minute with its offset; None stays None."""
    if isinstance(moment, datetime):
        exact = moment.second or moment.microsecond
        return moment.isoformat(sep=" ", timespec="seconds" if exact else "minutes")
    return moment.isoformat() if moment else None


def in_words(name: str | None) -> str | None:
    """A name of the formats as people read it: ``not in place``; None stays None."""
    return name.replace("_", " ") if name else None


def format_value(value: Any, name: str = "") -> str:
    """A field's canonical value in words: ``low 5,000, likely 20,000, high 90,000``."""
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return format_money(value) if name in _AMOUNTS else format_number(value) if name in _SHARES else repr(value)
        case dict():
            return _format_mapping(value, name)
        case list() | tuple():
            return _format_list(value, name)
        case _:
            return str(value)


def format_cell(value: object) -> str:
    """A table's cell for a person."""
    if value is None:
        return "-"
    if isinstance(value, Span):
        sign = "-" if value < 0 else ""
        return f"{sign}{format_duration(timedelta(seconds=abs(value)))}"
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, Share):
        return format_share(value)
    if isinstance(value, float):
        return format_number(value)
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)  # noqa: PLR2004 - reads well


def _format_mapping(value: Mapping[str, Any], name: str) -> str:
    if {"from", "to"} <= value.keys():
        rest = {key: inner for key, inner in value.items() if key not in {"from", "to"}}
        pair = f"{value['from']} -> {value['to']}"
        return f"{pair} ({_format_mapping(rest, name)})" if rest else pair
    return ", ".join(f"{key} {format_value(inner, name or key)}" for key, inner in value.items())


def _format_list(value: Sequence[Any], name: str) -> str:
    joint = "; " if any(isinstance(inner, dict) for inner in value) else ", "
    return joint.join(format_value(inner, name) for inner in value)
