"""Content: two graphs in, the statements that turn one into the other out; rows as read in, a graph out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from riskgraph.errors import EditError
from riskgraph.graph import HEADER, RiskGraph, title
from riskgraph.model import EDGES, NODE_KINDS, NODES, Action, Element, Header, Incident, Key
from riskgraph.store.neo4j.properties import Edge, from_edges, to_edges, to_element, to_properties

Rows = list[dict[str, Any]]

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


def plan_content(before: RiskGraph, after: RiskGraph) -> Iterator[tuple[str, Rows]]:
    """The names of the statements that make Neo4j hold one graph where it held another, each with its rows.

    What is removed goes first, edges before nodes; what is put comes in the opposite order.
    """
    rows: defaultdict[str, Rows] = defaultdict(list)
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
        ValueError, TypeError, EditError: they are not those of a graph, as after a change by hand.
    """
    own: list[tuple[Key, Mapping[str, Any]]] = []
    shown: defaultdict[str, list[Edge]] = defaultdict(list)
    raised: dict[str, str] = {}
    for type_, start, end, properties in edges:
        if kind := _EDGE_TYPES.get(type_):
            own.append((_key(kind, start, end, properties), properties))
        elif type_ != "RAISED":
            shown[start].append((type_, end, properties))
        elif raised.setdefault(end, start) != start:
            raise EditError(f"action {end} is raised by two incidents, {raised[end]} and {start}: keep one")
    elements = [_named(HEADER, header)]
    for labels, properties in nodes:
        key = _node_key(labels, properties)
        parts = shown.pop(key[1], ()) if key[0] == "incident" else ()
        more = {"incident": raised.pop(key[1])} if key[0] == "action" and key[1] in raised else {}
        elements.append(_named(key, properties, more, parts))
    elements += [_named(key, properties) for key, properties in own]
    if left := [*shown, *raised]:
        raise EditError(f"an edge of an incident hangs on {left[0]}, which is none: remove it")
    return RiskGraph.of(elements)


def header_properties(header: Header) -> dict[str, Any]:
    """What the graph's own node keeps of the register's header."""
    return to_properties(header)


def _named(
    key: Key, properties: Mapping[str, Any], more: Mapping[str, Any] | None = None, parts: Iterable[Edge] = ()
) -> Element:
    try:
        return to_element(key, properties, {**(more or {}), **from_edges(parts)})
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EditError(f"{title(key)} has a value that cannot be read: {error}") from error


def _node_key(labels: Sequence[str], properties: Mapping[str, Any]) -> Key:
    kinds = [_LABELS[label] for label in labels if label in _LABELS]
    id_ = properties.get("id")
    if not isinstance(id_, str):
        raise EditError(f"a {kinds[0]} has no id: give it one, or remove it")
    if len(kinds) > 1:
        raise EditError(f"{id_} is a {kinds[0]} and a {kinds[1]}: take one label away")
    return (kinds[0], id_)


def _key(kind: str, start: Any, end: Any, properties: Mapping[str, Any]) -> Key:
    between = (properties.get("cascade_from"),) if kind == "blocks" else ()
    ids = (start, *between, end)
    if not all(isinstance(id_, str) for id_ in ids):
        raise EditError(f"a {kind} from {start} to {end} lacks an end: remove it, or say which cascade it blocks")
    return (kind, *ids)


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


__all__ = ["header_properties", "plan_content", "read_content"]
