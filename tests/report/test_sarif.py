"""Takes findings, shows that their SARIF log is valid, finds its lines, and stays the same when lines move."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from riskgraph.findings import Finding, Level, Place, Sifted, Suppressed, fingerprints
from riskgraph.report.sarif import SHOWN, sarif
from riskgraph.rules import RULES
from tests.report import hostile

# The schema of the OASIS standard, errata 1 (2.1.0-rtm.5), as the MIT-licensed sarif-js-sdk ships it.
SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0.json").read_text("utf-8"))


def log_of(*findings: Finding, left_out: tuple[Suppressed, ...] = ()) -> dict[str, Any]:
    """The one run of a log that is held against the schema, and has been through a file."""
    log, _ = sarif(Sifted(findings, left_out))
    Draft4Validator(SCHEMA).validate(log)
    run: dict[str, Any] = json.loads(json.dumps(log))["runs"][0]
    return run


def finding(rule: str = "step-unmapped", level: Level = "warning", message: str = "m", **place: Any) -> Finding:
    """A finding with a place."""
    return Finding(
        rule, level, message, Place(**{"path": "pirs/a.yaml", "line": 3, "column": 5, **place}), "f", "INC-1"
    )


def test_a_result_has_its_rule_and_its_place() -> None:
    """Prevents: an alert that opens the wrong line, or explains nothing."""
    run = log_of(finding(), finding("no-timeline", "note"))
    first, second = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in (first, second)] == ["step-unmapped", "no-timeline"]
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "pirs/a.yaml"}, "region": {"startLine": 3, "startColumn": 5}}
    assert (first["level"], second["level"]) == ("warning", "note")
    assert rules[first["ruleIndex"]]["shortDescription"]["text"] == RULES["step-unmapped"].says


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b#c?d%é.yaml", "a%20b%23c%3Fd%25%C3%A9.yaml"),
        ("/srv/risk/a.yaml", "file:///srv/risk/a.yaml"),
        ("C:/risk/a b.yaml", "file:///C:/risk/a%20b.yaml"),
        ("../a.yaml", "../a.yaml"),
    ],
)
def test_paths_are_references(path: str, uri: str) -> None:
    """Prevents: a file that nobody finds because of a character in its name."""
    result = log_of(finding(path=path))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("place", [Place("a.yaml"), Place("a.yaml", 3), Place()])
def test_places_that_are_not_known(place: Place) -> None:
    """Prevents: a line 0, which no schema allows; GitHub takes no result without a line."""
    result = log_of(Finding("r", "error", "m", place))["results"][0]
    regions = [one["physicalLocation"]["region"] for one in result.get("locations", ())]
    assert regions == ([{"startLine": place.line or 1}] if place.path else [])


@pytest.mark.parametrize("text", hostile.ALL)
def test_whatever_is_in_a_message(text: str) -> None:
    """Prevents: a review that puts a link, or an invisible character, into an alert."""
    result = log_of(finding(message=f"a{text}b", path=f"x{text}.yaml".replace("\x00", "")))["results"][0]
    message = result["message"]["text"]
    assert "](" not in message
    assert "\x1b" not in message


def test_the_worst_come_first_and_what_does_not_fit_is_counted() -> None:
    """Prevents: a log that is refused as a whole, or that drops the errors."""
    many = [finding("no-timeline", "note", line=number) for number in range(1, SHOWN + 4)]
    log, more = sarif(Sifted((*many, finding("unknown-id", "error"), finding())))
    Draft4Validator(SCHEMA).validate(log)
    results = log["runs"][0]["results"]
    assert (len(results), more) == (SHOWN, 5)
    assert [one["level"] for one in results[:3]] == ["error", "warning", "note"]


def test_what_is_left_out_is_suppressed_with_its_reason() -> None:
    """Prevents: an alert that comes back with every upload although somebody answered it."""
    left_out = (
        Suppressed(finding("no-timeline", "note"), "review", "small"),
        Suppressed(finding("step-indirect", "note"), "baseline", "known before: known.json"),
    )
    results = log_of(finding("no-learnings", "note"), left_out=left_out)["results"]
    assert [one.get("suppressions") for one in results] == [
        None,
        [{"kind": "inSource", "justification": "small"}],
        [{"kind": "external", "justification": "known before: known.json"}],
    ]


def test_fingerprints_stay_when_lines_move() -> None:
    """Prevents: two hundred new alerts because somebody put a comment at the top of a file."""
    before = [
        Finding("duplicate", "error", "risk A is there twice: it also stands at r.yaml:4:5", Place("r.yaml", 9, 5)),
        Finding("action-incomplete", "note", "no owner", Place("p.yaml", 50, 7), "actions.immediate[0]", "INC-1"),
    ]
    after = [
        Finding("duplicate", "error", "risk A is there twice: it also stands at r.yaml:14:5", Place("r.yaml", 19, 5)),
        Finding("action-incomplete", "note", "no owner", Place("p.yaml", 61, 7), "actions.immediate[1]", "INC-1"),
    ]
    assert fingerprints(before) == fingerprints(after)


def test_fingerprints_tell_findings_apart() -> None:
    """Prevents: one known finding that hides all others of its rule."""
    findings = [
        finding(), finding(message="n"), finding("step-reversed"), finding(path="b.yaml"), finding(), finding(line=4),
    ]  # fmt: skip
    marks = fingerprints(findings)
    assert len(set(marks)) == len(marks)
    assert [mark.split(":")[1] for mark in marks] == ["1", "1", "1", "1", "2", "3"]
    assert marks[0] == "29122646c6a87b6f84d0d539c928d589:1"  # It is in people's baselines: it never changes.
