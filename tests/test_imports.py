"""Imports: what a register file changes, and what it may not undo."""

from __future__ import annotations

from hypothesis import given

from riskgraph.edits import Edit, add, apply_all, change, describe
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.imports import ImportPlan, plan_import
from riskgraph.register.read import Register
from tests.builders import after, cascade, element, graph, history
from tests.register.test_write import graphs

BEFORE = graph(
    element("risk", id="A", likelihood=2, owner="Ada"),
    element("risk", id="B"),
    element("risk", id="C"),
    cascade("A", "B", 0.4),
)


def register(of: RiskGraph) -> Register:
    """A register file that says exactly this."""
    return Register(of, dict(of.elements))


def plan(of: RiskGraph, past: History, **options: bool) -> ImportPlan:
    """The plan of importing a file."""
    return plan_import(register(of), past, **options)


def lines(planned: ImportPlan) -> list[str]:
    """What a person reads of it."""
    return [describe(edit) for edit in planned.edits]


def taught(past: History, *edits: Edit) -> History:
    """The history after a review taught these edits."""
    incident = add(
        element("incident", id="INC-1", started_at="2024-02-15", risk="A", reached=[{"from": "A", "to": "C"}])
    )
    return after(past, [incident, *(edit.model_copy(update={"incident": "INC-1"}) for edit in edits)])


LEARNED = taught(history(BEFORE), change(BEFORE.risks["A"], {"likelihood": 4}), add(cascade("A", "C", 2 / 3)))


@given(graphs())
def test_importing_what_is_there_changes_nothing(of: RiskGraph) -> None:
    """A second import of the same file is none."""
    planned = plan(of, history(of), prune=True)
    assert (planned.edits, planned.kept) == ((), ())


@given(graphs(), graphs())
def test_pruning_makes_the_graph_the_file(old: RiskGraph, new: RiskGraph) -> None:
    """Where no review taught anything, the result is the file; without prune nothing goes."""
    past = history(old)
    assert apply_all(plan(new, past, prune=True).edits, old) == new
    assert all(edit.op != "remove" for edit in plan(new, past).edits)


def test_the_old_file_does_not_undo_a_review() -> None:
    """The spreadsheet still says 2 and has no cascade to C: both are listed and kept."""
    planned = plan(BEFORE, LEARNED)
    assert planned.edits == ()
    assert [kept.describe() for kept in planned.kept] == [
        "! risk A: likelihood: the file has 2, the review made it 4 (INC-1)",
        "! cascade A -> C: the file does not have it, the review added it (INC-1)",
    ]


def test_a_new_value_of_the_owner_wins() -> None:
    """3 is neither the old value nor the learned one: somebody decided."""
    newer = graph(
        element("risk", id="A", likelihood=3, owner="Ada"),
        *(BEFORE.elements[k] for k in BEFORE.elements if k[0] != "register" and k != ("risk", "A")),
    )
    assert lines(plan(newer, LEARNED)) == ["~ risk A: likelihood 4 -> 3"]


def test_after_the_owner_decided_the_old_value_is_free_again() -> None:
    """Learning stands until the owner changes the value; then it is the owner's."""
    decided = after(LEARNED, [change(LEARNED.graph.risks["A"], {"likelihood": 3})])
    assert lines(plan(BEFORE, decided)) == ["~ risk A: likelihood 3 -> 2"]


def test_a_value_older_than_two_reviews_is_still_old() -> None:
    """2, then 3 by one review, then 4 by another: a file that says 2 undoes both."""
    first = taught(history(BEFORE), change(BEFORE.risks["A"], {"likelihood": 3}))
    second = change(first.graph.risks["A"], {"likelihood": 4}).model_copy(update={"incident": "INC-2"})
    planned = plan(BEFORE, after(first, [second]))
    assert (planned.edits, len(planned.kept)) == ((), 1)


def test_revert_learned_does_undo() -> None:
    """Who says so gets it."""
    assert lines(plan(BEFORE, LEARNED, revert_learned=True)) == ["~ risk A: likelihood 4 -> 2"]


def test_an_undone_review_taught_nothing() -> None:
    """After an undo the file is right again."""
    from riskgraph.edits import invert

    undone = after(LEARNED, [invert(edit) for edit in reversed(LEARNED.revisions[-1].edits)], undoes=2)
    assert (plan(BEFORE, undone).edits, plan(BEFORE, undone).kept) == ((), ())


def test_pruning_closes_what_an_incident_touched() -> None:
    """Risks are closed, cascades kept with the reason, and only the rest goes."""
    small = graph(element("risk", id="A", likelihood=4, owner="Ada"))
    planned = plan(small, LEARNED, prune=True)
    assert lines(planned) == ["- cascade A -> B", "~ risk C: status open -> closed", "- risk B"]
    assert [kept.key for kept in planned.kept] == [("cascade", "A", "C")]
    assert apply_all(planned.edits, LEARNED.graph).risks.keys() == {"A", "C"}
    assert planned.removed_share == 2 / 5


def test_what_is_kept_is_kept_whole() -> None:
    """An indicator that an incident refers to still watches; what a kept edge needs is kept, and said."""
    full = graph(
        element("risk", id="A"),
        element("indicator", id="I"),
        element("watches", indicator="I", risk="A"),
        element("mitigation", id="M"),
        element("mitigation", id="N"),
    )
    incident = element(
        "incident", id="X", started_at="2024-02-15", risk="A", signalled=[{"indicator": "I", "outcome": "silent"}]
    )
    learned = add(element("mitigates", mitigation="M", risk="A"), incident="X")
    past = after(history(full), [add(incident, incident="X"), learned])
    planned = plan(graph(element("risk", id="A")), past, prune=True)
    assert lines(planned) == ["- mitigation N"]
    assert [kept.describe() for kept in planned.kept] == [
        "! indicator I: the file does not have it, and an incident touched it (X)",
        "! mitigates M -> A: the file does not have it, the review added it (X)",
        "! mitigation M: the file does not have it, and mitigates M -> A needs it (X)",
    ]
    assert ("watches", "I", "A") in apply_all(planned.edits, past.graph)


def test_incidents_and_actions_are_not_the_files() -> None:
    """No register file has them; pruning leaves them alone."""
    planned = plan(LEARNED.graph, LEARNED, prune=True)
    assert planned.edits == ()


def test_a_field_that_the_file_leaves_out_is_taken_away() -> None:
    """An element of the file says everything about it."""
    without = graph(element("risk", id="A", likelihood=4))
    assert lines(plan(without, LEARNED)) == ["~ risk A: owner Ada -> not set"]
