"""The examples: every file is valid, and says what its README promises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riskgraph.audit.audit import Audit, audit_diff
from riskgraph.diff import diff_match
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.matching.match import match_pir
from riskgraph.pir.checks import check_pir
from riskgraph.pir.read import read_pir
from riskgraph.proposal.apply import plan_apply
from riskgraph.proposal.propose import propose_edits
from riskgraph.register.read import read_registers
from tests.builders import after, history

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ["data-platform", "port"]

STEPS = {
    "INC-2024-004": {"RISK-102 -> RISK-103": "mapped", "RISK-102 -> RISK-114": "unmapped"},
    "INC-2024-011": {
        "RISK-109 -> RISK-103": "mapped",
        "RISK-103 -> RISK-110": "reversed",
        "RISK-109 -> RISK-105": "indirect",
    },
    "INC-2024-017": {
        "RISK-104 -> RISK-114": "mapped",
        "RISK-104 -> Access log stops recording": "new_risk",
        "RISK-104 -> RISK-112": "unmapped",
    },
    "INC-2024-026": {"RISK-101 -> RISK-103": "unmapped", "RISK-101 -> RISK-107": "mapped"},
    "INC-2024-031": {"RISK-111 -> RISK-108": "mapped"},
    "INC-2023-041": {
        "PORT-01 -> PORT-05": "mapped",
        "PORT-05 -> PORT-03": "mapped",
        "PORT-03 -> PORT-06": "mapped",
    },
    "INC-2024-006": {
        "PORT-12 -> PORT-13": "mapped",
        "PORT-13 -> PORT-14": "mapped",
        "PORT-12 -> PORT-09": "indirect",
    },
    "INC-2024-019": {"PORT-31 -> PORT-07": "new_risk"},
    "INC-2024-027": {"PORT-21 -> PORT-28": "mapped"},
    "INC-2024-035": {"PORT-25 -> PORT-10": "mapped", "PORT-25 -> PORT-26": "unmapped"},
    "INC-2024-044": {
        "Quay fender gives way under a berthing ship -> PORT-28": "new_risk",
        "Quay fender gives way under a berthing ship -> PORT-05": "new_risk",
    },
    "INC-2025-003": {
        "PORT-10 -> PORT-09": "mapped",
        "PORT-09 -> PORT-08": "mapped",
        "PORT-10 -> PORT-30": "unmapped",
    },
    "INC-2025-011": {"PORT-20 -> PORT-06": "mapped", "PORT-20 -> PORT-18": "indirect"},
    "INC-2025-017": {
        "PORT-16 -> PORT-04": "unmapped",
        "PORT-16 -> PORT-17": "mapped",
        "PORT-17 -> PORT-06": "mapped",
    },
    "INC-2025-022": {"PORT-03 -> PORT-06": "mapped"},
}
VERDICTS = {  # in_register, probability, cascades, mitigation, indicators, escalation
    "INC-2024-004": ("yes", "underestimated", "partially", "no", "too late", "yes"),
    "INC-2024-011": ("yes", "unknown", "partially", "no", "no", "no"),
    "INC-2024-017": ("yes", "yes", "partially", "partially", "yes", "yes"),
    "INC-2024-026": ("yes", "yes", "partially", "no", "yes", "unknown"),
    "INC-2024-031": ("yes", "unknown", "yes", "partially", "yes", "yes"),
    "INC-2023-041": ("yes", "yes", "yes", "yes", "yes", "yes"),
    "INC-2024-006": ("yes", "unknown", "partially", "partially", "yes", "no"),
    "INC-2024-019": ("no", "not_applicable", "not_applicable", "none_mapped", "none_mapped", "unknown"),
    "INC-2024-027": ("yes", "unknown", "yes", "yes", "yes", "yes"),
    "INC-2024-035": ("yes", "not_applicable", "partially", "not_applicable", "not_applicable", "not_applicable"),
    "INC-2024-044": ("no", "not_applicable", "not_applicable", "none_mapped", "none_mapped", "unknown"),
    "INC-2025-003": ("yes", "yes", "partially", "no", "yes", "yes"),
    "INC-2025-011": ("yes", "yes", "partially", "no", "too late", "yes"),
    "INC-2025-017": ("yes", "underestimated", "partially", "no", "none_mapped", "unknown"),
    "INC-2025-022": ("yes", "overestimated", "yes", "partially", "yes", "unknown"),
}
CONTRADICTED = {
    "INC-2024-011": {"cascades_predicted"},
    "INC-2024-026": {"cascades_predicted", "mitigation_worked"},
    "INC-2025-003": {"cascades_predicted", "mitigation_worked"},
}


def load(name: str) -> History:
    """The history that an example's register is by itself."""
    register = read_registers([EXAMPLES / name / "register.yaml"])
    assert register.effective_on is not None
    return history(register.graph, register.effective_on.isoformat())


