"""Imports: a register and the history in, the edits that take it over and what they leave as it is out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskgraph.edits import Edit, add, change, in_order, remove
from riskgraph.graph import HEADER, title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.graph import RiskGraph
    from riskgraph.history import History, Origin
    from riskgraph.model import Element, Key
    from riskgraph.parts import Checked, Step
    from riskgraph.register.read import Register

_OURS = frozenset({"incident", "action", "implements"})
"""Kinds that no register file has: import, export and prune leave them alone."""

_LOGGED = frozenset({"alarms", "false_alarms"})
"""Fields that are logged, so that a file that says nothing of them takes nothing away."""


@dataclass(frozen=True)
class Kept:
    """Something that an import leaves as it is: what the file says, what stays, and which incident is the reason."""

    key: Key
    field: str
    incoming: Any
    current: Any
    incident: str
    reason: str

    def describe(self) -> str:
        """The ``!`` line of the plan."""
        what = f": {self.field}" if self.field else ""
        return f"! {title(self.key)}{what}: {self.reason} ({self.incident})"


@dataclass(frozen=True)
class ImportPlan:
    """What an import writes, and what it keeps. ``removed_share`` is the share of the graph that would go."""

    edits: tuple[Edit, ...]
    kept: tuple[Kept, ...]
    removed_share: float = 0.0


def plan_import(
    register: Register, history: History, *, prune: bool = False, revert_learned: bool = False
) -> ImportPlan:
    """The edits that bring a register's elements into today's graph.

    An element of the file replaces the graph's as a whole. What a review taught is not undone silently: an incoming
    value equal to one that a review's edit replaced, and the absence of what a review added, are kept, unless
    ``revert_learned``. With ``prune`` what the file does not have is removed, or closed where an incident touched it.
    """
    graph = history.graph
    learned = {} if revert_learned else history.learned()
    edits: list[Edit] = []
    kept: list[Kept] = []
    for key, element in register.elements.items():
        known = graph.get(key)
        if known is None:
            edits.append(add(element))
        elif known != element:
            edit = _update(known, element, learned, kept)
            if edit.set:
                edits.append(edit)
    missing = [key for key in graph.elements if key not in register.elements and key[0] not in _OURS and key != HEADER]
    doomed = _prune(missing, graph, learned, kept) if prune else []
    if not prune:
        for key in missing:
            _keep_added(key, learned, kept)
    size = sum(key[0] not in _OURS for key in graph.elements) - 1
    removals = sum(edit.op == "remove" for edit in doomed)
    return ImportPlan(tuple(in_order([*edits, *doomed])), tuple(kept), removals / size if size else 0.0)


def _update(known: Element, element: Element, learned: Mapping[Any, dict[str, Origin]], kept: list[Kept]) -> Edit:
    """The change from the graph's element to the file's, without what a review taught."""
    before, after = known.data(), element.data()
    values = {}
    for name in {**before, **after}:
        new, old = after.get(name), before.get(name)
        if new == old or (new is None and name in _LOGGED):
            continue
        origin = learned.get((known.key, name), {}).get(json.dumps(new, sort_keys=True))
        if origin is None:
            values[name] = new
        else:
            reason = f"the file has {_shown(new)}, the review made it {_shown(old)}"
            kept.append(Kept(known.key, name, new, old, origin.edit.incident or "", reason))
    return change(known, values)


def _prune(
    missing: list[Key], graph: RiskGraph, learned: Mapping[Any, dict[str, Origin]], kept: list[Kept]
) -> list[Edit]:
    """The edits for what the file does not have: removed, closed, or kept with everything that it rests on."""
    touched = _touched(graph)
    staying: set[Key] = set()
    for key in missing:
        incident = touched.get(key)
        if _keep_added(key, learned, kept):
            staying.add(key)
        elif incident is not None:
            staying.add(key)
            if key[0] in {"cascade", "indicator"}:
                reason = "the file does not have it, and an incident touched it"
                kept.append(Kept(key, "", None, None, incident, reason))
    for key in missing:  # What an indicator watches is the indicator's own, and stays as far as the risk does.
        if (
            key[0] == "watches"
            and ("indicator", key[1]) in staying
            and (("risk", key[2]) not in missing or ("risk", key[2]) in staying)
        ):
            staying.add(key)
    _keep_needed(missing, graph, staying, kept)
    edits = [remove(graph.elements[key]) for key in missing if key not in staying]
    closed = {"risk": {"status": "closed"}, "mitigation": {"status": "retired"}}
    for key in missing:
        if key in staying and key[0] in closed and key in touched and (key, "") not in learned:
            edit = change(graph.elements[key], closed[key[0]])
            if edit.set:
                edits.append(edit)
    return edits


def _keep_needed(missing: list[Key], graph: RiskGraph, staying: set[Key], kept: list[Kept]) -> None:
    """Keeps what something that stays refers to, however far that goes."""
    incidents = {one.key: one.incident for one in kept}
    while needed := {
        need: key
        for key in sorted(staying)
        for need in graph.elements[key].refers_to()
        if need in missing and need not in staying
    }:
        for need, key in sorted(needed.items()):
            incidents.setdefault(need, incidents.get(key, ""))
            reason = f"the file does not have it, and {title(key)} needs it"
            kept.append(Kept(need, "", None, None, incidents[need], reason))
        staying.update(needed)


def _keep_added(key: Key, learned: Mapping[Any, dict[str, Origin]], kept: list[Kept]) -> bool:
    """Whether a review added something that the file does not have."""
    origin = next(iter(learned.get((key, ""), {}).values()), None)
    if origin is None:
        return False
    incident = origin.edit.incident or ""
    kept.append(Kept(key, "", None, None, incident, "the file does not have it, the review added it"))
    return True


def _touched(graph: RiskGraph) -> dict[Key, str]:
    """What an incident or one of its actions rests on, with the incident."""
    found: dict[Key, str] = {}
    for incident in graph.incidents.values():
        for key in incident.refers_to():
            found.setdefault(key, incident.id)
        pairs: list[Step | Checked] = [*incident.reached, *incident.checked]
        for pair in pairs:
            found.setdefault(("cascade", pair.from_, pair.to), incident.id)
    for key, element in graph.elements.items():
        if key[0] == "implements":
            action = graph.actions[key[1]]
            for needed in element.refers_to():
                found.setdefault(needed, action.incident or action.id)
    return {key: incident for key, incident in found.items() if key in graph}


def _shown(value: Any) -> str:
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
