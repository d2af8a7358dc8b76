"""The last three questions: mitigations, indicators and escalation as of the start in, what became of them out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from riskgraph.audit.question import Verdict
from riskgraph.durations import format_duration
from riskgraph.matching.observed import Evidence

if TYPE_CHECKING:
    from riskgraph.diff import Diff
    from riskgraph.matching.observed import Match


def audit_mitigations(match: Match, diff: Diff) -> Verdict:
    """Did the mitigations work? Those of the root, of cascades that fired or were blocked, and those answered for."""
    graph, external = match.graph, match.pir.kind == "external"
    on_root = {edge.mitigation for edge in graph.mitigates.get(match.root, ())}
    blocked = {m for prediction in diff.predictions if prediction.verdict == "blocked" for m in prediction.blocked_by}
    tried = [(p.from_, p.to) for p in diff.predictions if p.verdict in {"fired", "blocked"}]
    on_cascades = {block.mitigation for pair in tried for block in graph.blocks.get(pair, ())}
    fired = {(p.from_, p.to) for p in diff.predictions if p.verdict == "fired"}
    failed = {block.mitigation for pair in fired for block in graph.blocks.get(pair, ())}
    if match.pir.kind == "incident":
        failed |= on_root
    relevant = set(match.mitigations) if external else on_root | on_cascades | set(match.mitigations)
    if external and not relevant:
        return Verdict("not_applicable", (Evidence("it happened elsewhere: no trial of our mitigations", "kind"),))
    if not match.snapshot.is_known:
        return Verdict("unknown", (Evidence("nothing was recorded or declared before the start", "history"),))
    items = [_mitigation_item(id_, match, on_root, blocked, failed) for id_ in sorted(relevant)]
    outcomes = [item["outcome"] for item in items]
    known = [outcome for outcome in outcomes if outcome != "unknown"]
    if not items:
        verdict = "none_mapped"
    elif not known:
        verdict = "unknown"
    elif all(outcome == "held" for outcome in known):
        verdict = "yes"
    elif not {"held", "partly"} & set(known):
        verdict = "no"
    else:
        verdict = "partially"
    evidence = [Evidence(_mitigation_sentence(item), _answer_source(item, match)) for item in items]
    if not items:
        evidence.append(Evidence(f"no mitigation was mapped on {match.root}", f"risk {match.root}"))
    if on_root & relevant:
        held = sum(item["outcome"] == "held" and item["on_root"] for item in items)
        evidence.append(Evidence(f"on the root: {held} of {len(on_root & relevant)} held", f"risk {match.root}"))
    return Verdict(verdict, tuple(evidence), tuple(items))


def audit_indicators(match: Match) -> Verdict:
    """Did the indicators fire in time? Those of the root; those of the other risks are evidence."""
    graph, pir = match.graph, match.pir
    mapped = sorted({edge.indicator for edge in graph.watches.get(match.root, ())})
    if pir.kind == "external":
        mapped = [indicator for indicator in mapped if indicator in match.indicators]
        if not mapped:
            return Verdict("not_applicable", (Evidence("it happened elsewhere: no trial of our indicators", "kind"),))
    if not match.snapshot.is_known:
        return Verdict("unknown", (Evidence("nothing was recorded or declared before the start", "history"),))
    items, evidence = [], []
    for id_ in mapped:
        item, why = _indicator_item(id_, match)
        items.append(item)
        evidence.append(why)
    evidence += _other_indicators(match, mapped)
    outcomes = {item["outcome"] for item in items}
    if not items:
        verdict = "none_mapped"
        evidence.insert(0, Evidence(f"no indicator watched {match.root}", f"risk {match.root}"))
    elif "in_time" in outcomes:
        verdict = "yes"
    elif "too_late" in outcomes:
        verdict = "too late"
    else:
        verdict = "no" if "silent" in outcomes else "unknown"
    return Verdict(verdict, tuple(evidence), tuple(items))


def audit_escalation(match: Match) -> Verdict:
    """Did escalation work? The time of it against the risk's limit, counted from detection."""
    pir = match.pir
    if pir.kind == "external" and pir.escalation_at is None:
        return Verdict("not_applicable", (Evidence("it happened elsewhere: no trial of our escalation", "kind"),))
    risk = match.graph.risks.get(match.root)
    rule = risk.escalation if risk else None
    if rule is None or rule.within is None:
        return Verdict("unknown", (Evidence(f"{match.root} had no escalation limit", f"risk {match.root}"),))
    limit = f"{rule.to or 'somebody'} within {format_duration(rule.within)}"
    evidence = [Evidence(f"the register asked for {limit}", f"risk {match.root}")]
    if pir.escalation_at is None:
        evidence.append(Evidence("the review gives no time of escalation", match.source("escalation")))
        return Verdict("unknown", tuple(evidence))
    detected = pir.started_at + (pir.detection_time or timedelta())
    counted = "detection" if pir.detection_time is not None else "the start (detection is unknown)"
    took = pir.escalation_at - detected
    shown = format_duration(abs(took)) + (" before" if took < timedelta() else " after")
    where = ("escalation",) if pir.escalation_to else ("response", "escalation_appropriate")
    evidence.append(Evidence(f"escalated {shown} {counted}", match.source(*where)))
    if pir.escalation_to and rule.to and pir.escalation_to.casefold() != rule.to.casefold():
        evidence.append(Evidence(f"{pir.escalation_to} was told, not {rule.to}", match.source("escalation")))
    return Verdict("yes" if took <= rule.within else "no", tuple(evidence))


