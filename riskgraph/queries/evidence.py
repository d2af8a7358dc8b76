"""Evidence by risk and by cascade: a graph in, which incidents reached, checked or touched what out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from riskgraph.fields import instant
from riskgraph.graph import RiskGraph
from riskgraph.model import Incident

K = TypeVar("K")
Pair = tuple[str, str]


def list_steps(graph: RiskGraph, *, own: bool = False) -> Mapping[Pair, tuple[str, ...]]:
    """The incidents that took each step, by from and to, sorted; with ``own``, without external ones."""
    return _grouped(
        ((step.from_, step.to), incident.id)
        for incident in graph.incidents.values()
        if not (own and incident.type == "external")
        for step in incident.reached
    )


def list_checks(graph: RiskGraph) -> Mapping[Pair, tuple[str, ...]]:
    """The incidents, external ones aside, in which somebody looked at a cascade that did not happen."""
    return _grouped(
        ((pair.from_, pair.to), incident.id)
        for incident in graph.incidents.values()
        if incident.type != "external"
        for pair in incident.checked
    )


def list_roots(graph: RiskGraph) -> Mapping[str, tuple[str, ...]]:
    """The incidents that each risk was the root of; near misses and external ones did not make it materialise."""
    return _grouped(
        (incident.risk, incident.id)
        for incident in graph.incidents.values()
        if incident.type == "incident" and incident.risk
    )


def list_reached(graph: RiskGraph) -> Mapping[str, tuple[str, ...]]:
    """The incidents and near misses that reached each risk by a step."""
    return _grouped((to, incident) for (_, to), found in list_steps(graph, own=True).items() for incident in found)


def list_hits(graph: RiskGraph) -> Mapping[str, tuple[str, ...]]:
    """The incidents in which each risk materialised, as their root or by a step."""
    pairs = [*list_roots(graph).items(), *list_reached(graph).items()]
    return _grouped((risk, incident) for risk, found in pairs for incident in found)


def list_touched(incident: Incident) -> tuple[str, ...]:
    """The risks that an incident of any kind names as its root or as the end of a step, each once."""
    return tuple(dict.fromkeys([*([incident.risk] if incident.risk else []), *(step.to for step in incident.reached)]))


def reached_risks(incident: Incident) -> frozenset[str]:
    """The risks that an incident reached: its root, and both ends of every step."""
    ends = {end for step in incident.reached for end in (step.from_, step.to)}
    return frozenset(ends | ({incident.risk} if incident.risk else set()))


def by_start(graph: RiskGraph) -> Iterator[Incident]:
    """Every incident, by the instant it began, then by id."""
    yield from sorted(graph.incidents.values(), key=lambda one: (instant(one.started_at), one.id))


def _grouped(pairs: Iterable[tuple[K, str]]) -> Mapping[K, tuple[str, ...]]:
    groups: defaultdict[K, set[str]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return {key: tuple(sorted(values)) for key, values in groups.items()}
