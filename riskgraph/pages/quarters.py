"""Quarters: what was measured in, charts by quarter and by incident, each with the table of the same data, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.definitions import DEFINITIONS
from riskgraph.model import PHASES
from riskgraph.pages.cards import FEW, share_of
from riskgraph.pages.charts import SHARES, Place, axis_of, draw_places, draw_stacks
from riskgraph.report.figures import Share, Span, format_cell, format_interval, format_number, format_share_interval
from riskgraph.report.table import Row, Table
from riskgraph.statistics import count_interval

if TYPE_CHECKING:
    from markupsafe import Markup

    from riskgraph.metrics.improvement import Learning
    from riskgraph.metrics.measure import Measured
    from riskgraph.proposal.progress import Progress

NEWEST: Final = 60
"""How many incidents a chart has room for, each with a dot."""
_PHASES: Final = tuple(PHASES.values())
_WITHIN: Final = "Detected as fast as expected"


@dataclass(frozen=True)
class Chart:
    """A picture and the table of the same data; ``picture`` is None where there is nothing to draw."""

    title: str
    picture: Markup | None
    table: Table


def chart_metrics(measured: Measured) -> tuple[Chart, ...]:
    """One for each of the five metrics, in the order of the method."""
    return tuple(
        _gap_chart(measured) if name == "probability_gap" else _share_chart(name, measured) for name in measured.metrics
    )


def chart_gaps(progress: Progress) -> Chart:
    """Gaps by quarter, open ones and answered ones, and by phase in the table."""
    places: list[Place] = []
    rows: list[Row] = []
    for quarter in progress.window.quarters():
        phases = progress.gaps.get(quarter, {})
        waiting = sum(counts["open"] for counts in phases.values())
        answered = sum(counts["answered"] for counts in phases.values())
        said = f"{waiting} open, {answered} answered"
        places.append(Place(quarter, said, n=waiting + answered, value=waiting, other=answered))
        if phases:
            rows.append((quarter, *(_counted(phases[phase]) for phase in _PHASES), said))
    title = "Gaps by the quarter of the incident"
    picture = draw_stacks(places, id_="gaps", title=title) if rows else None
    return Chart(title, picture, Table("By phase", ("quarter", *_PHASES, "all"), tuple(rows)))


def chart_learning(learning: Learning) -> tuple[Chart, ...]:
    """What the map of its day and the first map made of each incident: the steps they had, and the surprise."""
    recall: list[Place] = []
    bits: list[Place] = []
    rows: list[Row] = []
    left_out = max(0, len(learning.series) - NEWEST)
    for number, one in enumerate(learning.series[left_out:], left_out + 1):
        incident, steps = one.judged.incident.id, one.day.steps
        day, first = ((Share(score.mapped / steps) if steps else None) for score in (one.day, one.first))
        for places, then, before in ((recall, day, first), (bits, one.day.bits, one.first.bits)):
            said = "no steps" if then is None else f"{format_cell(then)} then, {format_cell(before)} at first"
            places.append(Place(str(number), f"{incident}, {said}", value=then, other=before))
        rows.append((number, incident, steps, day, first, one.day.bits, one.first.bits))
    columns = ("number", "incident", "steps", "mapped then", "mapped at first", "bits then", "bits at first")
    notes = (f"the newest {NEWEST} of {len(learning.series)} incidents",) if left_out else ()
    table = Table("Each incident by both maps", columns, tuple(rows), notes)
    axis = axis_of([value for one in bits for value in (one.value or 0.0, one.other or 0.0)])
    return tuple(
        Chart(title, draw_places(places, scale, id_=id_, title=title, other="ring") if places else None, table)
        for title, places, scale, id_ in (
            ("Share of steps mapped", recall, SHARES, "learning-recall"),
            ("Surprise in bits", bits, axis, "learning-bits"),
        )
    )


def _share_chart(name: str, measured: Measured) -> Chart:
    title = _WITHIN if name == "detection" else DEFINITIONS[name].title
    groups: dict[str, Any] = measured.metrics[name].data()["by_quarter"]
    places: list[Place] = []
    rows: list[Row] = []
    for quarter in measured.window.quarters():
        data = groups.get(quarter)
        share = share_of(name, data) if data else None
        if not data or not share or not share["n"]:
            places.append(Place(quarter, "nothing to judge"))
            continue
        value, (low, high) = share["value"], share["interval"]
        shown = format_share_interval((low, high))
        said = f"{share['k']} of {share['n']}, 95 % interval {shown}"
        places.append(Place(quarter, said if value is not None else f"{said}, {FEW}", share["n"], value, (low, high)))
        row: Row = (quarter, FEW if value is None else Share(value), share["k"], share["n"], shown)
        rows.append((*row, _median(data)) if name == "detection" else row)
    columns = ("quarter", "value", "k", "n", "95 % interval", *(("median late",) if name == "detection" else ()))
    picture = draw_places(places, SHARES, id_=f"by-quarter-{name}", title=f"{title}, by quarter") if rows else None
    return Chart(title, picture, Table(f"{title}, by quarter", columns, tuple(rows)))


def _gap_chart(measured: Measured) -> Chart:
    title = DEFINITIONS["probability_gap"].title
    places: list[Place] = []
    rows: list[Row] = []
    for quarter, data in measured.probability_gap.by_quarter().items():
        interval, observed, predicted = count_interval(data["observed"]), data["observed"], data["predicted"]
        shown = format_interval(interval)
        said = f"{observed} observed, 95 % interval {shown}; {format_number(predicted)} predicted"
        places.append(Place(quarter, said, observed, observed, interval, predicted))
        rows.append((quarter, predicted, observed, shown, data["gap"]))
    if not any(one.value or one.other for one in places):
        places, rows = [], []
    axis = axis_of([end for one in places for end in (one.other or 0.0, one.interval[1] if one.interval else 0.0)])
    id_, titled = "by-quarter-probability_gap", f"{title}, by quarter"
    picture = draw_places(places, axis, id_=id_, title=titled) if rows else None
    return Chart(
        title, picture, Table(titled, ("quarter", "predicted", "observed", "95 % interval", "gap"), tuple(rows))
    )


def _median(data: dict[str, Any]) -> object:
    return FEW if data["median"] is None else Span(round(data["median"]))


def _counted(counts: dict[str, int]) -> str | None:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or None
