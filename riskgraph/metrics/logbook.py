"""Logbooks: what happened, from a command or a CSV file, and the graph in, the edits that record it out."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from riskgraph.edits import add, change
from riskgraph.errors import InputError
from riskgraph.fields import instant, parse_moment
from riskgraph.findings import Finding, Place
from riskgraph.model import NODE_KINDS, Incident
from riskgraph.validation import closest, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph

INCIDENT_COLUMNS: Final = (
    "id", "started_at", "kind", "risk", "name", "severity", "detected_after", "expected_detection", "loss",
)  # fmt: skip
"""Columns of a CSV of incidents; the first two are required."""
FIRING_COLUMNS: Final = ("indicator", "at", "outcome")
"""Columns of a CSV of an indicator's firings; all are required."""
OUTCOMES: Final = {"alarm": "alarms", "false_alarm": "false_alarms"}
"""What a firing can have been, and the indicator's field that keeps it."""
_LARGEST: Final = 16 * 1024 * 1024
_NUMBERS: Final = frozenset({"loss"})
_WORDS: Final = frozenset({"kind", "outcome"})


@dataclass(frozen=True)
class Row:
    """What one line says, by column, and where it stands."""

    values: dict[str, str]
    place: Place = field(default_factory=Place)


def read_rows(path: Path, columns: Sequence[str], required: int) -> list[Row]:
    """The rows of a CSV file with a line of column names; separated by comma, semicolon or tab.

    Raises:
        InputError: the file cannot be read, has unknown columns or rows that do not fit them, has no row, or lacks one
            of the first ``required`` columns.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8: save it as CSV UTF-8") from error
    if len(content) > _LARGEST:
        raise InputError(f"{path}: is larger than {_LARGEST // 1024 // 1024} MiB: split it")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
        problems = [
            Finding("unknown-column", "error", _unknown(name, columns), Place(str(path), 1))
            for name in names
            if name not in columns
        ]
        problems += [
            Finding("column-missing", "error", f"the column {name} is missing: add it", Place(str(path), 1))
            for name in columns[:required]
            if name not in names
        ]
        problems += [
            Finding("column-twice", "error", f"the column {name} is there twice: keep one", Place(str(path), 1))
            for name in dict.fromkeys(names)
            if names.count(name) > 1 and name in columns
        ]
        _refuse(problems)
        rows = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                place = Place(str(path), reader.line_num)
                if any(cell.strip() for cell in cells[len(names) :]):
                    message = f"{len(cells)} cells, and {len(names)} columns: put quotes around a cell with a comma"
                    problems.append(Finding("cells-too-many", "error", message, place))
                values = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
                rows.append(Row({name: _as_word(name, value) for name, value in values.items()}, place))
        if not rows:
            problems.append(
                Finding("no-rows", "error", "there is no row below the names: add one", Place(str(path), 1))
            )
        _refuse(problems)
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: {error}: is it CSV?") from error
    return rows


def log_incidents(rows: Sequence[Row], graph: RiskGraph, now: date) -> list[Edit]:
    """The edits that record incidents before there is a review; what is there already is left out.

    Raises:
        InputError: with every problem of every row; nothing is to be written then.
    """
    problems: list[Finding] = []
    found: dict[str, Incident] = {}
    for row in rows:
        incident = _read_incident(row, graph, now, problems)
        if incident is None:
            continue
        known = found.get(incident.id) or graph.incidents.get(incident.id)
        if known is None:
            found[incident.id] = incident
        elif any(known.data().get(name) != value for name, value in incident.data().items() if name != "name"):
            message = f"{incident.id} is recorded already, with other values: correct it by its review, or by undo"
            problems.append(_problem(row, "incident-twice", message))
    _refuse(problems)
    return [add(incident) for incident in found.values()]


def log_firings(rows: Sequence[Row], graph: RiskGraph, now: date) -> list[Edit]:
    """The edits that record when indicators fired; what is recorded already is left out.

    Raises:
        InputError: with every problem of every row; nothing is to be written then.
    """
    problems: list[Finding] = []
    fired: dict[tuple[str, str], set[date]] = {}
    for row in rows:
        id_, outcome = row.values.get("indicator", ""), row.values.get("outcome", "")
        if id_ not in graph.indicators:
            problems.append(_problem(row, "unknown-indicator", _no_such("indicator", id_, list(graph.indicators))))
        if outcome not in OUTCOMES:
            message = f"outcome: {outcome!r} is none: write {' or '.join(OUTCOMES)}"
            problems.append(_problem(row, "unknown-outcome", message))
        try:
            at = parse_moment(row.values.get("at", ""))
        except ValueError as error:
            problems.append(_problem(row, "time-unreadable", f"at: {error}"))
            continue
        if instant(at) > instant(now):
            problems.append(_problem(row, "in-the-future", f"at: {at.isoformat()} is in the future"))
        if outcome in OUTCOMES and id_ in graph.indicators:
            other = next(name for name in OUTCOMES.values() if name != OUTCOMES[outcome])
            logged = {instant(moment) for moment in getattr(graph.indicators[id_], other)}
            if instant(at) in logged | {instant(moment) for moment in fired.get((id_, other), ())}:
                message = f"{id_} at {at.isoformat()} is both an alarm and a false one: keep one, or undo the other"
                problems.append(_problem(row, "fired-twice", message))
            fired.setdefault((id_, OUTCOMES[outcome]), set()).add(at)
    _refuse(problems)
    values: dict[str, dict[str, Any]] = {}
    for (id_, name), moments in sorted(fired.items()):
        known = set(getattr(graph.indicators[id_], name))
        if moments - known:
            merged = sorted(known | moments, key=lambda at: (instant(at), at.isoformat()))
            values.setdefault(id_, {})[name] = merged
    return [change(graph.indicators[id_], changed) for id_, changed in values.items()]


def _read_incident(row: Row, graph: RiskGraph, now: date, problems: list[Finding]) -> Incident | None:
    before = len(problems)
    values: dict[str, Any] = dict(row.values)
    risk = values.get("risk")
    if risk and risk not in graph.risks:
        message = f"{_no_such('risk', risk, list(graph.risks))} (leave risk out where nobody had it)"
        problems.append(_problem(row, "unknown-risk", message))
    for name in _NUMBERS & values.keys():
        try:
            values[name] = _read_number(values[name])
        except ValueError:
            problems.append(
                _problem(row, "not-a-number", f"{name}: {values[name]!r} is no number: write it as 1000.50")
            )
            del values[name]
    values.setdefault("name", graph.risks[risk].name if risk and risk in graph.risks else values.get("id"))
    try:
        incident = Incident.model_validate(values)
    except ValidationError as error:
        problems += [
            _problem(row, "value-not-valid", f"{'.'.join(map(str, one['loc']))}: {sentence(one)}")
            for one in error.errors()
        ]
        return None
    if instant(incident.started_at) > instant(now):
        message = f"started_at: {incident.started_at.isoformat()} is in the future"
        problems.append(_problem(row, "in-the-future", message))
    if any((kind, incident.id) in graph for kind in NODE_KINDS if kind != "incident"):
        problems.append(_problem(row, "id-taken", f"{incident.id} is the id of something else"))
    return incident if len(problems) == before else None


def _read_number(text: str) -> float:
    """A finite number.

    Raises:
        ValueError: it is none.
    """
    if not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value


def _as_word(name: str, value: str) -> str:
    """A kind or an outcome as spreadsheets have it, ``Near miss``, by the word of the formats."""
    return "_".join(value.lower().replace("-", " ").split()) if name in _WORDS else value


def _problem(row: Row, rule: str, message: str) -> Finding:
    return Finding(rule, "error", message, row.place)


def _no_such(kind: str, id_: str, known: list[str]) -> str:
    near = closest(id_, known)
    return f"there is no {kind} {id_!r}: " + (f"did you mean {near}?" if near else "riskgraph show lists what there is")


def _unknown(name: str, columns: Sequence[str]) -> str:
    near = closest(name, list(columns))
    meant = f"did you mean {near}? " if near else ""
    return f"there is no column {name!r}: {meant}there are {', '.join(columns)}"


def _refuse(problems: list[Finding]) -> None:
    if problems:
        raise InputError(str(problems[0]), problems)
