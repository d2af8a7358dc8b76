"""Applying: what is written, what is left, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from riskgraph.edits import add, change
from riskgraph.errors import EditError, InputError, StaleError
from riskgraph.history import History
from riskgraph.proposal.apply import Application, plan_apply
from riskgraph.proposal.file import Proposal, Unanswered
from riskgraph.proposal.gaps import find_gaps
from riskgraph.proposal.propose import propose_edits
from tests.builders import after, audit, audit_fields, cascade, element, graph, history, review

PAST = history(graph(element("risk", id="RISK-1", likelihood=2), risks="RISK-2 RISK-3"))


def proposal_of(past: History = PAST, **fields: object) -> Proposal:
    """A proposal with a change of likelihood, a cascade and a new risk."""
    told = {"probability_accurate": {"answer": "No", "action": "Adjust P from 2 to 4"}, "escalation_worked": "No"}
    pir = review(
        **{
            "observed_cascades": [{"to": "RISK-2"}, {"to": "Nobody had it"}],
            "risk_process_audit": audit_fields(**told),  # type: ignore[arg-type]
            **fields,
        }
    )
    return propose_edits([audit(pir, past)], past, "g")


def decided(proposal: Proposal, decision: Literal["accept", "reject"], *kinds: str, reason: str = "") -> Proposal:
    """The proposal with a decision on the edits of some kinds."""
    edits = (
        replace(one, decision=decision, reason=reason) if one.edit.kind in kinds else one for one in proposal.edits
    )
    return replace(proposal, edits=tuple(edits))


def written(application: Application, past: History = PAST) -> History:
    """The history after the application was written."""
    return after(past, application.edits, decisions=application.decisions)


def test_accepted_edits_are_written_once_and_later_ones_later() -> None:
    """A second apply writes what has been accepted since, and nothing twice."""
    proposal = decided(proposal_of(), "accept", "risk")
    first = plan_apply(proposal, PAST, "g")
    assert {edit.kind for edit in first.edits} == {"risk"}
    assert first.pending == len(proposal.edits) - 2
    now = written(first)
    assert plan_apply(proposal, now, "g").is_empty
    assert plan_apply(proposal, now, "g").already == (2,)
    second = plan_apply(decided(proposal, "accept", "cascade", "incident"), now, "g")
    assert {edit.kind for edit in second.edits} == {"cascade", "incident"}


@pytest.mark.parametrize(("accept", "suggested"), [("explicit", False), ("derived", False)])
def test_suggestions_are_only_accepted_one_by_one(accept: Literal["explicit", "derived"], suggested: bool) -> None:  # noqa: FBT001
    """No flag accepts them."""
    proposal = proposal_of(observed_cascades=None, timeline=[{"time": "03:00", "event": "RISK-2 fails"}])
    planned = plan_apply(proposal, PAST, "g", accept)
    assert any(edit.confidence == "suggested" for edit in planned.edits) is suggested
    assert planned.pending == 1


def test_stale_says_what_changed_and_by_whom() -> None:
    """Somebody set the likelihood meanwhile."""
    proposal = decided(proposal_of(), "accept", "risk")
    meanwhile = after(PAST, [change(PAST.graph.risks["RISK-1"], {"likelihood": 3})])
    with pytest.raises(StaleError) as refused:
        plan_apply(proposal, meanwhile, "g")
    assert "revision 2 by Ada: ~ risk RISK-1: likelihood 2 -> 3" in refused.value.conflicts[0]


def test_changes_elsewhere_do_not_matter() -> None:
    """Only a value that an edit would change makes it stale."""
    meanwhile = after(PAST, [change(PAST.graph.risks["RISK-1"], {"owner": "Bo"}), add(element("risk", id="RISK-7"))])
    assert plan_apply(decided(proposal_of(), "accept", "cascade", "risk"), meanwhile, "g").edits


def test_another_graphs_proposal_is_refused() -> None:
    """Ids that happen to be the same mean something else there."""
    with pytest.raises(InputError, match="choose its store"):
        plan_apply(proposal_of(), PAST, "other")


def test_an_edit_that_needs_a_pending_risk_is_refused() -> None:
    """Nothing is left hanging."""
    with pytest.raises(EditError, match="accept that as well"):
        plan_apply(decided(proposal_of(), "accept", "cascade"), PAST, "g")


def test_the_incident_is_recorded_without_a_risk_that_was_rejected() -> None:
    """Rejecting a new risk must not keep the incident out of the graph; a second apply stays quiet."""
    proposal = decided(decided(proposal_of(), "accept", "incident"), "reject", "risk")
    planned = plan_apply(proposal, PAST, "g")
    (incident,) = planned.edits
    assert incident.set["reached"] == [{"from": "RISK-1", "to": "RISK-2"}]
    assert incident.set["unrecorded"] == 1  # metrics count it as a step that was not mapped
    assert "RISK-4" in planned.remarks[0]
    assert plan_apply(proposal, written(planned), "g").is_empty


def test_rejections_alone_are_kept_once() -> None:
    """They make a revision without edits, and the reason is on record."""
    proposal = decided(proposal_of(), "reject", "cascade", reason="seen once")
    planned = plan_apply(proposal, PAST, "g")
    assert planned.edits == ()
    assert {decision.reason for decision in planned.decisions} == {"seen once"}
    again = plan_apply(proposal, written(planned), "g")
    assert again.is_empty
    assert again.already == (2,)


def test_a_rejected_change_takes_nothing_else_with_it() -> None:
    """Prevents: a cascade out of a risk that is lost, since the risk's new likelihood was rejected."""
    past = written(plan_apply(decided(proposal_of(), "reject", "risk"), PAST, "g"))
    again = proposal_of(past)
    assert [one.edit.key for one in again.edits if one.edit.kind == "cascade"] == [("cascade", "RISK-1", "RISK-2")]
    assert [remark for remark in again.remarks if "needs what was rejected" in remark] == [
        "left out, since it needs what was rejected: + cascade RISK-1 -> RISK-4 (probability 0.667)"
    ]


