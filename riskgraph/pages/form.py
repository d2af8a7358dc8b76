"""The form of a new review: a risk, the graph as known at the start and the start in, an offline page that asks out.

What it asks is what ``pir new`` asks: the fields of a review by their model, the lines of the blank review of the risk,
and the choices that stand there in brackets. What it downloads is that file, written over where somebody answered.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from riskgraph.fields import ID_PATTERN
from riskgraph.model import QUESTIONS
from riskgraph.pages.page import Source, render_page
from riskgraph.pir.blank import ABOVE, ASKED, BESIDE, ELSE, FLOW, FOOT, HEAD, LINES, SOMEBODY, blank_review
from riskgraph.pir.form import FORM, Field
from riskgraph.pir.template import WRAPPER, strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from riskgraph.documents import Loc
    from riskgraph.graph import RiskGraph
    from riskgraph.history import Snapshot
    from riskgraph.model import Indicator, Mitigation, Risk

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "The incident": (
        "incident_id", "title", "kind", "related_risk", "date", "started_at", "timezone", "severity", "duration",
    ),
    "What happened": ("timeline",),
    "What it pulled down": ("observed_cascades",),
    "What stood against it": ("mitigations", "indicators", "escalation"),
    "How it was noticed and handled": ("detection", "response"),
    "Why it happened": ("root_cause",),
    "What this says about the register": ("risk_process_audit",),
    "What will be done": ("actions",),
    "What was learned": ("learnings",),
    "What it cost, and how often it happens": ("loss", "occurrences"),
}  # fmt: skip
"""The page's sections, each with the fields of a review that it asks for."""
NOT_ASKED: Final = frozenset({"checked_not_affected", "language", "ignore"})
"""Fields that the page does not ask for: what was checked is an answer to each cascade. A file's are kept."""

_TITLES: Final[Mapping[Loc, str]] = {
    ("kind",): "What kind of incident",
    ("observed_cascades",): "Cascades",
    ("observed_cascades", "*", "at"): "Did it happen?",
    ("mitigations", "*", "worked"): "Did it work?",
    ("indicators", "*", "fired"): "Did it fire in time?",
    ("indicators", "*", "at"): "When it fired",
    ("escalation",): "Who was told, and when",
    ("escalation", "to"): "Who was told",
    ("escalation", "at"): "When",
    ("risk_process_audit", "in_register"): "Was the risk in the register?",
    ("risk_process_audit", "probability_accurate"): "Was its probability right?",
    ("risk_process_audit", "cascades_predicted"): "Were the cascades on the map?",
    ("risk_process_audit", "mitigation_worked"): "Did the mitigations work?",
    ("risk_process_audit", "indicators_fired"): "Did the indicators warn in time?",
    ("risk_process_audit", "escalation_worked"): "Did the escalation work?",
}
_LABELS: Final[Mapping[Loc, Mapping[str, str]]] = {
    ("kind",): {
        "incident": "Incident: it happened",
        "near_miss": "Near miss: contained, or not in full",
        "external": "External: it happened elsewhere",
    },
    ("observed_cascades", "*", "at"): {
        "HH:MM": "Happened at",
        "yes": "Happened, time unknown",
        "no": "Checked, and not affected",
        "not looked": "Nobody looked",
    },
    ("escalation", "at"): {"HH:MM": "At", "not escalated": "Nobody was told"},
    ("escalation", "to"): {ELSE: "Somebody else:", SOMEBODY: "Name or role:", "nobody": "Nobody"},
}
"""How the words of a choice are put to a person, where they do not say it themselves."""
_TYPED: Final = frozenset({"HH:MM", ELSE, SOMEBODY})
"""Words of a choice that stand for what is to be written."""
_ADD: Final = {
    "timeline": "Add an entry",
    "observed_cascades": "Add a cascade that nobody had mapped",
    "mitigations": "Add another mitigation",
    "indicators": "Add another indicator",
}
_LONG: Final = frozenset({
    "event", "how_detected", "detection_gap", "protocol_gaps", "immediate_cause", "root_cause", "action", "evidence",
    "unexpected_cascades", "mitigation_failures", "indicator_failures", "escalation_issues", "process_level_learning",
    "note", "actual_frequency",
})  # fmt: skip
"""Texts of more than one line."""
_CHECKS: Final = {
    "incident_id": "id", "id": "id", "title": "name", "from": "name", "to": "name", "time": "time", "at": "time",
    "started_at": "stamp", "timezone": "zone", "duration": "duration", "detection_time": "duration",
    "expected_detection": "duration", "period": "duration", "count": "count", "amount": "amount",
    "related_risk": "needed",
}  # fmt: skip
"""What the page tells of a text that ``check`` would not take, by the name of its rule in ``questions.js``."""
_LISTS: Final[Mapping[Loc, str]] = {
    ("related_risk",): "risk",
    ("observed_cascades", "*", "from"): "risk",
    ("observed_cascades", "*", "to"): "risk",
    ("mitigations", "*", "id"): "mitigation",
    ("indicators", "*", "id"): "indicator",
}
"""Fields that name an element, with the kind whose ids are offered."""
_NEEDS: Final = {
    "observed_cascades": ["to"], "mitigations": ["id"], "indicators": ["id"], "occurrences": ["count", "period"],
}  # fmt: skip
"""What an entry cannot do without."""
_OFFERED: Final = 2000
_CHOICE: Final = re.compile(r"\[.*\|.*\]")


