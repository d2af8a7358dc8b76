"""Applying: a decided proposal and the history in, the edits and decisions to write out. Nothing is written here.

The applied-marker is per edit: what was written before is passed over, what has been accepted since is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.edits import apply_all, describe, in_order
from riskgraph.errors import EditError, InputError, StaleError
from riskgraph.graph import title
from riskgraph.history import Decision, subject
from riskgraph.model import NODE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph
    from riskgraph.history import History
    from riskgraph.proposal.file import Decided, Proposal

Accept = Literal["explicit", "derived"]
_ACCEPTED: Final = {"explicit": {"explicit"}, "derived": {"explicit", "derived"}}


@dataclass(frozen=True)
class Application:
    """What applying a proposal writes: edits in an order that works, decisions, and what it leaves out.

    ``already`` are the revisions that wrote edits or decisions of it before. A ``repair`` also puts the store's content
    back to what its revisions give.
    """

    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    already: tuple[int, ...] = ()
    pending: int = 0
    remarks: tuple[str, ...] = ()
    repair: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing new to write."""
        return not self.edits and not self.decisions


def decide(proposal: Proposal, accept: Accept | None) -> Proposal:
    """The proposal with pending edits of a confidence accepted; suggested ones are only ever accepted one by one.

    ``explicit`` accepts the explicit ones, ``derived`` the explicit and the derived ones, None none.
    """
    wanted = _ACCEPTED[accept] if accept else set()
    decided = (
        replace(one, decision="accept") if one.decision == "pending" and one.edit.confidence in wanted else one
        for one in proposal.edits
    )
    return replace(proposal, edits=tuple(decided))


def plan_apply(proposal: Proposal, history: History, graph_id: str, accept: Accept | None = None) -> Application:
    """What applying a proposal to a graph writes.

    Raises:
        InputError: the proposal is another graph's, or accepted edits do not fit together.
        StaleError: the graph has changed where an accepted edit would change it; says what and by which revision.
    """
    refuse_other_graph(proposal, graph_id)
    decided = decide(proposal, accept)
    accepted = [one.edit for one in decided.edits if one.decision == "accept"]
    fresh = [edit for edit in accepted if edit.marker not in history.applied]
    graph = history.graph
    _refuse_contradictions(fresh)
    fresh, remarks = _narrow(fresh, decided.edits, graph)
    _refuse_stale(fresh, graph, history, proposal)
    ordered = in_order(fresh)
    apply_all(ordered, graph)
    decided_on = decisions_of(decided)
    decisions = tuple(decision for decision in decided_on if not _is_known(decision, history))
    markers = {one.edit.marker for one in proposal.edits} & history.applied.keys()
    already = {history.applied[marker].revision.number for marker in markers}
    already |= {history.decisions[subject(d)][0].number for d in decided_on if _is_known(d, history)}
    pending = sum(one.decision == "pending" and one.edit.marker not in history.applied for one in decided.edits)
    return Application(tuple(ordered), decisions, tuple(sorted(already)), pending, tuple(remarks))


def refuse_other_graph(proposal: Proposal, graph_id: str) -> None:
    """Refuses a proposal that was made for another graph.

    Raises:
        InputError: it was.
    """
    if proposal.graph_id not in {None, graph_id}:
        message = f"the proposal is for graph {proposal.graph_id}, this store keeps {graph_id}: choose its store"
        raise InputError(message)


def _refuse_contradictions(edits: Sequence[Edit]) -> None:
    """Two accepted edits that give one field two values."""
    seen: dict[tuple[str, ...], Edit] = {}
    for edit in edits:
        for name, value in edit.set.items():
            other = seen.setdefault((*edit.key, name), edit)
            if other.set.get(name) != value:
                message = f"two accepted edits give {title(edit.key)} another {name}: accept one of them"
                raise InputError(message)
    chosen: dict[str, Edit] = {}
    for edit in edits:
        if edit.oneof and chosen.setdefault(edit.oneof, edit) is not edit:
            message = f"two alternatives of {edit.oneof} are accepted: accept one of them"
            raise InputError(message)


