"""The incident page: audits and the history that they rest on in; one page of what each review shows of the map out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.durations import format_duration
from riskgraph.pages.lessons import list_actions, list_proposals, list_words
from riskgraph.pages.outcomes import ASKED, ask, list_indicators, list_mitigations
from riskgraph.pages.overlay import overlay
from riskgraph.pages.page import Source, render_page
from riskgraph.pages.story import Mark, tell_story
from riskgraph.pages.svg import PICTURE
from riskgraph.pages.tables import lay_out
from riskgraph.pages.upshot import sum_up
from riskgraph.proposal.gaps import answers_to_gaps
from riskgraph.proposal.propose import propose_edits
from riskgraph.report.figures import format_moment, format_money
from riskgraph.report.findings import findings_table
from riskgraph.report.plan import count_line
from riskgraph.report.views import diff_tables, say_sealed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from riskgraph.audit.audit import Audit
    from riskgraph.findings import Sifted
    from riskgraph.history import History
    from riskgraph.proposal.file import Proposal
    from riskgraph.proposal.gaps import Answer

_KINDS: Final = {"incident": "incident", "near_miss": "near miss", "external": "happened elsewhere"}


@dataclass(frozen=True)
class _Known:
    """What the sections of all incidents share."""

    history: History
    proposal: Proposal
    answers: Mapping[tuple[str, str], Sequence[Answer]]
    today: date
    left_out: frozenset[str]
    """Remarks of the proposal that belong to one of the incidents."""


def incident_page(
    audits: Sequence[Audit], findings: Sequence[Sifted], history: History, source: Source, today: date
) -> str:
    """The HTML of one or several reviews; ``findings`` are those of each, without what it says to ignore.

    The predictions are those of the map of each start; the proposed edits are for the graph of today.
    """
    proposal = propose_edits(audits, history, source.graph_id)
    remarks = [_own_remarks(audit, history, proposal) for audit in audits]
    known = _Known(
        history, proposal, answers_to_gaps(history), today, frozenset(line for own in remarks for line in own)
    )
    sections = [_section(audit, found, own, known) for audit, found, own in zip(audits, findings, remarks, strict=True)]
    count = len(sections)
    return render_page(
        "incident.html",
        title=f"Review of {sections[0]['id']}" if count == 1 else f"{count} reviews against the map",
        source=source,
        scripts=(*PICTURE, "incident.js"),
        styles=("scene.css", "incident.css"),
        data={"incidents": [{"id": one["id"], **one["data"]} for one in sections]},
        sections=sections,
        today=today.isoformat(),
        total=count_line([decided.edit for decided in proposal.edits]),
        more=[line for line in proposal.remarks if line not in known.left_out],
    )


def _own_remarks(audit: Audit, history: History, proposal: Proposal) -> list[str]:
    """What the proposal leaves out of one review, and why."""
    alone = propose_edits([audit], history, proposal.graph_id)
    return [line for line in alone.remarks if line in proposal.remarks]


def _section(audit: Audit, findings: Sifted, remarks: Sequence[str], known: _Known) -> dict[str, Any]:
    diff = audit.diff
    pir, risk = diff.match.pir, diff.match.graph.risks.get(diff.match.root)
    mitigations = list_mitigations(audit)
    later = known.history.graph
    picture, (told, untold) = overlay(audit, later), tell_story(audit, later)
    happened, predicted = diff_tables([diff])[:2]
    return {
        "id": pir.incident_id,
        "title": pir.title or (risk.name if risk else diff.match.root),
        "chips": _chips(audit),
        "upshot": sum_up(audit, known.history, known.answers.keys()),
        "fields": _fields(audit, known),
        "started": format_moment(pir.started_at),
        "recall": f"{diff.recall.k} of {diff.recall.n}" if diff.recall.n else "none to judge",
        "open": sum(
            bool(one.gap) and (pir.incident_id, one.question) not in known.answers for one in audit.questions.values()
        ),
        "picture": picture,
        "new": [(risk.id, risk.name) for risk in picture.risks if "added" in risk.state],
        "happened": lay_out(happened),
        "predicted": lay_out(predicted),
        "told": told,
        "untold": untold,
        "questions": [
            ask(audit, name, known.answers.get((pir.incident_id, name), ())) for name in audit.questions
        ],
        "missing": [one for one in mitigations if one.is_missing],
        "mitigations": mitigations,
        "indicators": list_indicators(audit),
        "escalation": audit.questions["escalation_worked"].result.evidence,
        "proposed": list_proposals(pir.incident_id, known.proposal),
        "remarks": remarks,
        "unanswered": [
            (ASKED[gap.question], gap.gap)
            for gap in known.proposal.unanswered
            if (gap.incident or known.proposal.incidents[0]) == pir.incident_id
        ],
        "path": pir.path,
        "actions": list_actions(audit, known.history, known.today),
        "words": list_words(audit),
        "findings": lay_out(findings_table(findings.shown), ""),
        "ignored": [(one.finding.message, one.reason) for one in findings.left_out],
        "data": {
            **picture.data,
            "moments": [
                {
                    "kind": one.word, "sign": one.sign, "time": one.time, "since": one.since, "text": one.text,
                    "lights": one.lights, "marks": [mark.word for mark in one.marks],
                }
                for one in told
            ],
        },
    }  # fmt: skip


def _chips(audit: Audit) -> list[Mark]:
    pir = audit.diff.match.pir
    word = {True: "sealed", False: "declared", None: "no map before it"}[audit.diff.sealed]
    chips = [Mark(_KINDS[pir.kind], "plain"), Mark(f"map: {word}", "good" if audit.diff.sealed else "warn")]
    if pir.severity:
        chips.insert(1, Mark(f"severity {pir.severity}", "bad" if pir.severity.lower() == "critical" else "plain"))
    return chips


def _fields(audit: Audit, known: _Known) -> list[tuple[str, str]]:
    match = audit.diff.match
    pir, risk = match.pir, match.graph.risks.get(match.root)
    expected = f", expected {format_duration(pir.expected_detection)}" if pir.expected_detection is not None else ""
    currency = known.history.graph.header.currency
    money = f"{format_money(pir.loss)}{f' {currency}' if currency else ''}" if pir.loss is not None else None
    times = f"{pir.occurrences[0]} in {format_duration(pir.occurrences[1])}" if pir.occurrences else None
    told = (
        ("risk", f"{match.root} {risk.name}" if risk else f"{match.root} (not in the register then)"),
        ("started", format_moment(pir.started_at)),
        (
            "detected after",
            f"{format_duration(pir.detection_time)}{expected}" if pir.detection_time is not None else None,
        ),
        ("how", pir.text("detection", "how_detected")),
        ("duration", format_duration(pir.duration) if pir.duration is not None else None),
        ("loss", money),
        ("occurrences", times),
        ("judged by", say_sealed(audit.diff)),
        ("review", pir.path),
    )
    return [(name, text) for name, text in told if text]


__all__ = ["incident_page"]
