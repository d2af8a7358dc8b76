"""Denominators: a history in, how often each mitigation and indicator was put to the test, and how it did, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import OWN, share_data
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph

_CHALLENGED: Final = ("held", "partly", "failed")
_NEEDED: Final = ("in_time", "too_late", "silent")


@dataclass(frozen=True)
class Challenges:
    """How often a mitigation was challenged, by outcome."""

    id: str
    outcomes: Counter[str]

    def data(self) -> dict[str, Any]:
        """The JSON form; ``worked`` is the share of challenges that it held."""
        n = sum(self.outcomes[outcome] for outcome in _CHALLENGED)
        counts = {outcome: self.outcomes[outcome] for outcome in (*_CHALLENGED, "not_in_place")}
        return {"id": self.id, "challenged": n, **counts, "worked": share_data(Proportion(self.outcomes["held"], n))}


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


def count_challenges(graph: RiskGraph) -> tuple[Challenges, ...]:
    """The mitigations that an incident or a near miss challenged, or found not in place, by id."""
    found: dict[str, Counter[str]] = {}
    for incident in graph.incidents.values():
        if incident.type in OWN:
            for test in incident.tested:
                found.setdefault(test.mitigation, Counter())[test.outcome] += 1
    return tuple(Challenges(id_, outcomes) for id_, outcomes in sorted(found.items()))


def count_firings(graph: RiskGraph) -> tuple[Firings, ...]:
    """The indicators that were needed, or fired, by id."""
    found: dict[str, Counter[str]] = {}
    for incident in graph.incidents.values():
        if incident.type in OWN:
            for signal in incident.signalled:
                found.setdefault(signal.indicator, Counter())[signal.outcome] += 1
    return tuple(
        Firings(id_, found.get(id_, Counter()), len(indicator.alarms), len(indicator.false_alarms))
        for id_, indicator in graph.indicators.items()
        if id_ in found or indicator.alarms or indicator.false_alarms
    )