def form_page(risk_id: str, snapshot: Snapshot, started_at: date, source: Source) -> str:
    """The HTML of a form that asks what ``pir new`` asks, and downloads the review as YAML.

    Raises:
        InputError: the graph as known at the start has no such risk.
    """
    blank = blank_review(risk_id, snapshot, started_at)
    questions = {name: _question(field, blank.fields.get(name), (name,)) for name, field in FORM.fields.items()}
    return render_page(
        "form.html",
        title=f"Review of {blank.names.get(risk_id) or 'a new risk'} ({risk_id})",
        source=source,
        scripts=("yaml.js", "questions.js", "form.js"),
        styles=("answers.css", "form.css"),
        data={
            "sections": [
                {"title": title, "questions": [questions[name] for name in names]} for title, names in SECTIONS.items()
            ],
            "order": list(blank.fields),
            "file": {
                "wrapper": WRAPPER, "head": HEAD, "above": ABOVE, "foot": FOOT, "flow": sorted(FLOW),
                "names": blank.names, "beside": {**BESIDE, "related_risk": None},
            },
            "known": _known(snapshot.graph),
            "kept": sorted(NOT_ASKED),
            "id_pattern": ID_PATTERN,
        },
    )  # fmt: skip


def _question(field: Field, blank: Any, loc: Loc) -> dict[str, Any]:
    """One question and those inside it; ``blank`` is what stands at its place in a new review.

    In ``loc`` a ``*`` stands for any entry of a list.
    """
    asked: dict[str, Any] = {
        "name": field.name,
        "kind": field.kind,
        "title": _TITLES.get(loc, field.title),
        "hint": ASKED.get(field.name) if field.fields else field.hint,
        "counted": _is_counted(field, blank, loc),
        "needs": _NEEDS.get(field.name) if field.fields else None,
    }
    if field.fields:
        inner = LINES.get(field.name) or (blank[0] if isinstance(blank, list) else blank) or {}
        within = (*loc, "*") if field.kind == "records" else loc
        asked["fields"] = [_question(part, inner.get(name), (*within, name)) for name, part in field.fields.items()]
    if field.kind in {"records", "texts"}:
        known = [row for row in strip(blank or [], [], loc) if isinstance(row, dict) and any(row.values())]
        asked |= {"given": known, "blank": None if known else blank}
        asked["add"] = _ADD.get(field.name, "Add an action" if field.kind == "records" else "Add another")
    if field.name == "answers":
        questions = [{"word": name, "label": _TITLES["risk_process_audit", name]} for name in QUESTIONS]
        asked |= {"kind": "marks", "options": questions}
    elif not field.fields and field.kind != "texts":
        asked |= _leaf(field, blank, loc)
    return {name: value for name, value in asked.items() if value}


def _is_counted(field: Field, blank: Any, loc: Loc) -> bool:
    """Whether progress counts a question: what a new review asks, a list as one, and of the audit the answers."""
    if loc[0] in {"timeline", "actions"}:
        return field.kind == "records"
    if loc[0] == "risk_process_audit":
        return field.name == "answer"
    return not field.fields and strip(blank, [], loc) != blank


def _leaf(field: Field, blank: str | None, loc: Loc) -> dict[str, Any]:
    """How a text or a number is asked for, what is known of it already, and what stands for no answer."""
    given = strip(blank, [], loc)
    asked = {
        "blank": None if given else blank,
        "given": given,
        "check": _CHECKS.get(field.name),
        "list": _LISTS.get(loc),
    }
    if blank and not given and _CHOICE.fullmatch(blank):
        labels = _LABELS.get(loc, {})
        options = [
            {"word": word, "label": labels.get(word, word), "typed": word in _TYPED} for word in blank[1:-1].split("|")
        ]
        return {**asked, "kind": "choice", "options": options, "hint": None}
    kind = "number" if field.kind == "number" else "date" if field.name in {"date", "due"} else None
    return {**asked, "input": kind or ("long" if field.name in _LONG else "line")}


def _known(graph: RiskGraph) -> dict[str, list[tuple[str, str]]]:
    """The ids and names that are offered where an element is named."""
    named: dict[str, Iterable[Risk | Mitigation | Indicator]] = {
        "risk": graph.risks.values(),
        "mitigation": graph.mitigations.values(),
        "indicator": graph.indicators.values(),
    }
    return {kind: [(node.id, node.name) for node in islice(nodes, _OFFERED)] for kind, nodes in named.items()}


__all__ = ["NOT_ASKED", "SECTIONS", "form_page"]
