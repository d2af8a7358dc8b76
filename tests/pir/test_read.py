"""Reading a review: YAML texts in, a checked value and every problem with its place out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import dump_document, parse_document
from riskgraph.pir.checks import check_pir
from riskgraph.pir.read import is_pir, parse_pir, read_pir
from riskgraph.pir.review import field_name
from riskgraph.pir.template import TEMPLATE, WRAPPER, fields

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from riskgraph.findings import Finding
    from riskgraph.pir.review import Pir

    Read = Callable[..., tuple[Pir | None, tuple[Finding, ...]]]
    Review = Callable[..., Pir]


RIGHT = "incident_id: I1\nrelated_risk: R1\ndate: 2024-01-01\n"


def test_every_field_of_a_complete_review_is_read(complete: str) -> None:
    """A field that is accepted and then forgotten is the worst kind of reader's bug."""
    pir, findings = parse_pir(parse_document(complete, "c.yaml"))
    assert pir is not None
    assert findings == ()
    assert check_pir(pir) == ()
    assert (pir.incident_id, pir.kind, pir.severity) == ("INC-7001", "incident", "High")
    assert pir.title == "Cold room warmed up over the weekend"
    assert pir.related_risk == "COLD-004: Cold room loses its temperature"
    assert pir.started_at.isoformat() == "2024-10-26T22:10:00+02:00"
    assert [entry.at.isoformat() for entry in pir.timeline if entry.at] == [
        "2024-10-26T22:10:00+02:00",
        "2024-10-26T23:45:00+02:00",
        "2024-10-27T01:20:00+02:00",
        "2024-10-28T00:30:00+01:00",
    ]
    assert (pir.duration, pir.detection_time, pir.expected_detection) == (
        timedelta(hours=26),
        timedelta(hours=3),
        timedelta(minutes=20),
    )
    assert {name: (answer.claim, answer.gap_type) for name, answer in pir.answers.items()} == {
        "in_register": ("yes", "none"),
        "probability_accurate": ("underestimated", "QUANTIFY"),
        "cascades_predicted": ("partially", "INTERACT"),
        "mitigation_worked": ("no", "MITIGATE"),
        "indicators_fired": ("too late", "MONITOR"),
        "escalation_worked": ("partially", "ESCALATION"),
    }
    assert pir.observed is not None
    first, second = pir.observed
    assert (first.from_, first.to, first.evidence) == ("COLD-004", "COLD-011", "Appointments of Sunday were called off")
    assert first.at is not None
    assert first.at.isoformat() == "2024-10-27T07:30:00+01:00"
    assert (second.from_, second.to, second.at) == (None, "Pharmacy rota breaks down", None)
    assert [(pair.from_, pair.to) for pair in pir.checked] == [("COLD-004", "COLD-020")]
    assert [(answer.id, answer.worked, answer.note) for answer in pir.mitigations] == [
        ("MIT-1", "not_in_place", "unplugged")
    ]
    assert [(answer.id, answer.fired, answer.at) for answer in pir.indicators] == [("IND-1", "silent", None)]
    assert pir.occurrences == (2, timedelta(days=365.25))
    assert pir.escalation_to == "Pharmacist on duty"
    assert pir.escalation_at is not None
    assert pir.escalation_at.isoformat() == "2024-10-27T02:05:00+02:00"
    assert (pir.loss, pir.language, pir.ignore) == (1800, "en", (("zone-assumed", "we are in one zone"),))
    assert [(action.text, action.owner, action.due, action.horizon, action.answers) for action in pir.actions] == [
        ("Plug in and seal the alarm line", "Facilities", date(2024, 10, 28), "immediate", ()),
        ("Print the contractor's weekend number", "Pharmacy", date(2024, 11, 4), "short_term", ()),
        ("Test alarms monthly", "Facilities", date(2024, 12, 1), "process_improvement", ("mitigation_worked",)),
    ]
    assert pir.contributing_factors == ("Alarm line was unplugged", "Spare fridge was half full")
    assert pir.learnings == (
        "The stock was saved",
        "Alarm ownership",
        "Moves of rooms have to trigger a look at their alarms.",
    )
    assert pir.text("risk_process_audit", "probability_accurate", "original_score") == "P=1"
    assert str(pir.place("risk_process_audit", "cascades_predicted", "action")) == "c.yaml:49:15"


