"""Elements for readers: a key and the history in, what it is, where it comes from and what is around it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.edits import describe
from riskgraph.fields import instant
from riskgraph.graph import title
from riskgraph.history import History
from riskgraph.metrics.learning import learn_element
from riskgraph.model import Incident, Risk
from riskgraph.report.envelope import envelope
from riskgraph.report.figures import format_moment, format_number, format_value
from riskgraph.report.neighbours import neighbours
from riskgraph.report.plan import shorten
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph
    from riskgraph.history import Origin, Snapshot
    from riskgraph.metrics.learning import Learned
    from riskgraph.model import Element, Key

_PLURALS: Final = {
    "risk": "risks", "cascade": "cascades", "mitigation": "mitigations", "indicator": "indicators",
    "incident": "incidents", "action": "actions",
}  # fmt: skip


def show_tables(key: Key, history: History, snapshot: Snapshot | None = None) -> list[Table]:
    """Three tables of one element: its fields, where each came from, and what is around it.

    ``snapshot`` is what to show it as of; without one it is today. An element that is gone shows its past only.
    """
    seen = snapshot or history.snapshot()
    element, heading = seen.graph.get(key), _heading(key, history, seen)
    tables = []
    if element is not None:
        rows = tuple(field_rows(element, seen.graph))
        tables.append(Table("", ("field", "value"), rows, (), heading))
    origins = _origins(key, history, seen)
    columns = ("revision", "recorded", "effective", "by", "incident", "change", "why")
    learned = _learned(key, history, seen)
    notes = (*_remarks(key, element, history, seen), *([f"{learned.what}: {learned.says()}"] if learned else []))
    came = tuple(_origin_row(origin, history, gone=element is None) for origin in origins)
    tables.append(Table("Where it comes from", columns, came, notes, heading))
    if element is not None:
        around = tuple(
            (
                one.relation,
                one.key[1] if len(one.key) == 2 else title(one.key),  # noqa: PLR2004 - a kind and an id
                getattr(seen.graph.get(one.key), "name", None),
                one.detail or None,
                _since(one.edge or one.key, history),
            )
            for one in neighbours(key, seen.graph)
        )
        tables.append(Table("What is around it", ("relation", "id", "name", "detail", "since"), around, (), heading))
    return tables


def show_data(
    key: Key,
    history: History,
    snapshot: Snapshot | None = None,
    *,
    graph_id: str | None,
    revision: int | None,
    **more: Any,
) -> dict[str, Any]:
    """The output of ``show`` for one element; ``more`` goes into the envelope (``as_of``)."""
    seen = snapshot or history.snapshot()
    element = seen.graph.get(key)
    origin = [
        {
            "revision": origin.revision.number,
            "recorded_at": recorded.isoformat() if (recorded := history.recorded_at(origin.revision)) else None,
            "effective_on": origin.revision.effective_on.isoformat() if origin.revision.effective_on else None,
            "author": origin.revision.author,
            "reason": origin.revision.reason,
            "undone": origin.revision.number in history.undone,
            "edit": origin.edit.data(),
        }
        for origin in _origins(key, history, seen)
    ]
    around = [
        {"relation": one.relation, "kind": one.key[0], "ids": list(one.key[1:]), "detail": one.detail or None,
         "values": one.values, "since": _first(one.edge or one.key, history)}
        for one in (neighbours(key, seen.graph) if element is not None else ())
    ]  # fmt: skip
    shown = {"kind": key[0], "ids": list(key[1:]), "fields": element.data() if element is not None else None}
    learned = _learned(key, history, seen)
    return envelope(
        "show", graph_id=graph_id, revision=revision, **more, element=shown, origin=origin, neighbours=around,
        learned=learned.data() if learned else None,
    )  # fmt: skip


def risk_tables(graph: RiskGraph) -> list[Table]:
    """All risks with their current yearly rate, and a note that counts every kind."""
    rows = tuple(_risk_row(risk, graph) for risk in graph.risks.values())
    columns = ("id", "name", "category", "owner", "status", "likelihood", "per year", "out", "in", "incidents")
    counted = ", ".join(
        f"{count} {kind if count == 1 else _PLURALS[kind]}" for kind, count in count_kinds(graph).items()
    )
    notes = [counted, "per year: after implemented mitigations; out, in: cascades that leave and reach the risk"]
    missing = sum(risk.likelihood is None for risk in graph.risks.values())
    if missing:
        notes.append(f"{missing} without a likelihood: not estimated")
    return [Table("Risks", columns, rows, tuple(notes), spare=("category", "status", "likelihood", "incidents"))]


def risks_data(graph: RiskGraph, *, graph_id: str | None, revision: int | None, **more: Any) -> dict[str, Any]:
    """The output of ``show`` without an id: each risk with its current yearly rate, and a count by kind."""
    risks = [{**risk.data(), "rate_per_year": current_rate(risk.id, graph)} for risk in graph.risks.values()]
    return envelope("show", graph_id=graph_id, revision=revision, **more, risks=risks, counts=count_kinds(graph))


def found_table(text: str, elements: Iterable[Element]) -> Table:
    """The elements that a search found."""
    rows = tuple(
        (
            element.kind,
            element.key[1],
            getattr(element, "name", None),
            ", ".join(getattr(element, "aliases", ())) or None,
        )
        for element in elements
    )
    return Table(f"Found for {text!r}", ("kind", "id", "name", "aliases"), rows)


def count_kinds(graph: RiskGraph) -> dict[str, int]:
    """How many elements there are of the kinds that people count."""
    kinds = [element.kind for element in graph.elements.values()]
    return {kind: kinds.count(kind) for kind in _PLURALS}


def current_rate(risk: str, graph: RiskGraph) -> float | None:
    """A risk's rate a year after its implemented mitigations; None: not estimated."""
    band = graph.band(risk)
    return band.value * graph.rate_factor(risk) if band else None


