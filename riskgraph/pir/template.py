"""The review template: its fields and what stands in them before anybody wrote in; which texts are placeholders out.

A placeholder is known by its field: "Name" is one as an owner, and an answer anywhere else. Choices in brackets, such
as ``[Yes|No]``, and forms, such as ``HH:MM``, are placeholders wherever they stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from riskgraph.documents import Loc

WRAPPER: Final = "incident_review"

_DAY: Final = "YYYY-MM-DD"
_CLOCK: Final = "HH:MM"

TEMPLATE: Final[Mapping[str, Any]] = {
    "incident_id": "INC-XXXX",
    "date": _DAY,
    "severity": "[Critical|High|Medium|Low]",
    "duration": "Time from detection to resolution",
    "related_risk": "RISK-XXX (if was in register) or 'NEW'",
    "timeline": [
        {"time": _CLOCK, "event": "What happened"},
        {"time": _CLOCK, "event": "What happened next"},
    ],
    "detection": {
        "how_detected": "How we learned about the incident",
        "detection_time": "Time from occurrence to detection",
        "expected_detection": "How we expected to detect",
        "detection_gap": "Difference between expected and actual",
    },
    "response": {
        "actions_taken": ["Action 1", "Action 2"],
        "followed_protocol": "[Yes|No|Partially]",
        "protocol_gaps": "What was missing from protocol",
        "escalation_appropriate": "[Yes|No]",
    },
    "root_cause": {
        "immediate_cause": "What directly caused the incident",
        "contributing_factors": ["Factor 1", "Factor 2"],
        "root_cause": "The fundamental why (5 whys)",
    },
    "risk_process_audit": {
        "in_register": {
            "answer": "[Yes|No]",
            "gap_type": "[None|IDENTIFY gap]",
            "action": "Add to register if missing",
        },
        "probability_accurate": {
            "answer": "[Yes|No|Underestimated|Overestimated]",
            "gap_type": "[None|QUANTIFY gap]",
            "original_score": "P=X",
            "actual_frequency": "What actually happened",
            "action": "Adjust score if needed",
        },
        "cascades_predicted": {
            "answer": "[Yes|No|Partially]",
            "gap_type": "[None|INTERACT gap]",
            "unexpected_cascades": "What cascades we didn't predict",
            "action": "Add to cascade map",
        },
        "mitigation_worked": {
            "answer": "[Yes|No|Partially]",
            "gap_type": "[None|MITIGATE gap]",
            "mitigation_failures": "What didn't work",
            "action": "Strengthen/redesign mitigation",
        },
        "indicators_fired": {
            "answer": "[Yes|No|Too late]",
            "gap_type": "[None|MONITOR gap]",
            "indicator_failures": "What should have alerted",
            "action": "Add/improve indicators",
        },
        "escalation_worked": {
            "answer": "[Yes|No|Partially]",
            "gap_type": "[None|ESCALATION gap]",
            "escalation_issues": "What went wrong with escalation",
            "action": "Improve escalation protocol",
        },
    },
    "actions": {
        "immediate": [{"action": "Immediate fix", "owner": "Name", "due": _DAY}],
        "short_term": [{"action": "Near-term improvement", "owner": "Name", "due": _DAY}],
        "process_improvements": [{"action": "Risk process improvement", "owner": "Name", "due": _DAY}],
    },
    "learnings": {
        "what_went_well": ["Thing 1", "Thing 2"],
        "what_to_improve": ["Thing 1", "Thing 2"],
        "process_level_learning": "Meta-learning about our risk process",
    },
}
"""Every field of the template with the text that it has before anybody wrote in it."""

_CHOICE: Final = re.compile(
    r"\[[^\[\]|]*\|[^\[\]]*\]|\[?(?:YYYY-MM-DD|HH:MM(?::SS)?)\]?|[A-Z]{2,8}(?:-\d{1,8})?-X{3,8}"
)
_RISK: Final = re.compile(r"[A-Z]{2,8}-X{3,8}\b")


def fields(value: Any = TEMPLATE, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """The leaves of the template: where they stand, with ``*`` for any item of a list, and their text."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, list):
        for item in value:
            yield from fields(item, (*loc, "*"))
    else:
        for name, part in value.items():
            yield from fields(part, (*loc, name))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


_TEXTS: Final = frozenset((loc, _plain(text)) for loc, text in fields())


def is_placeholder(text: str, loc: Loc) -> bool:
    """Whether the text at a place below the review is still the template's."""
    if _CHOICE.fullmatch(text.strip()):
        return True
    if loc == ("related_risk",) and _RISK.match(text.strip()):
        return True
    return (tuple("*" if isinstance(part, int) else part for part in loc), _plain(text)) in _TEXTS


def strip(value: Any, found: list[tuple[Loc, str]], loc: Loc = ()) -> Any:
    """A copy of plain data with None for what is a placeholder or blank; placeholders are appended to ``found``."""
    if isinstance(value, str):
        if is_placeholder(value, loc):
            found.append((loc, value))
            return None
        return value if value.strip() else None
    if isinstance(value, list):
        return [strip(item, found, (*loc, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {name: strip(item, found, (*loc, name)) for name, item in value.items()}
    return value
