"""Proposing: what a review has to say for an edit to follow, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest

from riskgraph.edits import Edit, add, change, describe, remove
from riskgraph.graph import RiskGraph
from riskgraph.history import Decision, History
from riskgraph.model import Element
from riskgraph.proposal.file import Proposal
from riskgraph.proposal.propose import propose_edits
from tests.builders import after, audit, audit_fields, cascade, element, graph, history, review

MAP = graph(
    element("risk", id="RISK-1", likelihood=2),
    element("risk", id="RISK-2", name="Downstream reporting fails"),
    cascade("RISK-1", "RISK-3", 0.4),
    cascade("RISK-3", "RISK-4", 0.5),
    cascade("RISK-5", "RISK-1", 0.5),
    element("mitigation", id="MIT-1", name="Schema check at intake", status="planned", due="2023-12-01"),
    element("mitigates", mitigation="MIT-1", risk="RISK-1"),
    element("indicator", id="IND-1", threshold=5),
    element("watches", indicator="IND-1", risk="RISK-1"),
    risks="RISK-3 RISK-4 RISK-5",
)


def propose(of: History | RiskGraph = MAP, *more: dict[str, Any], **fields: Any) -> Proposal:
    """The proposal of a review, or of several."""
    past = of if isinstance(of, History) else history(of)
    reviews = [review(**fields), *(review(**other) for other in more)]
    return propose_edits([audit(one, past) for one in reviews], past, "g")


def edits(proposal: Proposal, kind: str) -> list[Edit]:
    """The proposed edits of one kind."""
    return [one.edit for one in proposal.edits if one.edit.kind == kind]


def lines(proposal: Proposal, *kinds: str) -> list[tuple[str, str | None]]:
    """What a person reads of the edits of some kinds, and how sure they are."""
    return [(describe(one.edit), one.edit.confidence) for one in proposal.edits if one.edit.kind in kinds]


def asks(question: str, **fields: str) -> dict[str, Any]:
    """A review whose audit says something to one question."""
    return {"risk_process_audit": audit_fields(**{question: {"answer": "No", **fields}})}


def test_a_new_cascade_gets_the_rule_of_succession() -> None:
    """One of one trials is 2/3, not certainty."""
    (edit,) = edits(propose(observed_cascades=[{"to": "RISK-2", "at": "03:30"}]), "cascade")
    assert edit.set == {"probability": 2 / 3, "delay": "30m"}
    assert (edit.confidence, edit.answers) == ("explicit", ("cascades_predicted",))
    assert edit.because is not None
    assert (edit.because.field, edit.because.line > 1) == ("observed_cascades[0]", True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"observed_cascades": [{"to": "RISK-3"}]}, []),
        ({"observed_cascades": [{"to": "RISK-4"}]}, [("RISK-1", "RISK-4", "suggested")]),
        ({"observed_cascades": [{"to": "RISK-5"}]}, [("RISK-1", "RISK-5", "explicit")]),
        (asks("cascades_predicted", unexpected_cascades="RISK-2 failed, too"), [("RISK-1", "RISK-2", "explicit")]),
        ({"timeline": [{"time": "03:00", "event": "RISK-2 fails"}]}, [("RISK-1", "RISK-2", "suggested")]),
        ({"timeline": [{"time": "03:00", "event": "RISK-3 -> RISK-2"}]}, [("RISK-3", "RISK-2", "explicit")]),
    ],
)
def test_steps(fields: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """Mapped gives nothing; indirect and a lone mention in the timeline are only suggested."""
    assert [(*edit.key[1:], edit.confidence) for edit in edits(propose(**fields), "cascade")] == expected


def test_a_reversed_step_never_removes_the_opposite() -> None:
    """It adds what was observed and suggests a look."""
    proposal = propose(observed_cascades=[{"to": "RISK-5"}])
    assert all(one.edit.op != "remove" for one in proposal.edits)
    assert any("RISK-5 -> RISK-1 again" in line for line, _ in lines(proposal, "action"))


def test_new_risks_get_the_next_id_of_their_kind() -> None:
    """The highest number ever used plus one, padded alike; a removed one is not used again."""
    padded = graph(*(element("risk", id=f"RISK-{n:03d}") for n in (7, 41)), risks="X-1")
    proposal = propose(padded, related_risk="NEW: Nobody had it", observed_cascades=[{"to": "Nor this"}])
    assert [edit.key[1] for edit in edits(proposal, "risk")] == ["RISK-042", "RISK-043"]
    assert [edit.key[1:] for edit in edits(proposal, "cascade")] == [("RISK-042", "RISK-043")]
    (incident,) = edits(proposal, "incident")
    assert (incident.set["risk"], incident.set["reached"]) == ("RISK-042", [{"from": "RISK-042", "to": "RISK-043"}])


def test_an_id_that_was_taken_back_is_not_given_again() -> None:
    """Prevents: two risks that had the same id, one after the other."""
    past = history(MAP)
    risk = element("risk", id="RISK-6")
    taken_back = after(after(past, [add(risk)]), [remove(risk)])
    (edit,) = edits(propose(taken_back, observed_cascades=[{"to": "Nobody had it"}]), "risk")
    assert edit.key == ("risk", "RISK-7")


def test_two_reviews_share_one_new_risk() -> None:
    """The same name is the same risk."""
    other = {"incident_id": "INC-2", "observed_cascades": [{"to": "the PARTNER is late"}]}
    proposal = propose(MAP, other, observed_cascades=[{"to": "The partner is late"}])
    assert len(edits(proposal, "risk")) == 1


def test_similar_risks_are_named_and_never_taken() -> None:
    """A risk that only sounds alike is a remark."""
    proposal = propose(related_risk="NEW: Downstream reports failing")
    assert len(edits(proposal, "risk")) == 1
    assert any("RISK-2" in remark for remark in proposal.remarks)


@pytest.mark.parametrize(
    ("question", "action", "expected"),
    [
        ("probability_accurate", "Adjust P from 3 to 4", [("~ risk RISK-1: likelihood 2 -> 4", "explicit")]),
        ("probability_accurate", "Raise the likelihood to 2", []),
        ("probability_accurate", "Do not raise P to 4", []),
        ("indicators_fired", "Reduce alert threshold to 1", [("~ indicator IND-1: threshold 5 -> 1", "explicit")]),
        (
            "indicators_fired",
            "Add late file indicator",
            [("+ indicator IND-2 'late file'", "explicit"), ("+ watches IND-2 -> RISK-1", "explicit")],
        ),
    ],
)
def test_instructions(question: str, action: str, expected: list[tuple[str, str]]) -> None:
    """What a review tells to set or add; ``was`` is the register's value, whatever the review says."""
    assert lines(propose(**asks(question, action=action)), "risk", "indicator", "watches") == expected


