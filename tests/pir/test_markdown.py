"""Reviews in markdown: a page in, what a YAML file with the same review gives out, with the lines of the page."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import Document, parse_document, read_document
from riskgraph.errors import InputError
from riskgraph.model import QUESTIONS
from riskgraph.pir.file import begins_as_review, read_review
from riskgraph.pir.form import FORM, Field
from riskgraph.pir.markdown import parse_markdown
from riskgraph.pir.read import parse_pir
from riskgraph.pir.review import Pir
from riskgraph.pir.template import TEMPLATE, WRAPPER
from riskgraph.pir.write import dump_markdown
from tests.report.hostile import ALL

ROOT = Path(__file__).parents[2]
REVIEWS = [*sorted(ROOT.glob("examples/*/pirs/*.yaml")), ROOT / "tests/pir/data/complete.yaml"]
HEAD = "- **Incident ID:** INC-1\n- **Related risk:** RISK-1\n- **Date:** 2024-02-15\n- **Timezone:** UTC\n"
BASE = {"incident_id": "INC-1", "related_risk": "RISK-1", "date": "2024-02-15", "timezone": "UTC"}


def stripped(value: Any) -> Any:
    """Plain data without white space around its texts."""
    if isinstance(value, dict):
        return {name: stripped(part) for name, part in value.items()}
    if isinstance(value, list):
        return [stripped(part) for part in value]
    return value.strip() if isinstance(value, str) else value


def meaning(document: Document) -> Pir:
    """The review of a document, but for where things stand in the file."""
    pir, findings = parse_pir(document)
    assert pir is not None, findings
    return replace(pir, document=Document("", None), base=())


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)
def test_a_review_says_the_same_in_markdown(path: Path) -> None:
    """Prevents: a team that moves its reviews to a wiki, and gets other answers."""
    document = read_document(path)
    data = document.data.get(WRAPPER, document.data)
    page = parse_markdown(dump_markdown(data), str(path))
    assert page.notes == ()
    assert page.data == stripped(data)
    assert meaning(page) == meaning(document)


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)
def test_every_value_has_its_line_and_column(path: Path) -> None:
    """Prevents: a finding that points at another field of the page."""
    document = read_document(path)
    lines = dump_markdown(document.data.get(WRAPPER, document.data)).split("\n")
    page = parse_markdown("\n".join(lines))

    def look(value: Any, loc: tuple[str | int, ...]) -> None:
        if isinstance(value, dict | list):
            for name, part in value.items() if isinstance(value, dict) else enumerate(value):
                look(part, (*loc, name))
        else:
            place = page.place(loc)
            word = str(getattr(value, "text", value)).split()[0]
            assert lines[place.line - 1][place.column - 1 :].startswith(word), (loc, place)

    look(page.data, ())


def test_the_template_is_a_page() -> None:
    """Prevents: a placeholder that the way through markdown turns into an answer."""
    page = parse_markdown(dump_markdown(TEMPLATE))
    assert page.data == TEMPLATE
    _, found = parse_pir(page, lenient=True)
    assert {(finding.rule, finding.level) for finding in found} == {("placeholder", "note")}


letters = st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n")
tricky = ["a|b", "- a", "1. a", "# a", "a\n---", "a\n\nb", "<br>", "**Answer:** No", "\\", "[a]: b", "<!-- a", "a \n b"]
texts = st.text(letters, min_size=1, max_size=20).map(str.strip).filter(bool) | st.sampled_from(tricky)


def values(field: Field) -> st.SearchStrategy[Any]:
    """What a field may hold, blanks left out."""
    if field.kind == "number":
        return st.integers(1, 10**6)
    if field.kind == "text":
        return texts
    if field.name == "answers":
        return st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=2)
    if field.kind == "texts":
        return st.lists(texts, min_size=1, max_size=3)
    record = st.fixed_dictionaries({}, optional={name: values(part) for name, part in field.fields.items()})
    return record.filter(bool) if field.kind == "record" else st.lists(record.filter(bool), max_size=2)


@given(values(FORM))
def test_any_texts_come_back(data: dict[str, Any]) -> None:
    """Prevents: a text that ends its cell, its list or its section, or that becomes another field."""
    page = parse_markdown(dump_markdown(data))
    assert page.data == data
    assert page.notes == ()


@pytest.mark.parametrize("text", [text for text in ALL if text.strip() and text.replace("\n", "").isprintable()])
def test_a_hostile_text_is_only_a_text(text: str) -> None:
    """Prevents: markup in a name that hides a field, or adds one."""
    data = stripped(
        {
            **BASE,
            "title": text,
            "timeline": [{"time": "03:00", "event": text}, {"time": text, "event": "x"}],
            "detection": {"how_detected": text, "detection_time": "1h"},
            "response": {"actions_taken": [text, "x", text]},
            "actions": {"immediate": [{"action": text, "owner": text}]},
            "learnings": {"what_went_well": [text], "process_level_learning": text},
        }
    )
    assert parse_markdown(dump_markdown(data)).data == data


LATE = {"answer": "Too late", "gap_type": "MONITOR gap"}
SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "labels in lines": (
        "**Severity**: High\n**Duration:** 6 hours\nor so\n", {"severity": "High", "duration": "6 hours\nor so"},
    ),
    "labels without stars": ("Severity: High\n\n* duration: 6 hours\n", {"severity": "High", "duration": "6 hours"}),
    "a table of facts": ("| Field | Value |\n|-|-|\n| Severity | High |\n| Duration | |\n", {"severity": "High"}),
    "a table whose header is a fact": (
        "| Severity | High |\n|-|-|\n| Kind | incident |\n", {"severity": "High", "kind": "incident"},
    ),
    "headings in capitals": ("## ROOT CAUSE\n- **ROOT CAUSE:** x\n", {"root_cause": {"root_cause": "x"}}),
    "headings of one level": (
        "## Actions\n## Immediate\n| Action |\n|-|\n| a |\n", {"actions": {"immediate": [{"action": "a"}]}},
    ),
    "a heading with punctuation": (
        "## *Checked*, not affected!\n| From | To |\n|-|-|\n| A | B |\n",
        {"checked_not_affected": [{"from": "A", "to": "B"}]},
    ),
    "an underlined heading": ("Detection\n---------\n- **How detected:** x\n", {"detection": {"how_detected": "x"}}),
    "a timeline as a list": (
        "## Timeline\n- 03:00 it began\n- **03:20 UTC** - it went on\n- 2024-02-16 04:00: it ended\n- later\n",
        {"timeline": [{"time": "03:00", "event": "it began"}, {"time": "03:20 UTC", "event": "it went on"},
                      {"time": "2024-02-16 04:00", "event": "it ended"}, {"event": "later"}]},
    ),
    "actions as a list": (
        "## Actions\n### Short-term\n1. Do it\n   - **Owner:** Ada\n   - Due date: 2024-03-01\n2. And this\n",
        {"actions": {"short_term": [{"action": "Do it", "owner": "Ada", "due": "2024-03-01"}, {"action": "And this"}]}},
    ),
    "what, who and when": (
        "## Timeline\n|When|What|\n|-|-|\n|03:00|x|\n\n## Short term\n|What|Who|When|\n|-|-|-|\n|y|Ada|2024-03-01|\n",
        {"timeline": [{"time": "03:00", "event": "x"}],
         "actions": {"short_term": [{"action": "y", "owner": "Ada", "due": "2024-03-01"}]}},
    ),
    "a kind in words": ("**Kind:** Near miss\n", {"kind": "near_miss"}),
    "the audit as a table of questions": (
        """
