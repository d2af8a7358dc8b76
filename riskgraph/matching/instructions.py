"""Instructions: the text of an audit's action field in, what it tells to set or add out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from riskgraph.matching.ids import Mention, Vocabulary, find_ids, plain
from riskgraph.matching.text import clauses, is_negated
from riskgraph.matching.words import words

_NUMBER: Final = r"(-?\d{1,3}(?:,\d{3}){1,3}(?!\d)|-?\d{1,9}(?:\.\d{1,9})?)\s?(%|percent\b|per cent\b)?"
_NO_TIME: Final = (
    r"(?![\w,]|\.\d|[-:/]\d|\s*(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|january|february|march|april|may|june"
    r"|july|august|september|october|november|december)(?!\w))"
)
_VALUE: Final = re.compile(
    r"(?<![\w-])(?<!impact )(?<!severity )(?<!loss )(?:P|likelihood|probability|(?:risk\s+)?score)(?![\w-])"
    r"(?:(?!threshold|impact|severity)[^.;\d]){0,40}?"
    rf"(?:from\s+(?:P\s*=\s*)?{_NUMBER}\s*)?(?:to|=|at)\s*(?:P\s*=\s*)?{_NUMBER}{_NO_TIME}",
    re.IGNORECASE,
)
_THRESHOLD: Final = re.compile(
    rf"(?<![\w-])threshold(?![\w-])[^;\n]{{0,60}}?(?:from\s+{_NUMBER}[^;\d]{{0,20}})?(?<!\w)(?:to|=|at)\s*{_NUMBER}",
    re.IGNORECASE,
)
_ADD: Final = r"(?<![\w-])(?:add|create|introduce)\s+(?:an?\s+|the\s+|another\s+|new\s+)*"
_ADD_BEFORE: Final = re.compile(_ADD + r"(?P<name>[^,.;:]{3,80}?)\s+indicator(?![\w-])", re.IGNORECASE)
_ADD_AFTER: Final = re.compile(
    _ADD + r"(?:(?:key\s+risk|risk|leading|lagging|early[ -]warning)\s+)?indicators?\s+"
    r"(?:for|on|of|that watches|watching)\s+(?:the\s+|an?\s+)?(?P<name>[^,.;:]{3,80})",
    re.IGNORECASE,
)
_NUMBER_WORDS: Final = r"half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_OCCURRED: Final = re.compile(
    r"(?<![\w.-])(?P<count>\d{1,4}(?:st|nd|rd|th)?|[a-z]{3,8})\s+"
    r"(?:(?!(?:second|minute|hour|day|week|month|year)s?(?!\w))[a-z-]{1,30}\s+){0,3}?"
    r"(?P<noun>occurrences?|times?|incidents?|failures?|events?|outages?|cases?)?"
    r"\s*(?:(?:in|within|over|during|per)\s+|(?=an?\s|this\s|the\s))"
    r"(?:(?:the|this|about|last|past|previous|only|just|under)\s+)*"
    rf"(?P<number>\d{{1,4}}(?:\.\d{{1,3}})?|{_NUMBER_WORDS})?[\s-]*(?P<unit>(?:day|week|month|quarter|year)s?)(?![\w-])",
    re.IGNORECASE,
)
_HIGHEST_SCORE: Final = 5


@dataclass(frozen=True)
class SetLikelihood:
    """A new likelihood: a score, or a probability from 0 to 1."""

    value: float
    was: float | None
    is_score: bool
    clause: str
    risk: str | None


@dataclass(frozen=True)
class SetThreshold:
    """A new threshold of an indicator; ``indicator`` is None where the text names none."""

    value: float
    was: float | None
    clause: str
    indicator: str | None


@dataclass(frozen=True)
class AddIndicator:
    """An indicator to add, by its name."""

    name: str
    clause: str


Instruction = SetLikelihood | SetThreshold | AddIndicator


def read_instructions(text: str, vocabulary: Vocabulary) -> tuple[Instruction, ...]:
    """The instructions of a text, in order; a negated clause gives none."""
    found: list[Instruction] = []
    for clause in clauses(plain(text)):
        for part in re.split(r",\s+", clause):
            if is_negated(part):
                continue
            found += _read(part, vocabulary)
    return tuple(dict.fromkeys(found))


def read_occurrences(text: str) -> tuple[int, str] | None:
    """A count and a period: "3rd occurrence in 6 months" is (3, "6 months"); None where there is none."""
    numbers = words().numbers
    told = ((clause, found) for clause in clauses(text[:5000]) for found in _OCCURRED.finditer(clause))
    for clause, found in told:
        if is_negated(clause[: found.start()]):
            continue
        count = found["count"].lower()
        digits = re.match(r"\d+", count)
        number = int(digits[0]) if digits else numbers.get(count)
        if not number or not (found["noun"] or count in {"once", "twice"}):
            continue
        return number, f"{found['number'] or 1} {found['unit']}"
    return None


def _read(part: str, vocabulary: Vocabulary) -> list[Instruction]:
    found: list[Instruction] = []
    risks, _ = find_ids(part, vocabulary)
    plain = _without(part, risks)
    if threshold := _THRESHOLD.search(plain):
        named = [id_ for id_ in re.findall(r"[A-Za-z][A-Za-z0-9._-]*", part) if id_ in vocabulary.others]
        was = _number(threshold[1]) if threshold[1] else None
        found.append(SetThreshold(_number(threshold[3]), was, part, named[0] if named else None))
    if value := _VALUE.search(plain):
        number, is_score = _scored(value[3], value[4])
        was = _scored(value[1], value[2])[0] if value[1] else None
        if number is not None:
            found.append(SetLikelihood(number, was, is_score, part, risks[0].id if risks else None))
    for pattern in (_ADD_AFTER, _ADD_BEFORE):
        if indicator := pattern.search(part):
            name = " ".join(indicator["name"].split())
            only_ids = _without(name, find_ids(name, vocabulary)[0]).strip() == "" or name in vocabulary.others
            if name.lower() not in {"an", "a", "the", "new"} and not only_ids:
                found.append(AddIndicator(name, part))
                break
    return found


def _without(part: str, risks: list[Mention]) -> str:
    """The text with the risks it names blanked, so that the digits of an id are no value."""
    for risk in risks:
        part = part[: risk.start] + " " * (risk.end - risk.start) + part[risk.end :]
    return part


def _number(written: str) -> float:
    return float(written.replace(",", ""))


def _scored(number: str, percent: str | None) -> tuple[float | None, bool]:
    """A number as a score from 1 to 5, or as a probability; None where it is neither."""
    value = _number(number)
    if percent:
        return (value / 100, False) if 0 <= value < 100 else (None, False)  # noqa: PLR2004
    if "." in number:
        return (value, False) if 0 <= value < 1 else (None, False)
    return (value, True) if 1 <= value <= _HIGHEST_SCORE else (None, True)
