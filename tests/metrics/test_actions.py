"""Follow-through: what is overdue on a day, and what was needed before it was there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from riskgraph.edits import add
from riskgraph.history import History
from riskgraph.metrics.actions import FollowThrough, follow_up
from riskgraph.model import Element
from tests.builders import after, cascade, element, graph, history

TODAY = date(2024, 6, 1)


def mitigation(id_: str, status: str = "planned", due: str | None = None, **values: Any) -> Element:
    """A mitigation that is not there yet."""
    return element("mitigation", id=id_, status=status, due=due, **values)


def past(*actions: Element) -> History:
    """A register with planned mitigations, two incidents, and actions."""
    first = history(
        graph(
            cascade("RISK-1", "RISK-2"),
            mitigation("MIT-1", due="2024-03-01"),
            mitigation("MIT-2", due="2025-03-01"),
            mitigation("MIT-3", "in_progress", "2023-01-01"),
            mitigation("MIT-4", "implemented", "2023-01-01"),
            element("mitigates", mitigation="MIT-1", risk="RISK-1"),
            element("mitigates", mitigation="MIT-2", risk="RISK-1"),
            element("blocks", mitigation="MIT-3", from_="RISK-1", to="RISK-2"),
            element("mitigates", mitigation="MIT-4", risk="RISK-1"),
            risks="RISK-1 RISK-2",
        )
    )
    incidents = [
        element("incident", id=f"INC-{n}", risk="RISK-1", started_at=f"2024-0{n}-01", kind=kind)
        for n, kind in enumerate(["incident", "incident", "external"], 1)
    ]
    late = [mitigation("MIT-5", due="2024-05-31"), element("mitigates", mitigation="MIT-5", risk="RISK-1")]
    late_on = after(first, [add(one) for one in late], effective="2024-05-01")
    return after(late_on, [add(one) for one in [*incidents, *actions]])


def follow(*actions: Element) -> FollowThrough:
    """What became of these actions."""
    return follow_up(past(*actions), TODAY)


def action(id_: str, **values: Any) -> Element:
    """An action."""
    return element("action", id=id_, **values)


@pytest.mark.parametrize(
    ("due", "done_on", "state", "days"),
    [
        ("2024-05-31", None, "overdue", 1),
        ("2024-06-01", None, "open", 0),  # it may still be done today
        (None, None, "open", 0),
        ("2024-05-01", "2024-06-01", "done", 0),
        ("2024-05-01", "2024-06-02", "overdue", 31),  # announced is not done
    ],
)
def test_states(due: str | None, done_on: str | None, state: str, days: int) -> None:
    """What is due today is not late, and what is done is not either, however late it was."""
    (found,) = follow(action("A-1", due=due, done_on=done_on)).actions
    assert (found.state, found.overdue_days) == (state, days)


def test_longest_overdue_comes_first() -> None:
    """What has waited longest must not hide behind what was done."""
    found = follow(
        action("A-1", due="2024-01-01", done_on="2024-01-02"), action("A-2", due="2024-05-01"),
        action("A-3", due="2024-02-01"), action("A-4"), action("A-5", due="2024-09-01"),
    )  # fmt: skip
    assert [one.action.id for one in found.actions] == ["A-3", "A-2", "A-5", "A-4", "A-1"]


def test_counts_by_owner_and_horizon() -> None:
    """Nobody's actions are counted as nobody's, not left out."""
    found = follow(
        action("A-1", owner="Ada", due="2024-01-01", horizon="process_improvement"),
        action("A-2", owner="Ada", done_on="2024-01-01", horizon="immediate"),
        action("A-3"),
    )
    assert found.count_by("owner") == {
        "Ada": {"overdue": 1, "open": 0, "done": 1}, "nobody": {"overdue": 0, "open": 1, "done": 0},
    }  # fmt: skip
    assert list(found.count_by("horizon")) == ["process_improvement", "none", "immediate"]
    assert [one.is_improvement for one in found.actions] == [True, False, False]


def test_planned_but_not_implemented_cannot_be_overlooked() -> None:
    """Overdue against what has happened since comes first; what happened elsewhere, or before, does not count."""
    found = [(one.mitigation.id, one.incidents, one.overdue_days) for one in follow().mitigations]
    assert found == [
        ("MIT-1", ("INC-1", "INC-2"), 92),
        ("MIT-2", ("INC-1", "INC-2"), 0),
        ("MIT-3", (), 517),
        ("MIT-5", (), 1),
    ]
