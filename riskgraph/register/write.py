"""Writing registers: a graph in, the text of a register file out; the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from riskgraph.documents import dump_inline
from riskgraph.graph import RiskGraph
from riskgraph.model import Cascade

WIDTH: Final = 110
"""How long a line in brackets may get; a longer cascade is written as a line a field."""
_DEFAULTS: Final = {"risk": {"status": "open"}, "mitigation": {"status": "planned"}}
_DAYS: Final = frozenset({"due", "implemented_on", "since", "effective_on"})


def dump_register(graph: RiskGraph, *, graph_id: str | None = None, effective_on: date | None = None) -> str:
    """The register file of a graph: sorted, without clock, incidents and actions left out."""
    header: dict[str, Any] = {"riskgraph_register": 1}
    if graph_id:
        header["graph_id"] = graph_id
    if effective_on:
        header["effective_on"] = effective_on.isoformat()
    header |= graph.header.data()
    text = dump_entry(header) + "\n"
    sections: dict[str, Iterable[str]] = {
        "risks": (dump_entry(fields_of("risk", risk.data())) for risk in graph.risks.values()),
        "cascades": (dump_entry(cascade.data(), brief=True) for cascade in graph.of_kind(Cascade).values()),
        "mitigations": (dump_entry(_mitigation(id_, graph)) for id_ in graph.mitigations),
        "indicators": (dump_entry(_indicator(id_, graph)) for id_ in graph.indicators),
    }
    for name, entries in sections.items():
        if body := "".join("  - " + entry.replace("\n", "\n    ") + "\n" for entry in entries):
            text += f"{name}:\n{body}"
    return text


def fields_of(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of an element of this canonical form: defaults are left out."""
    defaults = _DEFAULTS.get(kind, {})
    return {name: value for name, value in data.items() if defaults.get(name) != value}


def dump_entry(fields: Mapping[str, Any], *, brief: bool = False) -> str:
    """An entry of a section, without its dash: a line a field, or in brackets where ``brief`` and short."""
    lines = [f"{_dump_key(name)}: {dump_value(name, value)}" for name, value in fields.items()]
    inline = "{" + ", ".join(lines) + "}"
    return inline if brief and len(inline) <= WIDTH - len("  - ") else "\n".join(lines)


def dump_value(name: str, value: Any) -> str:
    """The value of a field on one line; a day stands without quotes where a day belongs."""
    if name in _DAYS and isinstance(value, str) and len(value) == len("2024-01-01"):
        return value
    return dump_inline(value)


def _dump_key(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else dump_inline(name)


def _mitigation(id_: str, graph: RiskGraph) -> dict[str, Any]:
    """What a file says of a mitigation, with its edges."""
    mitigates = [edge.data() for edges in graph.mitigates.values() for edge in edges if edge.mitigation == id_]
    blocks = [edge.data() for edges in graph.blocks.values() for edge in edges if edge.mitigation == id_]
    nested = {"mitigates": _without_owner(mitigates), "blocks": _without_owner(blocks)}
    fields = fields_of("mitigation", graph.mitigations[id_].data())
    return {**fields, **{name: edges for name, edges in nested.items() if edges}}


def _indicator(id_: str, graph: RiskGraph) -> dict[str, Any]:
    """What a file says of an indicator, with the risks that it watches."""
    watches = [edge.risk for edges in graph.watches.values() for edge in edges if edge.indicator == id_]
    return fields_of("indicator", graph.indicators[id_].data()) | ({"watches": watches} if watches else {})


def _without_owner(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in edge.items() if name != "mitigation"} for edge in edges]