def test_a_count_that_the_band_does_not_explain_is_derived() -> None:
    """Without an instruction, register and count give the score together."""
    proposal = propose(occurrences={"count": 5, "period": "6 months"})
    assert lines(proposal, "risk") == [("~ risk RISK-1: likelihood 2 -> 3", "derived")]
    because = proposal.edits[0].edit.because
    assert because is not None
    assert (because.field, because.line) == ("occurrences", 6)


@pytest.mark.parametrize(("likelihood", "effectiveness"), [(2, 1), ({"per_year": 0}, 0.5)])
def test_what_was_held_to_be_impossible_gets_no_rate(likelihood: Any, effectiveness: float) -> None:
    """Prevents: a division by a rate of zero; the gap stays for a person to answer."""
    of = graph(
        element("risk", id="RISK-1", likelihood=likelihood),
        element("mitigation", id="MIT-1", status="implemented"),
        element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=effectiveness),
    )
    proposal = propose(of, occurrences={"count": 5, "period": "6 months"})
    assert edits(proposal, "risk") == []
    assert "probability_accurate" in {gap.question for gap in proposal.unanswered}


def test_a_count_from_then_does_not_lower_what_was_raised_since() -> None:
    """Prevents: "underestimated" as the reason for a lower likelihood."""
    raised = after(history(MAP), [change(MAP.risks["RISK-1"], {"likelihood": 5})])
    assert lines(propose(raised, occurrences={"count": 5, "period": "6 months"}), "risk") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Implement the schema check now",
            [("~ mitigation MIT-1: owner not set -> Ada, due 2023-12-01 -> 2024-03-01", "derived")],
        ),
        ("Build MIT-1", [("~ mitigation MIT-1: owner not set -> Ada, due 2023-12-01 -> 2024-03-01", "explicit")]),
        ("Check the schema", []),
        ("Write a runbook", []),
    ],
)
def test_an_action_may_carry_out_a_mitigation(text: str, expected: list[tuple[str, str]]) -> None:
    """Two consecutive words of its name, or its id; then owner, date and the link follow."""
    actions = {"short_term": [{"action": text, "owner": "Ada", "due": "2024-03-01"}]}
    proposal = propose(actions=actions)
    assert lines(proposal, "mitigation") == expected
    assert len(edits(proposal, "implements")) == len(expected)


