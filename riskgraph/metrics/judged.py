"""Judged incidents: a history and a window in, each incident with the graph as known at its start out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.diff import PredictionVerdict, StepVerdict, verdict_on
from riskgraph.metrics.window import quarter_of
from riskgraph.queries.evidence import by_start, reached_risks

if TYPE_CHECKING:
    from riskgraph.history import History, Snapshot
    from riskgraph.metrics.window import Window
    from riskgraph.model import Incident, Key

KINDS: Final = ("incident", "near_miss", "external")
NONE: Final = "none"
"""The group of what has no category or no severity."""


@dataclass(frozen=True)
class Judged:
    """An incident and the graph as known at its start, by which it is judged."""

    incident: Incident
    snapshot: Snapshot
    known: bool | None
    category: str

    @property
    def is_reviewed(self) -> bool:
        """Whether a review stands behind it; else it was only logged."""
        return is_reviewed(self.incident)

    @property
    def groups(self) -> dict[str, str]:
        """What it counts under, by the dimension of a split."""
        return {
            "kind": self.incident.type,
            "quarter": quarter_of(self.incident.started_at),
            "category": self.category,
            "severity": (self.incident.severity or NONE).lower(),
        }

    def steps(self) -> tuple[tuple[str, StepVerdict], ...]:
        """Each observed step, in words, and what the map made of it. One to a risk that nobody took up is the last."""
        if not self.snapshot.is_known:
            return tuple((f"{step.from_} -> {step.to}", "unknown") for step in self.incident.reached)
        graph = self.snapshot.graph
        found: list[tuple[str, StepVerdict]] = [
            (f"{step.from_} -> {step.to}", verdict_on(step.from_, step.to, graph)[0]) for step in self.incident.reached
        ]
        found += [("a step that is not in the graph", "new_risk")] * (self.incident.unrecorded or 0)
        return tuple(found)

    def trials(self) -> tuple[tuple[tuple[str, str], PredictionVerdict], ...]:
        """Each mapped cascade that was put to the test, and whether it fired, was blocked, or did not fire."""
        graph = self.snapshot.graph
        if not self.snapshot.is_known:
            return ()
        fired = {(step.from_, step.to) for step in self.incident.reached}
        reached = reached_risks(self.incident)
        found: list[tuple[tuple[str, str], PredictionVerdict]] = []
        for pair in sorted(fired | {(one.from_, one.to) for one in self.incident.checked}):
            if pair in graph.cascades and pair[0] in reached:
                blocked = any(graph.is_implemented(block.mitigation) for block in graph.blocks.get(pair, ()))
                found.append((pair, "fired" if pair in fired else "blocked" if blocked else "not_fired"))
        return tuple(found)

    def is_sealed(self, *keys: Key) -> bool | None:
        """Whether the clock vouches for what was known of these; None where nothing was."""
        return self.snapshot.is_sealed(keys)


def judge_incidents(history: History, window: Window) -> tuple[Judged, ...]:
    """The incidents of today's graph that began in the window, in the order they began."""
    return tuple(judge(incident, history) for incident in by_start(history.graph) if window.holds(incident.started_at))


def judge(incident: Incident, history: History) -> Judged:
    """One incident with the graph as known at its start."""
    snapshot = history.as_of(incident.started_at, incident.id)
    graph, root = snapshot.graph, incident.risk
    risk = graph.risks.get(root or "") or history.graph.risks.get(root or "")
    return Judged(incident, snapshot, _knows_root(incident, snapshot, history), (risk and risk.category) or NONE)


def is_reviewed(incident: Incident) -> bool:
    """Whether a review stands behind an incident: it has the path or the digest of one, or a verdict of its audit."""
    return bool(incident.pir or incident.pir_digest or incident.verdicts)


def _knows_root(incident: Incident, snapshot: Snapshot, history: History) -> bool | None:
    """Whether the root was in the graph as of the start; None where what was recorded cannot tell.

    It cannot where nothing was recorded or declared, or where all that is known is by declared dates and the root has
    none: then it may have been known or not.
    """
    root = incident.risk
    if root is not None and root in snapshot.graph.risks:
        return True
    if not snapshot.is_known:
        return None
    if root is None:
        return False
    origin = history.first.get(("risk", root))
    if origin is None or snapshot.revision or origin.edit.set.get("since"):
        return False
    return None


Split = Literal["kind", "quarter", "category", "severity"]
SPLITS: Final[tuple[Split, ...]] = ("kind", "quarter", "category", "severity")
"""What every metric is split by."""