## Risk process audit
| Question | Answer | Gap |
|----------|--------|-----|
| Was this in our register? | Yes | None |
| Did indicators fire in time? | Too late | MONITOR gap |
""",
        {"risk_process_audit": {"in_register": {"answer": "Yes", "gap_type": "None"}, "indicators_fired": LATE}},
    ),
    "one row of numbers": (
        "## Occurrences\n| Count | Period |\n|-|-|\n| 3 | 6 months |\n",
        {"occurrences": {"count": 3, "period": "6 months"}},
    ),
    "answers by their words": (
        "## Immediate\n| Action | Answers |\n|-|-|\n| a | In register, Did mitigation work? |\n",
        {"actions": {"immediate": [{"action": "a", "answers": ["in_register", "mitigation_worked"]}]}},
    ),
    "a cell with lines": (
        "## Timeline\n| Time | Event |\n|-|-|\n| 03:00 | a<br>b\\|c |\n",
        {"timeline": [{"time": "03:00", "event": "a\nb|c"}]},
    ),
    "an empty table": ("## Observed cascades\n| From | To |\n|-|-|\n", {"observed_cascades": []}),
    "an empty section": ("## Observed cascades\n\n## Learnings\n", {}),
    "emphasis, code and links": (
        "**Title:** *Very* `bad` [day](http://e.example/x), <http://e.example>\n",
        {"title": "Very bad day (http://e.example/x), http://e.example"},
    ),
    "paragraphs": (
        "### Process-level learning\nOne\ntwo.\n\nThree.\n\n- four\n",
        {"learnings": {"process_level_learning": "One\ntwo.\n\nThree.\n\n- four"}},
    ),
    "learnings as paragraphs": (
        "## What went well\nThis.\n\nThat.\n", {"learnings": {"what_went_well": ["This.", "That."]}},
    ),
    "a comment": ("<!--\n## Timeline\n\n| Time |\n|-|\n| 1 |\n-->\n- **Severity:** High\n", {"severity": "High"}),
    "windows line ends": (
        "- **Severity:** High\r\n- **Kind:** external\r\n", {"severity": "High", "kind": "external"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_what_people_write_is_read(name: str) -> None:
    """Prevents: a review that has to look exactly as the program would write it."""
    text, expected = SHAPES[name]
    page = parse_markdown(f"# Review of a bad night\n\n{text}")
    assert page.data == expected
    assert page.notes == ()


@pytest.mark.parametrize("block", ["| What | Who |\n|-|-|\n| Mend it | Ada |\n", "- Mend it\n", "Mend it.\n"])
def test_actions_without_a_horizon_are_told_where_to_stand(block: str) -> None:
    """Prevents: a team whose actions are not read, and who is not told which heading is missing."""
    (note,) = parse_markdown(f"{HEAD}\n## Action items\n\n{block}", "r.md").notes
    assert (note.rule, note.level, note.place.line) == ("not-read", "note", 8)
    assert note.message.endswith(": put it below a heading Immediate, Short term or Process improvements")


def test_the_page_in_the_docs_is_one() -> None:
    """Prevents: an example that people copy, and that does not work."""
    shown = (ROOT / "docs" / "pir.md").read_text("utf-8").split("```markdown\n")[1].split("```")[0]
    page = parse_markdown(shown)
    assert page.notes == ()
    assert meaning(page).answers["probability_accurate"].claim == "underestimated"
    assert dump_markdown(page.data) == shown


FOUND = {
    "a heading that means nothing": (f"{HEAD}\n## Weather\nRain.\n", 6, "not-read", "note"),
    "a heading with a slip": (f"{HEAD}\n## Timelien\n", 6, "unknown-key", "error"),
    "a label that means nothing": (f"{HEAD}- **Mood:** bad\n", 5, "not-read", "note"),
    "a label with a slip": (f"{HEAD}- **Severty:** High\n", 5, "unknown-key", "error"),
    "a column with a slip": (f"{HEAD}\n## Timeline\n| Time | Evnt |\n|-|-|\n| 1 | 2 |\n", 7, "unknown-key", "error"),
    "a field that is there twice": (f"{HEAD}- **Date:** 2024-02-16\n", 5, "duplicate-key", "error"),
    "prose that belongs nowhere": (f"# Review\nWe met at ten.\n\n{HEAD}", 2, "not-read", "note"),
    "prose under a table's heading": (f"{HEAD}\n## Timeline\nIt was long.\n", 7, "not-read", "note"),
    "a quote": (f"{HEAD}\n## Detection\n> The alarm\n", 7, "not-read", "note"),
    "an answer outside its list": (f"{HEAD}\n## In register\n- **Answer:** Perhaps\n", 7, "answer-unknown", "note"),
    "a number that is none": (f"{HEAD}\n## Loss\n- **Amount:** much\n", 7, "invalid-value", "error"),
    "a record that is a sentence": (f"{HEAD}- **Escalation:** the duty manager\n", 5, "invalid-value", "error"),
    "a sentence and then its section": (f"{HEAD}- **Actions:** x\n\n## Immediate\n- y\n", 8, "duplicate-key", "error"),
    "a time that is none": (
        f"{HEAD}\n## Timeline\n| Time | Event |\n|-|-|\n| soon | x |\n",
        9,
        "time-unreadable",
        "note",
    ),
    "a clock for a duration": (f"{HEAD}- **Duration:** 02:15\n", 5, "clock-duration", "error"),
    "a missing target": (f"{HEAD}\n## Observed cascades\n| From | To |\n|-|-|\n| A | |\n", 9, "missing-key", "error"),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_wrong_has_its_line(name: str) -> None:
    """Prevents: a text that is lost without a word, or a finding without a place."""
    text, line, rule, level = FOUND[name]
    pir, found = parse_pir(parse_markdown(text, "r.md"))
    assert (rule, level, line) in {(finding.rule, finding.level, finding.place.line) for finding in found}, found
    assert all(finding.place.path == "r.md" for finding in found)
    assert (pir is None) == any(finding.level == "error" for finding in found)


def test_a_front_matter_is_read() -> None:
    """Prevents: reviews of a wiki whose id is in its page's properties."""
    text = (
        "---\nlayout: post\nincident_id: INC-1\nrelated_risk: RISK-1\nloss: {amount: 5}\n---\n- **Date:** 2024-02-15\n"
    )
    page = parse_markdown(text)
    assert page.data == {"incident_id": "INC-1", "related_risk": "RISK-1", "loss": {"amount": 5}, "date": "2024-02-15"}
    assert [(note.rule, note.place.line) for note in page.notes] == [("not-read", 2)]
    assert page.place(("incident_id",)).line == 3
    assert page.place(("loss", "amount")).line == 5
    assert page.place(("date",)).line == 7
    with pytest.raises(InputError, match=r"r\.md:3:"):
        parse_markdown("---\na: 1\nb: &x 2\n---\n", "r.md")


