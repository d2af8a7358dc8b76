"""Review bias: which sentences and structures are noted, and that nobody's name is."""

from __future__ import annotations

from typing import Any

import pytest

from riskgraph.pir.bias import RULES, audit_bias, count_bias
from tests.builders import review

GOOD: dict[str, Any] = {
    "severity": "High",
    "timeline": [{"time": f"03:0{n}", "event": "It went on"} for n in range(4)],
    "detection": {"how_detected": "An alert"},
    "root_cause": {
        "root_cause": "The schema was assumed to be stable and nothing checked it",
        "contributing_factors": ["No validation", "No contract"],
    },
    "learnings": {"what_went_well": ["The hotfix was quick"]},
}


def noted(**fields: Any) -> list[str]:
    """The rules with a note about a review that is good but for these fields."""
    return [finding.rule.removeprefix("bias-") for finding in audit_bias(review(**{**GOOD, **fields}))]


def test_a_review_of_the_system_has_no_note() -> None:
    """A list that cries wolf is switched off."""
    assert noted() == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"root_cause": {**GOOD["root_cause"], "contributing_factors": ["No validation"]}}, "one-cause"),
        ({"learnings": {"what_to_improve": ["Tests"]}}, "nothing-went-well"),
        ({"detection": {"how_detected": "Customers called"}}, "detected-by-others"),
        ({"timeline": GOOD["timeline"][:3]}, "shallow-for-severity"),
        ({"root_cause": {**GOOD["root_cause"], "root_cause": "A bad deploy"}}, "shallow-for-severity"),
        ({"response": {"protocol_gaps": "The team should have called. It did not."}}, "counterfactual"),
        ({"response": {"protocol_gaps": "It was Human Error"}}, "blaming"),
    ],
)
def test_each_rule(fields: dict[str, Any], rule: str) -> None:
    """One thing that is wrong is one note, of the rule that is about it."""
    assert noted(**fields) == [rule]


@pytest.mark.parametrize(
    "text",
    ["An errorless human", "Forgotten for weeks", "The blameless review", "A blame-free one", "It could not have"],
)
def test_parts_of_words_do_not_count(text: str) -> None:
    """A list of words that matches inside words is a list of false alarms."""
    assert noted(response={"protocol_gaps": text}) == []


@pytest.mark.parametrize(
    "text",
    ["An alert on customer-facing latency", "The monitor, before any customer noticed", "An alarm; no users saw it"],
)
def test_customers_who_did_not_notice_do_not_count(text: str) -> None:
    """A monitor of what customers see is what such a review should have."""
    assert noted(detection={"how_detected": text}) == []


def test_the_sentence_is_shown_with_its_line() -> None:
    """Who is told of a word looks for the sentence."""
    (finding,) = audit_bias(review(**GOOD, response={"protocol_gaps": "All was well. If only it had been tested."}))
    assert finding.message == "'If only': 'If only it had been tested.'"
    assert finding.place.line > 1


def test_another_language_is_judged_by_its_structure() -> None:
    """English words in another language mean something else."""
    assert noted(language="de", response={"protocol_gaps": "Careless"}) == []


def test_mild_incidents_need_no_depth() -> None:
    """Three lines are enough for what cost nobody anything."""
    assert noted(severity="Low", timeline=GOOD["timeline"][:1]) == []


def test_counts_name_incidents_and_no_author() -> None:
    """Authors are not ranked: a count is of reviews."""
    owner = {"actions": {"immediate": [{"action": "Fix it", "owner": "Negligent Ned", "due": "2024-03-01"}]}}
    counted = count_bias([review(**{**GOOD, **owner, "severity": "Low"}), review(**{**GOOD, "learnings": None})])
    assert list(counted) == list(RULES)
    assert counted["nothing-went-well"] == ["INC-1"]
    assert counted["blaming"] == []
