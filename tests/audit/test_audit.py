"""The six questions: a table for each, one row a rule."""

from __future__ import annotations

from typing import Any

import pytest

from riskgraph.edits import add
from riskgraph.graph import RiskGraph
from riskgraph.model import Element
from tests.builders import after, audit, audit_fields, cascade, element, graph, history, review

MAP = graph(
    element("risk", id="RISK-1", likelihood=2, escalation={"to": "Duty Manager", "within": "1h"}),
    cascade("RISK-1", "RISK-2", 0.4),
    cascade("RISK-2", "RISK-3", 0.5),
    risks="RISK-2 RISK-3 RISK-4",
)


def with_(*elements: Element, base: RiskGraph = MAP) -> RiskGraph:
    """The map with more in it."""
    return RiskGraph.of([*base.elements.values(), *elements])


def verdict(question: str, of: Any = MAP, **fields: Any) -> str:
    """The verdict on one question."""
    return audit(review(**fields), of).questions[question].verdict


@pytest.mark.parametrize(
    ("root", "since", "effective", "expected"),
    [
        ("RISK-1", None, "2023-06-01", "yes"),
        ("RISK-1", None, None, "unknown"),
        ("RISK-8", "2024-02-18", "2023-06-01", "no"),
        ("RISK-8", "2024-02-15", "2023-06-01", "yes"),  # 00:00 UTC of the day is before 03:00
        ("RISK-8", "2024-02-10", None, "yes"),
        ("RISK-8", "2024-02-18", None, "no"),
        ("NEW: Nobody had it", None, "2023-06-01", "no"),
        ("NEW: Nobody had it", None, None, "unknown"),
        ("NEW: name of risk-1", None, "2023-06-01", "yes"),
    ],
)
def test_in_register(root: str, since: str | None, effective: str | None, expected: str) -> None:
    """Recorded afterwards is not known before, unless a date was declared; nothing recorded at all is unknown."""
    past = history(with_(element("risk", id="RISK-8", since=since)), effective)
    assert verdict("in_register", past, related_risk=root) == expected


def test_in_register_says_how_many_days_after() -> None:
    """Days are those of the calendar in the review's zone, to the day of the start."""
    past = history(with_(element("risk", id="RISK-8", since="2024-02-18")))
    question = audit(review(related_risk="RISK-8"), past).questions["in_register"]
    assert [evidence.text for evidence in question.result.evidence] == ["RISK-8 was added 3 days after"]


@pytest.mark.parametrize(
    ("count", "period", "likelihood", "expected"),
    [
        (3, "6 months", 2, "underestimated"),  # at most 1 a year
        (2, "1 year", 2, "yes"),
        (1, "1 month", 1, "unknown"),  # one decides nothing, however rare
        (2, "1 year", 5, "overestimated"),  # at least 24 a year
        (20, "1 year", 4, "yes"),
        (3, "6 months", {"per_year": 0.3}, "underestimated"),
        (3, "1 year", {"probability": 0.9, "horizon": "1y"}, "yes"),
        (3, "6 months", None, "not_applicable"),
    ],
)
def test_probability(count: int, period: str, likelihood: Any, expected: str) -> None:
    """The count is tested against the edge of the band, not against its middle."""
    of = graph(element("risk", id="RISK-1", likelihood=likelihood))
    assert verdict("probability_accurate", of, occurrences={"count": count, "period": period}) == expected


@pytest.mark.parametrize(("period", "shown"), [("1 year", "1y (1 year)"), ("6 months", "6mo (0.5 years)")])
def test_probability_counts_years_in_words(period: str, shown: str) -> None:
    """Prevents: 1 years."""
    question = audit(review(occurrences={"count": 2, "period": period}), MAP).questions["probability_accurate"]
    assert question.result.evidence[0].text == f"n = 2 in {shown}"


def test_probability_counts_implemented_mitigations() -> None:
    """Twenty a year are too few for a score of 5, and too many once a mitigation takes 90 % of it away."""
    risk = element("risk", id="RISK-1", likelihood=5)
    occurrences = {"count": 60, "period": "1 year"}
    assert verdict("probability_accurate", graph(risk), occurrences=occurrences) == "yes"
    mitigated = [
        risk,
        element("mitigation", id="MIT-1", status="implemented"),
        element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.9),
    ]
    assert verdict("probability_accurate", graph(*mitigated), occurrences=occurrences) == "underestimated"


def test_probability_counts_recorded_incidents_of_the_period() -> None:
    """They replace the stated count when they are more, and are never added to it."""
    past = history(MAP)
    for number in range(4):
        incident = element(
            "incident", id=f"INC-{number}a", started_at=f"2023-1{number % 3}-0{number + 1}", risk="RISK-1"
        )
        past = after(past, [add(incident)], effective=f"2024-01-0{number + 1}")
    question = audit(review(occurrences={"count": 2, "period": "6 months"}), past).questions["probability_accurate"]
    assert question.result.evidence[0].text.startswith("n = 5 ")
    alone = audit(review(occurrences={"count": 9, "period": "6 months"}), past).questions["probability_accurate"]
    assert alone.result.evidence[0].text.startswith("n = 9 ")


