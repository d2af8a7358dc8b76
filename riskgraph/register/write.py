"""Writing registers: a graph in, the text of a register file out; the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from riskgraph.documents import dump_inline
from riskgraph.graph import RiskGraph
from riskgraph.model import Cascade, Element

_DEFAULTS: Final = {"risk": {"status": "open"}, "mitigation": {"status": "planned"}}


def dump_register(graph: RiskGraph, *, graph_id: str | None = None, effective_on: date | None = None) -> str:
    """The register file of a graph: sorted, without clock, incidents and actions left out."""
    header: dict[str, Any] = {"riskgraph_register": 1}
    if graph_id:
        header["graph_id"] = graph_id
    if effective_on:
        header["effective_on"] = effective_on.isoformat()
    header |= graph.header.data()
    text = "".join(f"{name}: {dump_inline(value)}\n" for name, value in header.items())
    sections: dict[str, Iterable[str]] = {
        "risks": (entry(fields_of(risk)) for risk in graph.risks.values()),
        "cascades": (f"  - {dump_inline(cascade.data())}\n" for cascade in graph.of_kind(Cascade).values()),
        "mitigations": (entry(mitigation_fields(id_, graph)) for id_ in graph.mitigations),
        "indicators": (entry(indicator_fields(id_, graph)) for id_ in graph.indicators),
    }
    for name, entries in sections.items():
        if body := "".join(entries):
            text += f"{name}:\n{body}"
    return text


def fields_of(element: Element) -> dict[str, Any]:
    """What a file says of a node: its id first, defaults left out."""
    defaults = _DEFAULTS.get(element.kind, {})
    return {name: value for name, value in element.data().items() if defaults.get(name) != value}


def mitigation_fields(id_: str, graph: RiskGraph) -> dict[str, Any]:
    """What a file says of a mitigation, with its edges."""
    fields = fields_of(graph.mitigations[id_])
    mitigates = [edge.data() for edges in graph.mitigates.values() for edge in edges if edge.mitigation == id_]
    blocks = [edge.data() for edges in graph.blocks.values() for edge in edges if edge.mitigation == id_]
    nested = {"mitigates": _without_owner(mitigates), "blocks": _without_owner(blocks)}
    return {**fields, **{name: edges for name, edges in nested.items() if edges}}


def indicator_fields(id_: str, graph: RiskGraph) -> dict[str, Any]:
    """What a file says of an indicator, with the risks that it watches."""
    watches = [edge.risk for edges in graph.watches.values() for edge in edges if edge.indicator == id_]
    return {**fields_of(graph.indicators[id_]), **({"watches": watches} if watches else {})}


def entry(fields: Mapping[str, Any], indent: str = "  ") -> str:
    """An entry of a section: a line a field."""
    lines = [f"{name}: {dump_inline(value)}\n" for name, value in fields.items()]
    return indent + "- " + (indent + "  ").join(lines)


def _without_owner(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in edge.items() if name != "mitigation"} for edge in edges]