def test_the_wrapper_changes_nothing_but_the_place(complete: str) -> None:
    """People write reviews with and without ``incident_review``; answers and digests must not depend on it."""
    wrapped, _ = parse_pir(parse_document(complete))
    bare, _ = parse_pir(parse_document(dedent(complete.split("\n", 1)[1])))
    assert wrapped is not None
    assert bare is not None
    assert wrapped.digest == bare.digest
    assert wrapped.observed == bare.observed
    assert (wrapped.base, bare.base) == ((WRAPPER,), ())
    assert field_name((WRAPPER, "actions", "immediate", 0, "action")) == "actions.immediate[0].action"
    assert field_name(("actions", "immediate", 0, "action")) == "actions.immediate[0].action"


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_untouched_template_has_one_note_for_each_field(*, wrapped: bool) -> None:
    """A template that was copied and forgotten must be told field by field, and claim nothing."""
    text = dump_document({WRAPPER: TEMPLATE} if wrapped else dict(TEMPLATE))
    pir, findings = parse_pir(parse_document(text), lenient=True)
    assert pir is None
    assert {finding.rule for finding in findings} == {"placeholder"}
    assert {finding.level for finding in findings} == {"note"}
    assert len(findings) == len(list(fields()))
    assert all(finding.place.line for finding in findings)
    strict = parse_pir(parse_document(text))[1]
    errors = [finding.field for finding in strict if finding.level == "error"]
    assert sorted(errors) == ["date", "incident_id", "related_risk"]


def test_a_placeholder_counts_as_absent(review: Review) -> None:
    """No owner is called Name; the same word elsewhere is an answer."""
    pir = review(
        'severity: "[Critical|High|Medium|Low]"\nroot_cause: {root_cause: Name}\n'
        'actions: {immediate: [{action: Seal it, owner: name, due: "YYYY-MM-DD"}]}\n'
        'learnings: {what_went_well: [Thing 1, Thing 3], what_to_improve: ["Thing 2"]}\n'
    )
    assert pir.severity is None
    assert pir.text("severity") is None
    assert pir.text("root_cause", "root_cause") == "Name"
    assert [(action.text, action.owner, action.due) for action in pir.actions] == [("Seal it", None, None)]
    assert pir.learnings == ("Thing 3",)


