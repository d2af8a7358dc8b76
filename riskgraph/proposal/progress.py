"""Progress: the history and proposals in, what the loop has changed, and which gaps and edits still wait, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.edits import describe
from riskgraph.fields import instant
from riskgraph.graph import order, title
from riskgraph.metrics.window import quarter_of
from riskgraph.model import PHASES
from riskgraph.proposal.gaps import find_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.edits import Edit
    from riskgraph.history import History, Revision
    from riskgraph.metrics.window import Window
    from riskgraph.proposal.file import Proposal

CHANGED: Final = ("risks", "scores", "cascades", "mitigations", "indicators")
"""What is counted of what reviews changed: scores are likelihoods, impacts, losses and probabilities."""
_SCORES: Final = frozenset({"likelihood", "impact", "loss", "probability", "effectiveness"})
_COUNTED: Final = {
    "risk": "risks", "cascade": "cascades", "mitigation": "mitigations", "mitigates": "mitigations",
    "blocks": "mitigations", "indicator": "indicators", "watches": "indicators",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Something in the register that a review changed, with the revision and the review that did."""

    revision: Revision
    edit: Edit
    pir: str | None

    @property
    def what(self) -> str:
        """What it counts as."""
        scored = self.edit.op == "change" and _SCORES & self.edit.set.keys()
        return "scores" if scored else _COUNTED[self.edit.kind]

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "what": self.what, "element": title(self.edit.key), "change": describe(self.edit),
            "incident": self.edit.incident, "pir": self.pir, "revision": self.revision.number,
            "on": self.revision.effective.date().isoformat(), "author": self.revision.author,
        }  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """What the loop did in a window.

    ``gaps`` counts open and answered ones by the quarter in which the incident began and by phase. ``decisions`` counts
    edits: accepted and rejected ones in the window, pending ones in the proposals that were looked at.
    """

    window: Window
    changes: tuple[Change, ...]
    gaps: dict[str, dict[str, dict[str, int]]]
    decisions: dict[str, int | None]

    def counts(self) -> dict[str, int]:
        """How many of each were changed."""
        return {name: sum(one.what == name for one in self.changes) for name in CHANGED}

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "window": self.window.data(), "counts": self.counts(), "decisions": self.decisions,
            "gaps_by_quarter": self.gaps, "changes": [one.data() for one in self.changes],
        }  # fmt: skip


def measure_progress(history: History, window: Window, proposals: Sequence[Proposal] | None = None) -> Progress:
    """What reviews changed in a window; what was undone since did not change anything.

    Pending edits are counted where proposals are given: the store knows of an edit once it is decided.
    """
    accepted = [origin for origin in history.applied.values() if window.holds(origin.revision.effective)]
    rejected = [
        decision
        for revision, decision in history.decisions.values()
        if decision.what == "edit" and window.holds(revision.effective)
    ]
    incidents = history.graph.incidents
    changes = [
        Change(
            origin.revision, origin.edit, known.pir if (known := incidents.get(origin.edit.incident or "")) else None
        )
        for origin in accepted
        if origin.edit.kind in _COUNTED
    ]
    decisions = {
        "accepted": len(accepted),
        "rejected": len(rejected),
        "pending": None if proposals is None else _count_pending(proposals, history),
    }
    ordered = sorted(changes, key=lambda one: (one.revision.number, order(one.edit.key)))
    return Progress(window, tuple(ordered), _count_gaps(history, window), decisions)


def _count_pending(proposals: Sequence[Proposal], history: History) -> int:
    waiting = {
        one.edit.marker
        for proposal in proposals
        for one in proposal.edits
        if one.decision == "pending"
        and one.edit.marker not in history.applied
        and ("edit", one.edit.marker) not in history.decisions
    }
    return len(waiting)


def _count_gaps(history: History, window: Window) -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for gap in find_gaps(history):
        start = history.graph.incidents[gap.incident].started_at
        if window.holds(instant(start)):
            phases = found.setdefault(
                quarter_of(start), {phase: {"open": 0, "answered": 0} for phase in PHASES.values()}
            )
            phases[gap.gap]["open" if gap.is_open else "answered"] += 1
    return dict(sorted(found.items()))
