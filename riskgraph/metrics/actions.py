"""Follow-through: a history and a day in, which actions and mitigations are open, overdue or done out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from riskgraph.fields import instant, parse_moment
from riskgraph.model import Blocks, Mitigates
from riskgraph.queries.evidence import list_hits, list_steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from riskgraph.history import History
    from riskgraph.model import Action, Mitigation

State = Literal["overdue", "open", "done"]
STATES: Final[tuple[State, ...]] = ("overdue", "open", "done")
IMPROVEMENT: Final = "process_improvement"
NOBODY: Final = "nobody"
"""The owner of what has none."""
_PENDING: Final = frozenset({"planned", "in_progress"})


@dataclass(frozen=True)
class Followed:
    """An action on a day. ``overdue_days`` counts calendar days past its date, 0 where it is not overdue."""

    action: Action
    state: State
    overdue_days: int

    @property
    def is_improvement(self) -> bool:
        """Whether it improves the risk process itself, not only what broke."""
        return self.action.horizon == IMPROVEMENT

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {**self.action.data(), "state": self.state, "overdue_days": self.overdue_days}


@dataclass(frozen=True)
class Pending:
    """A mitigation that is planned or in progress, what it stands against, and the incidents that came since."""

    mitigation: Mitigation
    against: tuple[str, ...]
    overdue_days: int
    incidents: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        one = self.mitigation
        return {
            "id": one.id, "name": one.name, "status": one.status, "owner": one.owner,
            "due": one.due.isoformat() if one.due else None, "overdue_days": self.overdue_days,
            "against": list(self.against), "incidents": list(self.incidents),
        }  # fmt: skip


@dataclass(frozen=True)
class FollowThrough:
    """What became of what was decided, on a day."""

    today: date
    actions: tuple[Followed, ...]
    mitigations: tuple[Pending, ...]

    def count(self, actions: Iterable[Followed] | None = None) -> dict[str, int]:
        """How many actions are overdue, open (and not overdue), and done."""
        states = Counter(one.state for one in (self.actions if actions is None else actions))
        return {state: states[state] for state in STATES}

    def count_overdue(self) -> int:
        """How many mitigations are overdue."""
        return sum(one.overdue_days > 0 for one in self.mitigations)

    def count_by(self, name: Literal["owner", "horizon"]) -> dict[str, dict[str, int]]:
        """The same by owner or horizon; most overdue first, then by name."""
        groups: dict[str, list[Followed]] = {}
        for one in self.actions:
            value = one.action.owner or NOBODY if name == "owner" else one.action.horizon or "none"
            groups.setdefault(value, []).append(one)
        counted = {value: self.count(found) for value, found in groups.items()}
        return dict(sorted(counted.items(), key=lambda item: (-item[1]["overdue"], -item[1]["open"], item[0])))

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "today": self.today.isoformat(),
            "counts": self.count(),
            "by_owner": self.count_by("owner"),
            "by_horizon": self.count_by("horizon"),
            "actions": [one.data() for one in self.actions],
            "mitigations": [one.data() for one in self.mitigations],
        }


def follow_up(history: History, today: date) -> FollowThrough:
    """What is open, overdue and done on a day; what is overdue comes first, the longest overdue before all."""
    actions = [follow(action, today) for action in history.graph.actions.values()]
    return FollowThrough(
        today,
        tuple(sorted(actions, key=_order)),
        tuple(sorted(_list_pending(history, today), key=_urgency)),
    )


def follow(action: Action, today: date) -> Followed:
    """An action as it stands on a day; what is done later is still open then."""
    if action.done_on is not None and action.done_on <= today:
        return Followed(action, "done", 0)
    late = (today - action.due).days if action.due else 0
    return Followed(action, "overdue" if late > 0 else "open", max(0, late))


def _order(one: Followed) -> tuple[int, bool, str, str]:
    due = one.action.due.isoformat() if one.action.due else ""
    return STATES.index(one.state), not due, due, one.action.id


def _list_pending(history: History, today: date) -> list[Pending]:
    """Mitigations that are decided and not there, with the incidents that struck what they stand against since."""
    graph = history.graph
    hits, steps = list_hits(graph), list_steps(graph, own=True)
    against: dict[str, list[str]] = {}
    struck: dict[str, set[str]] = {}
    for edge in graph.of_kind(Mitigates).values():
        against.setdefault(edge.mitigation, []).append(edge.risk)
        struck.setdefault(edge.mitigation, set()).update(hits.get(edge.risk, ()))
    for block in graph.of_kind(Blocks).values():
        against.setdefault(block.mitigation, []).append(f"{block.from_} -> {block.to}")
        struck.setdefault(block.mitigation, set()).update(steps.get((block.from_, block.to), ()))
    found = []
    for id_, mitigation in graph.mitigations.items():
        if mitigation.status not in _PENDING:
            continue
        known = _known_since(id_, history)
        incidents = [graph.incidents[one] for one in struck.get(id_, ())]
        since = sorted(
            (instant(one.started_at), one.id) for one in incidents if instant(one.started_at) >= instant(known)
        )
        late = max(0, (today - mitigation.due).days) if mitigation.due else 0
        found.append(Pending(mitigation, tuple(against.get(id_, ())), late, tuple(id_ for _, id_ in since)))
    return found


def _urgency(one: Pending) -> tuple[bool, int, int, str]:
    """What is overdue and has been needed since comes first, then what was needed, then what is overdue."""
    needed, late = len(one.incidents), one.overdue_days
    return not (needed and late), -needed, -late, one.mitigation.id


def _known_since(mitigation: str, history: History) -> date:
    """Since when a mitigation was on record: its ``since``, else the revision that had it first."""
    origin = history.first["mitigation", mitigation]
    declared = origin.edit.set.get("since")
    first = origin.revision.effective
    return min(instant(parse_moment(declared)), first) if declared else first
