"""A new review: a risk and a graph in, a text that asks everything and claims nothing out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import parse_document
from riskgraph.errors import InputError
from riskgraph.graph import RiskGraph
from riskgraph.history import Snapshot
from riskgraph.model import (
    Blocks,
    Cascade,
    Indicator,
    Mitigates,
    Mitigation,
    Risk,
    Watches,
)
from riskgraph.parts import Escalation
from riskgraph.pir.blank import new_pir
from riskgraph.pir.read import parse_pir
from riskgraph.pir.schema import pir_schema

PARIS = ZoneInfo("Europe/Paris")
SCHEMA = jsonschema.Draft202012Validator(pir_schema())
START = datetime(2024, 2, 15, 3, 0, tzinfo=PARIS)


def graph(name: str = "Quay is closed", who: str = "Harbour master") -> Snapshot:
    """Two cascades out of one risk, with everything that stands around them, and one that is not asked about."""
    elements: list[Any] = [
        Risk(id="Q-1", name=name, escalation=Escalation(to=who)),
        Risk(id="Q-2", name="Ships wait"),
        Risk(id="Q-3", name="Cranes stop"),
        Cascade(from_="Q-1", to="Q-3"),
        Cascade(from_="Q-1", to="Q-2"),
        Cascade(from_="Q-2", to="Q-3"),
        Mitigation(id="M-1", name="Second quay"),
        Mitigation(id="M-2", name=name),
        Mitigation(id="M-3", name="Elsewhere"),
        Mitigates(mitigation="M-2", risk="Q-1"),
        Blocks(mitigation="M-1", from_="Q-1", to="Q-2"),
        Mitigates(mitigation="M-3", risk="Q-3"),
        Indicator(id="I-1", name="Gauge"),
        Watches(indicator="I-1", risk="Q-1"),
    ]
    return Snapshot(RiskGraph.of(elements), 1)


def test_a_new_review_asks_one_line_for_each_thing_on_the_map() -> None:
    """What is not asked is not answered, and stays unknown for ever."""
    data = parse_document(new_pir("Q-1", graph(), START)).data["incident_review"]
    assert [(line["from"], line["to"]) for line in data["observed_cascades"]] == [("Q-1", "Q-2"), ("Q-1", "Q-3")]
    assert [line["id"] for line in data["mitigations"]] == ["M-1", "M-2"]
    assert [line["id"] for line in data["indicators"]] == ["I-1"]
    assert data["escalation"]["to"] == "[Harbour master|somebody else|nobody]"
    assert (data["related_risk"], data["date"], data["timezone"]) == ("Q-1", "2024-02-15", "Europe/Paris")


def test_an_untouched_new_review_claims_nothing() -> None:
    """A default that looks like an answer would be evidence that nobody gave."""
    text = new_pir("Q-1", graph(), START)
    pir, findings = parse_pir(parse_document(text), lenient=True)
    assert pir is None
    assert {(finding.rule, finding.level) for finding in findings} == {("placeholder", "note")}
    errors = [finding for finding in parse_pir(parse_document(text))[1] if finding.level == "error"]
    assert [(finding.rule, finding.field) for finding in errors] == [("placeholder", "incident_id")]
    pir, findings = parse_pir(parse_document(text.replace("INC-XXXX", "INC-1")))
    assert pir is not None
    assert {finding.rule for finding in findings} == {"placeholder"}
    assert {finding.field for finding in findings} >= {
        "kind", "observed_cascades[0].at", "observed_cascades[1].at", "mitigations[0].worked", "mitigations[1].worked",
        "indicators[0].fired", "escalation.to", "escalation.at",
    }  # fmt: skip
    assert pir.started_at == START
    assert (pir.observed, pir.checked, pir.mitigations, pir.indicators) == (None, (), (), ())
    assert (pir.escalation_to, pir.escalation_at, pir.actions, pir.learnings) == (None, None, (), ())
    assert all(answer.claim is None for answer in pir.answers.values())


def test_answered_lines_are_answers() -> None:
    """The lines are written over where they stand."""
    text = new_pir("Q-1", graph(), START).replace("INC-XXXX", "INC-1")
    text = text.replace('to: "Q-2", at: "[HH:MM|yes|no|not looked]"', 'to: "Q-2", at: "03:40"')
    text = text.replace('to: "Q-3", at: "[HH:MM|yes|no|not looked]"', 'to: "Q-3", at: no')
    text = text.replace('"[Harbour master|somebody else|nobody]", at: "[HH:MM|not escalated]"', 'Pilot, at: "03:10"')
    pir, _ = parse_pir(parse_document(text))
    assert pir is not None
    assert pir.observed is not None
    assert [(step.to, step.at) for step in pir.observed] == [("Q-2", datetime(2024, 2, 15, 2, 40, tzinfo=UTC))]
    assert [pair.to for pair in pir.checked] == ["Q-3"]
    assert (pir.escalation_to, pir.escalation_at) == ("Pilot", datetime(2024, 2, 15, 2, 10, tzinfo=UTC))


def test_a_risk_that_was_not_known_then_is_an_error() -> None:
    """A review of a misspelt risk would ask about nothing."""
    with pytest.raises(InputError, match="did you mean Q-1"):
        new_pir("q-1", graph(), date(2024, 2, 15))
    data = parse_document(new_pir("NEW", Snapshot(), date(2024, 2, 15))).data["incident_review"]
    assert data["related_risk"] == "NEW"
    assert "started_at" not in data
    assert "observed_cascades" not in data


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_no_name_breaks_the_file(name: str, who: str) -> None:
    """Names come from registers; quotes, line ends, hashes and brackets in them must not become YAML."""
    text = new_pir("Q-1", graph(name, who), START)
    document = parse_document(text)
    assert {finding.rule for finding in parse_pir(document, lenient=True)[1]} == {"placeholder"}
    SCHEMA.validate(document.data)