@pytest.mark.parametrize(
    ("text", "rule", "place", "message"),
    [
        ("severty: High", "unknown-key", "r.yaml:5:1", "did you mean 'severity'"),
        ("actions: {imediate: []}", "unknown-key", "r.yaml:5:11", "did you mean 'immediate'"),
        ("timeline: {time: 1}", "invalid-value", "r.yaml:5:11", "has to be a list"),
        ("severity: [High]", "invalid-value", "r.yaml:5:11", "has to be a text"),
        ("detection: fast", "invalid-value", "r.yaml:5:12", "has to be a mapping"),
        ("kind: near-miss", "invalid-value", "r.yaml:5:7", "near_miss"),
        ("duration: 02:15", "clock-duration", "r.yaml:5:11", "write 2h or 15m"),
        ("detection: {detection_time: 02:15 from failure}", "clock-duration", "r.yaml:5:29", "write 2h or 15m"),
        ("detection: {expected_detection: 0:15 h}", "clock-duration", "r.yaml:5:33", "write 2h or 15m"),
        ("occurrences: {count: 3}", "missing-key", "r.yaml:5:14", "period is missing"),
        ("occurrences: {count: 3, period: 01:00}", "invalid-value", "r.yaml:5:33", "clock form"),
        ("occurrences: {count: 0, period: 1y}", "invalid-value", "r.yaml:5:22", "at least 1"),
        ("loss: {amount: -1}", "invalid-value", "r.yaml:5:16", "at least 0"),
        (
            "actions: {immediate: [{action: A, answers: [x]}]}",
            "invalid-value",
            "r.yaml:5:45",
            "answers[0]: has to be one of",
        ),
        ("observed_cascades: [{from: RISK-1}]", "missing-key", "r.yaml:5:21", "is missing"),
        ("observed_cascades: [{from: RISK-1, to: ''}]", "missing-key", "r.yaml:5:40", "is missing"),
        ("mitigations: [{id: the alarm}]", "invalid-value", "r.yaml:5:20", "is not an id"),
        ("actions: {immediate: [{action: a, answers: [cascades]}]}", "invalid-value", "r.yaml:5:45", "one of"),
        ("started_at: 2024-02-30T00:00:00Z", "time-unreadable", "r.yaml:5:13", "2024-02-15T03:00:00"),
        ("started_at: soon", "time-unreadable", "r.yaml:5:13", "is no time"),
        ("ignore: [{rule: placeholder}]", "missing-key", "r.yaml:5:10", "is missing"),
    ],
)
def test_what_is_wrong_is_an_error_at_its_place(read: Read, text: str, rule: str, place: str, message: str) -> None:
    """A mistake that is only told by file, or not at all, costs a person an evening."""
    pir, findings = read(text)
    assert pir is None
    (error,) = [finding for finding in findings if finding.level == "error"]
    assert (error.rule, str(error.place)) == (rule, place)
    assert message in error.message
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("head", "rule", "field"),
    [
        ("", "not-a-review", ""),
        ("- 1\n", "not-a-review", ""),
        ("related_risk: R1\ndate: 2024-01-01\n", "missing-key", "incident_id"),
        ("incident_id:\nrelated_risk: R1\ndate: 2024-01-01\n", "missing-key", "incident_id"),
        ("incident_id: 2024\nrelated_risk: R1\ndate: 2024-01-01\n", "invalid-value", "incident_id"),
        ("incident_id: INC 1\nrelated_risk: R1\ndate: 2024-01-01\n", "invalid-value", "incident_id"),
        ("incident_id: INC-2024-XXX\nrelated_risk: R1\ndate: 2024-01-01\n", "placeholder", "incident_id"),
        ("incident_id: I1\nrelated_risk: ' '\ndate: 2024-01-01\n", "missing-key", "related_risk"),
        ("incident_id: I1\nrelated_risk: RISK-XXX\ndate: 2024-01-01\n", "placeholder", "related_risk"),
        ("incident_id: I1\nrelated_risk: R1\n", "missing-key", "date"),
        ("incident_id: I1\nrelated_risk: R1\ndate: 15/02/2024\n", "date-unreadable", "date"),
        ("incident_id: I1\nrelated_risk: R1\ndate: 2024-02-30\n", "date-unreadable", "date"),
        ("incident_id: I1\nrelated_risk: R1\ndate: 0001-01-01\n", "date-unreadable", "date"),
        ("incident_id: I1\nrelated_risk: R1\nstarted_at: 2024-02-15T03:00\n", "naive-time", "started_at"),
        ("incident_id: I1\nrelated_risk: R1\nstarted_at: '?'\n", "time-unreadable", "started_at"),
        (f"{RIGHT}timezone: Europe/Pariss\n", "unknown-timezone", "timezone"),
        (f"{RIGHT}timezone: ../passwd\n", "unknown-timezone", "timezone"),
        (f"{RIGHT}timezone: Europe\n", "unknown-timezone", "timezone"),
        (f"{RIGHT}timezone: '+25:00'\n", "unknown-timezone", "timezone"),
        ("incident_review:\n", "invalid-value", ""),
        ("incident_reviews: {incident_id: I1}\n", "unknown-key", "incident_reviews"),
        ("incident_review: {incident_id: I1, related_risk: R, date: 2024-01-01}\nkind: x\n", "unknown-key", "kind"),
    ],
)  # fmt: skip
def test_what_a_review_needs_is_asked_for(read: Read, head: str, rule: str, field: str) -> None:
    """A review without an id, a risk or a day cannot be judged, and must not be guessed."""
    pir, findings = read("", head=head)
    assert pir is None
    (error,) = [finding for finding in findings if finding.level == "error"]
    assert (error.rule, error.field) == (rule, field)