def _narrow(edits: list[Edit], decided: Sequence[Decided], graph: RiskGraph) -> tuple[list[Edit], list[str]]:
    """The edits without what rests on edits that were not accepted.

    An incident is recorded without the steps to a risk that was not taken up; anything else is refused.
    """
    there = {key[1:] for key in graph.elements if key[0] in NODE_KINDS}
    there |= {edit.key[1:] for edit in edits if edit.op == "add" and edit.kind in NODE_KINDS}
    missing = {one.edit.key[1] for one in decided if one.edit.op == "add" and one.edit.kind in NODE_KINDS}
    missing -= {ids[0] for ids in there}
    narrowed, remarks = [], []
    for edit in edits:
        lost = sorted(missing & named_ids(edit))
        if not lost:
            narrowed.append(edit)
        elif edit.kind == "incident":
            narrowed.append(edit.model_copy(update={"set": _without(edit.set, set(lost))}))
            remarks.append(f"{title(edit.key)} is recorded without {', '.join(lost)}, which was not accepted")
        else:
            message = f"{describe(edit)} needs {', '.join(lost)}, which the proposal adds: accept that as well"
            raise EditError(message)
    return narrowed, remarks


def named_ids(edit: Edit) -> set[str]:
    """The ids that an edit refers to."""
    named = {str(edit.set[name]) for name in ("incident", "risk") if name in edit.set}
    if edit.kind not in NODE_KINDS:
        named |= set(edit.key[1:])
    for part in ("reached", "checked", "tested", "signalled"):
        for entry in edit.set.get(part) or ():
            named |= {str(entry[name]) for name in ("from", "to", "mitigation", "indicator") if name in entry}
    return named


def _without(values: dict[str, object], lost: set[str]) -> dict[str, object]:
    """The values of an incident without what names a missing id."""
    kept: dict[str, object] = {}
    for name, value in values.items():
        if name == "risk" and value in lost:
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [entry for entry in value if not lost & {str(inner) for inner in entry.values()}]  # noqa: PLW2901
        kept[name] = value
    left_out = _count_steps(values) - _count_steps(kept)
    if left_out:  # A step that the map did not have is not to look as if it had not happened.
        kept["unrecorded"] = left_out
    return {name: value for name, value in kept.items() if value != []}


def _count_steps(values: dict[str, object]) -> int:
    reached = values.get("reached")
    return len(reached) if isinstance(reached, list) else 0


def _refuse_stale(edits: Sequence[Edit], graph: RiskGraph, history: History, proposal: Proposal) -> None:
    """Every conflict with today's graph, with what changed since the proposal was made."""
    conflicts = []
    draft = graph
    for edit in in_order(edits):
        try:
            draft = apply_all([edit], draft)
        except StaleError as error:
            since = [
                f"revision {origin.revision.number} by {origin.revision.author}: {describe(origin.edit)}"
                for origin in history.of(edit.key)
                if origin.revision.number > (proposal.base_revision or 0)
            ]
            changed = f"; changed since revision {proposal.base_revision}: {'; '.join(since)}" if since else ""
            conflicts.append(f"{error}{changed}")
    if conflicts:
        message = f"the proposal is stale, nothing was written: {conflicts[0]}; run propose again"
        raise StaleError(message, conflicts)


def decisions_of(proposal: Proposal) -> list[Decision]:
    """The rejections and accepted gaps of a proposal."""
    first = proposal.incidents[0] if proposal.incidents else ""
    found = [
        Decision(
            what="edit", incident=one.edit.incident or first, decision="reject", reason=one.reason,
            marker=one.edit.marker, title=describe(one.edit),
        )
        for one in proposal.edits
        if one.decision == "reject"
    ]  # fmt: skip
    found += [
        Decision(
            what="gap", incident=gap.incident or first, decision="accept", reason=gap.reason.strip(),
            question=gap.question, gap=gap.gap,
        )
        for gap in proposal.unanswered
        if gap.reason and gap.reason.strip()
    ]  # fmt: skip
    return found


def _is_known(decision: Decision, history: History) -> bool:
    known = history.decisions.get(subject(decision))
    return known is not None and known[1].reason == decision.reason
