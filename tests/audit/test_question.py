"""Agreement and gaps: one row a rule."""

from __future__ import annotations

import pytest

from riskgraph.audit.question import Question, Verdict, agree, gap_of


@pytest.mark.parametrize(
    ("claim", "verdict", "outcomes", "expected"),
    [
        ("yes", "yes", (), True),
        ("partially", "partially", (), True),
        ("too late", "too late", (), True),
        ("underestimated", "underestimated", (), True),
        ("no", "no", (), True),
        ("no", "none_mapped", (), True),
        ("no", "underestimated", (), True),
        ("no", "overestimated", (), True),
        ("no", "no", ("not_in_place", "not_in_place"), True),
        ("yes", "no", ("not_in_place",), False),
        ("yes", "partially", (), False),
        ("partially", "no", (), False),
        ("no", "too late", (), False),
        ("too late", "no", (), False),
        ("underestimated", "overestimated", (), False),
        ("yes", "none_mapped", (), False),
        ("yes", "unknown", (), None),
        ("no", "not_applicable", (), None),
    ],
)
def test_agreement(claim: str, verdict: str, outcomes: tuple[str, ...], expected: bool | None) -> None:  # noqa: FBT001
    """An author who says no to what was never there is right; one who says yes to it is contradicted."""
    assert agree(claim, verdict, outcomes) is expected


@pytest.mark.parametrize(
    ("question", "claim", "verdict", "gap"),
    [
        ("in_register", "yes", "no", "IDENTIFY"),
        ("in_register", "no", "yes", None),
        ("in_register", "no", "unknown", "IDENTIFY"),
        ("in_register", "yes", "unknown", None),
        ("in_register", None, "unknown", None),
        ("probability_accurate", "underestimated", "unknown", "QUANTIFY"),
        ("probability_accurate", "yes", "underestimated", "QUANTIFY"),
        ("cascades_predicted", "yes", "partially", "INTERACT"),
        ("mitigation_worked", None, "none_mapped", "MITIGATE"),
        ("indicators_fired", "yes", "too late", "MONITOR"),
        ("indicators_fired", "no", "not_applicable", "MONITOR"),
        ("escalation_worked", "yes", "no", "ESCALATION"),
        ("escalation_worked", "yes", "unknown", None),
    ],
)
def test_gap(question: str, claim: str | None, verdict: str, gap: str | None) -> None:
    """The evidence decides; the claim only where there is no evidence."""
    assert gap_of(question, claim, verdict) == gap


@pytest.mark.parametrize(
    ("claim", "verdict", "gap_from"),
    [("no", "unknown", "claim"), ("no", "not_applicable", "claim"), ("yes", "no", "evidence"), ("no", "yes", None)],
)
def test_what_a_gap_follows(claim: str, verdict: str, gap_from: str | None) -> None:
    """Prevents: a gap that only its author sees, shown as if the graph had found it."""
    assert Question("in_register", claim, Verdict(verdict)).gap_from == gap_from
