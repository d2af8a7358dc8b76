"""Triggers: a graph and a day in, what happened and still waits for its review out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.fields import instant
from riskgraph.metrics.judged import is_reviewed
from riskgraph.queries.evidence import by_start
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.graph import RiskGraph
    from riskgraph.model import Incident

TRIGGERS: Final = {
    "incident": "a risk materialised",
    "near_miss": "a near miss",
    "external": "it happened elsewhere",
}
"""Why a review is due, by the kind of incident: the first step of the method."""


@dataclass(frozen=True)
class Due:
    """Something that happened and has no review yet; ``age`` is in days."""

    incident: Incident
    age: int
    risk_name: str | None

    @property
    def trigger(self) -> str:
        """Why a review is due."""
        return TRIGGERS[self.incident.type]

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        one = self.incident
        return {
            "incident": one.id, "name": one.name, "kind": one.type, "trigger": self.trigger,
            "started_at": one.started_at.isoformat(), "age_days": self.age, "severity": one.severity,
            "risk": one.risk, "risk_name": self.risk_name,
        }  # fmt: skip


def list_due(graph: RiskGraph, today: date) -> tuple[Due, ...]:
    """What waits for its review, the oldest first."""
    return tuple(
        Due(
            incident,
            max(0, (today - instant(incident.started_at).date()).days),
            graph.risks[incident.risk].name if incident.risk else None,
        )
        for incident in by_start(graph)
        if not is_reviewed(incident)
    )


def count_reviewed(graph: RiskGraph) -> Proportion:
    """How many of all incidents, near misses and external events have a review."""
    return Proportion(sum(is_reviewed(one) for one in graph.incidents.values()), len(graph.incidents))
