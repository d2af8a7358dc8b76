"""Quality checks: a complete review with one thing changed in, the notes of one rule out."""

from __future__ import annotations

import pytest

from riskgraph.documents import parse_document
from riskgraph.pir.checks import RULES, check_pir
from riskgraph.pir.read import parse_pir

TABLE = [
    ("section-missing", "  detection:\n", "  x: 1\n", None),
    ("no-timeline", "TIMELINE", "", "timeline"),
    ("root-cause-missing", "    root_cause: Nobody owns the alarm line since the move, so nothing tests it\n", "", "root_cause.root_cause"),
    ("root-cause-repeats", "Nobody owns the alarm line since the move, so nothing tests it",
     "The supply dip tripped a compressor.", "root_cause.root_cause"),
    ("audit-incomplete", "answer: Too late, ", "", "risk_process_audit"),
    ("no-actions", "ACTIONS", "", "actions"),
    ("action-incomplete", "owner: Pharmacy, ", "", "actions.short_term[0]"),
    ("action-incomplete", ", due: \"2024-11-04\"", "", "actions.short_term[0]"),
    ("no-learnings", "LEARNINGS", "", "learnings"),
    ("register-not-updated", "action: Watch the line", "action: No action needed", "risk_process_audit.indicators_fired.action"),
    ("register-not-updated", ", action: Add the number", "", "risk_process_audit.escalation_worked.action"),
    ("gap-contradicts-answer", "{answer: Yes, gap_type: None", "{answer: No, gap_type: None", "risk_process_audit.in_register.gap_type"),
    ("gap-contradicts-answer", "{answer: Yes, gap_type: None", "{answer: Yes, gap_type: IDENTIFY gap",
     "risk_process_audit.in_register.gap_type"),
    ("gap-contradicts-answer", "gap_type: MONITOR gap", "gap_type: MITIGATE", "risk_process_audit.indicators_fired.gap_type"),
    ("detection-gap-contradicts", "2 h 40 min lost", "half an hour lost", "detection.detection_gap"),
    ("detection-gap-contradicts", "The alarm line was unplugged, 2 h 40 min lost", "None", "detection.detection_gap"),
    ("escalation-claims-differ", "Partially, pharmacist on duty", "Yes, pharmacist on duty", "response.escalation_appropriate"),
    ("protocol-gap-without-action", "Print the contractor's weekend number", "Thank the porter", "response.protocol_gaps"),
]  # fmt: skip

QUIET = [
    ("root-cause-repeats", "Nobody owns the alarm line since the move, so nothing tests it", "The dip was known and no one acted"),
    ("register-not-updated", "action: Test the alarm line each month", "action: None"),
    ("register-not-updated", "action: Add the cascade to COLD-011", "action: No cascades were mapped so add them all"),
    ("gap-contradicts-answer", "gap_type: MONITOR gap", "gap_type: monitor"),
    ("gap-contradicts-answer", ", gap_type: MONITOR gap", ""),
    ("detection-gap-contradicts", "2 h 40 min lost", "about 2.5 hours lost"),
    ("detection-gap-contradicts", "2 h 40 min lost", "took 3 hours and not 20 minutes"),
    ("detection-gap-contradicts", "2 h 40 min lost", "nobody heard it"),
    ("escalation-claims-differ", "Partially, pharmacist on duty", "Perhaps, pharmacist on duty"),
    ("protocol-gap-without-action", "No weekend number of the contractor", "None"),
]  # fmt: skip


def change(text: str, old: str, new: str) -> str:
    """The review with one place changed; a word in capitals is a whole section."""
    if old.isupper():
        lines, kept, inside = text.splitlines(keepends=True), [], False
        for line in lines:
            if line.startswith("  ") and line[2] not in " \n":
                inside = line.startswith(f"  {old.lower()}:")
            if not inside:
                kept.append(line)
        return "".join(kept)
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def found(text: str) -> list[tuple[str, str]]:
    pir, findings = parse_pir(parse_document(text, "c.yaml"))
    assert pir is not None, [str(finding) for finding in findings]
    notes = check_pir(pir)
    assert {finding.level for finding in notes} <= {"note"}
    assert all(finding.place.line and finding.incident == "INC-7001" for finding in notes)
    return [(finding.rule, finding.field) for finding in notes]


@pytest.mark.parametrize(("rule", "old", "new", "field"), [row for row in TABLE if row[3]])
def test_each_rule_finds_its_mistake(complete: str, rule: str, old: str, new: str, field: str) -> None:
    """A check that never speaks is worse than none: people trust it."""
    assert (rule, field) in found(change(complete, old, new))


@pytest.mark.parametrize(("rule", "old", "new"), QUIET)
def test_each_rule_is_quiet_where_nothing_is_wrong(complete: str, rule: str, old: str, new: str) -> None:
    """A check that cries wolf is switched off, and then it never speaks."""
    assert rule not in {name for name, _ in found(change(complete, old, new))}


def test_the_change_is_the_only_thing_that_is_found(complete: str) -> None:
    """Rules must not depend on each other: one mistake, one note."""
    for rule, old, new, field in TABLE:
        if field and not old.isupper():
            assert [name for name, _ in found(change(complete, old, new))] == [rule]


def test_missing_sections_are_notes(complete: str) -> None:
    """A short review of a small incident is a review."""
    for section in ("DETECTION", "RESPONSE"):
        assert ("section-missing", section.lower()) in found(change(complete, section, ""))
    bare = 'incident_id: INC-7001\nrelated_risk: NEW\ndate: "2024-02-15"\n'
    assert {name for name, _ in found(bare)} == {
        "section-missing", "no-timeline", "root-cause-missing", "audit-incomplete", "no-actions", "no-learnings",
    }  # fmt: skip


def test_every_rule_has_a_row() -> None:
    """A rule without a test is a rule that may be broken unseen."""
    assert {row[0] for row in TABLE} == set(RULES)
