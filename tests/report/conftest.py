"""Takes nothing, gives one history, its diffs and its audits, built in code, with hostile text in every free field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from riskgraph.audit.audit import Audit, audit_diff
from riskgraph.diff import Diff, diff_match
from riskgraph.documents import parse_document
from riskgraph.edits import Because, Edit, add, change
from riskgraph.graph import RiskGraph
from riskgraph.history import History, Revision, first_revision
from riskgraph.matching.match import match_pir
from riskgraph.model import Blocks, Cascade, Header, Incident, Indicator, Mitigates, Mitigation, Risk, Watches
from riskgraph.pir.read import parse_pir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.model import Element

RECORDED = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
CET = timezone(timedelta(hours=1))

REVIEW = """\
incident_id: INC-7
title: Feed stopped | *twice*
date: 2024-02-15
started_at: 2024-02-15T03:00:00+01:00
severity: High
duration: 6 hours
related_risk: RISK-1
timeline:
  - {time: "03:00", event: Source changed}
detection: {how_detected: page, detection_time: 2 hours, expected_detection: 15 minutes}
risk_process_audit:
  in_register: {answer: "Yes"}
  mitigation_worked: {answer: "Yes"}
  indicators_fired: {answer: "Too late"}
observed_cascades:
  - {from: RISK-1, to: RISK-2, at: "03:40", evidence: reports <b>empty</b>}
  - {from: RISK-1, to: RISK-3, at: "05:00"}
  - {from: RISK-2, to: "Partner feed is late"}
checked_not_affected: [{from: RISK-2, to: RISK-4}]
mitigations: [{id: MIT-2, worked: "Yes"}]
escalation: {to: EM, at: "06:30"}
"""

NEAR_MISS = """\
incident_id: INC-8
kind: near_miss
started_at: 2023-05-01T10:00:00Z
related_risk: RISK-1
observed_cascades: []
"""


def elements() -> list[Element]:
    """A register of four risks."""
    scale = {"likelihood": {"per_year": [0.1, 1, 4, 24]}, "impact": {"loss": [10000, 50000, 250000, 1000000]}}
    return [
        Header.model_validate({"scale": scale, "currency": "EUR"}),
        Risk.model_validate(
            {
                "id": "RISK-1", "name": "Schema [bold]change[/bold]", "likelihood": 2, "impact": 4, "owner": "Data",
                "escalation": {"to": "EM", "within": "1h"},
            }
        ),
        Risk.model_validate(
            {
                "id": "RISK-2", "name": "Reports fail", "likelihood": {"probability": 0.1, "horizon": "1y"},
                "loss": {"low": 5000, "likely": 20000, "high": 90000.5},
            }
        ),
        Risk(id="RISK-3", name="Model | drifts"),
        Risk(id="RISK-4", name="=Billing stops"),
        Cascade.model_validate({"from": "RISK-1", "to": "RISK-2", "probability": 0.4, "delay": "30m"}),
        Cascade.model_validate({"from": "RISK-2", "to": "RISK-3", "probability": 0.25}),
        Cascade.model_validate({"from": "RISK-2", "to": "RISK-4", "probability": 0.05, "since": "2023-02-01"}),
        Mitigation(id="MIT-1", name="Validation", status="planned", due=date(2023, 12, 1)),
        Mitigation(id="MIT-2", name="Fallback data", status="implemented"),
        Mitigates(mitigation="MIT-1", risk="RISK-1", effectiveness=0.7),
        Blocks.model_validate({"mitigation": "MIT-2", "from": "RISK-2", "to": "RISK-4", "effectiveness": 0.9}),
        Indicator.model_validate({"id": "IND-1", "name": "Parse failures", "threshold": 5, "detects_within": "15m"}),
        Watches(indicator="IND-1", risk="RISK-1"),
    ]  # fmt: skip


def learned(graph: RiskGraph) -> tuple[Edit, ...]:
    """What the review of INC-7 taught."""
    because = Because(field="risk_process_audit.probability_accurate.action", line=97, text="Adjust P from 2 to 4")
    about = {"incident": "INC-7", "confidence": "explicit", "because": because}
    incident = Incident.model_validate(
        {
            "id": "INC-7", "name": "Feed stopped", "started_at": "2024-02-15T03:00:00+01:00", "risk": "RISK-1",
            "reached": [{"from": "RISK-1", "to": "RISK-3"}], "checked": [{"from": "RISK-2", "to": "RISK-4"}],
            "tested": [{"mitigation": "MIT-1", "outcome": "not_in_place"}],
            "signalled": [{"indicator": "IND-1", "outcome": "too_late"}], "loss": 42000,
        }
    )  # fmt: skip
    cascade = Cascade.model_validate({"from": "RISK-1", "to": "RISK-3", "probability": 2 / 3})
    return (
        add(incident, **about),
        change(graph.risks["RISK-1"], {"likelihood": 4}, answers=("probability_accurate",), **about),
        add(cascade, answers=("cascades_predicted",), **about),
    )


@pytest.fixture(scope="session")
def history() -> History:
    """A register of 2023-06-01, and what one review taught in 2024."""
    graph = RiskGraph.of(elements())
    about = {"graph_id": "g-1", "author": "Kim <kim@example.org>"}
    first = first_revision(graph, date(2023, 6, 1), RECORDED, **about)
    second = Revision(
        number=2, recorded_at=datetime(2024, 3, 1, 12, 0, 1, 250, tzinfo=UTC), reason="apply proposal.yaml",
        edits=learned(graph), previous=first.digest, **about,
    ).sealed()  # fmt: skip
    return History((first, second))


def diff_reviews(history: History, reviews: Sequence[str] = (REVIEW, NEAR_MISS)) -> list[Diff]:
    """The diffs of reviews that stand in files ``pirs/1.yaml`` and so on."""
    diffs = []
    for number, text in enumerate(reviews, 1):
        pir, findings = parse_pir(parse_document(text, f"pirs/{number}.yaml"))
        assert pir is not None, findings
        diffs.append(diff_match(match_pir(pir, history)))
    return diffs


@pytest.fixture(scope="session")
def diffs(history: History) -> list[Diff]:
    """An incident with every verdict, and a near miss from before anything was recorded."""
    return diff_reviews(history)


@pytest.fixture(scope="session")
def audits(diffs: list[Diff], history: History) -> list[Audit]:
    """The audits of these."""
    return [audit_diff(diff, history) for diff in diffs]
