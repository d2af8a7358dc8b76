"""Instructions and counts in prose: one row a way to write them."""

from __future__ import annotations

import pytest

from riskgraph.durations import find_duration
from riskgraph.matching.ids import Vocabulary
from riskgraph.matching.instructions import (
    AddIndicator,
    SetLikelihood,
    SetThreshold,
    read_instructions,
    read_occurrences,
)

VOCABULARY = Vocabulary(ids=frozenset({"RISK-023"}), others=frozenset({"IND-004"}))


@pytest.mark.parametrize(
    ("text", "value", "was", "is_score"),
    [
        ("Adjust P from 2 to 4", 4, 2, True),
        ("Raise likelihood to 4", 4, None, True),
        ("set P=3", 3, None, True),
        ("Update RISK-023 score to P=4", 4, None, True),
        ("Increase probability from 0.1 to 0.3", 0.3, 0.1, False),
        ("Raise the probability to 20 %", 0.2, None, False),
        ("Lower the likelihood from 5 to 3", 3, 5, True),
        ("Raise likelihood of RISK-023 from 2 to 4", 4, 2, True),
    ],
)
def test_likelihood(text: str, value: float, was: float | None, is_score: bool) -> None:  # noqa: FBT001
    """A whole number from 1 to 5 is a score; a decimal or a percentage is a probability."""
    (found,) = read_instructions(text, VOCABULARY)
    assert isinstance(found, SetLikelihood)
    assert found.value == pytest.approx(value)
    assert (found.was, found.is_score) == (was, is_score)


@pytest.mark.parametrize(
    ("text", "value", "was", "indicator"),
    [
        ("reduce alert threshold to 1", 1, None, None),
        ("Lower the threshold of IND-004 from 5 to 2 failures", 2, 5, "IND-004"),
        ("IND-004: threshold to 40", 40, None, "IND-004"),
        ("set the threshold = 2.5", 2.5, None, None),
        ("raise the threshold to 1,000", 1000, None, None),
        ("lower the threshold to -18", -18, None, None),
    ],
)
def test_threshold(text: str, value: float, was: float | None, indicator: str | None) -> None:
    """The indicator is the one that the clause names."""
    (found,) = read_instructions(text, VOCABULARY)
    assert found == SetThreshold(value, was, text, indicator)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Add schema change detection indicator", "schema change detection"),
        ("add an indicator for late manifests", "late manifests"),
        ("Introduce a new queue length indicator", "queue length"),
        ("Create an indicator on tide forecasts", "tide forecasts"),
        ("Add indicators for late manifests", "late manifests"),
        ("Create an early warning indicator for crane wind", "crane wind"),
    ],
)
def test_indicator(text: str, name: str) -> None:
    """The name is what stands between the verb and the word, or after "for"."""
    assert read_instructions(text, VOCABULARY) == (AddIndicator(name, text),)


def test_two_in_one_sentence() -> None:
    """A comma parts instructions."""
    found = read_instructions("Add drift indicator, reduce alert threshold to 1", VOCABULARY)
    assert [type(instruction) for instruction in found] == [AddIndicator, SetThreshold]


def test_likelihood_and_threshold_in_one_clause() -> None:
    """The one does not hide the other."""
    found = read_instructions("Raise P to 4 and lower the threshold to 1", VOCABULARY)
    assert {type(instruction) for instruction in found} == {SetLikelihood, SetThreshold}


@pytest.mark.parametrize(
    "text",
    [
        "Update impact score to 5",
        "Likelihood review moved to 4 March",
        "Add an indicator for RISK-023",
        "No action needed",
        "Do not raise P to 4",
        "Strengthen the mitigation",
        "Add to cascade map",
        "P",
        "to 4",
        "",
        "P=9",
    ],
)
def test_nothing_to_do(text: str) -> None:
    """A negated or empty instruction is none."""
    assert read_instructions(text, VOCABULARY) == ()


@pytest.mark.parametrize(
    ("text", "count", "days"),
    [
        ("This is 3rd occurrence in 6 months", 3, 182.625),
        ("third time in half a year", 3, 182.625),
        ("4th such failure within 8 months", 4, 243.5),
        ("twice in a year", 2, 365.25),
        ("2 incidents in the last 18 months", 2, 547.875),
        ("five times over two years", 5, 730.5),
        ("third pipeline failure in six months", 3, 182.625),
        ("3 times a year", 3, 365.25),
        ("second failure this quarter", 2, 91.3125),
    ],
)
def test_occurrences(text: str, count: int, days: float) -> None:
    """Count and period are read in words and digits."""
    found = read_occurrences(text)
    assert found is not None
    period = find_duration(found[1])
    assert period is not None
    assert (found[0], period.total_seconds() / 86400) == (count, days)


@pytest.mark.parametrize(
    "text",
    [
        "What actually happened",
        "often",
        "every day in 6 months",
        "3 of 4",
        "2 hours outage",
        "never 3 times in a year",
        "",
    ],
)
def test_no_occurrences(text: str) -> None:
    """A text without a count and a period is no count."""
    assert read_occurrences(text) is None