def test_every_problem_of_a_file_is_listed_in_one_run(read: Read) -> None:
    """A reader that stops at the first mistake makes ten runs of ten mistakes."""
    text = (
        "incident_id: INC-XXXX\nrelated_rsk: R1\ndate: tomorrow\nduration: 03:00\nkind: x\n"
        "response: {escalation_apropriate: Yes}\nrisk_process_audit: {in_register: {answer: Maybe}}\n"
    )
    assert [finding.rule for finding in read(text, head="")[1]] == [
        "missing-key", "placeholder", "unknown-key", "date-unreadable", "clock-duration", "invalid-value",
        "unknown-key", "answer-unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("occurrences: {count: 0, period: 6 months}", ["invalid-value"]),
        ("observed_cascades: [{tto: R2}]", ["unknown-key"]),
        ("kind: x\nkind: incident\nloss: {amount: .nan}", ["duplicate-key", "not-a-number"]),
    ],
)
def test_a_mistake_is_said_once(read: Read, text: str, rules: list[str]) -> None:
    """Prevents: a value that is called missing because it is wrong, or misspelt."""
    assert [finding.rule for finding in read(f"{text}\n")[1] if finding.level == "error"] == rules


def test_what_is_left_out_for_being_wrong_is_not_said_to_be_missing(read: Read) -> None:
    """Prevents: two errors for one mistake, of which the second tells to add what is there."""
    findings = read("occurrences: {count: three, period: 6 months}\nactions: {imediate: [{action: Restart}]}\n")[1]
    assert [(finding.rule, finding.level) for finding in findings if finding.level == "error"] == [
        ("invalid-value", "error"),
        ("unknown-key", "error"),
    ]
    assert "no-actions" not in {finding.rule for finding in findings}


@pytest.mark.parametrize(
    ("question", "written", "claim"),
    [
        ("in_register", "Yes", "yes"),
        ("in_register", "NO", "no"),
        ("in_register", "'yes.'", "yes"),
        ("in_register", "Partially", None),
        ("in_register", "true", None),
        ("in_register", "Yes - since 2021", None),
        ("probability_accurate", "underestimated", "underestimated"),
        ("probability_accurate", "Over-estimated", None),
        ("cascades_predicted", "Partially", "partially"),
        ("mitigation_worked", "Too late", None),
        ("indicators_fired", "too_late", "too late"),
        ("indicators_fired", "Too  Late", "too late"),
        ("escalation_worked", "Maybe", None),
    ],
)
def test_an_answer_is_one_of_its_words_or_no_claim(read: Read, question: str, written: str, claim: str | None) -> None:
    """A guess at what an author meant would be a claim that nobody made."""
    pir, findings = read(f"risk_process_audit: {{{question}: {{answer: {written}}}}}\n")
    assert pir is not None
    assert pir.answers[question].claim == claim
    assert [finding.rule for finding in findings] == ([] if claim else ["answer-unknown"])
    assert set(pir.answers) == {question}


