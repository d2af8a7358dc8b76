"""Neighbours: an element of a graph in, what stands around it out, one sentence's worth each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from riskgraph.diff import trials
from riskgraph.graph import evidence
from riskgraph.model import Blocks, Implements, Mitigates, Watches
from riskgraph.report.figures import format_number

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.model import Cascade, Incident, Key


@dataclass(frozen=True)
class Neighbour:
    """Something beside an element: how it is related, what it is, and a detail; ``edge`` is what relates them."""

    relation: str
    key: Key
    detail: str = ""
    edge: Key | None = None
    values: dict[str, Any] = field(default_factory=dict)


def neighbours(key: Key, graph: RiskGraph) -> tuple[Neighbour, ...]:
    """What stands around an element: cascades, mitigations, indicators, incidents, actions."""
    match key[0]:
        case "risk":
            found = _of_risk(key[1], graph)
        case "cascade":
            found = _of_cascade(key[1], key[2], graph)
        case "mitigation":
            found = _of_mitigation(key[1], graph)
        case "indicator":
            found = _of_indicator(key[1], graph)
        case "incident":
            found = _of_incident(graph.incidents[key[1]], graph)
        case "action":
            found = _of_action(key[1], graph)
        case _:
            element = graph.get(key)
            found = iter([Neighbour("of", needed) for needed in element.refers_to()] if element else [])
    return tuple(found)


def _of_risk(risk: str, graph: RiskGraph) -> Iterator[Neighbour]:
    for cascade in graph.downstream.get(risk, ()):
        yield _cascade("cascades to", cascade.to, cascade, graph)
    for cascade in graph.upstream.get(risk, ()):
        yield _cascade("is reached from", cascade.from_, cascade, graph)
    for edge in graph.mitigates.get(risk, ()):
        yield _mitigation("is mitigated by", edge.mitigation, edge.effectiveness, edge.key, graph)
    for pair, blocks in graph.blocks.items():
        if risk in pair:
            for block in blocks:
                relation = f"{pair[0]} -> {pair[1]} is blocked by"
                yield _mitigation(relation, block.mitigation, block.effectiveness, block.key, graph)
    for watch in graph.watches.get(risk, ()):
        yield Neighbour("is watched by", ("indicator", watch.indicator), edge=watch.key)
    for incident in graph.incidents.values():
        yield from _roles(risk, incident)


def _roles(risk: str, incident: Incident) -> Iterator[Neighbour]:
    """What a risk was in an incident: its root, reached, or checked and not affected."""
    key = ("incident", incident.id)
    if incident.risk == risk:
        yield Neighbour("materialised in", key, _when(incident))
    for step in incident.reached:
        if step.to == risk:
            yield Neighbour("was reached in", key, f"from {step.from_}, {_when(incident)}")
    for pair in incident.checked:
        if pair.to == risk:
            yield Neighbour("was not affected in", key, f"checked from {pair.from_}, {_when(incident)}")


def _of_cascade(from_: str, to: str, graph: RiskGraph) -> Iterator[Neighbour]:
    yield Neighbour("goes from", ("risk", from_))
    fired, tried = trials(from_, to, graph)
    yield Neighbour("goes to", ("risk", to), f"fired in {fired} of {tried} trials" if tried else "no trials yet")
    for block in graph.blocks.get((from_, to), ()):
        yield _mitigation("is blocked by", block.mitigation, block.effectiveness, block.key, graph)
    for incident in graph.incidents.values():
        key = ("incident", incident.id)
        if any((step.from_, step.to) == (from_, to) for step in incident.reached):
            yield Neighbour("happened in", key, _when(incident))
        elif any((pair.from_, pair.to) == (from_, to) for pair in incident.checked):
            yield Neighbour("did not happen in", key, _when(incident))


def _of_mitigation(mitigation: str, graph: RiskGraph) -> Iterator[Neighbour]:
    for edge in graph.of_kind(Mitigates).values():
        if edge.mitigation == mitigation:
            yield Neighbour("mitigates", ("risk", edge.risk), _effect(edge.effectiveness), edge.key)
    for block in graph.of_kind(Blocks).values():
        if block.mitigation == mitigation:
            yield Neighbour("blocks", ("cascade", block.from_, block.to), _effect(block.effectiveness), block.key)
    for implements in graph.of_kind(Implements).values():
        if implements.mitigation == mitigation:
            yield _action("is carried out by", implements.action, graph, implements.key)
    for incident in graph.incidents.values():
        for outcome in [test.outcome for test in incident.tested if test.mitigation == mitigation]:
            detail = f"{outcome.replace('_', ' ')}, {_when(incident)}"
            yield Neighbour("was tested in", ("incident", incident.id), detail)


def _of_indicator(indicator: str, graph: RiskGraph) -> Iterator[Neighbour]:
    for watch in graph.of_kind(Watches).values():
        if watch.indicator == indicator:
            yield Neighbour("watches", ("risk", watch.risk), edge=watch.key)
    for incident in graph.incidents.values():
        for signal in incident.signalled:
            if signal.indicator == indicator:
                outcome = signal.outcome.replace("_", " ")
                yield Neighbour("was needed in", ("incident", incident.id), f"{outcome}, {_when(incident)}")


def _of_incident(incident: Incident, graph: RiskGraph) -> Iterator[Neighbour]:
    kinds = {"TESTED": "mitigation", "SIGNALLED": "indicator"}
    words = {
        "MATERIALIZED": "materialised",
        "REACHED": "reached",
        "CHECKED": "did not reach",
        "TESTED": "tested",
        "SIGNALLED": "needed",
    }
    for type_, target, attributes in evidence(incident):
        parts = [f"from {attributes['cascade_from']}"] if "cascade_from" in attributes else []
        parts += [str(attributes[name]).replace("_", " ") for name in ("outcome", "at") if name in attributes]
        yield Neighbour(words[type_], (kinds.get(type_, "risk"), target), ", ".join(parts))
    for action in graph.actions.values():
        if action.incident == incident.id:
            yield _action("raised", action.id, graph)


def _of_action(action: str, graph: RiskGraph) -> Iterator[Neighbour]:
    incident = graph.actions[action].incident
    if incident:
        yield Neighbour("was raised by", ("incident", incident), _when(graph.incidents[incident]))
    for implements in graph.of_kind(Implements).values():
        if implements.action == action:
            mitigation = graph.mitigations[implements.mitigation]
            yield Neighbour("carries out", mitigation.key, mitigation.status.replace("_", " "), implements.key)


def _cascade(relation: str, other: str, cascade: Cascade, graph: RiskGraph) -> Neighbour:
    parts = []
    now = graph.probability(cascade.from_, cascade.to)
    if now is None or cascade.probability is None:
        parts.append("probability not estimated")
    else:
        parts.append(f"probability {format_number(now)}")
        if now != cascade.probability:
            parts.append(f"{format_number(cascade.probability)} before mitigations")
    if delay := cascade.data().get("delay"):
        parts.append(f"after {delay}")
    return Neighbour(relation, ("risk", other), ", ".join(parts), cascade.key, {"probability": now})


def _mitigation(relation: str, id_: str, effectiveness: float | None, edge: Key, graph: RiskGraph) -> Neighbour:
    status = graph.mitigations[id_].status
    credit = "" if status == "implemented" else ", so without effect"
    detail = f"{status.replace('_', ' ')}{credit}, {_effect(effectiveness)}"
    return Neighbour(relation, ("mitigation", id_), detail, edge, {"status": status, "effectiveness": effectiveness})


def _action(relation: str, id_: str, graph: RiskGraph, edge: Key | None = None) -> Neighbour:
    action = graph.actions[id_]
    parts: Iterable[str | None] = (
        action.owner,
        f"due {action.due.isoformat()}" if action.due else None,
        f"done {action.done_on.isoformat()}" if action.done_on else None,
    )
    return Neighbour(relation, action.key, ", ".join(part for part in parts if part), edge)


def _effect(effectiveness: float | None) -> str:
    return "effectiveness not estimated" if effectiveness is None else f"effectiveness {format_number(effectiveness)}"


def _when(incident: Incident) -> str:
    return str(incident.started_at)[:10]