BOMBS = {
    "quotes": ">" * 100_000,
    "lists": "\n".join("  " * depth + "- a" for depth in range(100)),
    "brackets": "[" * 500_000,
    "images": "![" * 300_000,
    "stars": "*a " * 300_000,
    "ticks": "".join("`" * length + "a" for length in range(1400)),
    "lines": "a\n\n" * 300_000,
    "comments": "<!--\n" * 9_000,
    "definitions": "[a]: b\n" * 15_000,
    "cells": "|a" * 20_000 + "\n" + "|-" * 4_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_page_that_is_made_to_be_slow_is_not(name: str) -> None:
    """Prevents: a review in a pull request that holds the build for an hour."""
    began = time.process_time()
    try:
        parse_markdown(HEAD + "\n" + BOMBS[name], "r.md")
    except InputError as error:
        assert str(error).startswith("r.md")  # noqa: PT017 - refusing is one of two good ends
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", r"r\.md:1: is not UTF-8"),
        (b"a" * (1024 * 1024 + 1), r"r\.md: is larger than 1 MiB"),
        (b"\n".join(b"  " * depth + b"- a" for depth in range(30)), r"r\.md:9: is nested too deep"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Prevents: another limit for pages than for YAML."""
    (tmp_path / "r.md").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_review(tmp_path / "r.md")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, True),
        ("# X\n\nIncident ID: INC-1\n", True),
        ("| Incident ID | INC-1 |\n|-|-|\n", True),
        ("---\nincident_id: INC-1\n---\n", True),
        ("# Our reviews\n\nEach has an incident id, and a date.\n", False),
        ("# riskgraph\n\n```yaml\nriskgraph_register: 1\n```\n", False),
        ("", False),
    ],
)
def test_a_page_is_a_review_by_its_id(tmp_path: Path, text: str, *, expected: bool) -> None:
    """Prevents: a README beside the reviews that fails a check of their folder."""
    (tmp_path / "r.md").write_text(text)
    assert begins_as_review(tmp_path / "r.md") == expected


def test_yaml_and_markdown_give_equal_findings() -> None:
    """Prevents: a rule that only one of the two knows."""
    data = parse_document((ROOT / "tests/pir/data/complete.yaml").read_text("utf-8")).data[WRAPPER]
    data |= {"severity": "Dire", "duration": "long"}
    _, from_yaml = parse_pir(Document("r", data))
    _, from_page = parse_pir(parse_markdown(dump_markdown(data), "r"))
    assert sorted((one.rule, one.field, one.message) for one in from_yaml) == sorted(
        (one.rule, one.field, one.message) for one in from_page
    )
    assert from_yaml
