"""Baselines: a file of findings that were known before in, what is new and what is gone out; and such a file back."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from riskgraph.documents import MAX_REGISTER_BYTES, Document, read_document
from riskgraph.errors import InputError
from riskgraph.findings import Finding, fingerprints
from riskgraph.validation import validate

Command = Literal["check", "diff", "audit"]


class Known(BaseModel):
    """A finding that was known before: its fingerprint counts, the rest is for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str
    rule: str
    path: str
    message: str


class Baseline(BaseModel):
    """The findings that were known before, for each command that finds some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    riskgraph_baseline: Literal[1]
    check: tuple[Known, ...] = ()
    diff: tuple[Known, ...] = ()
    audit: tuple[Known, ...] = ()

    def of(self, command: Command) -> tuple[Known, ...]:
        """What was known before to one command."""
        known: tuple[Known, ...] = getattr(self, command)
        return known


def is_baseline(document: Document) -> bool:
    """Whether a document says that it is a baseline."""
    return isinstance(document.data, dict) and "riskgraph_baseline" in document.data


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        InputError: the file is none; with its place.
    """
    document = read_document(path, MAX_REGISTER_BYTES)
    baseline, problems = validate(Baseline, document.data, document, ())
    if baseline is None:
        raise InputError(str(problems[0]), problems)
    return baseline


def are_known(findings: Sequence[Finding], known: Sequence[Known]) -> list[bool]:
    """Of each finding whether it was known before; an error never is."""
    before = {one.fingerprint for one in known}
    marks = fingerprints(findings)
    return [mark in before and finding.level != "error" for finding, mark in zip(findings, marks, strict=True)]


def find_gone(findings: Sequence[Finding], known: Sequence[Known], examined: Collection[str]) -> list[Known]:
    """What was known before and is not found any more; of a file that was not ``examined`` nothing is gone."""
    marks = set(fingerprints(findings))
    return [one for one in known if one.path in examined and one.fingerprint not in marks]


def update(baseline: Baseline, command: Command, findings: Sequence[Finding], kept: Sequence[Known]) -> Baseline:
    """The baseline in which these findings of a command are known, and ``kept`` still are; an error never is."""
    known = [
        Known(fingerprint=mark, rule=finding.rule, path=finding.place.path, message=finding.message)
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
        if finding.level != "error"
    ]
    ordered = sorted([*known, *kept], key=lambda one: (one.path, one.rule, one.message, one.fingerprint))
    return baseline.model_copy(update={command: tuple(ordered)})


def dump_baseline(baseline: Baseline) -> str:
    """The text of a baseline's file: JSON, a finding a line, so that a difference is read by finding."""
    sections = [f'  "riskgraph_baseline": {baseline.riskgraph_baseline}']
    for command in ("check", "diff", "audit"):
        if known := baseline.of(command):
            lines = ",\n".join(f"    {json.dumps(one.model_dump(), ensure_ascii=False)}" for one in known)
            sections.append(f'  "{command}": [\n{lines}\n  ]')
    return "{\n" + ",\n".join(sections) + "\n}\n"
