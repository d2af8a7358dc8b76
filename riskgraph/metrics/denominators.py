"""Denominators: a graph and a window in, how often each mitigation and indicator was tried, and how it did, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import OWN, share_data
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from riskgraph.graph import RiskGraph
    from riskgraph.metrics.window import Window
    from riskgraph.model import Incident

_CHALLENGED: Final = ("held", "partly", "failed")
_NEEDED: Final = ("in_time", "too_late", "silent")


@dataclass(frozen=True)
class Challenges:
    """How often a mitigation was challenged, by outcome.

    A near miss whose review does not say what became of a mitigation that was in place counts as held: the risk did not
    materialise. ``near_misses`` is how many of those that held rest on that alone; luck would look the same.
    """

    id: str
    outcomes: Counter[str]
    near_misses: int = 0

    def data(self) -> dict[str, Any]:
        """The JSON form; ``worked`` is the share of challenges that it held."""
        n = sum(self.outcomes[outcome] for outcome in _CHALLENGED)
        counts = {outcome: self.outcomes[outcome] for outcome in (*_CHALLENGED, "not_in_place")}
        return {
            "id": self.id, "challenged": n, **counts, "near_misses": self.near_misses,
            "worked": share_data(Proportion(self.outcomes["held"], n)),
        }  # fmt: skip


@dataclass(frozen=True)
class Firings:
    """How often an indicator was needed, by outcome, and how often it fired at all, false alarms included.

    Its hits among its alarms can only be told where both alarms and false alarms are logged.
    """

    id: str
    outcomes: Counter[str]
    alarms: int
    false_alarms: int

    def data(self) -> dict[str, Any]:
        """The JSON form: ``caught`` is the share of needs that it met in time, ``true`` that of its alarms."""
        needed = sum(self.outcomes[outcome] for outcome in _NEEDED)
        fired = self.alarms + self.false_alarms
        return {
            "id": self.id, "needed": needed, **{outcome: self.outcomes[outcome] for outcome in _NEEDED},
            "caught": share_data(Proportion(self.outcomes["in_time"], needed)),
            "alarms": self.alarms, "false_alarms": self.false_alarms,
            "true": share_data(Proportion(self.alarms, fired)) if fired else None,
        }  # fmt: skip


def count_challenges(graph: RiskGraph, window: Window) -> tuple[Challenges, ...]:
    """The mitigations that an incident or a near miss of a window challenged, or found not in place, by id."""
    found: dict[str, Counter[str]] = {}
    unanswered: Counter[str] = Counter()
    for incident in _list_own(graph, window):
        for test in incident.tested:
            is_unanswered = incident.type == "near_miss" and test.outcome == "unknown"
            unanswered[test.mitigation] += is_unanswered
            found.setdefault(test.mitigation, Counter())["held" if is_unanswered else test.outcome] += 1
    return tuple(Challenges(id_, outcomes, unanswered[id_]) for id_, outcomes in sorted(found.items()))


def count_firings(graph: RiskGraph, window: Window) -> tuple[Firings, ...]:
    """The indicators that were needed, or fired, in a window, by id."""
    found: dict[str, Counter[str]] = {}
    for incident in _list_own(graph, window):
        for signal in incident.signalled:
            found.setdefault(signal.indicator, Counter())[signal.outcome] += 1
    counted = (
        Firings(
            id_,
            found.get(id_, Counter()),
            sum(window.holds(moment) for moment in indicator.alarms),
            sum(window.holds(moment) for moment in indicator.false_alarms),
        )
        for id_, indicator in graph.indicators.items()
    )
    return tuple(one for one in counted if one.id in found or one.alarms or one.false_alarms)


def _list_own(graph: RiskGraph, window: Window) -> Iterator[Incident]:
    return (one for one in graph.incidents.values() if one.type in OWN and window.holds(one.started_at))
