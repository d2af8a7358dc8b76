"""Deciding: a proposal and a person at a terminal in, the proposal with that person's decisions out.

Also puts decisions into the text of a proposal file, so that everything else in it stays as it was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import typer

from riskgraph.cli import output

if TYPE_CHECKING:
    from riskgraph.proposal.file import Choice, Decided, Proposal

_KEYS: Final = "a accept, r reject, s skip, e evidence, q quit"
_SCALAR: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[A-Za-z]+")


@dataclass(frozen=True)
class Decision:
    """What a person decided on one edit."""

    choice: Choice
    reason: str = ""


def review_edits(
    proposal: Proposal, is_new: Callable[[Decided], bool], keep: Callable[[Mapping[int, Decision]], None]
) -> Proposal:
    """Asks about every pending edit that is new, one by one, until all are decided or skipped, or the person quits.

    ``keep`` is given what was decided so far after each decision.
    """
    from riskgraph.edits import describe

    edits = list(proposal.edits)
    decided: dict[int, Decision] = {}
    pending = [number for number, one in enumerate(edits) if one.decision == "pending" and is_new(one)]
    for count, number in enumerate(pending, 1):
        one = edits[number]
        if _has_rival(one, edits):
            output.say(f"[{count}/{len(pending)}] {describe(one.edit)}")
            output.say("    skipped: another alternative was accepted")
            continue
        output.say(f"[{count}/{len(pending)}] {describe(one.edit)}")
        decision = _ask(one)
        if decision is None:
            break
        if decision.choice != "pending":
            decided[number] = decision
            edits[number] = replace(one, decision=decision.choice, reason=decision.reason)
            keep(decided)
    return replace(proposal, edits=tuple(edits))


def _ask(one: Decided) -> Decision | None:
    """One person's decision; None where they quit."""
    _say_evidence(one, full=False)
    while True:
        answer = typer.prompt(f"    {_KEYS}", prompt_suffix="? ", default="s", show_default=False, err=True)
        match answer.strip().lower()[:1]:
            case "a":
                return Decision("accept")
            case "r":
                reason = typer.prompt("    why", prompt_suffix="? ", default="", show_default=False, err=True)
                return Decision("reject", " ".join(reason.split()))
            case "s" | "":
                return Decision("pending")
            case "e":
                _say_evidence(one, full=True)
            case "q":
                return None
            case _:
                output.say(f"    {answer!r} is none of them")


def _say_evidence(one: Decided, *, full: bool) -> None:
    because = one.edit.because
    where = f"{because.field}{f', line {because.line}' if because.line else ''}" if because else "no place in a review"
    output.say(f"    {one.edit.confidence or 'no confidence'}, {where}")
    if not full:
        return
    if because and because.text:
        output.say(f'    the review says: "{because.text}"')
    for name, value in one.edit.set.items():
        before = f", was {json.dumps(one.edit.was[name], ensure_ascii=False)}" if one.edit.was.get(name) else ""
        output.say(f"    {name}: {json.dumps(value, ensure_ascii=False)}{before}")
    if one.edit.answers:
        output.say(f"    answers {', '.join(one.edit.answers)}")
    if one.edit.oneof:
        output.say(f"    one of the alternatives {one.edit.oneof}: at most one may be accepted")


def _has_rival(one: Decided, edits: Sequence[Decided]) -> bool:
    return bool(one.edit.oneof) and any(
        other is not one and other.edit.oneof == one.edit.oneof and other.decision == "accept" for other in edits
    )


def put_decisions(text: str, decisions: Mapping[int, Decision]) -> str | None:
    """The text of a proposal file with decisions in it, everything else as it was; None where that cannot be done.

    That is where a file was saved by another program in a form that has no place for a decision.
    """
    from riskgraph.documents import parse_document

    document = parse_document(text)
    lines = text.split("\n")
    # From the end, so that the places of what comes before stay true.
    for number, decision in sorted(decisions.items(), reverse=True):
        place = document.places.get(("edits", number, "decision"))
        has_reason = ("edits", number, "reason") in document.places
        if place is None or has_reason:
            return None
        line, column = place[0] - 1, place[1] - 1
        scalar = _SCALAR.match(lines[line], column)
        if scalar is None:
            return None
        reason = f"reason: {json.dumps(decision.reason, ensure_ascii=False)}" if decision.reason else ""
        before, after = lines[line][:column], lines[line][scalar.end() :]
        key = document.places[("edits", number, "decision", "<key>")][1] - 1
        if reason and not _is_block(before, key):
            lines[line] = f"{before}{decision.choice}, {reason}{after}"
        else:
            lines[line] = f"{before}{decision.choice}{after}"
            lines[line + 1 : line + 1] = [f"{' ' * key}{reason}"] if reason else []
    return "\n".join(lines)


def _is_block(before: str, key: int) -> bool:
    """Whether a key stands alone at the beginning of its line, but for the dash of a list."""
    return not before[:key].strip("- ")
