"""Proposing: audits and the history in, a proposal of edits out.

Judged by the graph of then, proposed against the graph of today. Every rule here names what a review has to say for
an edit to follow; nothing is ever proposed for removal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskgraph.diff import trials, verdict_on
from riskgraph.edits import canonical
from riskgraph.graph import title
from riskgraph.matching.observed import resolve
from riskgraph.matching.similar import suggest
from riskgraph.model import Action, Cascade, Risk
from riskgraph.parts import Escalation
from riskgraph.proposal.defences import propose_indicators, propose_mitigations
from riskgraph.proposal.draft import Draft
from riskgraph.proposal.file import Decided, Proposal, Unanswered
from riskgraph.proposal.incident import actions_of, incident_of, shorten
from riskgraph.proposal.likelihood import propose_likelihood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.audit.audit import Audit
    from riskgraph.diff import StepResult
    from riskgraph.edits import Confidence
    from riskgraph.history import History
    from riskgraph.model import Element


def propose_edits(audits: Sequence[Audit], history: History, graph_id: str | None) -> Proposal:
    """The proposal that these audits make for today's graph; ``graph_id`` is None where no store is involved."""
    draft = Draft(history)
    for audit in audits:
        _propose_root(audit, draft)
        propose_likelihood(audit, draft)
        _propose_cascades(audit, draft)
        propose_mitigations(audit, draft)
        propose_indicators(audit, draft)
        _propose_escalation(audit, draft)
        _propose_incident(audit, draft)
        _suggest_cascades(audit, draft)
    return Proposal(
        graph_id,
        history.latest if graph_id is not None else None,
        tuple(dict.fromkeys(audit.diff.match.pir.incident_id for audit in audits)),
        tuple(Decided(edit) for edit in draft.edits),
        tuple(_unanswered(audits, draft)),
        tuple(draft.remarks),
    )


def _propose_root(audit: Audit, draft: Draft) -> None:
    """A root that is not in today's register is a new risk; similar ones are named, never taken."""
    match = audit.diff.match
    if draft.risk_id(match.root) is not None:
        return
    _add_risk(match.root, ("related_risk",), audit, draft, "explicit", "in_register")
    names = {risk.id: (risk.name, *risk.aliases) for risk in draft.graph.risks.values()}
    for similar in suggest(match.root, names):
        draft.remark(f"{match.pir.incident_id}: {match.root!r} may be {similar.id} ({similar.reason})")


def _add_risk(name: str, loc: Any, audit: Audit, draft: Draft, confidence: Confidence, question: str) -> str:
    match = audit.diff.match
    like = draft.risk_id(match.root)
    id_ = draft.name_risk(name, like)
    known = draft.history.first.get(("risk", id_))
    shown = known.edit.set["name"] if known else shorten(name)
    draft.add(Risk(id=id_, name=shown), audit, loc, confidence, answers=(question,))
    return id_


def _propose_cascades(audit: Audit, draft: Draft) -> None:
    """What happened and was not mapped is a cascade, as observed; so is, as a suggestion, an indirect one."""
    for result in audit.diff.steps:
        step = result.step
        verdict = result.verdict
        if verdict in {"unknown", "mapped"}:
            verdict, _ = verdict_on(resolve(step.from_, draft.graph), resolve(step.to, draft.graph), draft.graph)
            if result.verdict == "mapped" or verdict == "mapped":
                continue
        weak = step.source == "timeline" and not step.joined
        confidence: Confidence = "suggested" if weak or verdict == "indirect" else "explicit"
        ends = [
            draft.risk_id(end) or _add_risk(end, step.loc, audit, draft, confidence, "cascades_predicted")
            for end in step.pair
        ]
        cascade = _observed_cascade(ends, result, draft, audit.diff.match.pir.incident_id)
        text = step.evidence[0].text
        draft.add(cascade, audit, step.loc, confidence, answers=("cascades_predicted",), text=text)
        if verdict == "reversed":
            _suggest_look((ends[1], ends[0]), "the opposite was observed", audit, draft, step.loc)


def _observed_cascade(ends: Sequence[str], result: StepResult, draft: Draft, incident: str) -> Cascade:
    """A new cascade; its probability is ``(k + 1) / (n + 2)`` over its known trials, this one included (Laplace)."""
    k, n = trials(ends[0], ends[1], draft.graph, without=incident)
    values: dict[str, Any] = {"from": ends[0], "to": ends[1], "probability": (k + 2) / (n + 3)}
    if result.delay:
        values["delay"] = result.delay
    return Cascade.model_validate(values)


