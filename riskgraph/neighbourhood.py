"""Neighbourhoods: a graph and some ids in, the part of the graph that stands around them out.

It answers what is asked about those ids as the whole graph does, and a store can read it without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskgraph.graph import RiskGraph
from riskgraph.model import Element, Key


@dataclass(frozen=True)
class Around:
    """The part of a graph that stands around some ids; an id that names nothing adds nothing.

    With ``downstream`` also what stands around every risk that cascades can lead to from them.
    """

    ids: frozenset[str]
    downstream: bool = False

    def of(self, graph: RiskGraph) -> RiskGraph:
        """Every element that touches one of the ids, and what those refer to, however far that goes; the header too."""
        ids = reach(graph, self.ids) if self.downstream else self.ids
        found: dict[Key, Element] = {}
        pending = [element for element in graph.elements.values() if touches(element, ids)]
        while pending:
            element = pending.pop()
            if element.key not in found:
                found[element.key] = element
                pending += [graph.elements[key] for key in element.refers_to()]
        return RiskGraph.of([graph.header, *found.values()])


def touches(element: Element, ids: frozenset[str]) -> bool:
    """Whether an element is one of the nodes that are meant, or refers to one."""
    return any(id_ in ids for key in (element.key, *element.refers_to()) for id_ in key[1:])


def reach(graph: RiskGraph, ids: Iterable[str]) -> frozenset[str]:
    """The ids, and those of all risks that cascades can lead to from them."""
    found = set(ids)
    pending = list(found)
    while pending:
        for cascade in graph.downstream.get(pending.pop(), ()):
            if cascade.to not in found:
                found.add(cascade.to)
                pending.append(cascade.to)
    return frozenset(found)


__all__ = ["Around", "reach", "touches"]
