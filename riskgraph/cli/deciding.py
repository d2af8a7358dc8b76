"""Deciding: a proposal and a person at a terminal in, the proposal with that person's decisions out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import typer

from riskgraph.cli import output

if TYPE_CHECKING:
    from riskgraph.proposal.file import Decided, Proposal
    from riskgraph.proposal.slots import Said

_KEYS: Final = "a accept, r reject, s skip, e evidence, q quit"


def review_edits(
    proposal: Proposal, is_new: Callable[[Decided], bool], keep: Callable[[Mapping[int, Said]], None]
) -> Proposal:
    """Asks about every pending edit that is new, one by one, until all are decided or skipped, or the person quits.

    ``keep`` is given what was decided so far after each decision.
    """
    from riskgraph.edits import describe

    edits = list(proposal.edits)
    decided: dict[int, Said] = {}
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


def _ask(one: Decided) -> Said | None:
    """One person's decision; None where they quit."""
    from riskgraph.proposal.slots import Said

    _say_evidence(one, full=False)
    while True:
        answer = typer.prompt(f"    {_KEYS}", prompt_suffix="? ", default="s", show_default=False, err=True)
        match answer.strip().lower()[:1]:
            case "a":
                return Said("accept")
            case "r":
                reason = typer.prompt("    why", prompt_suffix="? ", default="", show_default=False, err=True)
                return Said("reject", " ".join(reason.split()))
            case "s" | "":
                return Said("pending")
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