def _other_indicators(match: Match, mapped: list[str]) -> list[Evidence]:
    """What became of the indicators of the other risks that were reached."""
    found = []
    for risk in match.reached[1:]:
        for edge in match.graph.watches.get(risk, ()):
            if edge.indicator not in mapped:
                answer = match.indicators.get(edge.indicator)
                said = (answer.fired or "no answer") if answer else "no answer"
                text = f"{edge.indicator} watches {risk}: {said.replace('_', ' ')}"
                found.append(Evidence(text, f"indicator {edge.indicator}"))
    return found


def _mitigation_item(id_: str, match: Match, on_root: set[str], blocked: set[str], failed: set[str]) -> dict[str, Any]:
    mitigation = match.graph.mitigations.get(id_)
    answer = match.mitigations.get(id_)
    claimed = answer.worked if answer else None
    overdue = None
    if mitigation is None or mitigation.status != "implemented":
        outcome = "not_in_place"
        if mitigation and mitigation.due and mitigation.status in {"planned", "in_progress"}:
            overdue = max(0, (match.pir.started_at.date() - mitigation.due).days)
    elif claimed is not None:
        outcome = claimed
    elif id_ in blocked:
        outcome = "held"
    else:
        outcome = "failed" if id_ in failed else "unknown"
    return {
        "id": id_,
        "name": mitigation.name if mitigation else None,
        "outcome": outcome,
        "claim": claimed,
        "status": mitigation.status if mitigation else None,
        "due": mitigation.due.isoformat() if mitigation and mitigation.due else None,
        "overdue_days": overdue,
        "on_root": id_ in on_root,
    }


def _mitigation_sentence(item: dict[str, Any]) -> str:
    text = f"{item['id']} {item['outcome'].replace('_', ' ')}"
    if item["outcome"] == "not_in_place":
        text += f" ({item['status'] or 'not in the register then'}"
        if item["overdue_days"]:
            text += f", {item['overdue_days']} days overdue"
        text += ")"
    if item["claim"] and item["claim"] != item["outcome"]:
        text += f"; the review says {item['claim'].replace('_', ' ')}"
    return text


def _answer_source(item: dict[str, Any], match: Match) -> str:
    answer = match.mitigations.get(item["id"])
    return match.source(*answer.loc) if answer else f"mitigation {item['id']}"


def _indicator_item(id_: str, match: Match) -> tuple[dict[str, Any], Evidence]:
    """What became of one indicator of the root: the review's answer, else the delay of detection."""
    pir, indicator = match.pir, match.graph.indicators[id_]
    answer = match.indicators.get(id_)
    at: datetime | None = answer.at if answer else None
    limit, named = indicator.detects_within, "detects_within"
    if limit is None:
        limit, named = pir.expected_detection, "expected_detection"
    took = pir.detection_time
    if took is None and at is not None:
        took = max(at - pir.started_at, timedelta())
    if answer and answer.fired:
        outcome = answer.fired
        why = Evidence(f"{id_} {outcome.replace('_', ' ')}, says the review", match.source(*answer.loc))
    elif took is not None and limit is not None:
        outcome = "in_time" if took <= limit else "too_late"
        text = f"{id_}: detected after {format_duration(took)}, {named} {format_duration(limit)}"
        why = Evidence(text, match.source("detection", "detection_time"))
    else:
        outcome = "unknown"
        missing = "detection_time" if took is None else "detects_within"
        why = Evidence(f"{id_}: {missing} is not known", f"indicator {id_}")
    item = {"id": id_, "name": indicator.name, "outcome": outcome, "at": at.isoformat() if at else None}
    return item, why
