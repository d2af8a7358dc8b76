"""Follow-through for readers: actions, mitigations and reviews that are due in, the tables that show them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.report.figures import format_moment
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from riskgraph.metrics.actions import Followed, FollowThrough
    from riskgraph.metrics.triggers import Due
    from riskgraph.statistics import Proportion

_ACTIONS = ("action", "what", "owner", "due", "days overdue", "state", "done on", "horizon")
_SPARE = ("done on", "horizon")


def actions_tables(follow: FollowThrough, *, only_open: bool = False) -> list[Table]:
    """What was needed and is not in place first, then actions, process improvements apart, then who has how many."""
    heading = f"Follow-through on {follow.today.isoformat()}"
    tables = [_pending_table(follow, heading)]
    shown = [one for one in follow.actions if one.state != "done" or not only_open]
    counts = ", ".join(f"{count} {state}" for state, count in follow.count().items())
    fixes = [one for one in shown if not one.is_improvement]
    improvements = [one for one in shown if one.is_improvement]
    tables.append(Table("Actions", _ACTIONS, _rows(fixes), (f"all actions: {counts}",), heading, spare=_SPARE))
    tables.append(Table("Improvements of the risk process", _ACTIONS, _rows(improvements), (), heading, spare=_SPARE))
    for name in ("owner", "horizon"):
        rows = tuple((value, *counted.values()) for value, counted in follow.count_by(name).items())
        tables.append(Table(f"By {name}", (name, "overdue", "open", "done"), rows, (), heading))
    return tables


def count_table(follow: FollowThrough, heading: str) -> Table:
    """In one line how much is overdue, for a page that is about something else."""
    row = (*follow.count().values(), follow.count_overdue())
    columns = ("overdue", "open", "done", "mitigations overdue")
    return Table("Actions", columns, (row,), ("riskgraph actions lists them",), heading)


def _pending_table(follow: FollowThrough, heading: str) -> Table:
    rows: list[Row] = []
    urgent = 0
    for one in follow.mitigations:
        mitigation = one.mitigation
        urgent += bool(one.incidents and one.overdue_days)
        rows.append(
            (
                mitigation.id, mitigation.name, mitigation.status.replace("_", " "), mitigation.owner,
                mitigation.due.isoformat() if mitigation.due else None, one.overdue_days or None,
                ", ".join(one.against) or None, ", ".join(one.incidents) or None,
            )
        )  # fmt: skip
    columns = ("mitigation", "what", "status", "owner", "due", "days overdue", "against", "happened since")
    notes = [f"{urgent} overdue against what has happened since"] if urgent else []
    return Table(
        "Mitigations decided and not in place", columns, tuple(rows), tuple(notes), heading, spare=("status", "due")
    )


def _rows(followed: Iterable[Followed]) -> tuple[Row, ...]:
    return tuple(
        (
            one.action.id, one.action.name, one.action.owner, one.action.due.isoformat() if one.action.due else None,
            one.overdue_days or None, one.state, one.action.done_on.isoformat() if one.action.done_on else None,
            (one.action.horizon or "").replace("_", " ") or None,
        )
        for one in followed
    )  # fmt: skip


def due_tables(due: Iterable[Due], reviewed: Proportion) -> list[Table]:
    """What waits for its review, the oldest first; a note says how many have theirs."""
    rows = tuple(
        (
            one.incident.id, one.incident.name, one.trigger, format_moment(one.incident.started_at), one.age,
            one.incident.severity, one.incident.risk, one.risk_name,
        )
        for one in due
    )  # fmt: skip
    columns = ("incident", "what", "trigger", "started at", "age in days", "severity", "our risk", "name of the risk")
    return [Table("Reviews that are due", columns, rows, (f"reviewed {reviewed.k} of {reviewed.n}",))]
