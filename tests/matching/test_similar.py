"""Similar names: which risks a text suggests, and which it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.matching.similar import CUT_OFF, suggest

NAMES = {
    "RISK-023": ["Source schema change breaks pipeline"],
    "RISK-031": ["Downstream reporting fails", "Dashboards stale"],
    "RISK-040": ["Payment gateway down"],
    "RISK-050": ["Fire"],
}


def suggested(text: str) -> list[str]:
    """The ids that a text suggests, best first."""
    return [suggestion.id for suggestion in suggest(text, NAMES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Downstream reporting also failed (not mapped)", ["RISK-031"]),
        ("reports downstream were failing", ["RISK-031"]),
        ("the downstram reportng was late", ["RISK-031"]),
        ("Stale dashboards all morning", ["RISK-031"]),
        ("The payment gateway went away", ["RISK-040"]),
        ("A fire broke out", ["RISK-050"]),
    ],
)
def test_other_forms_of_a_name_suggest_it(text: str, expected: list[str]) -> None:
    """Inflection, order, spelling and filler words do not hide the risk that is meant."""
    assert suggested(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the weather was fine",
        "the gateway to the harbour was closed",
        "reporting",
        "pipeline",
        "and it was not",
        "",
        "!?",
    ],
)
def test_unrelated_text_suggests_nothing(text: str) -> None:
    """One word in common with a long name, or only filler words, is no likeness."""
    assert suggested(text) == []


def test_the_reason_quotes_the_name_that_was_alike() -> None:
    """A person sees which name or alias led to the suggestion, not merely an id."""
    (found,) = suggest("dashboards were stale", NAMES)
    assert found.reason == "similar to 'Dashboards stale'"


def test_equal_scores_stand_in_the_order_of_ids_and_stop_at_the_limit() -> None:
    """The order of the register never decides which three are shown."""
    names = {f"RISK-{number}": ["Crane stops"] for number in (4, 2, 5, 1, 3)}
    assert [found.id for found in suggest("the crane stops", names)] == ["RISK-1", "RISK-2", "RISK-3"]
    assert len(suggest("the crane stops", names, limit=1)) == 1


@given(
    st.text(max_size=200), st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=40), max_size=3), max_size=6)
)
def test_any_text_gets_an_ordered_answer(text: str, names: dict[str, list[str]]) -> None:
    """Scores stay within cut-off and 100, best first, for at most three known ids, whatever is written."""
    found = suggest(text, names)
    assert len(found) <= 3
    assert {suggestion.id for suggestion in found} <= set(names)
    assert all(CUT_OFF <= suggestion.score <= 100 for suggestion in found)
    assert list(found) == sorted(found, key=lambda suggestion: (-suggestion.score, suggestion.id))