def test_words_of_mitigations_and_indicators(review: Review, read: Read) -> None:
    """Each answer of the structured lists has one meaning; unanswered ones are no answers."""
    answers = ["Yes", "Partially", "no", "Not in place", "not_in_place", "Unknown", "'[Yes|No]'", "Sort of"]
    lines = "".join(f"- {{id: MIT-{number}, worked: {word}}}\n" for number, word in enumerate(answers))
    pir, findings = read(f"mitigations:\n{lines}- {{id: MIT-9}}\n")
    assert pir is not None
    assert [answer.worked for answer in pir.mitigations] == [
        "held", "partly", "failed", "not_in_place", "not_in_place", "unknown",
    ]  # fmt: skip
    assert [finding.rule for finding in findings] == ["placeholder", "answer-unknown", "answer-missing"]
    pir = review("indicators: [{id: A, fired: Yes}, {id: B, fired: Too late, at: 03:00}, {id: C, at: 04:00}, {id: D}]")
    assert [(answer.id, answer.fired) for answer in pir.indicators] == [
        ("A", "in_time"),
        ("B", "too_late"),
        ("C", None),
    ]


@pytest.mark.parametrize(
    ("at", "observed", "checked", "rules"),
    [
        ("03:40", 1, 0, []),
        ("'2024-02-15T03:40:00+01:00'", 1, 0, []),
        ("yes", 1, 0, []),
        ("No", 0, 1, []),
        ("not affected", 0, 1, []),
        ("not looked", 0, 0, ["not-looked"]),
        ("around noon", 1, 0, ["time-unreadable"]),
    ],
)
def test_a_line_about_a_cascade_has_four_answers(
    read: Read, at: str, observed: int, checked: int, rules: list[str]
) -> None:
    """What nobody looked at must never count as something that did not happen."""
    pir, findings = read(f"observed_cascades: [{{from: R1, to: R2, at: {at}}}]\n")
    assert pir is not None
    assert pir.observed is not None
    assert (len(pir.observed), len(pir.checked)) == (observed, checked)
    assert [finding.rule for finding in findings] == rules


def test_a_list_of_cascades_that_nobody_filled_in_is_absent(review: Review) -> None:
    """Else the questions of a new review would silence its prose; an empty list says that nothing happened."""
    line = "{from: R1, to: R2, at: '[HH:MM|yes|no|not looked]'}"
    assert review(f"observed_cascades: [{line}]\n").observed is None
    assert review("observed_cascades:\n").observed is None
    assert review().observed is None
    assert review("observed_cascades: []\n").observed == ()
    one = review(f"observed_cascades: [{line}, {{to: R3}}]\n").observed
    assert one is not None
    assert [step.to for step in one] == ["R3"]


def test_texts_keep_how_they_were_written(review: Review) -> None:
    """YAML turns 1.10 into a number and Yes into a truth value; a name must come back to the letter."""
    pir = review("title: 1.10\nseverity: 0x1F\nroot_cause: {root_cause: Yes, immediate_cause: 03:00}\n")
    assert (pir.title, pir.severity) == ("1.10", "0x1F")
    assert pir.text("title") == "1.10"
    assert pir.text("root_cause", "root_cause") == "Yes"
    assert pir.text("root_cause", "immediate_cause") == "03:00"
    assert pir.text("root_cause") is None
    assert pir.text("root_cause", "nothing", 3) is None


def test_unreadable_times_and_dates_are_notes_outside_the_start(read: Read) -> None:
    """A sloppy entry must not stop a review, and must not be guessed."""
    pir, findings = read(
        "timeline: [{time: 3am, event: a}, {time: '25:00', event: b}, {event: c}]\n"
        "actions: {short_term: [{action: d, owner: e, due: next week}, {owner: f}]}\n"
        "severity: Huge\nduration: too long\nescalation: {to: g, at: late}\n"
    )
    assert pir is not None
    assert [entry.at for entry in pir.timeline] == [None, None, None]
    assert [finding.rule for finding in findings] == [
        "time-unreadable", "time-unreadable", "date-unreadable", "action-without-text", "severity-unknown",
        "duration-unknown", "time-unreadable",
    ]  # fmt: skip
    assert {finding.incident for finding in findings} == {"INC-1"}
    assert pir.started_at == datetime(2024, 2, 15, tzinfo=UTC)