def test_a_mitigation_that_did_not_work_has_failed_and_a_planned_one_has_not() -> None:
    """What was never there cannot have failed."""
    assert lines(propose(), "mitigation") == []
    built = RiskGraph.of(
        [
            *(one for key, one in MAP.elements.items() if key != ("mitigation", "MIT-1")),
            element("mitigation", id="MIT-1", status="implemented"),
        ]
    )
    assert lines(propose(built), "mitigation") == [("~ mitigation MIT-1: status implemented -> failed", "derived")]
    retired = after(history(built), [change(built.mitigations["MIT-1"], {"status": "retired"})])
    assert lines(propose(retired), "mitigation") == []


def test_an_action_that_two_mitigations_may_mean_carries_out_neither() -> None:
    """Prevents: an owner and a date for the wrong mitigation."""
    another = element("mitigation", id="MIT-2", name="Schema check at export", status="planned")
    two = RiskGraph.of([*MAP.elements.values(), another, element("mitigates", mitigation="MIT-2", risk="RISK-1")])
    actions = {"short_term": [{"action": "Implement the schema check now", "owner": "Ada", "due": "2024-03-01"}]}
    assert lines(propose(two, actions=actions), "mitigation", "implements") == []


def test_escalation_gap() -> None:
    """Where the review says who was told, the risk's escalation follows."""
    fields = {**asks("escalation_worked"), "escalation": {"to": "EM", "at": "06:30"}}
    assert lines(propose(**fields), "risk") == [('~ risk RISK-1: escalation not set -> {"to": "EM"}', "explicit")]


def test_prose_only_suggests_and_alternatives_exclude_each_other() -> None:
    """Similar text never becomes an edit by itself."""
    proposal = propose(**asks("cascades_predicted", unexpected_cascades="Downstream reports failed as well"))
    (edit,) = edits(proposal, "cascade")
    assert (edit.confidence, edit.key[2], bool(edit.oneof)) == ("suggested", "RISK-2", True)
    explained = propose(
        **asks("cascades_predicted", unexpected_cascades="Downstream reports failed", action="Add cascade to RISK-2")
    )
    assert [one.confidence for one in edits(explained, "cascade")] == ["explicit"]


def test_actions_and_gaps() -> None:
    """Every action is one; a gap that nothing answers is listed, one that an action answers is not."""
    actions = {
        "immediate": [{"action": "Tell the night shift", "answers": ["escalation_worked"]}],
        "process_improvements": [{"action": "x" * 100}],
    }
    audit_ = audit_fields(escalation_worked="No", in_register="Yes", indicators_fired="No")
    proposal = propose(actions=actions, risk_process_audit=audit_)
    assert [(edit.key[1], len(edit.set["name"])) for edit in edits(proposal, "action")] == [
        ("INC-1-A1", 20),
        ("INC-1-A2", 80),
    ]
    assert {gap.question for gap in proposal.unanswered} == {"indicators_fired", "mitigation_worked"}
    accepted = Decision(
        what="gap", incident="INC-1", decision="accept", reason="so be it", question="indicators_fired", gap="MONITOR"
    )
    again = propose(after(history(MAP), [], decisions=(accepted,)), actions=actions, risk_process_audit=audit_)
    assert {gap.question for gap in again.unanswered} == {"mitigation_worked"}