def _risk_row(risk: Risk, graph: RiskGraph) -> Row:
    likelihood = risk.data().get("likelihood")
    return (
        risk.id, risk.name, risk.category, risk.owner, risk.status,
        format_value(likelihood) if likelihood is not None else None,
        current_rate(risk.id, graph),
        len(graph.downstream.get(risk.id, ())), len(graph.upstream.get(risk.id, ())),
        sum(incident.risk == risk.id for incident in graph.incidents.values()),
    )  # fmt: skip


def field_rows(element: Element, graph: RiskGraph) -> list[tuple[str, str]]:
    """Each field of an element, with its value in words."""
    return [(name, _shown(name, value, element, graph)) for name, value in element.data().items()]


def _shown(name: str, value: Any, element: Element, graph: RiskGraph) -> str:
    """A field in words; a likelihood and an impact also as what they stand for."""
    shown = format_value(value, name)
    if isinstance(element, Risk) and name == "likelihood" and (band := graph.band(element.id)):
        factor = graph.rate_factor(element.id)
        width = "" if band.low == band.high else f", band {format_number(band.low)} to {format_number(band.high)}"
        now = f", {format_number(band.value * factor)} after mitigations" if factor != 1 else ""
        return f"{shown} ({format_number(band.value)} a year{width}{now})"
    currency = f" {graph.header.currency}" if graph.header.currency else ""
    if isinstance(element, Risk) and name == "impact" and graph.header.scale:
        band = graph.header.scale.impact_band(element.impact or 1)
        return f"{shown} ({format_number(band.low)} to {format_number(band.high)}{currency})" if band else shown
    return shown + currency if name == "loss" and isinstance(element, Risk | Incident) else shown


def _heading(key: Key, history: History, seen: Snapshot) -> str:
    first = history.first.get(key)
    element = seen.graph.get(key)
    name = getattr(element, "name", None) or (first.edit.set.get("name") if first else None)
    return f"{title(key)}{f': {name}' if name else ''}"


def _origins(key: Key, history: History, seen: Snapshot) -> list[Origin]:
    """What happened to an element, as far as the snapshot knows; for one that is only declared, all of it."""
    origins = history.of(key)
    if seen.as_of is None or key in seen.declared:
        return origins
    return [origin for origin in origins if origin.revision.number <= seen.revision]


def _origin_row(origin: Origin, history: History, *, gone: bool) -> Row:
    revision, edit = origin.revision, origin.edit
    reason = revision.reason
    if edit.because:
        line = f", line {edit.because.line}" if edit.because.line else ""
        where = f"{edit.because.field}{line}"
        reason = f'"{edit.because.text}" ({where})' if edit.because.text else where
    number = f"{revision.number} (undone)" if revision.number in history.undone else revision.number
    moment = history.recorded_at(revision)
    recorded = instant(moment).date().isoformat() if moment else None
    effective = format_moment(revision.effective_on)
    author = revision.author.split(" <")[0]
    return number, recorded, effective, author, edit.incident, shorten(_change(edit, gone=gone)), reason


def _change(edit: Edit, *, gone: bool) -> str:
    """What an edit did to the element that is shown: its line without the element's name."""
    if edit.op == "add" and not gone:  # Its fields stand above, and what changed in them stands below.
        return "+"
    sign, _, text = describe(edit).partition(" ")
    return f"{sign} {text.removeprefix(title(edit.key)).strip(' :')}".strip()


def _remarks(key: Key, element: Element | None, history: History, seen: Snapshot) -> tuple[str, ...]:
    notes = []
    if element is None:
        removals = [origin.revision.number for origin in history.of(key) if origin.edit.op == "remove"]
        if removals and removals[-1] <= seen.revision:
            notes.append(f"it is gone since revision {removals[-1]}")
        else:
            notes.append("it was not in the graph then")
    if key in seen.declared:
        notes.append("declared: identified by then, and recorded later")
    since = getattr(element, "since", None)
    if since is not None:
        notes.append(f"identified on {format_moment(since)}, says its `since`")
    return tuple(notes)


def _learned(key: Key, history: History, seen: Snapshot) -> Learned | None:
    """What the incidents known then say of a risk's rate or a cascade's probability."""
    return learn_element(key, History(history.revisions[: seen.revision])) if key in seen.graph else None


def _first(key: Key, history: History) -> int | None:
    origin = history.first.get(key)
    return origin.revision.number if origin else None


def _since(key: Key, history: History) -> str | None:
    """The revision that first had something, and the incident whose review put it there."""
    origin = history.first.get(key)
    if origin is None:
        return None
    incident = f", by {origin.edit.incident}" if origin.edit.incident else ""
    return f"revision {origin.revision.number}{incident}"


__all__ = [
    "count_kinds", "current_rate", "field_rows", "found_table", "risk_tables", "risks_data", "show_data", "show_tables",
]  # fmt: skip
