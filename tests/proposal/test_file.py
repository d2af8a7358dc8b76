"""The proposal file: saved and read again, by us and by others, and tampered with."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from riskgraph.errors import InputError
from riskgraph.proposal.file import Proposal, dump_proposal, read_proposal
from riskgraph.proposal.propose import propose_edits
from tests.builders import audit, cascade, element, graph, history, review

MAP = graph(element("risk", id="RISK-1", likelihood=2), cascade("RISK-1", "RISK-3", 0.1), risks="RISK-2 RISK-3")


@pytest.fixture
def proposal() -> Proposal:
    """A proposal with times, dates, fractions and words that YAML readers like to change."""
    past = history(MAP)
    pir = review(
        started_at="2024-02-15T03:00:00+01:00",
        title="Yes",
        observed_cascades=[{"to": "RISK-2", "at": "03:30", "evidence": "03:30 on the dot: no"}, {"to": "On"}],
        actions={"immediate": [{"action": "1.10", "owner": "No", "due": "2024-03-01"}]},
        risk_process_audit={"probability_accurate": {"answer": "No", "action": "Adjust P from 2 to 4"}},
    )
    return propose_edits([audit(pir, past)], past, "g")


def test_round_trip(proposal: Proposal, tmp_path: Path) -> None:
    """What is written is what is read."""
    path = tmp_path / "p.yaml"
    path.write_text(dump_proposal(proposal), encoding="utf-8")
    again = read_proposal(path)
    assert again.edits == proposal.edits
    assert (again.graph_id, again.base_revision, again.incidents) == ("g", 1, ("INC-1",))
    assert [gap.question for gap in again.unanswered] == [gap.question for gap in proposal.unanswered]


@pytest.mark.parametrize("flow", [True, False])
def test_another_library_may_save_it(proposal: Proposal, tmp_path: Path, flow: bool) -> None:  # noqa: FBT001
    """PyYAML reads dates as dates and sorts keys; the digest is over what was parsed."""
    data = yaml.safe_load(dump_proposal(proposal))
    data["edits"][0]["decision"] = "accept"
    data["edits"][1]["reason"] = "because"
    path = tmp_path / "p.yaml"
    path.write_text(yaml.dump(data, default_flow_style=flow, sort_keys=True), encoding="utf-8")
    again = read_proposal(path)
    assert [one.edit for one in again.edits] == [one.edit for one in proposal.edits]
    assert again.edits[0].decision == "accept"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("likelihood: 4", "likelihood: 5", "digest differs"),
        ("to: RISK-2", "to: RISK-3", "digest differs"),
        ("likelihood: 4", "likelihood: 9", "at most 5"),
        ("likelihood: 4", "likelyhood: 4", "no field 'likelyhood'"),
        ("decision: pending", "decision: accepted", "did you mean 'accept'"),
        ("decision: pending", "decison: pending", "did you mean 'decision'"),
        ("kind: cascade\n  from: RISK-1", "kind: cascade", "named by from, to"),
        ("riskgraph_proposal: 1", "riskgraph_proposal: 2", "has to be"),
    ],
)
def test_tampered(proposal: Proposal, tmp_path: Path, old: str, new: str, says: str) -> None:
    """A changed edit is refused with its line and what to do."""
    text = dump_proposal(proposal)
    assert old in text
    path = tmp_path / "p.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_proposal(path)
    assert says in str(refused.value)
    assert f"{path}:" in str(refused.value)


def test_remarks_with_control_characters_leave_the_file_readable(proposal: Proposal, tmp_path: Path) -> None:
    """A reason may hold anything; a comment in YAML may not."""
    from dataclasses import replace

    path = tmp_path / "p.yaml"
    remark = "rejected: \x07 \x7f \u2028 \x85 new\nline # more"
    path.write_text(dump_proposal(replace(proposal, remarks=(remark,))), encoding="utf-8")
    assert read_proposal(path).edits == proposal.edits
