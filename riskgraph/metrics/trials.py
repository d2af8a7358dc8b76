"""Trials: a history and a window in, how often each of today's cascades was tried, alone or with others, out."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from riskgraph.metrics.attribution import Group, Pair, Trials
from riskgraph.queries.evidence import by_start, reached_risks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from riskgraph.history import History
    from riskgraph.metrics.window import Window
    from riskgraph.model import Incident


@dataclass(frozen=True)
class Tried:
    """The trials that stand for themselves, by cascade, and the groups of which at least one fired.

    ``incidents`` are those of our own, by cascade; ``external`` those that happened elsewhere.
    """

    alone: dict[Pair, Trials] = field(default_factory=lambda: defaultdict(Trials))
    together: list[Group] = field(default_factory=list)
    incidents: dict[Pair, list[str]] = field(default_factory=lambda: defaultdict(list))
    external: dict[Pair, list[str]] = field(default_factory=lambda: defaultdict(list))


def list_trials(history: History, window: Window | None, external: float) -> Tried:
    """The trials in a window, or all; one elsewhere has the weight ``external``.

    A trial is a cascade out of a risk that was reached, of which it is known whether it fired.
    """
    tried = Tried()
    blocked = {(key[2], key[3]) for key in history.first if key[0] == "blocks"}
    for incident in by_start(history.graph):
        if window is None or window.holds(incident.started_at):
            steps = list(dict.fromkeys((step.from_, step.to) for step in incident.reached))
            known = [pair for pair in steps if pair in history.graph.cascades]
            missed = _list_missed(incident, history, steps)
            if incident.type == "external":
                _count_external(tried, incident, known, missed, external)
                continue
            odds = _list_odds(blocked & {*known, *missed}, incident, history)
            _count_steps(tried, incident, steps, known, odds)
            for pair in missed:
                tried.incidents[pair].append(incident.id)
                tried.alone[pair].add(fired=False, odds=odds.get(pair, 1.0))
    return tried


def _count_steps(
    tried: Tried, incident: Incident, steps: list[Pair], known: list[Pair], odds: dict[Pair, float]
) -> None:
    """Count what fired; where several sources led to one risk, nobody knows which of them did."""
    for target in dict.fromkeys(to for _, to in steps):
        pairs = [pair for pair in known if pair[1] == target]
        for pair in pairs:
            tried.incidents[pair].append(incident.id)
        if sum(to == target for _, to in steps) == 1:
            for pair in pairs:
                tried.alone[pair].add(fired=True, odds=odds.get(pair, 1.0))
        elif pairs:
            tried.together.append(tuple((pair, odds.get(pair, 1.0)) for pair in pairs))


def _count_external(
    tried: Tried, incident: Incident, fired: Iterable[Pair], missed: Iterable[Pair], weight: float
) -> None:
    for pairs, is_fired in ((fired, True), (missed, False)):
        for pair in pairs:
            tried.external[pair].append(incident.id)
            tried.alone[pair].add(fired=is_fired, weight=weight)


def _list_missed(incident: Incident, history: History, steps: list[Pair]) -> list[Pair]:
    """The cascades out of what was reached that somebody looked at, and that did not fire."""
    reached = reached_risks(incident)
    looked = dict.fromkeys((one.from_, one.to) for one in incident.checked)
    return [pair for pair in looked if pair in history.graph.cascades and pair not in steps and pair[0] in reached]


def _list_odds(pairs: set[Pair], incident: Incident, history: History) -> dict[Pair, float]:
    """How many times today's probability these had when an incident began, by what blocked them then and does now.

    Where nothing was known then it is taken to have been like today.
    """
    if not pairs:  # A look at the past is dear, and most cascades were never blocked.
        return {}
    then, now = history.as_of(incident.started_at, incident.id), history.graph
    found = {}
    for pair in pairs if then.is_known else ():
        before, after = then.graph.cascade_factor(*pair), now.cascade_factor(*pair)
        if before != after:
            found[pair] = before / after if after else math.inf
    return found