def test_undone_edits_may_be_applied_again() -> None:
    """An undo takes the marker away with the edit."""
    proposal = decided(proposal_of(), "accept", "risk")
    now = written(plan_apply(proposal, PAST, "g"))
    from riskgraph.edits import invert

    undone = after(now, [invert(edit) for edit in reversed(now.revisions[-1].edits)], undoes=2)
    assert len(plan_apply(proposal, undone, "g").edits) == 2


def test_gaps_are_answered_by_edits_actions_and_reasons() -> None:
    """Each answer is of one of three kinds; what nothing answers is open."""
    proposal = proposal_of(
        actions={"immediate": [{"action": "Watch it", "answers": ["indicators_fired"]}]},
    )
    reasons = tuple(
        Unanswered(question=gap.question, gap=gap.gap, incident="INC-1", reason="accepted for now")
        for gap in proposal.unanswered
        if gap.question == "escalation_worked"
    )
    planned = plan_apply(replace(proposal, unanswered=reasons), PAST, "g", "explicit")
    found = {gap.question: [answer.kind for answer in gap.answered_by] for gap in find_gaps(written(planned))}
    assert found["escalation_worked"] == ["reason"]
    assert found["indicators_fired"] == ["action"]
    assert "edit" in found["cascades_predicted"]
    assert found["mitigation_worked"] == []


def test_two_values_for_one_field_are_refused() -> None:
    """Two reviews may disagree; the person has to choose."""
    other = review(
        incident_id="INC-2",
        risk_process_audit=audit_fields(probability_accurate={"answer": "No", "action": "Adjust P from 2 to 5"}),
    )
    first = review(risk_process_audit=audit_fields(probability_accurate={"answer": "No", "action": "Set P to 4"}))
    proposal = propose_edits([audit(first, PAST), audit(other, PAST)], PAST, "g")
    with pytest.raises(InputError, match="accept one of them"):
        plan_apply(proposal, PAST, "g", "explicit")


def test_the_order_works_whatever_the_file_says() -> None:
    """Risks before cascades, the incident before its actions."""
    proposal = proposal_of(actions={"immediate": [{"action": "Watch it"}]})
    planned = plan_apply(replace(proposal, edits=proposal.edits[::-1]), PAST, "g", "explicit")
    graph_ = written(planned).graph
    assert ("cascade", "RISK-1", "RISK-4") in graph_
    assert planned.edits[0].kind == "risk"
    assert cascade("RISK-1", "RISK-2", 2 / 3) == graph_.cascades["RISK-1", "RISK-2"]


@pytest.mark.parametrize("effective", ["2024-01-20", "2024-02-15", "2024-02-16", None])
def test_what_a_review_taught_is_not_known_to_it(effective: str | None) -> None:
    """Prevents: hindsight, where the edits of a review are dated to the day of its incident or before it."""
    proposal = proposal_of()
    taught = after(PAST, plan_apply(proposal, PAST, "g", "explicit").edits, effective=effective)
    pir = review(observed_cascades=[{"to": "RISK-2"}, {"to": "Nobody had it"}])
    assert audit(pir, taught).data() == audit(pir, PAST).data()
    assert audit(pir, taught).diff.data() == audit(pir, PAST).diff.data()
    other = review(incident_id="INC-2", started_at="2024-02-15T04:00:00Z", observed_cascades=[{"to": "RISK-2"}])
    verdict = audit(other, taught).diff.steps[0].verdict
    assert verdict == ("mapped" if effective in {"2024-01-20", "2024-02-15"} else "unmapped")
