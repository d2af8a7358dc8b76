"""Content: two graphs in, the statements that turn one into the other out; rows as read in, a graph out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from riskgraph.errors import EditError
from riskgraph.graph import HEADER, RiskGraph, title
from riskgraph.model import EDGES, NODE_KINDS, NODES, Action, Element, Header, Incident, Key
from riskgraph.store.neo4j.properties import Edge, from_edges, to_edges, to_element, to_properties
from riskgraph.store.writing import Rows

Parameters = list[dict[str, Any]]

_FILES: Final = {
    **{node.kind: f"{node.kind}s" for node in NODES},
    **{edge.kind: edge.kind for edge in EDGES},
    "cascade": "cascades",
}
_LABELS: Final = {node.__name__: node.kind for node in NODES}
_EDGE_TYPES: Final = {
    "CASCADES_TO": "cascade",
    "MITIGATES": "mitigates",
    "BLOCKS": "blocks",
    "WATCHES": "watches",
    "IMPLEMENTS": "implements",
}
_BATCH: Final = 5000
"""Rows that one statement takes."""


def plan_content(before: RiskGraph, after: RiskGraph) -> Iterator[tuple[str, Parameters]]:
    """The names of the statements that make Neo4j hold one graph where it held another, each with its rows.

    What is removed goes first, edges before nodes; what is put comes in the opposite order.
    """
    rows: defaultdict[str, Parameters] = defaultdict(list)
    for key, element in before.elements.items():
        now = after.get(key)
        if key != HEADER and (now is None or _differs(element, now)):
            for name, row in _cut(element, whole=now is None):
                rows[name].append(row)
    for key, element in after.elements.items():
        old = before.get(key)
        if key != HEADER and (old is None or _differs(old, element)):
            for name, row in _put(element):
                rows[name].append(row)
    for name in sorted(rows, key=_stage):
        for start in range(0, len(rows[name]), _BATCH):
            yield name, rows[name][start : start + _BATCH]


def read_content(
    header: Mapping[str, Any], nodes: Iterable[Sequence[Any]], edges: Iterable[Sequence[Any]]
) -> RiskGraph:
    """The graph of which Neo4j has these rows: labels and properties; type, ends and properties.

    Raises:
        EditError: they are not those of a graph, as after a change by hand.
    """
    elements = []
    for key, found in read_rows(header, nodes, edges):
        if isinstance(found, str):
            raise EditError(found if not key else f"{title(key)} {found}")
        elements.append(found)
    return RiskGraph.of(elements)


def read_rows(header: Mapping[str, Any], nodes: Iterable[Sequence[Any]], edges: Iterable[Sequence[Any]]) -> Rows:
    """What Neo4j has in these rows, each element or the reason why it is none; where no key is known it is empty."""
    rows: Rows = []
    own: list[tuple[Key, Mapping[str, Any]]] = []
    shown: defaultdict[str, list[Edge]] = defaultdict(list)
    raised: defaultdict[str, list[str]] = defaultdict(list)
    for type_, start, end, properties in edges:
        between = (properties.get("cascade_from"),) if type_ == "BLOCKS" else ()
        ids = (start, *between, end)
        if not all(isinstance(id_, str) for id_ in ids):
            rows.append(
                ((), f"a {type_} from {start} to {end} lacks an end: remove it, or say which cascade it blocks")
            )
        elif kind := _EDGE_TYPES.get(type_):
            own.append(((kind, *ids), properties))
        elif type_ == "RAISED":
            raised[end].append(start)
        else:
            shown[start].append((type_, end, properties))
    rows.append(_read(HEADER, header))
    for labels, properties in nodes:
        kinds, id_ = sorted(_LABELS[label] for label in labels if label in _LABELS), properties.get("id")
        if not isinstance(id_, str):
            rows.append(((), f"a {kinds[0]} has no id: give it one, or remove it"))
            continue
        key = (kinds[0], id_)
        parts = shown.pop(id_, ()) if "incident" in kinds else ()
        by = raised.pop(id_, []) if "action" in kinds else []
        if len(kinds) > 1:
            rows += [((kind, id_), f"is also a {', '.join({*kinds} - {kind})}: take a label away") for kind in kinds]
        elif len(by) > 1:
            rows.append((key, f"is raised by two incidents, {by[0]} and {by[1]}: keep one"))
        else:
            rows.append(_read(key, properties, {"incident": by[0]} if by else {}, parts))
    rows += [_read(key, properties) for key, properties in own]
    rows += [((), f"an edge of an incident hangs on {id_}, which is none: remove it") for id_ in [*shown, *raised]]
    return rows


def header_properties(header: Header) -> dict[str, Any]:
    """What the graph's own node keeps of the register's header."""
    return to_properties(header)


def _read(
    key: Key, properties: Mapping[str, Any], more: Mapping[str, Any] | None = None, parts: Iterable[Edge] = ()
) -> tuple[Key, Element | str]:
    try:
        return key, to_element(key, properties, {**(more or {}), **from_edges(parts)})
    except (ValueError, TypeError, AttributeError, RecursionError, EditError) as error:
        return key, f"has a value that cannot be read: {error}"


def _ends(key: Key) -> dict[str, Any]:
    between = {"cascade_from": key[2]} if key[0] == "blocks" else {}
    return {"start": key[1], **between, "end": key[-1]}


def _cut(element: Element, *, whole: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """What removes an element, or only those edges of it that are put anew."""
    if whole:
        node = element.kind in NODE_KINDS
        name = "nodes" if node else _FILES[element.kind]
        yield f"write/cut_{name}", {"id": element.key[1]} if node else _ends(element.key)
    if isinstance(element, Incident):
        yield "write/cut_evidence", {"id": element.id}
    elif isinstance(element, Action) and element.incident:
        yield "write/cut_raised", {"id": element.id}


def _put(element: Element) -> Iterator[tuple[str, dict[str, Any]]]:
    ends = {"id": element.key[1]} if element.kind in NODE_KINDS else _ends(element.key)
    yield f"write/put_{_FILES[element.kind]}", {**ends, "properties": to_properties(element)}
    if isinstance(element, Incident):
        for type_, target, properties in to_edges(element):
            yield f"write/put_{type_.lower()}", {"start": element.id, "end": target, "properties": properties}
    elif isinstance(element, Action) and element.incident:
        yield "write/put_raised", {"start": element.incident, "end": element.id}


def _differs(old: Element, new: Element) -> bool:
    return old is not new and (old.data() != new.data() or _order(old) != _order(new))


def _order(element: Element) -> list[str]:
    """Extra fields in the order in which files have them."""
    return list(element.model_extra or ())


def _stage(name: str) -> tuple[int, str]:
    """The place of a statement among the others."""
    node = name.removeprefix("write/put_") in {_FILES[kind] for kind in NODE_KINDS}
    if name == "write/cut_nodes":
        return 1, name
    return (2 if node else 3) if "/put_" in name else 0, name


__all__ = ["header_properties", "plan_content", "read_content", "read_rows"]
