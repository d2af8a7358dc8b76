"""Reading prose: one table a rule; each row is a sentence as somebody might write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.matching.ids import Vocabulary, find_ids, id_shape
from riskgraph.matching.text import clauses, is_negated, read_text

ROOT = "RISK-023"
VOCABULARY = Vocabulary(
    ids=frozenset({"RISK-023", "RISK-031", "RISK-040", "RISK-101", "RISK-102", "RISK-103", "R1", "R10", "Berth.A"}),
    others=frozenset({"MIT-007", "IND-004"}),
    names={"partner feed is late": "RISK-040", "berth, north": "Berth.A", "no. 2 pump stopped": "RISK-103"},
)


def steps(text: str, *, timeline: bool = False) -> list[tuple[str | None, str]]:
    """From and to of every step; None is the root."""
    reading = read_text(text, VOCABULARY, ROOT, timeline=timeline)
    return [(step.from_, step.to) for step in reading.steps]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Add cascade to RISK-031", [(None, "RISK-031")]),
        ("Add cascades to RISK-101 and RISK-102", [(None, "RISK-101"), (None, "RISK-102")]),
        ("RISK-101, RISK-102 also failed", [(None, "RISK-101"), (None, "RISK-102")]),
        ("RISK-101, RISK-102, and RISK-103 failed", [(None, "RISK-101"), (None, "RISK-102"), (None, "RISK-103")]),
        ("RISK-031.", [(None, "RISK-031")]),
        ("RISK-023 happened again", []),
        ("RISK-031 failed. RISK-031 failed.", [(None, "RISK-031")]),
        ("(RISK-031)", [(None, "RISK-031")]),
        ("The partner feed  is late since noon", [(None, "RISK-040")]),
        ("PARTNER FEED IS LATE", [(None, "RISK-040")]),
        ("Berth, north closed", [(None, "Berth.A")]),
        ("The No. 2 pump stopped", [(None, "RISK-103")]),
        ("RISK\u2011031 pasted from a word processor", [(None, "RISK-031")]),
        ("RISK\u2013031 as a word processor corrects it", [(None, "RISK-031")]),
        ("Berth.A closed", [(None, "Berth.A")]),
        ("R10 failed", [(None, "R10")]),
        ("risk-031 in small letters is a word", []),
        ("MIT-007 and IND-004 are no risks", []),
        ("Load rose 0.5 points and RISK-031 failed", [(None, "RISK-031")]),
    ],
)
def test_ids_and_names(text: str, expected: list[tuple[str | None, str]]) -> None:
    """A risk that is named is reached from the root."""
    assert steps(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RISK-101 -> RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 \u2192 RISK-102 \u2192 RISK-103", [("RISK-101", "RISK-102"), ("RISK-102", "RISK-103")]),
        ("Add cascade from RISK-101 to RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 led to RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 lasted an hour and triggered RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 pulled down RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 took RISK-102 down", [("RISK-101", "RISK-102")]),
        ("because of RISK-101, RISK-102 stood still", [("RISK-101", "RISK-102")]),
        ("RISK-102 stood still because of RISK-101", [("RISK-101", "RISK-102")]),
        ("RISK-102 was caused by RISK-101", [("RISK-101", "RISK-102")]),
        ("RISK-101 led to RISK-102 and RISK-103", [("RISK-101", "RISK-102"), ("RISK-101", "RISK-103")]),
        ("RISK-101 and RISK-102 caused RISK-103", [("RISK-101", "RISK-103"), ("RISK-102", "RISK-103")]),
        ("RISK-101 pulled down RISK-102, and RISK-103 failed", [("RISK-101", "RISK-102"), (None, "RISK-103")]),
        ("RISK-101 caused RISK-101", []),
        ("RISK-102 stood still, because of RISK-101", [("RISK-101", "RISK-102")]),
        ("RISK-102, which was triggered by RISK-101", [("RISK-101", "RISK-102")]),
        ("RISK-101 (the feed) -> RISK-102", [("RISK-101", "RISK-102")]),
        ("RISK-101 -> RISK-102, RISK-103 -> RISK-031", [("RISK-101", "RISK-102"), ("RISK-103", "RISK-031")]),
        (
            "RISK-101 led to RISK-102 and RISK-103, which triggered RISK-031",
            [("RISK-101", "RISK-102"), ("RISK-101", "RISK-103"), ("RISK-102", "RISK-031"), ("RISK-103", "RISK-031")],
        ),
        ("RISK-101 was brought down and RISK-102 failed", [(None, "RISK-101"), (None, "RISK-102")]),
        ("RISK-102 was brought down by RISK-101", [("RISK-101", "RISK-102")]),
        ("RISK-101 took down RISK-102. RISK-102 was away for hours.", [("RISK-101", "RISK-102")]),
        ("after RISK-101 came RISK-102", [(None, "RISK-101"), (None, "RISK-102")]),
    ],
)
def test_joined(text: str, expected: list[tuple[str | None, str]]) -> None:
    """Cause and effect keep their direction, whichever is named first, and make no further step."""
    assert steps(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "RISK-031 was not affected",
        "No impact on RISK-031",
        "RISK-031 never failed",
        "neither RISK-031 nor RISK-040 failed",
        "Without the switch RISK-031 fails",
        "RISK-031 would have failed",
        "it could have reached RISK-031",
        "RISK-031 almost failed",
        "RISK-031 stayed un-affected",
        "RISK-031 didn't fail",
        "RISK-031 did\nnot fail",
        "Elsewhere nothing happened, e.g. not at RISK-031",
        "RISK-031 can\u2019t have failed",
        "RISK-101, RISK-102, and RISK-103 were not affected",
    ],
)
def test_negated_and_hypothetical(text: str) -> None:
    """What did not happen is no step, and suggests nothing."""
    reading = read_text(text, VOCABULARY, ROOT)
    assert (reading.steps, reading.loose) == ((), ())
    assert reading.mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RISK-031 failed (not mapped)", ["RISK-031"]),
        ("RISK-031 failed, which was not predicted", ["RISK-031"]),
        ("RISK-031 was not in the map", ["RISK-031"]),
        ("RISK-031 failed and wasn't mapped", ["RISK-031"]),
        ("RISK-031 was not known to be near", ["RISK-031"]),
        ("RISK-031 was not mapped and did not fail", []),
        ("RISK-031 failed, but RISK-040 did not", ["RISK-031"]),
        ("RISK-031 failed; RISK-040 would have", ["RISK-031"]),
        ("RISK-031 failed while RISK-040 was not touched", ["RISK-031"]),
        ("RISK-040 did not fail, and RISK-031 did", ["RISK-031"]),
        ("RISK-040 held without loss\nRISK-031 failed", ["RISK-031"]),
    ],
)
def test_negation_stays_in_its_clause(text: str, expected: list[str]) -> None:
    """A "not" about the map, or in the next clause, does not take a step away."""
    assert [to for _, to in steps(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RISK-040 was checked and was not affected", [(None, "RISK-040")]),
        ("We verified RISK-040: unaffected", [(None, "RISK-040")]),
        ("RISK-031 -> RISK-040 was checked and did not happen", [("RISK-031", "RISK-040")]),
        ("RISK-040 was checked, and was not affected", [(None, "RISK-040")]),
        ("RISK-040 was checked but was not affected", [(None, "RISK-040")]),
        ("We checked RISK-040. It wasn't affected.", [(None, "RISK-040")]),
        ("RISK-040 was not checked and not affected", []),
        ("RISK-040 was not affected", []),
        ("RISK-040 was checked and failed", []),
    ],
)
def test_checked_and_not_affected(text: str, expected: list[tuple[str | None, str]]) -> None:
    """Only somebody who looked can say that it did not happen."""
    assert [(step.from_, step.to) for step in read_text(text, VOCABULARY, ROOT).checked] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RISK-031 serves again", []),
        ("RISK-031 restored", []),
        ("RISK-031 is back", []),
        ("RISK-031 back-office stopped", [(None, "RISK-031")]),
        ("RISK-031 failed", [(None, "RISK-031")]),
        ("RISK-031 recovered; RISK-040 failed", [(None, "RISK-040")]),
    ],
)
def test_recovery_in_the_timeline(text: str, expected: list[tuple[str | None, str]]) -> None:
    """An entry that tells of the end is not a beginning."""
    assert steps(text, timeline=True) == expected


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("RISK-999 failed", [], ["RISK-999"]),
        ("RISK-0310 failed", [], ["RISK-0310"]),
        ("US-EAST-1 and CVE-2024-3094", [], []),
        ("R10 is not R1", ["R10", "R1"], []),
        ("xRISK-031 and RISK-031x", [], []),
        ("RISK-031, RISK-040.", ["RISK-031", "RISK-040"], []),
        ("MIT-008", [], ["MIT-008"]),
    ],
)
def test_tokens(text: str, known: list[str], unknown: list[str]) -> None:
    """An id is a whole token with the shape of this register's ids; other capitals and digits are words."""
    mentions, strange = find_ids(text, VOCABULARY)
    assert ([mention.id for mention in mentions], strange) == (known, unknown)


