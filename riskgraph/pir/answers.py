"""Answers of a review: a word that an author wrote in, the word that the product uses out; None where it is neither."""

from __future__ import annotations

import re
from typing import Final, Literal

Worked = Literal["held", "partly", "failed", "not_in_place", "unknown"]
Fired = Literal["in_time", "too_late", "silent", "unknown"]

_YES_NO: Final = ("yes", "no")
_PARTLY: Final = (*_YES_NO, "partially")

CLAIMS: Final[dict[str, tuple[str, ...]]] = {
    "in_register": _YES_NO,
    "probability_accurate": (*_YES_NO, "underestimated", "overestimated"),
    "cascades_predicted": _PARTLY,
    "mitigation_worked": _PARTLY,
    "indicators_fired": (*_YES_NO, "too late"),
    "escalation_worked": _PARTLY,
}
"""The answers that each question of the audit takes."""

RESPONSES: Final = {"followed_protocol": _PARTLY, "escalation_appropriate": _PARTLY}
"""The answers that the questions about the response take; they may go on after the word."""

SEVERITIES: Final = ("critical", "high", "medium", "low")

WORKED: Final[dict[str, Worked]] = {
    "yes": "held",
    "partially": "partly",
    "no": "failed",
    "not in place": "not_in_place",
    "unknown": "unknown",
}
FIRED: Final[dict[str, Fired]] = {
    "yes": "in_time",
    "too late": "too_late",
    "no": "silent",
    "unknown": "unknown",
}

HAPPENED: Final = ("yes", "time unknown", "unknown time")
NOT_AFFECTED: Final = ("no", "not affected", "checked, not affected")
NOT_LOOKED: Final = ("not looked", "nobody looked")
NOT_ESCALATED: Final = ("nobody", "not escalated", "no")

_GAP: Final = re.compile(r"(identify|quantify|interact|mitigate|monitor|escalation)(?: gap)?")
_NO_GAP: Final = ("none", "no", "no gap")
_LEADING: Final = re.compile(r"(yes|no|partially)\s*(?:$|[-,.;:(\N{EN DASH}\N{EM DASH}])")


def word(text: str) -> str:
    """A text as answers are compared: lower case, single spaces, no full stop; ``_`` counts as a space."""
    return " ".join(text.casefold().replace("_", " ").split()).rstrip(".")


def claim(question: str, text: str) -> str | None:
    """The claim that an answer makes: one of the question's words, or None."""
    found = word(text)
    return found if found in CLAIMS[question] else None


def response(text: str) -> str | None:
    """The yes, no or partially with which a text begins: "Yes - duty manager told at 06:30" is a yes."""
    found = _LEADING.match(word(text))
    return found[1] if found else None


def gap(text: str) -> str | None:
    """The gap that a text names in upper case, ``none``, or None where it is neither."""
    found = word(text)
    if found in _NO_GAP:
        return "none"
    named = _GAP.fullmatch(found)
    return named[1].upper() if named else None


def spell(words: tuple[str, ...] | dict[str, Worked] | dict[str, Fired]) -> str:
    """The words of a list as a person writes them: "Yes, No or Too late"."""
    *most, last = (each.capitalize() for each in words)
    return f"{', '.join(most)} or {last}"