def test_what_is_there_applied_or_rejected_is_only_mentioned() -> None:
    """A second proposal has nothing new, and says why."""
    past = history(MAP)
    first = propose(past, observed_cascades=[{"to": "RISK-2"}])
    taken = [one.edit for one in first.edits]
    done = after(past, taken)
    second = propose(done, observed_cascades=[{"to": "RISK-2"}])
    assert second.edits == ()
    refused = edits(first, "cascade")[0]
    decision = Decision(what="edit", incident="INC-1", decision="reject", reason="seen once", marker=refused.marker)
    third = propose(after(past, [], decisions=(decision,)), observed_cascades=[{"to": "RISK-2"}])
    assert edits(third, "cascade") == []
    assert any("rejected on 2026-01-01 by Ada: seen once" in remark for remark in third.remarks)
    already = after(past, [add(cascade("RISK-1", "RISK-2", 0.1))])
    fourth = propose(already, observed_cascades=[{"to": "RISK-2"}])
    assert edits(fourth, "cascade") == []
    assert any("already in the graph since revision 2" in remark for remark in fourth.remarks)


def test_a_changed_review_gives_the_difference() -> None:
    """Steps added are proposed, withdrawn ones are looked at, never removed."""
    past = history(MAP)
    first = propose(past, observed_cascades=[{"to": "RISK-2"}])
    done = after(past, [one.edit for one in first.edits])
    again = propose(done, observed_cascades=[{"to": "RISK-3"}])
    (incident,) = edits(again, "incident")
    assert (incident.op, incident.set["reached"]) == ("change", [{"from": "RISK-1", "to": "RISK-3"}])
    assert [one.edit.op for one in again.edits if one.edit.kind == "cascade"] == []
    assert any("RISK-1 -> RISK-2 again" in line for line, _ in lines(again, "action"))


def test_the_incident_carries_its_evidence() -> None:
    """Metrics and maps read the graph, not the files."""
    proposal = propose(
        observed_cascades=[{"to": "RISK-3", "at": "03:20"}],
        checked_not_affected=[{"from": "RISK-3", "to": "RISK-4"}],
        indicators=[{"id": "IND-1", "fired": "Too late", "at": "05:30"}],
        detection={"detection_time": "2 hours", "expected_detection": "15 minutes"},
        loss={"amount": 42000},
        duration="~6 hours",
    )
    (edit,) = edits(proposal, "incident")
    values = edit.set
    assert values["reached"] == [{"from": "RISK-1", "to": "RISK-3", "at": "2024-02-15T03:20:00+00:00"}]
    assert values["checked"] == [{"from": "RISK-3", "to": "RISK-4"}]
    assert values["tested"] == [{"mitigation": "MIT-1", "outcome": "not_in_place"}]
    assert values["signalled"] == [{"indicator": "IND-1", "outcome": "too_late", "at": "2024-02-15T05:30:00+00:00"}]
    assert (values["detected_after"], values["expected_detection"], values["duration"]) == ("2h", "15m", "6h")
    assert (values["loss"], values["risk"], values["kind"]) == (42000, "RISK-1", "incident")
    assert isinstance(element("incident", id="INC-1", **{**values, "kind": "incident"}), Element)


def test_prose_in_another_language_only_suggests() -> None:
    """The words of cause and negation are English; an id in German prose is no step, and a suggestion at most."""
    told = asks("cascades_predicted", unexpected_cascades="RISK-2 war nicht betroffen, RISK-5 schon")
    proposal = propose(language="de", **told)
    assert [(edit.key[2], edit.confidence) for edit in edits(proposal, "cascade")] == [
        ("RISK-2", "suggested"),
        ("RISK-5", "suggested"),
    ]
    (incident,) = edits(proposal, "incident")
    assert "reached" not in incident.set
