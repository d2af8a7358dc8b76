"""Reading: a transaction in, the rows of the whole content or of what stands around some ids out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from riskgraph.neighbourhood import Around
from riskgraph.store.neo4j.connection import rows

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

Rows = list[list[Any]]
_EVIDENCE: Final = frozenset({"MATERIALIZED", "REACHED", "CHECKED", "TESTED", "SIGNALLED"})


def read_rows_of(tx: ManagedTransaction, around: Around | None) -> tuple[Rows, Rows]:
    """Nodes and edges as :func:`riskgraph.store.neo4j.content.read_content` takes them."""
    if around is None:
        return rows(tx, "read/nodes"), rows(tx, "read/edges")
    edges, ids = _edges_around(tx, around)
    for _, start, end, properties in edges:
        ids |= {start, end, *([properties["cascade_from"]] if properties.get("cascade_from") else [])}
    return rows(tx, "read/nodes_of", ids=sorted(id_ for id_ in ids if id_)), edges


def _edges_around(tx: ManagedTransaction, around: Around) -> tuple[Rows, set[str]]:
    """The edges of a neighbourhood, and the ids that it stands around."""
    found: dict[str, list[Any]] = {}

    def add(read: Rows) -> Rows:
        new = [row for row in read if row[0] not in found]
        found.update((row[0], row[1:]) for row in new)
        return [row[1:] for row in new]

    ids: set[str] = set(around.ids)
    frontier = ids
    while frontier:
        new = add(rows(tx, "read/edges_of", ids=sorted(frontier)))
        reached = {end for type_, start, end, _ in new if type_ == "CASCADES_TO" and start in frontier}
        frontier = reached - ids if around.downstream else set()
        ids = ids | frontier
    # What these refer to, in the order in which one leads to the next.
    edges = list(found.values())
    blocked = {(properties.get("cascade_from"), end) for type_, _, end, properties in edges if type_ == "BLOCKS"}
    missing = blocked - {(start, end) for type_, start, end, _ in edges if type_ == "CASCADES_TO"}
    pairs = [{"start": start, "end": end} for start, end in sorted(missing, key=str)]
    add(rows(tx, "read/cascades_of", pairs=pairs) if pairs else [])
    actions = _ends(edges, {"RAISED"}) | _starts(edges, {"IMPLEMENTS"})
    add(rows(tx, "read/raised_of", ids=sorted(actions)) if actions else [])
    incidents = _starts(found.values(), {*_EVIDENCE, "RAISED"}) - ids
    add(rows(tx, "read/evidence_of", ids=sorted(incidents)) if incidents else [])
    return list(found.values()), ids


def _starts(edges: Iterable[list[Any]], types: Iterable[str]) -> set[str]:
    return {start for type_, start, _, _ in edges if type_ in types}


def _ends(edges: Iterable[list[Any]], types: Iterable[str]) -> set[str]:
    return {end for type_, _, end, _ in edges if type_ in types}


__all__ = ["read_rows_of"]
