"""Decisions in a proposal's file: a text and decisions in, the same text with nothing else changed out."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import parse_document
from riskgraph.proposal.slots import Said, fill_slots, find_slots

PLAIN = """\
# Mine.
riskgraph_proposal: 1
edits:
- op: change  # look at this
  decision: pending   # later?
- op: add
  decision: reject
  reason: no, we have that # since May
- {op: add, decision: 'accept', x: 1}
- {op: add, decision: pending, reason: ""}
unanswered:
- question: a
  reason: ''
- {question: b, reason: ""}
"""


def test_nothing_but_decisions_changes() -> None:
    """Comments, order and style of a file that a person has worked on are theirs."""
    slots = find_slots(PLAIN)
    assert slots is not None
    assert fill_slots(PLAIN, slots, {}) == PLAIN
    filled = fill_slots(
        PLAIN,
        slots,
        {
            ("edits", 0): Said("reject", "no: never"),
            ("edits", 1): Said("accept"),
            ("edits", 2): Said("reject", "x"),
            ("edits", 3): Said("accept"),
            ("unanswered", 1): Said(reason="#1"),
        },
    )
    assert filled == PLAIN.replace(
        "  decision: pending   # later?", '  decision: reject\n  reason: "no: never"   # later?'
    ).replace("decision: reject\n  reason: no, we have that #", 'decision: accept\n  reason: "" #').replace(
        "'accept', x", 'reject, reason: "x", x'
    ).replace('decision: pending, reason: ""', 'decision: accept, reason: ""').replace(
        'b, reason: ""', 'b, reason: "#1"'
    )


@given(st.text(), st.sampled_from([PLAIN, PLAIN.replace("\n", "\r\n")]))
def test_any_reason_is_read_as_it_was_given(reason: str, text: str) -> None:
    """A reason is a person's free text, and the file has to stay YAML."""
    slots = find_slots(text)
    assert slots is not None
    said = Said("reject", reason)
    filled = fill_slots(text, slots, {("edits", 0): said, ("edits", 1): said, ("unanswered", 0): said})
    data = parse_document(filled).data
    assert [entry.get("reason", "") for entry in data["edits"]] == [reason, reason, "", ""]
    assert [entry["decision"] for entry in data["edits"]] == ["reject", "reject", "accept", "pending"]
    assert [entry["reason"] for entry in data["unanswered"]] == [reason, ""]


@pytest.mark.parametrize(
    "text",
    [
        "edits:\n- op: add\n",
        "edits:\n- decision: pending\n  reason: >\n    a\n    b\n",
        "edits:\n- decision: pending\n  reason: a\n    b\n",
        "edits:\n- decision: pending\n  reason:\n",
        "edits:\n- decision:\n    pending\n  reason: &\n",
        "edits: []\nunanswered:\n- question: a\n",
    ],
)
def test_a_file_without_a_place_is_not_guessed_at(text: str) -> None:
    """A decision written into the middle of something would be another file."""
    try:
        parse_document(text)
    except Exception:  # noqa: BLE001 - not YAML at all is refused before
        return
    assert find_slots(text) is None


def test_what_other_libraries_save_has_places() -> None:
    """A proposal may be saved again by any program."""
    data = json.loads(json.dumps(parse_document(PLAIN).data))
    for text in (json.dumps(data), json.dumps(data, indent=2), yaml.safe_dump(data), yaml.safe_dump(data, indent=4)):
        slots = find_slots(text)
        assert slots is not None
        filled = fill_slots(text, slots, {("edits", 0): Said("reject", "no")})
        assert parse_document(filled).data["edits"][0] == {"op": "change", "decision": "reject", "reason": "no"}
