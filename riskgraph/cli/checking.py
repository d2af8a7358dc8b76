"""Checking: files of any kind and what is known of ids in, every finding of every file out; many files on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from riskgraph.cli.reviews import begins_as, limit_of, other_kind, without_ignored
from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place, Sifted, Suppressed
from riskgraph.register.sheets.grid import is_spreadsheet

if TYPE_CHECKING:
    from riskgraph.documents import Document
    from riskgraph.graph import RiskGraph
    from riskgraph.history import History, Revision
    from riskgraph.pir.review import Pir

MANY: Final = 200
"""From how many files on it pays to start more processes."""
_CHUNK: Final = 50


@dataclass(frozen=True)
class Checked:
    """What was found in one file; ``incident`` is the id of its review."""

    path: Path
    findings: tuple[Finding, ...] = ()
    left_out: tuple[Suppressed, ...] = ()
    incident: str = ""
    place: Place = field(default_factory=Place)


def split_registers(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The register files, and the others; by its name or by how it begins, so that reading them can be shared out."""
    registers = [file for file in files if is_spreadsheet(file) or begins_as(file, "register")]
    known = set(registers)
    return registers, [file for file in files if file not in known]


def check_registers(files: Sequence[Path], base: RiskGraph | None) -> tuple[list[Finding], History | None]:
    """What is wrong with registers that belong together, and the history that they are by themselves."""
    from datetime import UTC, datetime

    from riskgraph.history import History, first_revision
    from riskgraph.register.read import read_registers

    if not files:
        return [], None
    try:
        register = read_registers(list(files), base)
    except InputError as error:
        return list(error.findings), None
    return [], History([first_revision(register.graph, register.effective_on, datetime.now(UTC))])


def check_files(files: Sequence[Path], history: History | None, advance: Callable[[int], None]) -> list[Checked]:
    """What is found in reviews and proposals, in the files' order; ``advance`` is told how many more are done.

    With a history the ids in reviews are checked too.
    """
    revisions = tuple(history.revisions) if history else None
    if len(files) < MANY:
        return list(_one_by_one(files, history, advance))
    from concurrent.futures import ProcessPoolExecutor

    from riskgraph.store.writing import encode_revision

    texts = tuple(encode_revision(revision) for revision in revisions) if revisions is not None else None
    chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
    found: list[Checked] = []
    with ProcessPoolExecutor(max(2, min(8, os.cpu_count() or 2))) as pool:
        for part in pool.map(_check_chunk, chunks, [texts] * len(chunks)):
            found += part
            advance(len(part))
    return found


def repeated(checked: Sequence[Checked]) -> list[Finding]:
    """Notes on incidents that two files review."""
    first: dict[str, Place] = {}
    notes = []
    for one in checked:
        if one.incident and (before := first.setdefault(one.incident, one.place)) != one.place:
            message = f"{one.incident} is reviewed in {before.path} as well: keep one, or give this one its own id"
            notes.append(Finding("incident-twice", "note", message, one.place, "incident_id", one.incident))
    return notes


def check_document(path: Path, history: History | None) -> Checked:
    """What is found in one review or proposal."""
    from riskgraph.baseline import read_baseline
    from riskgraph.pir.file import read_review
    from riskgraph.pir.read import is_pir, salvage_pir
    from riskgraph.proposal.file import read_proposal

    try:
        document = read_review(path, limit_of(path))
        match other_kind(document):
            case "proposal":
                read_proposal(path)
                return Checked(path)
            case "baseline":
                read_baseline(path)
                return Checked(path)
    except InputError as error:
        return Checked(path, error.findings)
    if not is_pir(document):
        return Checked(path, (*document.notes, _of_no_kind(document)))
    pir, findings, is_sound = salvage_pir(document, lenient=True)
    if pir is None:
        return Checked(path, findings)
    found = _check_review(pir, findings, history)
    incident = pir.incident_id if is_sound else ""
    return Checked(path, found.shown, found.left_out, incident, pir.place("incident_id"))


def _check_review(pir: Pir, findings: Sequence[Finding], history: History | None) -> Sifted:
    from riskgraph.matching.match import match_pir
    from riskgraph.pir.checks import check_pir

    # Without an id it is a form that nobody has filled in: that sections are missing goes without saying.
    found = [*findings, *(check_pir(pir) if pir.incident_id else ())]
    if history is not None:
        try:
            found += match_pir(pir, history).findings
        except InputError as error:
            found += error.findings
    ordered = sorted(dict.fromkeys(found), key=lambda finding: (finding.place, finding.rule))
    return without_ignored(ordered, pir)


def _of_no_kind(document: Document) -> Finding:
    message = (
        "is no register, review or proposal: begin it with riskgraph_register: 1, incident_id or riskgraph_proposal: 1"
    )
    return Finding("unknown-format", "error", message, document.place(()))


def _one_by_one(files: Sequence[Path], history: History | None, advance: Callable[[int], None]) -> Iterator[Checked]:
    for file in files:
        yield check_document(file, history)
        advance(1)


def _check_chunk(files: Sequence[Path], texts: tuple[str, ...] | None) -> list[Checked]:
    return [check_document(file, _history(texts)) for file in files]


@cache
def _history(texts: tuple[str, ...] | None) -> History | None:
    """The history, read once in each process."""
    from riskgraph.history import History
    from riskgraph.store.writing import decode_revision

    if texts is None:
        return None
    revisions: list[Revision] = [decode_revision(text) for text in texts]
    return History(revisions)
