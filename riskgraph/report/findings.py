"""Findings for readers: findings in, a table, JSON values, or GitHub's annotations out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.findings import LEVELS, Finding, Level
from riskgraph.report.escape import github_message, github_property, terminal
from riskgraph.report.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMANDS: Final[dict[Level, str]] = {"error": "error", "warning": "warning", "note": "notice"}
_COLORS: Final[dict[Level, str]] = {"error": "31", "warning": "33", "note": "2"}
SHOWN: Final = 10
"""How many annotations of a kind GitHub shows for one step."""


def findings_table(findings: Iterable[Finding]) -> Table:
    """The findings in their order; where, level, what, rule."""
    rows = tuple((str(found.place) or None, found.level, found.message, found.rule) for found in findings)
    return Table("Findings", ("where", "level", "message", "rule"), rows)


def findings_text(findings: Iterable[Finding], *, color: bool = False) -> str:
    """The findings in their order, one line each, as a compiler writes them: place, level, what, rule.

    For a terminal, and for programs that jump to a place. Nothing where there are none.
    """
    lines = []
    for found in findings:
        place = f"{terminal(str(found.place))}: " if found.place.path else ""
        level = f"\x1b[{_COLORS[found.level]}m{found.level}\x1b[0m" if color else found.level
        lines.append(f"{place}{level}: {terminal(found.message)} [{terminal(found.rule)}]\n")
    return "".join(lines)


def findings_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The JSON form of findings; what is not set is null."""
    return [
        {
            "rule": found.rule,
            "level": found.level,
            "message": found.message,
            "path": found.place.path or None,
            "line": found.place.line or None,
            "column": found.place.column or None,
            "field": found.field or None,
            "incident": found.incident or None,
            "question": found.question or None,
            "gap": found.gap or None,
        }
        | ({"sheet": found.place.sheet, "cell": found.place.cell} if found.place.sheet else {})
        for found in findings
    ]


def github(findings: Iterable[Finding]) -> str:
    """GitHub workflow commands, worst first; of each level at most ``SHOWN``, then a line for the log on the rest.

    GitHub would drop another command without a word. Nothing where there are no findings.
    """
    found = list(findings)
    lines = []
    for level in LEVELS:
        of_level = [finding for finding in found if finding.level == level]
        lines += [_command(finding) for finding in of_level[:SHOWN]]
        more = len(of_level) - SHOWN
        if more > 0:
            lines.append(f"and {more} more {level}{'' if more == 1 else 's'}")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    place = finding.place
    in_text = place.path and not place.sheet
    message = f"{place}: {finding.message}" if place.sheet else finding.message
    properties = {
        "file": place.path,
        "line": str(place.line) if in_text and place.line else "",
        "col": str(place.column) if in_text and place.line and place.column else "",
        "title": finding.rule,
    }
    listed = ",".join(f"{name}={github_property(value)}" for name, value in properties.items() if value)
    return f"::{_COMMANDS[finding.level]} {listed}::{github_message(message)}"
