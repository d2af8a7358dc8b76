"""Reading a review: a file in, a checked ``Pir`` and every problem of the file out."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from riskgraph.documents import Document
from riskgraph.durations import find_duration, is_clock
from riskgraph.errors import InputError
from riskgraph.findings import Finding
from riskgraph.pir.answers import CLAIMS, RESPONSES, SEVERITIES, claim, gap, response, spell, word
from riskgraph.pir.evidence import (
    Reading,
    read_actions,
    read_cascades,
    read_escalation,
    read_indicators,
    read_mitigations,
)
from riskgraph.pir.file import read_review
from riskgraph.pir.model import Detection, Learnings, PirFile, RootCause
from riskgraph.pir.notes import Notes, quote
from riskgraph.pir.review import Answer, Pir
from riskgraph.pir.start import read_when
from riskgraph.pir.template import WRAPPER, strip
from riskgraph.validation import closest, follows_from, salvage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from pathlib import Path

    from riskgraph.documents import Loc

_MARKS: Final = frozenset({WRAPPER, "incident_id", "related_risk", "risk_process_audit", "observed_cascades"})
_FIELDS: Final = frozenset(PirFile.model_fields)
_STAND_INS: Final = {"incident_id": "X", "related_risk": "X", "date": "2000-01-01", "started_at": "2000-01-01"}
"""What stands in for a required field that is absent, so that the file's other problems are listed, too."""
_CLOCK_FROM: Final = re.compile(r"^\W*\d{1,3}:\d{2}(?::\d{2})?\s+(?:from|after|since)\b", re.IGNORECASE)


def is_pir(document: Document) -> bool:
    """Whether a document means to be a review."""
    return isinstance(document.data, dict) and not _MARKS.isdisjoint(document.data)


def read_pir(path: Path | str, *, lenient: bool = False) -> tuple[Pir | None, tuple[Finding, ...]]:
    """The review in a file, and every finding about it; None exactly where one of them is an error.

    With ``lenient``, as in ``check``, a placeholder in a required field is a note; then the review may be None
    without an error.
    """
    try:
        document = read_review(path)
    except InputError as error:
        return None, error.findings
    return parse_pir(document, lenient=lenient)


def parse_pir(document: Document, *, lenient: bool = False) -> tuple[Pir | None, tuple[Finding, ...]]:
    """The review that a document is, with its findings by place; as :func:`read_pir`."""
    pir, findings, is_sound = salvage_pir(document, lenient=lenient)
    return (pir if is_sound else None), findings


def salvage_pir(document: Document, *, lenient: bool = False) -> tuple[Pir | None, tuple[Finding, ...], bool]:
    """What can be read of the review that a document is, its findings by place, and whether it is the whole review.

    Where it is not, what was read serves to look for what else is wrong, and for nothing else.
    """
    content, base, findings = _unwrap(document)
    if content is None:
        return None, tuple(findings), False
    notes = Notes(document, base, findings)
    found: list[tuple[Loc, str]] = []
    cleaned = strip(content, found)
    required = _check_required(cleaned, dict(found), notes, lenient=lenient)
    for loc, text in found:
        if loc[0] not in required:
            message = (
                f"{loc[-1] if isinstance(loc[-1], str) else loc[-2]} still says {quote(text)}: fill it in or remove it"
            )
            notes.add("placeholder", loc, message)
    file, problems = salvage(PirFile, {**cleaned, **{name: _STAND_INS[name] for name in required}}, document, base)
    problems = [replace(each, field=each.field.removeprefix(f"{WRAPPER}.")) for each in problems]
    pir = None
    if file is not None:
        known = len(notes.found)
        pir = _Reader(file, notes, frozenset(loc for loc, _ in found)).read(cleaned, content)
        notes.found[known:] = [each for each in notes.found[known:] if not follows_from(each, problems)]
    notes.found.extend(problems)
    if pir is not None and "incident_id" in required:
        pir = replace(pir, incident_id="")
    incident = pir.incident_id if pir is not None else ""
    ordered = sorted(
        (replace(each, incident=incident) for each in notes.found), key=lambda each: (each.place, each.rule)
    )
    return pir, tuple(ordered), not required and all(each.level != "error" for each in ordered)


def _unwrap(document: Document) -> tuple[dict[str, Any] | None, Loc, list[Finding]]:
    """The review's own mapping and where it stands, or why there is none."""
    data = document.data
    if not isinstance(data, dict):
        message = "is no review: write incident_id, date and related_risk, or start from `riskgraph pir new`"
        return None, (), [Finding("not-a-review", "error", message, document.place(()))]
    findings = list(document.notes)
    if WRAPPER in data:
        for name in data:
            if name != WRAPPER:
                message = f"unknown key {name!r} beside {WRAPPER}: move it inside"
                findings.append(Finding("unknown-key", "error", message, document.place((name, "<key>")), name))
        if not isinstance(data[WRAPPER], dict):
            message = f"{WRAPPER}: has to be a mapping of keys and values"
            return None, (), [*findings, Finding("invalid-value", "error", message, document.place((WRAPPER,)))]
        return data[WRAPPER], (WRAPPER,), findings
    if len(data) == 1 and _FIELDS.isdisjoint(data) and closest(name := next(iter(data)), [WRAPPER]):
        message = f"unknown key {name!r}: did you mean {WRAPPER!r}?"
        return None, (), [Finding("unknown-key", "error", message, document.place((name, "<key>")), name)]
    return data, (), findings


