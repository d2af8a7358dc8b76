"""Reviews: paths of files and folders in, reviews and their matches out, or every problem of all of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.errors import InputError, UsageError
from riskgraph.register.sheets.grid import MAPPING, holds_tables, is_spreadsheet

if TYPE_CHECKING:
    from riskgraph.documents import Document
    from riskgraph.findings import Finding, Sifted
    from riskgraph.history import History
    from riskgraph.matching.observed import Match
    from riskgraph.pir.review import Pir
    from riskgraph.proposal.file import Proposal

SUFFIXES: Final = frozenset({".yaml", ".yml"})
_LOOK: Final = 64 * 1024
_BEGINNINGS: Final = {
    kind: re.compile(rb"""^(?:\xef\xbb\xbf)?\s*["'{]*riskgraph_""" + kind.encode(), re.MULTILINE)
    for kind in ("register", "proposal")
}


def find_files(paths: Iterable[Path]) -> list[tuple[Path, bool]]:
    """Every file once, in order, and whether it was named itself; a folder stands for the YAML files below it.

    It also stands for those of markdown that look like reviews. A folder of CSV files that are a register is one, like
    a file. Hidden folders, links that lead out of the folder, and mappings of spreadsheets are passed over.
    """
    found: dict[str, tuple[Path, bool]] = {}
    for path in paths:
        inside = _walk(path) if path.is_dir() and not holds_tables(path) else [path]
        for file in inside:
            found.setdefault(os.path.realpath(file), (file, not path.is_dir()))
    return list(found.values())


def read_proposals(paths: Iterable[Path]) -> list[Proposal]:
    """The proposals in files and folders; what is something else and only in a folder is passed over.

    Raises:
        InputError: a proposal is not valid, or a file that was named is none.
    """
    from riskgraph.proposal.file import read_proposal

    found = find_files(paths)
    for file, named in found:
        if named and file.is_file() and not begins_as(file, "proposal"):
            raise InputError(f"{file}: is no proposal: name a file that riskgraph propose wrote")
    return [read_proposal(file) for file, named in found if named or begins_as(file, "proposal")]


def read_reviews(paths: Sequence[Path]) -> list[Pir]:
    """The reviews in files and folders; registers and proposals that are only in a folder are passed over.

    A path through a bare repository (``risk.git/pirs``) names what its newest commit has there.

    Raises:
        InputError: with every problem of every file.
        UsageError: a folder holds no review.
    """
    problems: list[Finding] = []
    pirs = _read(paths, problems)
    refuse(problems)
    return pirs


def _read(paths: Sequence[Path], problems: list[Finding]) -> list[Pir]:
    """The reviews, or what can be read of them where something is wrong, which goes to ``problems``.

    Raises:
        UsageError: a folder holds no review.
    """
    from riskgraph.findings import Finding
    from riskgraph.pir.read import salvage_pir

    pirs: list[Pir] = []
    for document, named in _documents(paths, problems):
        if kind := other_kind(document):
            if named:
                hint = "name the reviews it was made from" if kind == "proposal" else f"name it with --{kind}"
                problems.append(Finding("not-a-review", "error", f"is a {kind}: {hint}", document.place(())))
            continue
        pir, findings, _ = salvage_pir(document)
        problems += [finding for finding in findings if finding.level == "error"]
        if pir:
            pirs.append(pir)
    if not pirs and not problems:
        raise UsageError(f"there is no review in {', '.join(str(path) for path in paths)}: name a file of one")
    return pirs


