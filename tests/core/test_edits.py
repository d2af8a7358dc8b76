"""Edits: the meaning of every change, as properties over random graphs and as a table of refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from riskgraph.edits import (
    Edit,
    add,
    apply,
    apply_all,
    canonical,
    change,
    describe,
    diff_graphs,
    invert,
    remove,
)
from riskgraph.errors import EditError, StaleError
from riskgraph.graph import RiskGraph
from riskgraph.model import Cascade, Header, Incident, Indicator, Mitigation, Risk
from tests.strategies import graphs

A = Risk(id="A", name="a", likelihood=2, owner="Ops")
B = Risk(id="B", name="b")
AB = Cascade.model_validate({"from": "A", "to": "B", "probability": 0.4})
GRAPH = RiskGraph.of([A, B, AB])


@given(graphs(), graphs())
def test_folding_the_diff_leads_to_the_new_graph(old: RiskGraph, new: RiskGraph) -> None:
    """An import that leaves anything behind would show it again at the next one."""
    edits = diff_graphs(old, new)
    assert apply_all(edits, old) == new
    assert diff_graphs(new, new) == []


@given(graphs(), graphs())
def test_one_by_one_is_all_at_once(old: RiskGraph, new: RiskGraph) -> None:
    """Every prefix of a plan is a whole graph, so a person may read it from top to bottom."""
    graph = old
    for edit in diff_graphs(old, new):
        graph = apply(edit, graph)
        assert not list(graph.problems())
    assert graph == new


@given(graphs(), graphs())
def test_invert_undoes(old: RiskGraph, new: RiskGraph) -> None:
    """What undo promises, for every kind of edit."""
    edits = diff_graphs(old, new)
    assert apply_all([invert(edit) for edit in reversed(edits)], new) == old
    for edit in edits:
        assert invert(invert(edit)).data() == edit.data()


@given(graphs(), graphs())
def test_applying_twice_is_applying_once(old: RiskGraph, new: RiskGraph) -> None:
    """A repeated apply, after a lost reply, must not be refused or double anything."""
    graph = old
    for edit in diff_graphs(old, new):
        graph = apply(edit, graph)
        assert apply(edit, graph) == graph


@given(graphs(), graphs())
def test_edits_survive_their_data(old: RiskGraph, new: RiskGraph) -> None:
    """A proposal is written and read again: nothing may change on the way, nor its marker."""
    for edit in diff_graphs(old, new):
        again = Edit.model_validate_json(edit.model_dump_json())
        assert again.data() == edit.data()
        assert again.marker == edit.marker


@given(graphs())
def test_canonical_values_stay(graph: RiskGraph) -> None:
    """A canonical value that is made canonical again is itself, else an unchanged register shows edits."""
    for element in graph.elements.values():
        for name, value in element.data().items():
            assert canonical(element.kind, name, value) == value
        values = {name: value for name, value in element.data().items() if name not in element.key_fields}
        assert change(element, values).set == {}


@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        ("risk", "likelihood", 2, 2),
        ("risk", "likelihood", 2.0, 2),
        ("risk", "likelihood", {"probability": 0.1, "horizon": "12 months"}, {"probability": 0.1, "horizon": "1y"}),
        ("risk", "loss", 5.0, 5),
        ("risk", "since", "2024-01-02", "2024-01-02"),
        ("risk", "status", None, "open"),
        ("risk", "owner", None, None),
        ("risk", "tags", [], None),
        ("risk", "escalation", {}, None),
        ("risk", "escalation", {"within": "60 minutes"}, {"within": "1h"}),
        ("mitigation", "kind", "preventive", "preventive"),
        ("mitigation", "status", None, "planned"),
        ("cascade", "delay", "PT90M", "1h30m"),
        ("register", "scale", {}, None),
        ("risk", "x_ref", [], None),
        ("risk", "x_ref", "7", "7"),
    ],
)
def test_canonical(kind: str, name: str, value: Any, expected: Any) -> None:
    """Two ways to write one value must not look like a change."""
    found = canonical(kind, name, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("kind", "name"), [("risk", "probability"), ("cascade", "id"), ("mitigation", "type")])
def test_canonical_knows_its_fields(kind: str, name: str) -> None:
    """A misspelt field in a proposal must not vanish."""
    with pytest.raises(ValueError, match="has no field"):
        canonical(kind, name, 1)


STALE: list[tuple[Edit, str]] = [
    (add(A.model_copy(update={"owner": "Dev"})), "risk A is there already, with other values"),
    (change(A.model_copy(update={"likelihood": 3}), {"likelihood": 4}), "risk A has likelihood 2, not 3"),
    (change(Risk(id="C", name="c"), {"likelihood": 4}), "risk C is not there any more"),
    (remove(AB.model_copy(update={"probability": 0.5})), "cascade A -> B has other values than those to be removed"),
    (Edit(op="remove", key=AB.key), "cascade A -> B has other values than those to be removed"),
]


@pytest.mark.parametrize(("edit", "message"), STALE)
def test_stale_edits_are_refused(edit: Edit, message: str) -> None:
    """Whoever was first must not be overwritten unseen."""
    with pytest.raises(StaleError) as caught:
        apply(edit, GRAPH)
    assert str(caught.value) == message


MISFITS: list[tuple[Edit, str]] = [
    (remove(A), "risk A cannot be removed: cascade A -> B refers to it; close it instead"),
    (add(Cascade.model_validate({"from": "A", "to": "Z"})), "cascade A -> Z refers to risk Z, which is not there"),
    (add(Mitigation(id="A", name="m")), "A is the id of a risk already: give the mitigation another id"),
    (Edit(op="add", key=("risk", "C"), set={"nam": "c"}), "risk C: unknown key 'nam'"),
    (Edit(op="add", key=("risk", "C"), set={}), "risk C: name: is missing"),
    (Edit(op="change", key=("risk", "B"), set={"likelihood": 9}), "risk B: likelihood: has to be at most 5"),
    (Edit(op="add", key=("cascade", "A", "A"), set={}), "cascade A -> A: cascades from A to itself"),
    (
        add(Incident.model_validate({"id": "I", "name": "i", "started_at": "2024-01-01", "risk": "Q"})),
        "incident I refers to risk Q, which is not there",
    ),
]


@pytest.mark.parametrize(("edit", "message"), MISFITS)
def test_edits_that_do_not_fit(edit: Edit, message: str) -> None:
    """A graph that does not hold together must not come into being."""
    with pytest.raises(EditError) as caught:
        apply(edit, GRAPH)
    assert str(caught.value).startswith(message)


def test_nothing_is_half_applied() -> None:
    """An error in the last of many edits leaves the graph as it was."""
    before = dict(GRAPH.elements)
    with pytest.raises(StaleError):
        apply_all([change(B, {"owner": "Dev"}), STALE[0][0]], GRAPH)
    assert GRAPH.elements == before


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (change(A, {"likelihood": 4}), "~ risk A: likelihood 2 -> 4"),
        (change(B, {"owner": "Dev"}), "~ risk B: owner not set -> Dev"),
        (change(A, {"owner": None}), "~ risk A: owner Ops -> not set"),
        (remove(AB), "- cascade A -> B"),
        (add(AB), "+ cascade A -> B (probability 0.4)"),
        (add(Indicator(id="I", name="Parse failures", threshold=5)), "+ indicator I 'Parse failures' (threshold 5)"),
    ],
)
def test_describe(edit: Edit, line: str) -> None:
    """Import, propose and apply print the same line for the same edit."""
    assert describe(edit) == line


def test_the_header_is_always_there() -> None:
    """Undoing what set the scale must not leave a graph without a header."""
    header = Header(currency="EUR")
    graph = apply(add(header), GRAPH)
    assert graph.header.currency == "EUR"
    assert apply(invert(add(header)), graph) == GRAPH


def test_a_marker_is_not_the_reason() -> None:
    """A proposal whose reasons moved by a line is the same proposal."""
    one = change(A, {"likelihood": 4}, incident="INC-1", because={"field": "f", "line": 3}, confidence="explicit")
    two = change(A, {"likelihood": 4}, incident="INC-1", because={"field": "f", "line": 9})
    other = change(A, {"likelihood": 4}, incident="INC-2")
    assert one.marker == two.marker != other.marker


def test_a_long_list_of_edits_is_quick() -> None:
    """A register of thousands of rows is one write; sorting the graph after every edit would take minutes."""
    risks = [Risk(id=f"R{n}", name="r") for n in range(3000)]
    cascades = [Cascade.model_validate({"from": f"R{n}", "to": f"R{n + 1}"}) for n in range(2999)]
    graph = apply_all([*map(add, risks), *map(add, cascades)], RiskGraph())
    assert len(graph) == 5999