@pytest.mark.parametrize(
    ("fields", "n"), [({}, 2), ({"id": "INC-1"}, 1), ({"kind": "near_miss"}, 1), ({"risk": "RISK-2"}, 1)]
)
def test_probability_counts_each_occurrence_of_the_root_once(fields: dict[str, Any], n: int) -> None:
    """Prevents: an incident that was recorded before its review and counts twice; what was no occurrence counts."""
    incident = element("incident", **{"id": "INC-0", "started_at": "2024-01-10", "risk": "RISK-1", **fields})
    past = after(history(MAP), [add(incident)], effective="2024-01-11")
    question = audit(review(), past).questions["probability_accurate"]
    assert question.result.evidence[0].text.startswith(f"n = {n} ")


def test_probability_shows_its_interval() -> None:
    """A number without its interval is no evidence."""
    question = audit(review(occurrences={"count": 3, "period": "6 months"}), MAP).questions["probability_accurate"]
    (interval,) = (part["interval"] for part in question.data()["evidence"] if "interval" in part)
    assert 0 < interval[0] < interval[1]


@pytest.mark.parametrize("kind", ["external", "near_miss"])
def test_probability_without_an_occurrence(kind: str) -> None:
    """What happened elsewhere, or almost, is no occurrence."""
    expected = "not_applicable" if kind == "external" else "unknown"
    assert verdict("probability_accurate", kind=kind) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"observed_cascades": [{"to": "RISK-2"}, {"from": "RISK-2", "to": "RISK-3"}]}, "yes"),
        ({"observed_cascades": [{"to": "RISK-2"}, {"to": "RISK-4"}]}, "partially"),
        ({"observed_cascades": [{"to": "RISK-4"}]}, "no"),
        ({"observed_cascades": [{"to": "RISK-3"}]}, "no"),  # by way of RISK-2 is not mapped
        ({}, "yes"),
        ({"observed_cascades": [{"to": "Nobody had it"}]}, "no"),
        ({"observed_cascades": [{"to": "RISK-2"}, {"to": "Nobody had it"}]}, "yes"),
        ({"related_risk": "NEW: It", "observed_cascades": [{"to": "RISK-2"}]}, "not_applicable"),
        ({"related_risk": "NEW: It"}, "unknown"),
    ],
)
def test_cascades(fields: dict[str, Any], expected: str) -> None:
    """Steps between known risks are judged; a root that nobody had could not have been mapped."""
    assert verdict("cascades_predicted", **fields) == expected


def test_cascades_say_which_steps_do_not_count() -> None:
    """Prevents: a verdict of yes beside a step to a new risk, which looks like a mistake of the program."""
    steps = [{"to": "RISK-2"}, {"to": "Nobody had it"}]
    evidence = audit(review(observed_cascades=steps), MAP).questions["cascades_predicted"].result.evidence
    assert [each.text for each in evidence] == [
        "RISK-1 -> RISK-2: mapped",
        "RISK-1 -> Nobody had it: new_risk, which no map could predict: not counted here",
    ]


def defended(status: str = "implemented", due: str | None = None) -> RiskGraph:
    """The map with one mitigation on the root and one on its cascade."""
    return with_(
        element("mitigation", id="MIT-1", status=status, due=due),
        element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.5),
        element("mitigation", id="MIT-2", status="implemented"),
        element("blocks", mitigation="MIT-2", from_="RISK-1", to="RISK-2", effectiveness=0.5),
    )


@pytest.mark.parametrize(
    ("of", "fields", "expected", "outcomes"),
    [
        (MAP, {}, "none_mapped", {}),
        (defended(), {}, "no", {"MIT-1": "failed"}),
        (defended("planned"), {}, "no", {"MIT-1": "not_in_place"}),
        (defended("retired"), {"mitigations": [{"id": "MIT-1", "worked": "Yes"}]}, "no", {"MIT-1": "not_in_place"}),
        (defended(), {"mitigations": [{"id": "MIT-1", "worked": "Yes"}]}, "yes", {"MIT-1": "held"}),
        (defended(), {"mitigations": [{"id": "MIT-1", "worked": "Partially"}]}, "partially", {"MIT-1": "partly"}),
        (defended(), {"mitigations": [{"id": "MIT-1", "worked": "Unknown"}]}, "unknown", {"MIT-1": "unknown"}),
        (defended(), {"checked_not_affected": [{"to": "RISK-2"}]}, "partially", {"MIT-1": "failed", "MIT-2": "held"}),
        (defended(), {"observed_cascades": [{"to": "RISK-2"}]}, "no", {"MIT-1": "failed", "MIT-2": "failed"}),
        (defended(), {"kind": "near_miss"}, "unknown", {"MIT-1": "unknown"}),
        (
            defended(),
            {"kind": "near_miss", "checked_not_affected": [{"to": "RISK-2"}]},
            "yes",
            {"MIT-1": "unknown", "MIT-2": "held"},
        ),
        (defended(), {"kind": "external"}, "not_applicable", {}),
        (defended(), {"kind": "external", "mitigations": [{"id": "MIT-1", "worked": "No"}]}, "no", {"MIT-1": "failed"}),
    ],
)
def test_mitigations(of: RiskGraph, fields: dict[str, Any], expected: str, outcomes: dict[str, str]) -> None:
    """Not in place comes before anything that an author says; what nobody knows is left out."""
    question = audit(review(**fields), of).questions["mitigation_worked"]
    assert question.verdict == expected
    assert {item["id"]: item["outcome"] for item in question.result.items} == outcomes