def _documents(paths: Sequence[Path], problems: list[Finding]) -> Iterator[tuple[Document, bool]]:
    """The documents in files and folders, also of a bare repository's newest commit, and whether each was named."""
    from riskgraph.findings import Finding, Place
    from riskgraph.git.files import read_committed
    from riskgraph.pir.file import MARKDOWN, read_review

    on_disk = []
    for path in paths:
        committed = None if path.exists() else read_committed(path, SUFFIXES | MARKDOWN)
        if committed is None:
            on_disk.append(path)
        for one in committed or ():
            if isinstance(one, InputError):
                problems += one.findings
            else:
                yield one, one.path == str(path)
    for file, named in find_files(on_disk):
        if is_spreadsheet(file):
            if named:
                message = "is a spreadsheet: name it with --register, or bring it in with riskgraph import"
                problems.append(Finding("not-a-review", "error", message, Place(str(file))))
            continue
        try:
            yield read_review(file, limit_of(file)), named
        except InputError as error:
            problems += error.findings


def limit_of(file: Path) -> int:
    """How large a file may be: registers and proposals, by a look at how it begins, may be larger than a review."""
    from riskgraph.documents import MAX_BYTES, MAX_REGISTER_BYTES

    return MAX_REGISTER_BYTES if begins_as(file, "register") or begins_as(file, "proposal") else MAX_BYTES


def begins_as(file: Path, kind: Literal["register", "proposal"]) -> bool:
    """Whether a file looks like a register or a proposal, without reading all of it."""
    from riskgraph.pir.file import is_markdown

    if is_markdown(file):  # A page may quote either.
        return False
    try:
        with file.open("rb") as opened:
            start = opened.read(_LOOK)
    except OSError:
        return False
    return bool(_BEGINNINGS[kind].search(start))


def other_kind(document: Document) -> Literal["register", "proposal", "baseline"] | None:
    """What a document is, if it says that it is no review."""
    from riskgraph.baseline import is_baseline
    from riskgraph.proposal.file import is_proposal
    from riskgraph.register.read import is_register

    if is_register(document):
        return "register"
    if is_baseline(document):
        return "baseline"
    return "proposal" if is_proposal(document) else None


def match_reviews(paths: Sequence[Path], history: History) -> list[Match]:
    """The reviews in files and folders, each matched with the graph as known at its start.

    Raises:
        InputError: with every problem of every file.
    """
    from riskgraph.matching.match import match_pir

    matches: list[Match] = []
    problems: list[Finding] = []
    for pir in _read(paths, problems):
        try:
            matches.append(match_pir(pir, history))
        except InputError as error:
            problems += [finding for finding in error.findings if finding.level == "error"]
    refuse(sorted(problems, key=lambda finding: finding.place))
    return matches


def refuse(problems: Sequence[Finding]) -> None:
    """Refuses files that are not valid.

    Raises:
        InputError: there is a problem; it carries all of them.
    """
    if problems:
        raise InputError(str(problems[0]), problems)


def without_ignored(findings: Iterable[Finding], pir: Pir) -> Sifted:
    """The findings without those that the review itself says to ignore; an error is never ignored."""
    from riskgraph.findings import Sifted, Suppressed

    reasons = dict(pir.ignore)
    every = list(findings)
    left_out = [one for one in every if one.level != "error" and one.rule in reasons]
    return Sifted(
        tuple(one for one in every if one not in left_out),
        tuple(Suppressed(one, "review", reasons[one.rule]) for one in left_out),
    )


def still_open(findings: Iterable[Finding], history: History | None) -> list[Finding]:
    """The findings without those about a gap that something answers; all of them where there is no store."""
    from riskgraph.proposal.gaps import answered

    if history is None:
        return list(findings)
    closed = answered(history)
    return [finding for finding in findings if (finding.incident, finding.question) not in closed]


def _walk(root: Path) -> Iterator[Path]:
    real = Path(os.path.realpath(root))
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if _is_ours(path) and Path(os.path.realpath(path)).is_relative_to(real):
                yield path


def _is_ours(path: Path) -> bool:
    from riskgraph.pir.file import begins_as_review, is_markdown

    if path.name == MAPPING:
        return False
    return path.suffix.lower() in SUFFIXES or (is_markdown(path) and begins_as_review(path))
