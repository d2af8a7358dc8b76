"""SARIF 2.1.0: findings and those that are left out in, a log that code scanning reads out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from riskgraph import __version__
from riskgraph.findings import LEVELS, Finding, Sifted, Suppressed, fingerprints
from riskgraph.report.escape import visible
from riskgraph.rules import RULES

SHOWN: Final = 5000
"""How many results a log may have."""
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_KINDS: Final = {"review": "inSource", "baseline": "external"}


def sarif(sifted: Sifted) -> tuple[dict[str, Any], int]:
    """The log, worst first, and how many findings did not fit into it.

    The findings' paths are those seen from the repository. What is left out is in the log as suppressed, after all
    that is not.
    """
    found = [(finding, None) for finding in sifted.shown]
    every: list[tuple[Finding, Suppressed | None]] = [*found, *((one.finding, one) for one in sifted.left_out)]
    marks = fingerprints([finding for finding, _ in every])
    results = sorted(
        zip(every, marks, strict=True), key=lambda one: (one[0][1] is not None, LEVELS.index(one[0][0].level))
    )
    kept = results[:SHOWN]
    broken = {finding.rule for (finding, _), _ in kept}
    used = [rule for rule in RULES if rule in broken]
    driver = {"name": "riskgraph", "semanticVersion": __version__, "rules": [_rule(rule) for rule in used]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, mark, suppressed, used) for (finding, suppressed), mark in kept],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, len(results) - len(kept)


def _rule(id_: str) -> dict[str, Any]:
    rule = RULES[id_]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.says},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(finding: Finding, mark: str, suppressed: Suppressed | None, used: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": finding.rule}
    if finding.rule in used:
        result["ruleIndex"] = used.index(finding.rule)
    result |= {"level": finding.level, "message": {"text": _text(finding.message)}}
    if finding.place.path:
        region = {"startLine": max(1, finding.place.line)}
        if finding.place.line and finding.place.column:
            region["startColumn"] = finding.place.column
        location = {"artifactLocation": {"uri": _uri(finding.place.path)}, "region": region}
        result["locations"] = [{"physicalLocation": location}]
    result["partialFingerprints"] = {"riskgraph/v1": mark, "primaryLocationLineHash": mark}
    if suppressed:
        result["suppressions"] = [{"kind": _KINDS[suppressed.by], "justification": _text(suppressed.reason)}]
    return result


def _text(text: str) -> str:
    """A message in which nothing is a link or a placeholder."""
    return visible(text, keep="\n").replace("](", "] (")


def _uri(path: str) -> str:
    """A relative reference; a file's URI where the path is absolute."""
    start = len("C:") if path[1:3] == ":/" else 0
    quoted = path[:start] + quote(path[start:], errors="replace")
    if path.startswith("/"):
        return f"file://{quoted}"
    return f"file:///{quoted}" if start else quoted
