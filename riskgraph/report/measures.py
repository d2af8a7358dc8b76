"""Measures for readers: metrics in, the JSON and the tables of ``metrics`` and of its explanations out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import MINIMUM, Metric
from riskgraph.report.envelope import envelope
from riskgraph.report.figures import Span, format_cell, format_interval, format_number, in_words
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.metrics.definitions import Definition
    from riskgraph.metrics.judged import Split
    from riskgraph.metrics.measure import Measured

COLUMNS: Final = ("metric", "value", "k", "n", "95 % interval", "declared")
_SHARES: Final = {
    "in_register": "incidents in the register",
    "cascades_predicted": "cascades predicted",
    "mitigations_worked": "mitigations that worked",
}


def metrics_data(measured: Measured, *, graph_id: str | None, revision: int | None, **more: Any) -> dict[str, Any]:
    """The output of ``metrics``."""
    reviewed = measured.reviewed
    return envelope(
        "metrics", graph_id=graph_id, revision=revision, window=measured.window.data(), minimum=MINIMUM,
        reviewed={
            "k": reviewed.k, "n": reviewed.n,
            "missing": [one.incident.id for one in measured.judged if not one.is_reviewed],
        },
        metrics=measured.data(), **more,
    )  # fmt: skip


def metrics_tables(measured: Measured, by: Split | None = None) -> list[Table]:
    """The five metrics, in a table of shares and one each of probability and detection; with ``by``, split."""
    if by is not None:
        return _split_tables(measured, by)
    data = measured.data()
    shares = [_share_row(title, data[name], _declared(data[name])) for name, title in _SHARES.items()]
    shares.insert(2, _share_row("precision of cascades", data["cascades_predicted"]["precision"], None))
    within = data["detection"]["share_within"]
    shares.append(_share_row("detected as fast as expected", within, _declared(data["detection"])))
    heading = heading_of(measured)
    return [
        Table("Shares", COLUMNS, tuple(shares), tuple(_share_notes(measured, data)), heading),
        _probability_table(data["probability_gap"], heading),
        Table("Detection later than expected", _DETECTION, (_detection_row(data["detection"]),), (), heading),
    ]


def heading_of(measured: Measured) -> str:
    """The heading of everything about a window."""
    first, last = measured.window.data()
    return f"Metrics from {first} to {last}"


def explain_data(definition: Definition, measured: Measured, more: Any = None, **about: Any) -> dict[str, Any]:
    """What a metric is, its numbers, and everything that counts for it.

    ``more`` are the numbers of one that is not among the five.
    """
    metric = measured.metrics.get(definition.name)
    items = [item.data() for item in metric.own] if isinstance(metric, Metric) else []
    if definition.name == "probability_gap":
        items = [
            {"incident": one.judged.incident.id, "risk": one.risk, "band": one.band, "is_recorded": one.is_recorded}
            for one in measured.probability_gap.occurrences
        ]
    return envelope(
        "metric", **about, window=measured.window.data(), name=definition.name, title=definition.title,
        definition=definition.says, formula=definition.formula, source=definition.source, needs=definition.needs,
        numbers=metric.data() if metric is not None else more, items=items,
    )  # fmt: skip


def explain_tables(definition: Definition, measured: Measured) -> list[Table]:
    """What a metric is, and each thing that counts for it, with its incident."""
    metric = measured.metrics.get(definition.name)
    about = (
        *((("number", _headline(definition.name, metric.data())),) if metric is not None else ()),
        ("definition", definition.says),
        ("formula", definition.formula),
        ("source", definition.source),
        ("needs", definition.needs),
    )
    tables = [Table("", ("", "what"), about, (), definition.title)]
    if definition.name == "probability_gap":
        rows = tuple(
            (one.judged.incident.id, one.risk, one.band, "recorded" if one.is_recorded else "counted by its review")
            for one in measured.probability_gap.occurrences
        )
        tables.append(Table("What was observed", ("incident", "risk", "band", "how"), rows, (), definition.title))
    elif isinstance(metric, Metric):
        tables.append(_items_table(metric, definition))
    return tables


def _headline(name: str, data: Mapping[str, Any]) -> str:
    """The number of one of the five, in a sentence."""
    interval = format_interval(data["interval"])
    if name == "probability_gap":
        parts = f"{format_cell(data['predicted'])} predicted, {data['observed']} observed"
        return f"{format_cell(data['gap'])}: {parts}; 95 % interval {interval}"
    if name == "detection":
        median, between, *_, n = _detection_row(data)
        return f"median {format_cell(median)}, n = {n}; 95 % interval {between or '-'}"
    return f"{format_cell(value_of(data))}: {data['k']} of {data['n']}; 95 % interval {interval or '-'}"


def _items_table(metric: Metric, definition: Definition) -> Table:
    words = {True: "sealed", False: "declared", None: None}
    measured = any(item.value is not None for item in metric.own)
    rows: list[Row] = []
    for item in metric.own:
        late = (None if item.value is None else Span(item.value),) if measured else ()
        rows.append((item.incident, item.what, in_words(item.outcome) or "cannot be told", *late, words[item.sealed]))
    columns = ("incident", "what", "outcome", *(("later",) if measured else ()), "known by")
    return Table("What counts", columns, tuple(rows), (), definition.title)


def _share_row(title: str, data: Mapping[str, Any], declared: str | None) -> Row:
    return title, value_of(data), data["k"], data["n"], format_interval(data["interval"]), declared


def value_of(share: Mapping[str, Any]) -> object:
    """The value of a share, or that there are not enough data for one."""
    return share["value"] if share["value"] is not None else f"not enough data (n = {share['n']})"


def _declared(data: Mapping[str, Any]) -> str | None:
    declared = data["declared"]
    return f"{declared['k']} of {declared['n']}" if declared["n"] else None


def _share_notes(measured: Measured, data: Mapping[str, Any]) -> list[str]:
    reviewed = measured.reviewed
    notes = [f"reviewed {reviewed.k} of {reviewed.n}"]
    if missing := [one.incident.id for one in measured.judged if not one.is_reviewed]:
        notes[0] += f"; without a review: {', '.join(missing)}"
    for name, title in {**_SHARES, "detection": "detection"}.items():
        one = data[name]
        n = one["n"]
        if n < MINIMUM and one["incidents"]:
            notes.append(f"{title}: of {', '.join(one['incidents'])}; {MINIMUM - n} missing to {MINIMUM}")
        if one["missing"]:
            notes.append(f"{title}: cannot be told of {', '.join(one['missing'])}")
    apart = data["mitigations_worked"]["not_in_place"]
    notes.append(f"mitigations not in place, which is a class of its own: {apart}")
    return notes


_GAP: Final = ("predicted", "observed", "gap", "95 % interval")
_DETECTION: Final = ("median", "95 % interval", "q1", "q3", "mean", "n")


def _probability_table(data: Mapping[str, Any], heading: str) -> Table:
    rows: list[Row] = [_gap_row(name, one) for name, one in data["by_band"].items()]
    rows.append(_gap_row("all", data))
    apart = format_number(data["absolute"])
    notes = [f"the bands' gaps without their signs: {apart}"]
    if data["stated_only"]:
        notes.append(f"{data['recorded']} occurrences are recorded, {data['stated_only']} more are counted by reviews")
    without = data["not_estimated"]
    if without["risks"]:
        risks, happened = without["risks"], without["occurrences"]
        notes.append(f"left out: risks without a likelihood ({risks}), and their occurrences ({happened})")
    if data["brier"] is None:
        notes.append(f"Brier score: not enough data (n = {data['risk_years']} risk-years)")
    else:
        notes.append(
            f"Brier score {format_number(data['brier'])} over {data['risk_years']} risk-years, of which reliability "
            f"{format_number(data['reliability'])} (0 is best)"
        )
    return Table("Predicted and actual occurrences", ("band", *_GAP), tuple(rows), tuple(notes), heading)


def _gap_row(name: str, data: Mapping[str, Any]) -> Row:
    ends = data["interval"]  # In hundredths of an occurrence: short of one is not short of certainty.
    interval = format_interval((round(ends[0], 2), round(ends[1], 2))) if ends else None
    return name, data["predicted"], data["observed"], data["gap"], interval


def _detection_row(data: Mapping[str, Any]) -> Row:
    if data["median"] is None:
        return f"not enough data (n = {data['n']})", None, None, None, None, data["n"]
    median, low, high, q1, q3, mean = (
        Span(round(value)) for value in (data["median"], *data["interval"], data["q1"], data["q3"], data["mean"])
    )
    return median, f"{format_cell(low)} to {format_cell(high)}", q1, q3, mean, data["n"]


def _split_tables(measured: Measured, by: Split) -> list[Table]:
    data, key = measured.data(), f"by_{by}"
    shares: list[tuple[str, str, Mapping[str, Any]]] = []
    for name, title in {**_SHARES, "detection": "detected as fast as expected"}.items():
        for group, one in data[name][key].items():
            shares.append((title, group, one["share_within"] if name == "detection" else one))
            if name == "cascades_predicted":
                shares.append(("precision of cascades", group, one["precision"]))
    rows = tuple(
        (title, in_words(group), value_of(one), one["k"], one["n"], format_interval(one["interval"]))
        for title, group, one in sorted(shares, key=lambda entry: list(_TITLES).index(entry[0]))
        if one["n"]
    )
    gaps = tuple(_gap_row(in_words(group) or "", one) for group, one in data["probability_gap"][key].items())
    late = tuple((in_words(group), *_detection_row(one)) for group, one in data["detection"][key].items() if one["n"])
    heading = f"{heading_of(measured)} by {by}"
    notes = ("--explain METRIC names the incidents behind a number, --format json those of each part",)
    return [
        Table("Shares", ("metric", by, "value", "k", "n", "95 % interval"), rows, notes, heading),
        Table("Predicted and actual occurrences", (by, *_GAP), gaps, (), heading),
        Table("Detection later than expected", (by, *_DETECTION), late, (), heading),
    ]


_TITLES: Final = (
    "incidents in the register", "cascades predicted", "precision of cascades", "mitigations that worked",
    "detected as fast as expected",
)  # fmt: skip