def _suggest_look(pair: tuple[str, str], why: str, audit: Audit, draft: Draft, loc: Any) -> None:
    """An action to look at a cascade again; a review never proposes its removal."""
    incident = audit.diff.match.pir.incident_id
    key = ("cascade", *pair)
    if key not in draft.graph:
        return
    text = f"Look at {title(key)} again: {why} in {incident}"
    known = {action.text for action in draft.graph.actions.values()}
    if text not in known:
        id_ = f"{incident}-L{pair[0]}-{pair[1]}"[:64]
        action = Action(id=id_, name=shorten(text), text=text, incident=incident, horizon="process_improvement")
        draft.add(action, audit, loc, "suggested")


def _propose_escalation(audit: Audit, draft: Draft) -> None:
    """An escalation gap changes the risk's escalation where the review states one."""
    match, question = audit.diff.match, audit.questions["escalation_worked"]
    risk = draft.graph.risks.get(draft.risk_id(match.root) or "")
    if question.gap is None or risk is None or match.pir.escalation_to is None:
        return
    current = risk.escalation or Escalation()
    escalation = current.model_copy(update={"to": match.pir.escalation_to})
    value = canonical("risk", "escalation", escalation)
    text = f"escalation to {match.pir.escalation_to}"
    answers = ("escalation_worked",)
    draft.change(risk, {"escalation": value}, audit, ("escalation",), "explicit", answers=answers, text=text)


def _propose_incident(audit: Audit, draft: Draft) -> None:
    """The incident with its evidence, and its actions; of one recorded before, what has changed since."""
    match = audit.diff.match
    incident = incident_of(audit, draft.graph, draft.risk_id)
    known = draft.graph.incidents.get(incident.id)
    loc, text = ("incident_id",), match.pir.incident_id
    if known is None:
        draft.add(incident, audit, loc, "explicit", text=text)
    elif (values := _changed(known, incident)).keys() - {"pir", "pir_digest"}:
        draft.change(known, values, audit, loc, "explicit", text=text)
        now = {(step.from_, step.to) for step in incident.reached}
        for step in known.reached:
            if (step.from_, step.to) not in now:
                _suggest_look((step.from_, step.to), "the review no longer lists it", audit, draft, loc)
    for action, source in zip(actions_of(audit), match.pir.actions, strict=True):
        before = draft.graph.actions.get(action.id)
        values = _changed(before, action) if before else {}
        values.pop("done_on", None)
        if before and values:
            draft.change(before, values, audit, source.loc, "explicit", answers=action.answers, text=source.text)
        else:
            draft.add(action, audit, source.loc, "explicit", answers=action.answers, text=source.text)


def _changed(before: Element, after: Element) -> dict[str, Any]:
    old, new = before.data(), after.data()
    return {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}


def _suggest_cascades(audit: Audit, draft: Draft) -> None:
    """Prose suggests: a risk named where words are not understood, or up to three similar ones, of which one may be."""
    match = audit.diff.match
    root = draft.risk_id(match.root)
    if root is None:
        return
    names = {risk.id: (risk.name, *risk.aliases) for risk in draft.graph.risks.values() if risk.id != root}
    targets = {draft.risk_id(end) for step in match.steps for end in step.pair}
    answers = ("cascades_predicted",)
    for hint, loc in match.hints:
        if hint in draft.graph.risks and ("cascade", root, hint) not in draft.graph:
            cascade = Cascade.model_validate({"from": root, "to": hint})
            draft.add(cascade, audit, loc, "suggested", answers=answers)
    for clause, loc in match.loose:
        found = suggest(clause, names)
        if not found or found[0].id in targets:
            continue
        choice = draft.choice(audit)
        for similar in found:
            if ("cascade", root, similar.id) not in draft.graph:
                cascade = Cascade.model_validate({"from": root, "to": similar.id})
                text = f"{clause} ({similar.reason})"
                draft.add(cascade, audit, loc, "suggested", answers=answers, oneof=choice, text=text)


def _unanswered(audits: Sequence[Audit], draft: Draft) -> list[Unanswered]:
    """The gaps that no edit of the proposal answers, and no reason on record."""
    found = []
    for audit in audits:
        incident = audit.diff.match.pir.incident_id
        answered = {question for edit in draft.edits if edit.incident == incident for question in edit.answers}
        answered |= {
            question
            for origin in draft.history.applied.values()
            if origin.edit.incident == incident
            for question in origin.edit.answers
        }
        for name, question in audit.questions.items():
            accepted = ("gap", incident, name, question.gap or "") in draft.history.decisions
            if question.gap and name not in answered and not accepted:
                found.append(Unanswered(question=name, gap=question.gap, incident=incident, reason=""))
    return found