def test_loose_clauses_are_material_for_suggestions() -> None:
    """Only affirmative clauses that name nothing are."""
    reading = read_text("Reports failed too (not mapped). Nothing else. RISK-031 failed.", VOCABULARY, ROOT)
    assert reading.loose == ("Reports failed too (not mapped)",)


@pytest.mark.parametrize(
    ("token", "shape"), [("RISK-023", "RISK-"), ("R1", "R"), ("A.b-7", "A.b-"), ("fire", None), ("7", None)]
)
def test_shape(token: str, shape: str | None) -> None:
    """The shape is what stands before the digits."""
    assert id_shape(token) == shape


WORDS = st.sampled_from(
    ["RISK-031", "RISK-040", "RISK-101", "and", ",", ".", ";", "not", "led to", "took", "down", "because of", "->",
     "but", "was", "checked", "not affected", "(", ")", "partner feed is late", "RISK-999", "\n", "while"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join)))
def test_any_text_can_be_read(text: str) -> None:
    """Steps name known risks, never one risk twice, and never come out of a negated clause."""
    reading = read_text(text, VOCABULARY, ROOT)
    for step in reading.steps:
        assert step.to in VOCABULARY.ids
        assert step.from_ is None or step.from_ in VOCABULARY.ids
        assert step.from_ != step.to
        assert not is_negated(step.clause)
        assert step.to in reading.mentions
    assert len({(step.from_, step.to) for step in reading.steps}) == len(reading.steps)


@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_clauses_lose_no_id(text: str) -> None:
    """Splitting into clauses keeps every id."""
    joined = " ".join(clauses(text, VOCABULARY))
    assert [m.id for m in find_ids(joined, VOCABULARY)[0]] == [m.id for m in find_ids(text, VOCABULARY)[0]]


@pytest.mark.parametrize("text", ["die Straße ist gesperrt", "DIE STRASSE IST GESPERRT", "Die Strasse ist gesperrt"])
def test_names_in_any_case(text: str) -> None:
    """A letter that folds to two is found however it is written."""
    from riskgraph.matching.observed import names_of
    from tests.builders import element, graph

    names = names_of(graph(element("risk", id="RISK-7", name="Straße ist gesperrt")))
    reading = read_text(text, Vocabulary(ids=frozenset({"RISK-7"}), names=names), ROOT)
    assert [step.to for step in reading.steps] == ["RISK-7"]