def test_escalation_takes_its_time_from_the_response(review: Review) -> None:
    """The template has no field for the time; authors write it behind the answer."""
    told = "response: {escalation_appropriate: 'Yes - duty manager told at 06:30, again 09:00'}\n"
    pir = review(f"timeline: [{{time: '23:00', event: a}}]\n{told}")
    assert pir.escalation_at == datetime(2024, 2, 16, 6, 30, tzinfo=UTC)
    assert review(told + "escalation: {to: EM}\n").escalation_at == datetime(2024, 2, 15, 6, 30, tzinfo=UTC)
    assert review(told + "escalation: {to: EM, at: 07:00}\n").escalation_at == datetime(2024, 2, 15, 7, tzinfo=UTC)
    nobody = review(told + "escalation: {to: nobody, at: not escalated}\n")
    assert (nobody.escalation_to, nobody.escalation_at) == (None, None)


def test_what_is_a_review(complete: str) -> None:
    """``check`` takes folders, in which registers and reviews lie side by side."""
    assert is_pir(parse_document(complete))
    assert is_pir(parse_document("incident_id: X"))
    assert not is_pir(parse_document("riskgraph_register: 1"))
    assert not is_pir(parse_document("- incident_id"))


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """One bad file of a thousand must not end the run with a traceback."""
    assert read_pir(tmp_path / "none.yaml")[1][0].rule == "file-unreadable"
    large = tmp_path / "large.yaml"
    large.write_text("a: " + "x" * 1024 * 1024)
    assert read_pir(large)[1][0].rule == "file-too-large"
    anchored = tmp_path / "anchor.yaml"
    anchored.write_text("incident_id: &a INC-1\ntitle: *a\n")
    assert read_pir(anchored)[1][0].rule == "yaml-alias"


def test_accents_are_composed_however_they_were_typed(tmp_path: Path) -> None:
    """Prevents: a name in prose that no other text has, since another system encoded its accents."""
    (tmp_path / "r.yaml").write_text("incident_id: I-1\nrelated_risk: U\u0308berlauf\ndate: 2024-02-15\n", "utf-8")
    pir, _ = read_pir(tmp_path / "r.yaml")
    assert pir is not None
    assert pir.related_risk == "\u00dcberlauf"


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20),
    st.sampled_from(["HH:MM", "03:00", "25:61", "9999-12-31T23:59:59-14:00", "[a|b]", "P1D"]),
)  # fmt: skip
_KEYS = st.sampled_from(
    ["incident_id", "related_risk", "date", "started_at", "timezone", "timeline", "time", "event", "actions", "to",
     "at", "observed_cascades", "mitigations", "id", "worked", "escalation", "loss", "amount", "duration", "x"]
)  # fmt: skip
_INNER = _SCALARS | st.lists(_SCALARS, max_size=3) | st.dictionaries(_KEYS, _SCALARS, max_size=4)
_VALUES = _SCALARS | st.lists(_INNER, max_size=3) | st.dictionaries(_KEYS, _INNER, max_size=4)


@given(st.dictionaries(_KEYS, _VALUES, max_size=8))
def test_no_content_makes_reading_fail(data: dict[str, Any]) -> None:
    """Reviews come from strangers: whatever they hold ends in findings, never in a traceback."""
    base = {"incident_id": "INC-1", "related_risk": "R1", "date": "2024-02-15"}
    for content in ({**base, **data}, data):
        pir, findings = parse_pir(parse_document(dump_document(content)))
        assert (pir is None) == any(finding.level == "error" for finding in findings)
        if pir is not None:
            check_pir(pir)
