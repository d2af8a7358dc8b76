"""The second question: recorded occurrences and a registered likelihood in, whether the one fits the other out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from riskgraph.audit.question import RateEvidence, Verdict
from riskgraph.durations import YEAR, format_duration
from riskgraph.fields import instant
from riskgraph.matching.observed import Evidence
from riskgraph.statistics import PRIOR_EVENTS, at_least, at_most, rate_interval, say_evidence

if TYPE_CHECKING:
    from riskgraph.history import History
    from riskgraph.matching.observed import Match

SIGNIFICANCE: Final = 0.05
"""One-sided: how unlikely the count has to be before a likelihood is called wrong."""


def count_occurrences(match: Match, history: History) -> tuple[int, timedelta, str]:
    """How often the root materialised, in which window, and where that is said; this incident included.

    The window is the review's period, else what lies between the risk's first date and the start.
    """
    root, start = match.root, match.pir.started_at
    if match.occurrences:
        window, source = match.occurrences[1], "review"
    else:
        first = history.first[("risk", root)]
        risk = match.graph.risks[root]
        since = min(instant(risk.since), first.revision.effective) if risk.since else first.revision.effective
        window, source = instant(start) - since, "register"
    recorded = [
        incident
        for incident in match.graph.incidents.values()
        if incident.type == "incident"
        and incident.risk == root
        and incident.id != match.pir.incident_id
        and start - window <= instant(incident.started_at) <= start
    ]
    n = len(recorded) + (match.pir.kind == "incident")
    if match.occurrences and match.occurrences[0] > n:
        return match.occurrences[0], window, source
    return n, window, "register" if recorded else source


def audit_probability(match: Match, history: History) -> Verdict:
    """Was the probability right? A zero-truncated Poisson test against the band after mitigations.

    Zero-truncated, since the review exists only because the risk materialised.
    """
    graph, root = match.graph, match.root
    band = graph.band(root) if root in graph.risks else None
    if match.pir.kind == "external":
        return Verdict("not_applicable", (Evidence("it happened elsewhere: no occurrence of ours", "kind"),))
    if band is None:
        why = "has no likelihood" if root in graph.risks else "was not in the register"
        return Verdict("not_applicable", (Evidence(f"{root} {why}", f"risk {root}"),))
    n, window, source = count_occurrences(match, history)
    years = max(window / YEAR, 1e-9)
    factor = graph.rate_factor(root)
    low, high, rate = (value * factor for value in (band.low, band.high, band.value))
    shown = format_duration(window) if source == "review" else f"{window / timedelta(days=1):.0f} days"
    where = f"risk {root} and its recorded incidents" if source == "register" else match.source(*match.counted_at)
    evidence = [Evidence(f"n = {n} in {shown} ({years:.3g} year{'' if f'{years:.3g}' == '1' else 's'})", where)]
    if rate > 0:
        interval = rate_interval(n, years, rate)
        said = say_evidence(rate, interval, n, years)
        text = (
            f"{said} (occurrences a year after mitigations; 95 % Gamma-Poisson interval, "
            f"the expert counts as {PRIOR_EVENTS:g} occurrence)"
        )
        evidence.append(RateEvidence(text, f"risk {root}", interval))
    evidence.append(Evidence(f"band after mitigations: {low:.3g} to {high:.3g} a year", f"risk {root}"))
    if n <= 1:
        return Verdict("unknown", (*evidence, Evidence("one occurrence says nothing about a rate", "rule n = 1")))
    if high <= 0 or at_least(n, high * years) < SIGNIFICANCE:
        return Verdict("underestimated", tuple(evidence))
    if low > 0 and at_most(n, low * years) < SIGNIFICANCE:
        return Verdict("overestimated", tuple(evidence))
    return Verdict("yes", tuple(evidence))
