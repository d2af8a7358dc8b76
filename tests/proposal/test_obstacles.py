"""Obstacles: a proposal and a graph in, what would keep each edit from being applied out."""

from __future__ import annotations

from riskgraph.edits import Edit, add, change, remove
from riskgraph.proposal.file import Decided, Proposal
from riskgraph.proposal.obstacles import Need, find_obstacles
from tests.builders import cascade, element, graph

RISK = element("risk", id="RISK-1", likelihood=2)
GRAPH = graph(RISK, cascade("RISK-1", "RISK-2"), risks="RISK-2 RISK-3")


def proposal(*edits: Edit) -> Proposal:
    """A proposal of these edits."""
    return Proposal("g", 1, ("INC-1",), tuple(Decided(edit) for edit in edits))


def test_what_rests_on_another_edit_needs_it() -> None:
    """An edge to a risk that nobody accepted would point nowhere."""
    new = element("risk", id="RISK-9")
    edits = proposal(add(cascade("RISK-1", "RISK-9")), add(new), change(new, {"owner": "Ada"}))
    for known in (GRAPH, None):
        assert [one.needs for one in find_obstacles(edits, known)] == [
            (Need("RISK-9", (1,)),), (), (Need("risk RISK-9", (1,)),),
        ]  # fmt: skip
    assert not any(one.needs for one in find_obstacles(edits, graph(new, RISK)))


def test_a_risk_goes_after_what_refers_to_it() -> None:
    """Removing a risk from under its cascades is refused."""
    found = find_obstacles(proposal(remove(RISK), remove(cascade("RISK-1", "RISK-2"))), GRAPH)
    assert [one.needs for one in found] == [(Need("cascade RISK-1 -> RISK-2", (1,)),), ()]


def test_alternatives_and_contradictions_are_rivals() -> None:
    """Both cannot be accepted, and each has to say so."""
    edits = proposal(
        add(cascade("RISK-2", "RISK-3"), oneof="a"),
        add(cascade("RISK-3", "RISK-2"), oneof="a"),
        change(RISK, {"likelihood": 3}),
        change(RISK, {"likelihood": 4}),
        change(RISK, {"owner": "Ada"}),
    )
    assert [one.rivals for one in find_obstacles(edits, GRAPH)] == [(1,), (0,), (3,), (2,), ()]


def test_what_has_changed_since_is_stale() -> None:
    """A decision on a value that is not there any more would overwrite somebody's."""
    other = graph(element("risk", id="RISK-1", likelihood=5), cascade("RISK-1", "RISK-2", 0.5), risks="RISK-2 RISK-3")
    edits = proposal(
        change(RISK, {"likelihood": 3}), add(cascade("RISK-1", "RISK-2", 0.1)), add(element("risk", id="R-9"))
    )
    found = [one.stale for one in find_obstacles(edits, other)]
    assert found == [
        "risk RISK-1 has likelihood 5, not 2",
        "cascade RISK-1 -> RISK-2 is there already, with other values",
        "",
    ]
    assert not any(one.stale for one in find_obstacles(edits, None))
