"""Proposed defences: what a review says of mitigations and indicators in, changes and additions to them out."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from riskgraph.matching.instructions import AddIndicator, SetThreshold
from riskgraph.model import Implements, Indicator, Watches
from riskgraph.proposal.incident import actions_of
from riskgraph.proposal.wording import instructions_in

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.edits import Confidence
    from riskgraph.graph import RiskGraph
    from riskgraph.pir.review import PirAction
    from riskgraph.proposal.draft import Draft

_WORD: Final = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_SHORT: Final = 3


def propose_mitigations(audit: Audit, draft: Draft) -> None:
    """An action that carries out a mitigation gives it owner and date; one that did not work has failed."""
    match, graph = audit.diff.match, draft.graph
    for action, source in zip(actions_of(audit), match.pir.actions, strict=True):
        found = mitigation_meant(source, draft.risk_id(match.root), graph)
        if found is None:
            continue
        id_, confidence = found
        mitigation = graph.mitigations[id_]
        values = {name: value for name in ("owner", "due") if (value := getattr(action, name)) is not None}
        if mitigation.status in {"planned", "in_progress"} and values:
            answers = ("mitigation_worked",)
            draft.change(mitigation, values, audit, source.loc, confidence, answers=answers, text=source.text)
        implements = Implements(action=action.id, mitigation=id_)
        draft.add(implements, audit, source.loc, confidence, text=source.text)
    for item in audit.questions["mitigation_worked"].result.items:
        today = graph.mitigations.get(item["id"])
        if item["outcome"] == "failed" and today and today.status == "implemented":
            answer = match.mitigations.get(item["id"])
            loc = answer.loc if answer else ("risk_process_audit", "mitigation_worked", "mitigation_failures")
            answers = ("mitigation_worked",)
            text = match.pir.text(*loc) or f"{item['id']} was implemented and did not work"
            draft.change(today, {"status": "failed"}, audit, loc, "derived", answers=answers, text=text)


def mitigation_meant(action: PirAction, root: str | None, graph: RiskGraph) -> tuple[str, Confidence] | None:
    """The mitigation that an action carries out: by its words.

    That is one that it names by id, else the only one of the root with whose name it shares two consecutive words.
    """
    words = _WORD.findall(action.text)
    named = [id_ for id_ in graph.mitigations if re.search(rf"(?<![\w.-]){re.escape(id_)}(?![\w-])", action.text)]
    if len(named) == 1:
        return named[0], "explicit"
    if named or root is None:
        return None
    of_root = {edge.mitigation for edge in graph.mitigates.get(root, ())}
    of_root |= {block.mitigation for pair, blocks in graph.blocks.items() if pair[0] == root for block in blocks}
    said = _pairs(words)
    shared = [id_ for id_ in sorted(of_root) if said & _pairs(_WORD.findall(graph.mitigations[id_].name))]
    return (shared[0], "derived") if len(shared) == 1 else None


def propose_indicators(audit: Audit, draft: Draft) -> None:
    """Instructions of the indicator question: a new indicator that watches the root, a new threshold."""
    match, graph = audit.diff.match, draft.graph
    loc = ("risk_process_audit", "indicators_fired", "action")
    answers = ("indicators_fired",)
    root = draft.risk_id(match.root)
    for instruction in instructions_in(audit, draft, loc):
        if isinstance(instruction, AddIndicator) and root is not None:
            known = [i.id for i in graph.indicators.values() if i.name.casefold() == instruction.name.casefold()]
            if known:
                draft.add(graph.indicators[known[0]], audit, loc, "explicit")
                id_ = known[0]
            else:
                id_ = draft.next_id("indicator")
                if not draft.add(Indicator(id=id_, name=instruction.name), audit, loc, "explicit", answers=answers):
                    continue
            draft.add(Watches(indicator=id_, risk=root), audit, loc, "explicit", answers=answers)
        elif isinstance(instruction, SetThreshold):
            meant = _threshold_meant(instruction, root, graph)
            if meant is None:
                draft.remark(
                    f"{match.pir.incident_id}: {instruction.clause!r} does not say which indicator: name its id"
                )
            else:
                indicator = graph.indicators[meant]
                draft.change(indicator, {"threshold": instruction.value}, audit, loc, "explicit", answers=answers)


def _threshold_meant(instruction: SetThreshold, root: str | None, graph: RiskGraph) -> str | None:
    """The indicator whose threshold is meant: the one named, else the root's only one that fits."""
    if instruction.indicator is not None:
        return instruction.indicator if instruction.indicator in graph.indicators else None
    own = [edge.indicator for edge in graph.watches.get(root or "", ())]
    fits = [id_ for id_ in own if graph.indicators[id_].threshold is not None] or own
    if instruction.was is not None and len(fits) > 1:
        fits = [id_ for id_ in fits if graph.indicators[id_].threshold == instruction.was]
    return fits[0] if len(fits) == 1 else None


def _pairs(words: list[str]) -> set[tuple[str, str]]:
    """Consecutive words; pairs of short ones such as "of the" say nothing."""
    folded = [word.casefold() for word in words]
    pairs = pairwise(folded)
    return {(a, b) for a, b in pairs if len(a) > _SHORT or len(b) > _SHORT}
