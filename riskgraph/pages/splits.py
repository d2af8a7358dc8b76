"""Splits: what was measured in, the five metrics side by side for each kind, category or severity out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.pages.cards import FEW, share_of
from riskgraph.report.figures import Share, Span, format_cell, format_share_interval
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.metrics.judged import Split
    from riskgraph.metrics.measure import Measured

SPLITS: Final[tuple[Split, ...]] = ("kind", "category", "severity")
"""What a dashboard sets side by side; quarters have charts."""
_SHARES: Final = {
    "in_register": "in the register",
    "cascades_predicted": "cascades predicted",
    "mitigations_worked": "mitigations that worked",
    "detection": "detected as fast as expected",
}
_COLUMNS: Final = (*_SHARES.values(), "median later by", "predicted", "observed", "gap")


def split_table(measured: Measured, by: Split) -> Table:
    """A row for each group that has something to judge."""
    data = measured.data()
    groups = dict.fromkeys(group for metric in data.values() for group in metric[f"by_{by}"])
    rows: list[Row] = []
    for group in groups if by == "kind" else sorted(groups):
        found = {name: metric[f"by_{by}"].get(group) for name, metric in data.items()}
        gap = found["probability_gap"] or {}
        row: Row = (
            *(_said(name, found[name]) for name in _SHARES),
            _median(found["detection"]),
            *(gap.get(name) for name in ("predicted", "observed", "gap")),
        )
        if any(row):
            rows.append((group.replace("_", " "), *row))
    return Table(f"By {by}", (by, *_COLUMNS), tuple(rows))


def _said(name: str, data: Mapping[str, Any] | None) -> str | None:
    share = share_of(name, data) if data else None
    if share is None or not share["n"]:
        return None
    of = f"{share['k']} of {share['n']}"
    if share["value"] is None:
        return f"{of}, {FEW}"
    return f"{format_cell(Share(share['value']))}, {of} ({format_share_interval(share['interval'])})"


def _median(data: Mapping[str, Any] | None) -> Span | None:
    return Span(round(data["median"])) if data and data["median"] is not None else None
