"""The optional structured fields of a review: their checked form in, observed cascades, answers and actions out.

A line that nobody answered, as ``riskgraph pir new`` writes them, yields a note and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final, TypeVar

from riskgraph.pir.answers import FIRED, HAPPENED, NOT_AFFECTED, NOT_ESCALATED, NOT_LOOKED, WORKED, spell, word
from riskgraph.pir.model import EscalationItem
from riskgraph.pir.notes import quote
from riskgraph.pir.review import IndicatorAnswer, MitigationAnswer, Observed, Pair, PirAction
from riskgraph.pir.times import find_time, moment_after, parse_day, parse_stamp

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from riskgraph.documents import Loc
    from riskgraph.pir.model import ActionItem, CheckedCascade, ObservedCascade, PirFile
    from riskgraph.pir.notes import Notes
    from riskgraph.pir.review import Horizon

T = TypeVar("T")

_HORIZONS: Final[dict[str, Horizon]] = {
    "immediate": "immediate",
    "short_term": "short_term",
    "process_improvements": "process_improvement",
}


@dataclass(frozen=True)
class Reading:
    """What reading needs: the checked form, where notes go, which places hold placeholders, and the start."""

    file: PirFile
    notes: Notes
    placeholders: frozenset[Loc]
    start: datetime
    zone: tzinfo

    def moment(self, text: str | None, loc: Loc) -> datetime | None:
        """The moment that a field names, at or after the start; noted where it names none, or one before."""
        if text is None:
            return None
        found = moment_after(text, self.start, self.zone)
        if found is None:
            message = f"{loc[-1]}: {quote(text)} is no time: write HH:MM or 2024-02-15T03:40:00+01:00"
            self.notes.add("time-unreadable", loc, message)
        elif found.astimezone(UTC) < self.start.astimezone(UTC):
            message = f"{loc[-1]}: {quote(text)} is before the start, {self.start.isoformat()}"
            self.notes.add("time-before-start", loc, message)
        return found


def read_cascades(reading: Reading) -> tuple[tuple[Observed, ...] | None, tuple[Pair, ...]]:
    """The observed cascades, None where nobody filled the list in, and the checked ones.

    An observed cascade whose ``at`` says ``no`` was checked and did not happen.
    """
    lines = reading.file.observed_cascades
    observed: list[Observed] = []
    checked: list[Pair] = []
    answered = not lines
    for index, line in enumerate(lines or ()):
        loc: Loc = ("observed_cascades", index)
        said = word(line.at or "")
        if line.to is None or (*loc, "at") in reading.placeholders or said in NOT_LOOKED:
            answered |= _is_answered(line, loc, said, reading)
            continue
        answered = True
        if said in NOT_AFFECTED:
            checked.append(Pair(line.from_, line.to, loc))
            continue
        at = None if said in HAPPENED else reading.moment(line.at, (*loc, "at"))
        observed.append(Observed(line.from_, line.to, at, line.evidence, loc))
    for index, pair in enumerate(reading.file.checked_not_affected or ()):
        loc = ("checked_not_affected", index)
        if pair.to is None:
            _is_answered(pair, loc, "", reading)
        else:
            checked.append(Pair(pair.from_, pair.to, loc))
    return (tuple(observed) if lines is not None and answered else None), tuple(checked)


def _is_answered(line: ObservedCascade | CheckedCascade, loc: Loc, said: str, reading: Reading) -> bool:
    """Whether a line that yields nothing was left so on purpose; one without a target is an error."""
    if line.to is None and (*loc, "to") not in reading.placeholders:
        reading.notes.error("missing-key", (*loc, "to"), "to: is missing: name the risk that was reached")
    if line.to is None or said not in NOT_LOOKED:
        return False
    reading.notes.add("not-looked", loc, f"nobody looked at {quote(line.to)}: it counts for nothing")
    return True


def read_mitigations(reading: Reading) -> tuple[MitigationAnswer, ...]:
    """What became of the mitigations that somebody answered for."""
    answers = []
    for index, item in enumerate(reading.file.mitigations or ()):
        loc: Loc = ("mitigations", index)
        if worked := _read_word(item.worked, WORKED, (*loc, "worked"), reading):
            answers.append(MitigationAnswer(item.id, worked, item.note, loc))
    return tuple(answers)


def read_indicators(reading: Reading) -> tuple[IndicatorAnswer, ...]:
    """What became of the indicators that somebody answered for, or gave the time of."""
    answers = []
    for index, item in enumerate(reading.file.indicators or ()):
        loc: Loc = ("indicators", index)
        at = reading.moment(item.at, (*loc, "at"))
        if item.fired is None and at is not None:
            answers.append(IndicatorAnswer(item.id, None, at, loc))
        elif fired := _read_word(item.fired, FIRED, (*loc, "fired"), reading):
            answers.append(IndicatorAnswer(item.id, fired, at, loc))
    return tuple(answers)


def _read_word(text: str | None, words: dict[str, T], loc: Loc, reading: Reading) -> T | None:
    """What an answer means; noted where it is missing or not in the list."""
    if text is None:
        if loc not in reading.placeholders:
            reading.notes.add("answer-missing", loc[:-1], f"{loc[-1]} is missing: write {spell(tuple(words))}")
        return None
    if (found := words.get(word(text))) is None:
        reading.notes.add(
            "answer-unknown", loc, f"{loc[-1]}: {quote(text)} is not {spell(tuple(words))}: no claim is read"
        )
    return found


def read_escalation(reading: Reading) -> tuple[str | None, datetime | None]:
    """Who was told, and when; the time may also stand in ``response.escalation_appropriate``."""
    item = reading.file.escalation or EscalationItem()
    to = None if word(item.to or "") in NOT_ESCALATED else item.to
    if item.at is not None:
        never = word(item.at) in NOT_ESCALATED
        return to, None if never else reading.moment(item.at, ("escalation", "at"))
    response = reading.file.response
    told = find_time((response and response.escalation_appropriate) or "")
    at = reading.moment(told, ("response", "escalation_appropriate")) if told else None
    return to, at


def read_actions(reading: Reading) -> tuple[PirAction, ...]:
    """The actions with a text, in the file's order: immediate, short term, process improvements."""
    actions = []
    for section, horizon in _HORIZONS.items():
        items: tuple[ActionItem, ...] = getattr(reading.file.actions, section, None) or ()
        for index, item in enumerate(items):
            loc: Loc = ("actions", section, index)
            if item.action is None:
                if (*loc, "action") not in reading.placeholders:
                    reading.notes.add("action-without-text", loc, "action is missing: say what to do")
                continue
            stamp = parse_stamp(item.due or "")
            due = stamp.date() if stamp else parse_day(item.due or "")
            if item.due is not None and due is None:
                message = f"due: {quote(item.due)} is no date: write it as 2024-02-15"
                reading.notes.add("date-unreadable", (*loc, "due"), message)
            actions.append(PirAction(item.action.strip(), item.owner, due, horizon, item.answers or (), loc))
    return tuple(actions)
