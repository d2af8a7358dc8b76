"""Review bias: a checked review in, notes on where it may look at people, or at one cause, instead of the system, out.

It judges documents, never people: who wrote a review is not looked at. Word lists stand in ``bias.toml``; a review in
another language is judged by its structure alone.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from riskgraph.findings import Finding
from riskgraph.pir.notes import field_name, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from riskgraph.documents import Loc
    from riskgraph.pir.review import Pir

    Problem = tuple[str, Loc, str]

RULES: Final = (
    "one-cause", "counterfactual", "blaming", "nothing-went-well", "detected-by-others", "shallow-for-severity",
)  # fmt: skip
"""The names of the rules, in the order in which they are counted."""
GRAVE: Final = frozenset({"critical", "high"})
"""Severities of which depth is asked for."""
LEAST_ENTRIES: Final = 4
"""Timeline entries that a grave incident should have."""
LEAST_WORDS: Final = 8
"""Words that the root cause of a grave incident should have."""
_SENTENCE: Final = re.compile(r"[^.;!?\n]+[.;!?]?")
_BEFORE: Final = "".join(rf"(?<!\b{words} )" for words in ("before", "before any", "before our", "no", "without"))
"""What says that customers did not notice first."""
_APART: Final = frozenset(
    {"owner", "incident_id", "ignore", "related_risk", "severity", "language", "timezone", "kind"}
)


def audit_bias(pir: Pir) -> tuple[Finding, ...]:
    """The notes of every rule about a review, by place; the sentence is shown where words are the reason."""
    problems = [*_structure(pir), *(_words(pir) if pir.is_english else ())]
    found = [
        Finding(f"bias-{rule}", "note", message, pir.place(*loc), field_name(loc), pir.incident_id)
        for rule, loc, message in problems
    ]
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.rule, finding.message)))


def count_bias(pirs: Iterable[Pir]) -> dict[str, list[str]]:
    """For each rule the reviews, by incident, that it has a note about."""
    counted: dict[str, list[str]] = {rule: [] for rule in RULES}
    for pir in pirs:
        for rule in dict.fromkeys(finding.rule.removeprefix("bias-") for finding in audit_bias(pir)):
            counted[rule].append(pir.incident_id)
    return counted


def _structure(pir: Pir) -> Iterator[Problem]:
    root = pir.text("root_cause", "root_cause") or pir.text("root_cause", "immediate_cause")
    if root and len(pir.contributing_factors) < 2:  # noqa: PLR2004 - more than one
        n = len(pir.contributing_factors)
        message = f"{n} contributing factor{'' if n == 1 else 's'} named: incidents have several, look for the others"
        yield "one-cause", ("root_cause",), message
    if not pir.has("learnings", "what_went_well"):
        message = "nothing is said to have gone well: what kept it from getting worse?"
        yield "nothing-went-well", ("learnings",), message
    if (pir.severity or "").lower() in GRAVE:
        entries, words = len(pir.timeline), len((root or "").split())
        if entries < LEAST_ENTRIES or words < LEAST_WORDS:
            message = (
                f"severity {pir.severity}, and {entries} timeline entries and a root cause of {words} words: "
                f"go deeper ({LEAST_ENTRIES} and {LEAST_WORDS} at least)"
            )
            yield "shallow-for-severity", ("severity",), message


def _words(pir: Pir) -> Iterator[Problem]:
    lists = _patterns()
    detected = pir.text("detection", "how_detected") or ""
    if found := lists["customers"].search(detected):
        message = f"it was noticed outside ({found[0]}): {quote(detected)}"
        yield "detected-by-others", ("detection", "how_detected"), message
    for loc, text in _texts(pir.content, ()):
        for sentence in _SENTENCE.findall(text):
            for rule in ("counterfactual", "blaming"):
                if found := lists[rule].search(sentence):
                    yield rule, loc, f"{found[0]!r}: {quote(' '.join(sentence.split()))}"


def _texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every text of a review that somebody wrote in words of their own."""
    match value:
        case dict():
            for name, inner in value.items():
                if name not in _APART:
                    yield from _texts(inner, (*loc, name))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*loc, index))
        case str():
            yield loc, value


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The word lists, read once."""
    lists: dict[str, list[str]] = tomllib.loads(
        resources.files("riskgraph.pir").joinpath("bias.toml").read_text(encoding="utf-8")
    )
    return {
        name: re.compile(
            rf"{_BEFORE if name == 'customers' else ''}(?<!\w)(?:{'|'.join(map(re.escape, words))})(?![\w-])",
            re.IGNORECASE,
        )
        for name, words in lists.items()
    }