def _check_required(cleaned: dict[str, Any], found: dict[Loc, str], notes: Notes, *, lenient: bool) -> set[str]:
    """The required fields that nobody filled in, each with its finding."""
    dated = cleaned.get("date") is not None or cleaned.get("started_at") is not None
    absent = {name for name in ("incident_id", "related_risk") if cleaned.get(name) is None}
    if not dated:
        absent.add("started_at" if "date" not in cleaned and "started_at" in cleaned else "date")
    for name in sorted(absent):
        if (text := found.get((name,))) is not None:
            level: Any = "note" if lenient else "error"
            notes.add("placeholder", (name,), f"{name} still says {quote(text)}: fill it in", level)
        else:
            other = " (or started_at)" if name == "date" else ""
            notes.error("missing-key", (name,), f"{name}{other} is missing: add it")
    return absent


class _Reader:
    """The meaning of one checked form; ``read`` is the way in."""

    def __init__(self, file: PirFile, notes: Notes, placeholders: frozenset[Loc]) -> None:
        self.file, self.notes, self.placeholders = file, notes, placeholders

    def read(self, cleaned: dict[str, Any], content: dict[str, Any]) -> Pir:
        """The review; worthless where an error was noted."""
        file, notes = self.file, self.notes
        when = read_when(file, notes)
        reading = Reading(file, notes, self.placeholders, when.start, when.zone)
        observed, checked = read_cascades(reading)
        escalation_to, escalation_at = read_escalation(reading)
        detection, learned = file.detection or Detection(), file.learnings or Learnings()
        lessons = (learned.what_went_well, learned.what_to_improve, (learned.process_level_learning,))
        if file.severity is not None and word(file.severity) not in SEVERITIES:
            self.notes.add("severity-unknown", ("severity",), f"{quote(file.severity)} is not {spell(SEVERITIES)}")
        self._check_responses()
        return Pir(
            path=notes.document.path,
            document=notes.document,
            base=notes.base,
            incident_id=file.incident_id,
            title=file.title,
            kind=file.kind or "incident",
            severity=file.severity,
            related_risk=file.related_risk,
            started_at=when.start,
            zone=when.zone,
            day=when.day,
            timeline=when.timeline,
            duration=self._duration(file.duration, ("duration",)),
            detection_time=self._duration(detection.detection_time, ("detection", "detection_time")),
            expected_detection=self._duration(detection.expected_detection, ("detection", "expected_detection")),
            answers=self._answers(),
            observed=observed,
            checked=checked,
            mitigations=read_mitigations(reading),
            indicators=read_indicators(reading),
            occurrences=self._occurrences(),
            escalation_to=escalation_to,
            escalation_at=escalation_at,
            loss=file.loss.amount if file.loss else None,
            actions=read_actions(reading),
            contributing_factors=_texts((file.root_cause or RootCause()).contributing_factors),
            learnings=_texts(*lessons),
            language=(file.language or "en").strip(),
            ignore=tuple((item.rule, item.reason) for item in file.ignore or ()),
            digest=_digest(content),
            content=cleaned,
        )

    def _duration(self, text: str | None, loc: Loc) -> timedelta | None:
        """The first duration of a text."""
        if text is None:
            return None
        line = " ".join(text.split())
        found = find_duration(line)
        if is_clock(line) or (found is None and _CLOCK_FROM.match(line)):
            message = f"{loc[-1]}: {quote(text)} is minutes to one reader and hours to another: write 2h or 15m"
            self.notes.error("clock-duration", loc, message)
            return None
        if found is None:
            message = f"{loc[-1]} names no duration, so it is unknown: write it in words, such as 2 hours"
            self.notes.add("duration-unknown", loc, message)
        return found

    def _answers(self) -> Mapping[str, Answer]:
        """The answers to the six questions, by question."""
        answers = {}
        for question, words in CLAIMS.items():
            part = getattr(self.file.risk_process_audit, question, None)
            if part is None:
                continue
            loc: Loc = ("risk_process_audit", question)
            claimed = claim(question, part.answer) if part.answer is not None else None
            if part.answer is not None and claimed is None:
                message = f"answer: {quote(part.answer)} is not {spell(words)}: no claim is read"
                self.notes.add("answer-unknown", (*loc, "answer"), message)
            gap_type = gap(part.gap_type) if part.gap_type is not None else None
            if part.gap_type is not None and gap_type is None:
                message = f"gap_type: {quote(part.gap_type)} is no gap: write None, or one such as MONITOR gap"
                self.notes.add("answer-unknown", (*loc, "gap_type"), message)
            answers[question] = Answer(claimed, gap_type, loc)
        return answers

    def _check_responses(self) -> None:
        """Notes on answers about the response that begin with none of their words."""
        for name, words in RESPONSES.items():
            text = getattr(self.file.response, name, None)
            if text is not None and response(text) is None:
                message = f"{name}: {quote(text)} does not begin with {spell(words)}: no claim is read"
                self.notes.add("answer-unknown", ("response", name), message)

    def _occurrences(self) -> tuple[int, timedelta] | None:
        item = self.file.occurrences
        if item is None or (item.count is None and item.period is None):
            return None
        if item.count is None or item.period is None:
            name = "count" if item.count is None else "period"
            message = f"occurrences.{name} is missing: write {{count: 3, period: 6 months}}"
            self.notes.error("missing-key", ("occurrences", name), message)
            return None
        return item.count, item.period


def _texts(*lists: tuple[str | None, ...] | None) -> tuple[str, ...]:
    return tuple(text.strip() for texts in lists for text in texts or () if text is not None)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
