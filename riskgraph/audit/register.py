"""The first and third question: what was recorded of root and cascades before the start in, verdicts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.audit.question import Verdict
from riskgraph.diff import trials
from riskgraph.fields import instant, parse_moment
from riskgraph.history import short_commit
from riskgraph.matching.observed import Evidence
from riskgraph.statistics import say_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from riskgraph.diff import Diff
    from riskgraph.history import History
    from riskgraph.matching.observed import Match


def audit_register(match: Match, history: History) -> Verdict:
    """Was the root in the register before the start? By the graph as of then, not as of now."""
    root, snapshot, key = match.root, match.snapshot, ("risk", match.root)
    if root in snapshot.graph.risks:
        if key in snapshot.declared:
            how = f"declared: identified {snapshot.graph.risks[root].since}, recorded later"
        else:
            sealed = snapshot.is_sealed((key,))
            where = _where(snapshot.revision, snapshot.commit)
            by = "sealed by" if sealed and snapshot.commit else "in"
            how = f"{'recorded' if sealed else 'declared'} before the start, {by} {where}"
        return Verdict("yes", (Evidence(f"{root} was {how}", f"risk {root}"),))
    origin = history.first.get(key)
    if origin is None:
        if not snapshot.is_known:
            return Verdict("unknown", (Evidence("nothing was recorded or declared before the start", "history"),))
        return Verdict("no", (Evidence(f"{root} was in no revision before the start", "history"),))
    since = origin.edit.set.get("since")
    added = instant(parse_moment(since)) if since else origin.revision.effective
    days = (added.astimezone(match.pir.zone).date() - match.pir.started_at.date()).days
    source = _where(origin.revision.number, history.commits.get(origin.revision.number))
    if snapshot.revision or since:
        unit = "day" if days == 1 else "days"
        return Verdict("no", (Evidence(f"{root} was added {days} {unit} after", source),))
    return Verdict("unknown", (Evidence(f"{root} was recorded {days} days after, and no date was declared", source),))


def _where(revision: int, commit: str | None) -> str:
    return f"commit {short_commit(commit)}" if commit else f"revision {revision}"


def _tried(match: Match, diff: Diff) -> Iterator[Evidence]:
    """What earlier trials of each mapped cascade that was tried say of its probability."""
    for one in diff.predictions:
        if one.interval is not None and one.verdict != "unknown":
            _, n = trials(one.from_, one.to, match.graph, without=match.pir.incident_id)
            text = f"{one.from_} -> {one.to}: {say_evidence(one.probability, one.interval, n)}"
            yield Evidence(text, f"cascade {one.from_} -> {one.to}")


def audit_cascades(match: Match, diff: Diff) -> Verdict:
    """Were the cascades predicted? Over the steps between risks that were known."""
    graph = match.graph
    known = [result.verdict == "mapped" for result in diff.steps if result.verdict != "new_risk"]
    said = {"new_risk": "new_risk, which no map could predict: not counted here"} if known else {}
    evidence = tuple(
        Evidence(
            f"{result.step.from_} -> {result.step.to}: {said.get(result.verdict, result.verdict)}",
            result.step.evidence[0].source,
        )
        for result in diff.steps
    )
    evidence += tuple(_tried(match, diff))
    items = tuple({"from": result.step.from_, "to": result.step.to, "verdict": result.verdict} for result in diff.steps)
    if not match.snapshot.is_known:
        return Verdict("unknown", (Evidence("nothing was recorded or declared before the start", "history"),), items)
    if known:
        verdict = "yes" if all(known) else "partially" if any(known) else "no"
    elif not diff.steps:
        verdict = "yes" if match.root in graph.risks else "unknown"
        evidence = (Evidence("no step was observed", f"risk {match.root}"),)
    elif any(result.step.from_ in graph.risks for result in diff.steps):
        verdict = "no"
    else:
        verdict = "not_applicable"
    return Verdict(verdict, evidence, items)
