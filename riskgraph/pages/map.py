"""The cascade map: a graph and its history in, the page to explore it out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from riskgraph.diff import trials
from riskgraph.edits import describe
from riskgraph.fields import instant
from riskgraph.graph import title
from riskgraph.model import Element, Incident, Key
from riskgraph.pages.layout import place, rank_risks
from riskgraph.pages.level import level_of
from riskgraph.pages.network import ENGINE, network_data
from riskgraph.pages.page import Source, render_page
from riskgraph.pages.svg import PICTURE
from riskgraph.parts import Checked, Step
from riskgraph.report.elements import field_rows
from riskgraph.report.figures import format_moment, format_number
from riskgraph.report.plan import shorten
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.network import compile_network

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.history import History, Snapshot
    from riskgraph.simulation.loss import Losses
    from riskgraph.simulation.network import Network

SCOPE: Final = 150
"""How many risks a map begins with; of a larger one the rest is hidden until somebody asks for it."""

_SCRIPTS: Final = (
    "known.js", "view.js", "search.js", "filters.js", "whatif.js", "panel.js", "tables.js", "map.js",
)  # fmt: skip
_LOGGED: Final = frozenset({"risk", "cascade", "mitigation", "indicator"})
_ADDED_AT_FIRST: Final = [[1]]
"""The history of most elements, which the page assumes where none is given."""
_SHOWN_ELSEWHERE: Final = frozenset({
    "id", "name", "from", "to", "description", "mechanism", "category", "owner", "status", "aliases", "probability",
    "delay",
})  # fmt: skip
"""Fields that the page has by their own names."""


def map_page(
    seen: Snapshot, history: History, source: Source, around: Sequence[str] = (), assume: float | None = None
) -> str:
    """The HTML of the cascade map of a snapshot; ``around`` names risks that a large map begins with.

    ``assume`` is the probability of cascades that have none; else nothing goes along them.
    """
    data = map_data(seen, history, around, assume)
    return render_page(
        "map.html",
        title="Cascade map",
        source=source,
        scripts=(*PICTURE, *ENGINE, *_SCRIPTS),
        styles=("scene.css", "map.css"),
        data=data,
        details=map_details(seen, history),
        counts={kind: len(data[kind]) for kind in ("risks", "cascades", "mitigations", "indicators", "incidents")},
        losses=data["losses"],
        assume=None if assume is None else format_number(assume),
        top=_top(data),
    )


def map_data(
    seen: Snapshot, history: History, around: Sequence[str] = (), assume: float | None = None
) -> dict[str, Any]:
    """What the page knows: elements with their fields in words, where risks stand, numbers, and what is shown first."""
    graph = seen.graph
    network = compile_network(graph, assume=assume)
    losses = expected_losses(network)
    base = network_data(graph)
    risks = _risks(base["risks"], graph, network, losses)
    watched: dict[str, list[str]] = {id_: [] for id_ in graph.indicators}
    for risk, edges in graph.watches.items():
        for edge in edges:
            watched[edge.indicator].append(risk)
    return {
        "currency": graph.header.currency,
        "assume": assume,
        "losses": _losses(losses),
        "risks": risks,
        "cascades": _cascades(base["cascades"], graph),
        "mitigations": [{**entry, **_named(graph.mitigations[entry["id"]])} for entry in base["mitigations"]],
        "indicators": [
            {"id": id_, "watches": watched[id_], **_named(indicator)} for id_, indicator in graph.indicators.items()
        ],
        "incidents": [_incident(one) for one in graph.incidents.values()],
        "scope": scope_of(graph, {entry["id"]: _weight(entry) for entry in risks}, around),
        "around": list(around),
        "revisions": _revisions(history, seen),
    }


def scope_of(graph: RiskGraph, weights: Mapping[str, float], around: Sequence[str], size: int = SCOPE) -> list[str]:
    """The risks that are shown at first: all, or so many around the named ones, else around the most costly of a year.

    From each centre in turn the nearest risks are taken, by number of cascades in either direction.
    """
    if len(graph.risks) <= size and not around:
        return list(graph.risks)
    near: dict[str, list[str]] = defaultdict(list)
    for from_, to in graph.cascades:
        near[from_].append(to)
        near[to].append(from_)
    centres = list(around) or sorted(graph.risks, key=lambda risk: (-weights[risk], risk))
    share = max(size // max(len(around), 1), 1) if around else size // 4
    kept: dict[str, None] = dict.fromkeys(around)
    for centre in centres:
        ring = [centre]
        for risk in ring:
            if len(kept) >= size:
                return sorted(kept)
            kept[risk] = None
            ring += [other for other in dict.fromkeys(near[risk]) if other not in ring][: share - len(ring)]
    return sorted(kept)


def _risks(
    base: Iterable[dict[str, Any]],
    graph: RiskGraph,
    network: Network,
    losses: Losses,
) -> list[dict[str, Any]]:
    ranks = rank_risks(graph.risks, graph.cascades)
    spots = place(list(graph.risks), graph.cascades, ranks) if len(graph.risks) > SCOPE else {}
    found = []
    for entry in base:
        risk = graph.risks[entry["id"]]
        at = network.index[risk.id]
        level = level_of(risk.id, graph)
        unknown = math.isnan(network.mean[at]) and not losses.expected[at]
        found.append({
            **entry,
            **_named(risk),
            "status": risk.status,
            "level": level.word if level else "unrated",
            "score": [level.likelihood, level.impact] if level else None,
            "now": None if math.isnan(network.rate[at]) else _rounded(network.rate[at]),
            "expected": None if unknown else _rounded(losses.expected[at]),
            "column": ranks[risk.id].column,
            "row": ranks[risk.id].row,
            **({"x": spots[risk.id].x, "y": round(spots[risk.id].y, 3)} if spots else {}),
        })  # fmt: skip
    return found


def _cascades(base: Iterable[dict[str, Any]], graph: RiskGraph) -> list[dict[str, Any]]:
    tried = {
        (step.from_, step.to)
        for one in graph.incidents.values()
        for step in chain[Step | Checked](one.reached, one.checked)
    }
    found = []
    for entry in base:
        pair = entry["from"], entry["to"]
        told = {}
        if pair in tried:
            fired, times = trials(*pair, graph)
            told = {"trials": f"fired in {fired} of {times} trials" if times else "no trial of our own"}
        found.append({**entry, **told})
    return found


def _named(element: Element) -> dict[str, Any]:
    """What an element is found by, without what is not there: the file would be larger by half."""
    data = element.data()
    return {name: data[name] for name in ("name", "category", "owner", "aliases") if name in data}


def map_details(seen: Snapshot, history: History) -> dict[str, Any]:
    """What the page shows of an element once it is chosen, by its id or ``FROM->TO``."""
    log = _log(history, seen)
    found = {}
    for key, element in seen.graph.elements.items():
        if key[0] in _LOGGED:
            data = element.data()
            fields = [[name, text] for name, text in field_rows(element, seen.graph) if name not in _SHOWN_ELSEWHERE]
            told: dict[str, Any] = {"fields": fields} if fields else {}
            if log.get(key, []) != _ADDED_AT_FIRST:
                told["log"] = log.get(key, [])
            told |= {name: data[name] for name in ("description", "mechanism") if name in data}
            if told:
                found["->".join(key[1:])] = told
    return found


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "name": incident.name,
        "type": incident.type,
        "started": format_moment(incident.started_at),
        "risk": incident.risk,
        "reached": [[step.from_, step.to] for step in incident.reached],
        "checked": [[pair.from_, pair.to] for pair in incident.checked],
        "tested": [[test.mitigation, test.outcome] for test in incident.tested],
        "signalled": [[signal.indicator, signal.outcome] for signal in incident.signalled],
    }


def _log(history: History, seen: Snapshot) -> dict[Key, list[list[Any]]]:
    """What happened to each element: revision, change, incident and its words; one that was added, the revision."""
    found: dict[Key, list[list[Any]]] = defaultdict(list)
    for origin in history.walk():
        edit = origin.edit
        if origin.revision.number > seen.revision or edit.key[0] not in _LOGGED:
            continue
        if edit.op == "add" and not edit.incident:
            found[edit.key].append([origin.revision.number])
            continue
        change = "added" if edit.op == "add" else shorten(describe(edit).partition(title(edit.key))[2].strip(" :"))
        quote = edit.because.text if edit.because else None
        found[edit.key].append([origin.revision.number, change, edit.incident or None, quote])
    return found


def _revisions(history: History, seen: Snapshot) -> dict[int, list[str | None]]:
    return {
        one.number: [
            instant(recorded).date().isoformat() if (recorded := history.recorded_at(one)) else None,
            format_moment(one.effective_on), one.author.split(" <")[0],
            f"{one.reason} (undone)" if one.number in history.undone else one.reason,
        ]
        for one in history.revisions[: seen.revision]
    }  # fmt: skip


def _rounded(value: float) -> float:
    """A number that is shown with two digits, with six."""
    return float(f"{value:.6g}")


def _losses(losses: Losses) -> dict[str, Any]:
    left = losses.left_out
    said = (
        (left.cascades, "cascade", "probability"),
        (left.losses, "risk", "loss"),
        (left.rates, "risk", "likelihood"),
    )
    missing = [f"{n} {noun}{'' if n == 1 else 's'} without a {what}" for n, noun, what in said if n]
    return {
        "annual": losses.annual,
        "interval": losses.annual_interval,
        "how": "exact" if losses.method == "exact" else f"simulated, {losses.runs:,} runs, seed {losses.seed}",
        "left_out": ", ".join(missing),
    }


def _weight(entry: Mapping[str, Any]) -> float:
    """What a risk is expected to cost in a year, with all that follows from it."""
    return (entry["now"] or 0.0) * (entry["expected"] or 0.0)


def _top(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The most costly risks, for a reader without scripts."""
    ranked = sorted(data["risks"], key=lambda entry: (-_weight(entry), entry["id"]))[:20]
    return [
        {
            "id": entry["id"], "name": entry["name"], "level": entry["level"],
            "rate": None if entry["now"] is None else format_number(entry["now"]),
            "expected": None if entry["expected"] is None else format_number(entry["expected"]),
        }
        for entry in ranked
    ]  # fmt: skip


__all__ = ["SCOPE", "map_data", "map_page", "scope_of"]