def audits(name: str, past: History) -> list[Audit]:
    """The audit of every review of an example, in the order of their names."""
    found = []
    for path in sorted((EXAMPLES / name / "pirs").glob("*.yaml")):
        pir, findings = read_pir(path)
        assert pir is not None, [str(finding) for finding in findings]
        found.append(audit_diff(diff_match(match_pir(pir, past)), past))
    return found


def output(of: list[Audit]) -> str:
    """Everything that diff and audit print."""
    return json.dumps([[audit.diff.data(), audit.data()] for audit in of])


@pytest.mark.parametrize("name", NAMES)
def test_verdicts(name: str) -> None:
    """Each review shows what the example's README says of it."""
    for audit in audits(name, load(name)):
        incident = audit.diff.match.pir.incident_id
        steps = {f"{result.step.from_} -> {result.step.to}": result.verdict for result in audit.diff.steps}
        assert steps == STEPS[incident]
        assert tuple(question.verdict for question in audit.questions.values()) == VERDICTS[incident], incident
        contradicted = {name for name, question in audit.questions.items() if question.agrees is False}
        assert contradicted == CONTRADICTED.get(incident, set())
        assert audit.diff.sealed is False


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_learned_changes_an_answer(name: str) -> None:
    """After every proposal was applied, suggestions included, diff and audit say the same to the byte."""
    past = load(name)
    first = audits(name, past)
    before = output(first)
    for audit in first:
        proposal = propose_edits([audit], past, "g")
        chosen: set[str | None] = set()
        decided = []
        for one in proposal.edits:
            taken = one.edit.oneof is None or one.edit.oneof not in chosen
            chosen.add(one.edit.oneof)
            decided.append(replace(one, decision="accept" if taken else "pending"))
        planned = plan_apply(replace(proposal, edits=tuple(decided)), past, "g")
        past = after(past, planned.edits, decisions=planned.decisions)
    again = audits(name, past)
    assert output(again) == before
    incidents = {audit.diff.match.pir.incident_id for audit in again}
    assert set(past.graph.incidents) == incidents
    leftover = [one.edit for one in propose_edits(again, past, "g").edits]
    assert leftover == []


@pytest.mark.parametrize("name", NAMES)
def test_networkx_keeps_what_was_learned(name: str) -> None:
    """The public exchange form is lossless on a graph with incidents and evidence."""
    past = load(name)
    proposal = propose_edits(audits(name, past), past, "g")
    decided = tuple(replace(one, decision="accept") for one in proposal.edits if not one.edit.oneof)
    graph = after(past, plan_apply(replace(proposal, edits=decided), past, "g").edits).graph
    assert RiskGraph.from_networkx(graph.to_networkx()) == graph


def test_the_port_is_as_large_as_promised() -> None:
    """A second trade, with a cycle and every status of a mitigation."""
    import networkx

    graph = load("port").graph
    assert (len(graph.risks) >= 25, len(graph.cascades) >= 40, len(graph.mitigations) >= 12) == (True, True, True)
    assert len(graph.indicators) >= 8
    statuses = {mitigation.status for mitigation in graph.mitigations.values()}
    assert statuses == {"planned", "in_progress", "implemented", "failed", "retired"}
    map_: Any = networkx.DiGraph(list(graph.cascades))
    assert len(list(networkx.strongly_connected_components(map_))) < len(map_)
    kinds = {audit.diff.match.pir.kind for audit in audits("port", load("port"))}
    assert kinds == {"incident", "near_miss", "external"}


@pytest.mark.parametrize("name", NAMES)
def test_style(name: str) -> None:
    """The reviews are models of their kind, but for two notes that one of them has on purpose."""
    notes = []
    for path in sorted((EXAMPLES / name / "pirs").glob("*.yaml")):
        pir, _ = read_pir(path)
        assert pir is not None
        notes += [(pir.incident_id, finding.rule) for finding in check_pir(pir)]
    expected = {("INC-2024-031", "root-cause-repeats"), ("INC-2024-031", "gap-contradicts-answer")}
    assert set(notes) == (expected if name == "data-platform" else set())
