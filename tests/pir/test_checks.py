"""Quality checks: a complete review with one thing changed in, the notes of one rule out."""

from __future__ import annotations

import pytest

from riskgraph.documents import parse_document
from riskgraph.pir.checks import RULES, check_pir
from riskgraph.pir.read import parse_pir

ROOT = "Nobody owns the alarm line since the move, so nothing tests it"
AUDIT = "risk_process_audit"
REGISTER = "{answer: Yes, gap_type: None"
PHARMACIST = ", pharmacist on duty"

TABLE = [
    ("section-missing", "DETECTION", "", "detection"),
    ("section-missing", "RESPONSE", "", "response"),
    ("no-timeline", "TIMELINE", "", "timeline"),
    ("root-cause-missing", f"    root_cause: {ROOT}\n", "", "root_cause.root_cause"),
    ("root-cause-repeats", ROOT, "The supply dip tripped a compressor.", "root_cause.root_cause"),
    ("audit-incomplete", "answer: Too late, ", "", AUDIT),
    ("no-actions", "ACTIONS", "", "actions"),
    ("action-incomplete", "owner: Pharmacy, ", "", "actions.short_term[0]"),
    ("action-incomplete", ', due: "2024-11-04"', "", "actions.short_term[0]"),
    ("no-learnings", "LEARNINGS", "", "learnings"),
    ("register-not-updated", "Watch the line", "No action needed", f"{AUDIT}.indicators_fired.action"),
    ("register-not-updated", ", action: Add the number", "", f"{AUDIT}.escalation_worked.action"),
    ("gap-contradicts-answer", REGISTER, "{answer: No, gap_type: None", f"{AUDIT}.in_register.gap_type"),
    ("gap-contradicts-answer", REGISTER, "{answer: Yes, gap_type: IDENTIFY", f"{AUDIT}.in_register.gap_type"),
    ("gap-contradicts-answer", "MONITOR gap", "MITIGATE", f"{AUDIT}.indicators_fired.gap_type"),
    ("detection-gap-contradicts", "2 h 40 min lost", "half an hour lost", "detection.detection_gap"),
    ("detection-gap-contradicts", "The alarm line was unplugged, 2 h 40 min lost", "None", "detection.detection_gap"),
    ("escalation-claims-differ", f"Partially{PHARMACIST}", f"Yes{PHARMACIST}", "response.escalation_appropriate"),
    ("protocol-gap-without-action", "Print the contractor's weekend number", "Thank them", "response.protocol_gaps"),
    ("ignored-rule-unknown", "rule: zone-assumed", "rule: zone-assumd", "ignore[0].rule"),
]

QUIET = [
    ("root-cause-repeats", ROOT, "The dip was known and no one acted"),
    ("register-not-updated", "action: Test the alarm line each month", "action: None"),
    ("register-not-updated", "Add the cascade to COLD-011", "No cascades were mapped, so add them all"),
    ("gap-contradicts-answer", "gap_type: MONITOR gap", "gap_type: monitor"),
    ("gap-contradicts-answer", ", gap_type: MONITOR gap", ""),
    ("detection-gap-contradicts", "2 h 40 min lost", "about 2.5 hours lost"),
    ("detection-gap-contradicts", "2 h 40 min lost", "took 3 hours and not 20 minutes"),
    ("detection-gap-contradicts", "2 h 40 min lost", "nobody heard it"),
    ("escalation-claims-differ", f"Partially{PHARMACIST}", f"Perhaps{PHARMACIST}"),
    ("protocol-gap-without-action", "No weekend number of the contractor", "None"),
    ("protocol-gap-without-action", "language: en", "language: fr"),
    ("ignored-rule-unknown", "rule: zone-assumed", "rule: no-timeline"),
]


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
    """Rule and field of each note about a review that has no errors."""
    pir, findings = parse_pir(parse_document(text, "c.yaml"))
    assert pir is not None, [str(finding) for finding in findings]
    notes = check_pir(pir)
    assert {finding.level for finding in notes} <= {"note"}
    assert all(finding.place.line and finding.incident == "INC-7001" for finding in notes)
    return [(finding.rule, finding.field) for finding in notes]


@pytest.mark.parametrize(("rule", "old", "new", "field"), TABLE)
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
        if not old.isupper():
            assert found(change(complete, old, new)) == [(rule, field)]


def test_missing_sections_are_notes() -> None:
    """A short review of a small incident is a review."""
    bare = 'incident_id: INC-7001\nrelated_risk: NEW\ndate: "2024-02-15"\n'
    assert {name for name, _ in found(bare)} == {
        "section-missing", "no-timeline", "root-cause-missing", "audit-incomplete", "no-actions", "no-learnings",
    }  # fmt: skip


def test_every_rule_has_a_row() -> None:
    """A rule without a test is a rule that may be broken unseen."""
    assert {row[0] for row in TABLE} == set(RULES)
