"""Columns: a graph in, the sheets of a spreadsheet that reads back as the same graph out, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from riskgraph.graph import RiskGraph
from riskgraph.model import Blocks, Cascade, Key, Mitigates, Watches
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.header import encode_header
from riskgraph.register.sheets.headers import is_heading
from riskgraph.register.sheets.numbers import format_share
from riskgraph.register.sheets.text import encode_list, encode_number, encode_text, encode_value, quote
from riskgraph.register.sheets.words import title_of

_FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "risk": (
        "id", "name", "description", "category", "owner", "status", "likelihood", "impact", "loss", "loss_low",
        "loss_high", "escalation_to", "escalation_within", "aliases", "tags", "since",
    ),
    "cascade": ("from", "to", "probability", "delay", "mechanism", "since"),
    "mitigation": (
        "id", "name", "description", "kind", "status", "owner", "due", "implemented_on", "since", "mitigates", "blocks",
    ),
    "indicator": ("id", "name", "description", "threshold", "unit", "detects_within", "since", "watches"),
}  # fmt: skip
NAMES: Final = {"risk": "Risks", "cascade": "Cascades", "mitigation": "Mitigations", "indicator": "Indicators"}
"""The sheets of a workbook, by the kind of their entries."""
HEADER: Final = "Register"
_DAY: Final = len("2024-01-01")
_DAYS: Final = frozenset({"due", "implemented_on", "since"})


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is written: headings and rows; ``fields`` has the field of each column, as far as it has one."""

    kind: str
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fields: tuple[str, ...] = field(default=())


def list_sheets(graph: RiskGraph, graph_id: str | None = None, effective_on: date | None = None) -> list[Sheet]:
    """The sheets of a graph's register: its header, then risks, cascades, mitigations, indicators, sorted.

    Incidents and actions are left out, as in a register file.
    """
    pairs = encode_header(graph.header.data(), graph_id, effective_on)
    edges = _edges(graph)
    sheets = [Sheet("register", HEADER, ("Key", "Value"), tuple(pairs.items()))]
    entries = {
        "risk": [_risk(risk.data()) for risk in graph.risks.values()],
        "cascade": [cascade.data() for cascade in graph.of_kind(Cascade).values()],
        "mitigation": [one.data() | edges[one.key] for one in graph.mitigations.values()],
        "indicator": [one.data() | edges[one.key] for one in graph.indicators.values()],
    }
    return [*sheets, *(_sheet(kind, of_kind) for kind, of_kind in entries.items())]


def _sheet(kind: str, entries: Sequence[Mapping[str, Any]]) -> Sheet:
    extras = sorted({name for entry in entries for name in entry if name.startswith("x_")})
    fields = [*_FIELDS[kind], *extras]
    headings = [title_of(kind, name) for name in _FIELDS[kind]]
    for name in extras:
        headings.append(_heading(name, {heading.casefold() for heading in headings}))
    rows = tuple(tuple(_cell(name, entry.get(name)) for name in fields) for entry in entries)
    return Sheet(kind, NAMES[kind], tuple(headings), rows, tuple(fields))


def _heading(name: str, taken: Iterable[str]) -> str:
    """The heading of an extra property: its own, as far as that reads back and no other column has it."""
    own = name.removeprefix("x_")
    escaped = "".join(f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else char for char in name[2:])  # noqa: PLR2004
    for heading in (own, name):
        plain = encode_text(heading) == heading and " ".join(heading.split()) == heading
        own_or_key = heading == name or not (own.startswith("x_") or is_heading(own))
        if plain and own_or_key and heading.casefold() not in taken:
            return heading
    quoted = quote(name)
    return quoted if quoted.casefold() not in taken else f'"x_{escaped}"'


def _cell(name: str, value: Any) -> Cell:
    """What a cell of a field holds."""
    match value:
        case None:
            cell: Cell = None
        case _ if name.startswith("x_"):
            cell = encode_value(value)
        case str() if name in _DAYS and len(value) == _DAY:
            cell = date.fromisoformat(value)
        case str():
            cell = encode_text(value)
        case list():
            cell = _ENCODE.get(name, encode_list)(value)
        case dict():
            cell = _likelihood(value)
        case _:
            cell = encode_number(float(value))
    return cell


def _risk(data: dict[str, Any]) -> dict[str, Any]:
    """A risk with its nested values in columns of their own."""
    if isinstance(loss := data.pop("loss", None), dict):
        data |= {"loss": loss["likely"], "loss_low": loss["low"], "loss_high": loss["high"]}
    elif loss is not None:
        data["loss"] = loss
    escalation = data.pop("escalation", {})
    return data | {f"escalation_{name}": value for name, value in escalation.items()}


def _edges(graph: RiskGraph) -> Mapping[Key, dict[str, list[Any]]]:
    """The edges of each mitigation and indicator, in the columns that have them."""
    found: defaultdict[Key, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.of_kind(Mitigates).values():
        found["mitigation", edge.mitigation]["mitigates"].append(edge.data())
    for block in graph.of_kind(Blocks).values():
        found["mitigation", block.mitigation]["blocks"].append(block.data())
    for watch in graph.of_kind(Watches).values():
        found["indicator", watch.indicator]["watches"].append(watch.risk)
    return found


def _likelihood(value: Mapping[str, Any]) -> str:
    if "per_year" in value:
        return f"{value['per_year']!r} per year"
    return f"{format_share(value['probability'])} in {value['horizon']}"


def _list_mitigates(edges: Sequence[Mapping[str, Any]]) -> str | None:
    return "; ".join(edge["risk"] + _effect(edge) for edge in edges) or None


def _list_blocks(edges: Sequence[Mapping[str, Any]]) -> str | None:
    return "; ".join(f"{edge['from']} -> {edge['to']}{_effect(edge)}" for edge in edges) or None


def _effect(edge: Mapping[str, Any]) -> str:
    return f": {format_share(edge['effectiveness'])}" if "effectiveness" in edge else ""


_ENCODE: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "mitigates": _list_mitigates,
    "blocks": _list_blocks,
    "watches": lambda risks: "; ".join(risks) or None,
}
