"""Takes audits and a proposal, shows the comment that a reviewer reads, and that it always fits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from riskgraph.proposal.gaps import Answer
from riskgraph.proposal.propose import propose_edits
from riskgraph.report.comment import LIMIT, MARK, comment_text

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.history import History


def test_it_has_all_three_parts(audits: list[Audit], history: History) -> None:
    """Prevents: a comment that shows what went wrong, and not what to do about it."""
    text = comment_text(audits, propose_edits(audits, history, None), {})
    assert text.startswith(f"{MARK}\n## riskgraph: {len(audits)} reviews\n")
    for heading in ("What happened", "What the map predicted", "Gaps", "Proposed edits"):
        assert re.search(rf"^##+ {heading}$", text, re.MULTILINE), heading
    assert "would answer it" in text


def test_a_gap_says_what_became_of_it(audits: list[Audit], history: History) -> None:
    """Prevents: a gap that was closed a year ago and looks open in every pull request."""
    audit = audits[0]
    incident = audit.diff.match.pir.incident_id
    gap = next(one.question for one in audit.questions.values() if one.gap)
    proposal = propose_edits([audit], history, None)
    answers = {(incident, gap): (Answer("reason", "Accepted | by the board", 4),)}
    said = comment_text([audit], proposal, answers)
    assert "answered in revision 4: Accepted \\| by the board" in said
    without = comment_text([audit], replace(proposal, edits=()), {})
    assert re.search(rf"^\| {gap} \|.*\| open \|$", without.replace("\\_", "_"), re.MULTILINE)


def test_it_fits_even_if_every_character_has_to_be_escaped(audits: list[Audit], history: History) -> None:
    """Prevents: a comment that never ends to be shortened."""
    proposal = propose_edits(audits, history, None)
    edit = proposal.edits[0].edit
    noisy = edit.model_copy(update={"incident": "@" * 9000, "confidence": "@" * 9000})
    edits = (replace(proposal.edits[0], edit=noisy, reason="@" * 9000),) * 50
    text = comment_text(audits, replace(proposal, edits=edits, remarks=("@" * 9000,) * 50), {})
    assert len(text) <= LIMIT


@pytest.mark.parametrize("count", [1, 40, 1000])
def test_it_fits_whatever_is_in_it(audits: list[Audit], history: History, count: int) -> None:
    """Prevents: a comment that GitHub refuses, on the day when it matters most."""
    proposal = propose_edits(audits, history, None)
    long = replace(proposal, edits=proposal.edits * count, remarks=("<b>x</b> @you " * 5000,) * count)
    text = comment_text([audits[0]] * count, long, {})
    assert len(text) <= LIMIT
    assert text.startswith(MARK)
    assert re.search(r"(?<!\\)<b>", text) is None
    if count > 40:
        shown = text.count("### What happened\n")
        assert f"{count - shown} more reviews do not fit here" in text.replace("\\", "")