def test_overdue_is_counted_to_the_day_of_the_start() -> None:
    """A due date of ten days before is ten days overdue, also near midnight."""
    question = audit(review(), defended("planned", "2024-02-05")).questions["mitigation_worked"]
    assert question.result.items[0]["overdue_days"] == 10
    late = review(started_at="2024-02-15T23:30:00-05:00", timeline=None)
    assert (
        audit(late, defended("planned", "2024-02-05")).questions["mitigation_worked"].result.items[0]["overdue_days"]
        == 10
    )


def watched(**fields: Any) -> RiskGraph:
    """The map with an indicator on the root."""
    return with_(element("indicator", id="IND-1", **fields), element("watches", indicator="IND-1", risk="RISK-1"))


@pytest.mark.parametrize(
    ("of", "fields", "expected"),
    [
        (MAP, {}, "none_mapped"),
        (watched(detects_within="15m"), {"detection": {"detection_time": "2 hours"}}, "too late"),
        (watched(detects_within="2h"), {"detection": {"detection_time": "2 hours"}}, "yes"),
        (watched(), {"detection": {"detection_time": "2 hours", "expected_detection": "15 minutes"}}, "too late"),
        (watched(), {"detection": {"detection_time": "2 hours"}}, "unknown"),
        (watched(detects_within="15m"), {}, "unknown"),
        (watched(detects_within="2h"), {"indicators": [{"id": "IND-1", "fired": "No"}]}, "no"),
        (watched(detects_within="15m"), {"indicators": [{"id": "IND-1", "at": "03:10"}]}, "yes"),
        (watched(), {"indicators": [{"id": "IND-1", "fired": "Too late"}]}, "too late"),
        (watched(), {"kind": "external"}, "not_applicable"),
    ],
)
def test_indicators(of: RiskGraph, fields: dict[str, Any], expected: str) -> None:
    """The review's answer comes first, then the delay; without a limit nothing is late."""
    assert verdict("indicators_fired", of, **fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"escalation": {"at": "03:50"}}, "yes"),
        ({"escalation": {"at": "04:00"}}, "yes"),
        ({"escalation": {"at": "04:30"}}, "no"),
        ({"escalation": {"at": "04:30"}, "detection": {"detection_time": "1 hour"}}, "yes"),
        ({"response": {"escalation_appropriate": "Yes - told at 05:00"}}, "no"),
        ({}, "unknown"),
        ({"related_risk": "RISK-2", "escalation": {"at": "03:50"}}, "unknown"),
        ({"kind": "external"}, "not_applicable"),
    ],
)
def test_escalation(fields: dict[str, Any], expected: str) -> None:
    """The time counts from detection; without a limit or a time there is no verdict."""
    assert verdict("escalation_worked", **fields) == expected


def test_a_contradicted_claim_is_a_finding_with_its_line() -> None:
    """The author's yes does not stand against a mitigation that was never put in place."""
    pir = review(risk_process_audit=audit_fields(mitigation_worked="Yes", cascades_predicted="Yes"))
    found = audit(pir, defended("planned")).findings()
    assert [(finding.rule, finding.level) for finding in found] == [
        ("claim-contradicted", "warning"),
        ("mitigation-not-in-place", "warning"),
    ]
    assert all(finding.place.line > 1 for finding in found)


def test_evidence_names_its_source() -> None:
    """Each sentence says which field and line, node or revision it rests on."""
    fields = {"observed_cascades": [{"to": "RISK-4"}], "occurrences": {"count": 3, "period": "6 months"}}
    for question in audit(review(**fields), defended()).questions.values():
        assert question.result.evidence
        assert all(evidence.source for evidence in question.result.evidence)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"occurrences": {"count": 4, "period": "6 months"}}, "occurrences"),
        (
            {"risk_process_audit": {"probability_accurate": {"actual_frequency": "4th time in 6 months"}}},
            "risk_process_audit.probability_accurate.actual_frequency",
        ),
    ],
)
def test_a_count_names_the_field_that_it_was_read_from(fields: dict[str, Any], field: str) -> None:
    """Prevents: evidence and a proposal that point to a field which is not there."""
    found = audit(review(**fields), graph(element("risk", id="RISK-1", likelihood=2)))
    source = found.questions["probability_accurate"].result.evidence[0].source
    assert source == found.diff.match.source(*field.split("."))
    assert "inc.yaml:1:1" not in source
