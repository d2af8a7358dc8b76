"""Proposed likelihoods: what a review says outright, or what its counts show, in; a changed likelihood out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from riskgraph.audit.probability import count_occurrences
from riskgraph.durations import YEAR
from riskgraph.matching.instructions import SetLikelihood
from riskgraph.parts import PerYear, ProbabilityOver
from riskgraph.proposal.wording import instructions_in
from riskgraph.statistics import rate_mean

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.graph import RiskGraph
    from riskgraph.proposal.draft import Draft

ANSWERS = ("probability_accurate",)


def propose_likelihood(audit: Audit, draft: Draft) -> None:
    """An instruction with a number counts; without one, a count that the band does not explain."""
    match = audit.diff.match
    loc = ("risk_process_audit", "probability_accurate", "action")
    told = [step for step in instructions_in(audit, draft, loc) if isinstance(step, SetLikelihood)]
    for instruction in told:
        risk = draft.graph.risks.get(instruction.risk or draft.risk_id(match.root) or "")
        if risk is None:
            continue
        value = _told(instruction, risk.likelihood, draft.graph)
        if value is None:
            draft.remark(
                f"{match.pir.incident_id}: {risk.id}: {instruction.clause!r} does not fit how its likelihood is given"
            )
        else:
            draft.change(risk, {"likelihood": value}, audit, loc, "explicit", answers=ANSWERS)
    if not told:
        _propose_from_count(audit, draft)


def _told(instruction: SetLikelihood, current: object, graph: RiskGraph) -> Any:
    """The likelihood that an instruction means, in the way in which the risk's is given."""
    value = instruction.value
    if instruction.is_score:
        scored = isinstance(current, int) or (current is None and graph.header.scale is not None)
        return int(value) if scored else None
    match current:
        case ProbabilityOver(horizon=horizon):
            return {"probability": value, "horizon": horizon}
        case PerYear():
            return {"per_year": value}
        case _:
            return None


def _propose_from_count(audit: Audit, draft: Draft) -> None:
    """The rate that register and count give together (Gamma-Poisson), where the test says that the band is wrong."""
    match, question = audit.diff.match, audit.questions["probability_accurate"]
    risk = draft.graph.risks.get(match.root)
    then = match.graph.band(match.root) if match.root in match.graph.risks else None
    if risk is None or then is None or question.verdict not in {"underestimated", "overestimated"}:
        return
    factor = match.graph.rate_factor(match.root)
    if then.value * factor <= 0:  # No count makes a rate of what was held to be impossible: a person has to.
        return
    n, window, _ = count_occurrences(match, draft.history)
    rate = rate_mean(n, max(window / YEAR, 1e-9), then.value * factor) / factor
    value: Any = {"per_year": float(f"{rate:.3g}")}
    scale = draft.graph.header.scale
    if isinstance(risk.likelihood, int) and scale:
        value = scale.likelihood_score(rate)
        if value is None or value == risk.likelihood:
            return
        if (value > risk.likelihood) != (question.verdict == "underestimated"):
            return
    text = question.result.evidence[0].text
    draft.change(risk, {"likelihood": value}, audit, match.counted_at, "derived", answers=ANSWERS, text=text)
