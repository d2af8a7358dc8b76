"""Shares and delays: judged incidents in, four of the method's five metrics out.

Each reads what the incident keeps of its review and the graph as known at its start. What cannot be told is left out
of a number and named beside it.
"""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import (
    MINIMUM,
    OWN,
    Item,
    Metric,
    count_outcomes,
    median_interval,
    quantile,
    share,
    share_data,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

    from riskgraph.metrics.judged import Judged

_YES: Final = frozenset({"yes"})
_MAPPED: Final = frozenset({"mapped"})
_FIRED: Final = frozenset({"fired"})
_HELD: Final = frozenset({"held"})
_WITHIN: Final = frozenset({"within"})
_APART: Final = "not_in_place"


def in_register(judged: Sequence[Judged]) -> Metric:
    """How many roots were in the register before the start, among incidents of kind incident."""
    words = {True: "yes", False: "no", None: None}
    items = tuple(
        Item(one, one.incident.risk or "a risk that nobody took up", words[one.known], _root_sealed(one))
        for one in judged
    )
    return Metric("in_register", items, frozenset({"incident"}), lambda some: share_data(share(some, _YES)))


def cascades_predicted(judged: Sequence[Judged]) -> Metric:
    """How many observed steps were mapped before the start, and of the cascades tried how many fired.

    What happened elsewhere is evidence apart: it is in the split by kind only.
    """
    items = tuple(item for one in judged for item in _cascade_items(one))
    return Metric("cascades_predicted", items, OWN, _summarise_cascades)


def mitigations_worked(judged: Sequence[Judged]) -> Metric:
    """How many mitigations that were challenged held; those that were not in place are a class of their own."""
    items = tuple(
        Item(
            one,
            test.mitigation,
            None if test.outcome == "unknown" else test.outcome,
            one.is_sealed(("mitigation", test.mitigation)),
            is_apart=test.outcome == _APART,
        )
        for one in judged
        for test in one.incident.tested
    )
    return Metric("mitigations_worked", items, OWN, _summarise_mitigations)


def detection(judged: Sequence[Judged]) -> Metric:
    """How much later than expected it was noticed, in seconds; negative where it was earlier."""
    items = []
    for one in judged:
        actual, expected = one.incident.detected_after, _expected(one)
        if actual is None or expected is None:
            missing = "detection time" if actual is None else "expected detection"
            items.append(Item(one, f"no {missing}", None))
            continue
        late = (actual - expected).total_seconds()
        sealed = None if one.incident.expected_detection is not None else _root_sealed(one)
        items.append(Item(one, one.incident.risk or "", "late" if late > 0 else "within", sealed, late))
    return Metric("detection", tuple(items), OWN, _summarise_detection)


def _cascade_items(one: Judged) -> Iterator[Item]:
    for what, verdict in one.steps():
        ends = what.split(" -> ")
        keys = [("cascade", *ends)] if verdict == "mapped" else [("risk", end) for end in ends]
        told = None if verdict == "unknown" else verdict
        yield Item(one, what, told, one.is_sealed(*keys), part="step")
    if not one.is_reviewed:
        yield Item(one, "not reviewed", None, part="step")
    for pair, outcome in one.trials():
        yield Item(one, " -> ".join(pair), outcome, one.is_sealed(("cascade", *pair)), part="trial", is_apart=True)


def _summarise_cascades(items: Sequence[Item]) -> dict[str, Any]:
    steps = [item for item in items if item.part == "step"]
    trials = [item for item in items if item.part == "trial" and item.outcome != "blocked"]
    verdicts = ("mapped", "indirect", "reversed", "unmapped", "new_risk")
    return {
        **share_data(share(steps, _MAPPED)),
        "precision": share_data(share(trials, _FIRED)),
        "verdicts": count_outcomes(steps, dict(zip(verdicts, verdicts, strict=True))),
    }


def _summarise_mitigations(items: Sequence[Item]) -> dict[str, Any]:
    proportion = share([item for item in items if item.outcome != _APART], _HELD)
    outcomes = ("partly", "failed", _APART)
    counts = count_outcomes(items, dict(zip(outcomes, outcomes, strict=True)))
    return {**share_data(proportion), "held": proportion.k, "challenged": proportion.n, **counts}


def _summarise_detection(items: Sequence[Item]) -> dict[str, Any]:
    late = [item.value for item in items if item.value is not None]
    enough = len(late) >= MINIMUM
    interval = median_interval(late)
    return {
        "median": quantile(late, 0.5) if enough else None,
        "interval": list(interval) if interval else None,
        "q1": quantile(late, 0.25) if enough else None,
        "q3": quantile(late, 0.75) if enough else None,
        "mean": fmean(late) if enough else None,
        "share_within": share_data(share(items, _WITHIN)),
        "n": len(late),
    }


def _expected(one: Judged) -> timedelta | None:
    """When it should have been noticed: as the review says, else by the quickest indicator of the root."""
    if one.incident.expected_detection is not None:
        return one.incident.expected_detection
    graph = one.snapshot.graph
    limits = [
        graph.indicators[watch.indicator].detects_within for watch in graph.watches.get(one.incident.risk or "", ())
    ]
    return min((limit for limit in limits if limit is not None), default=None)


def _root_sealed(one: Judged) -> bool | None:
    return one.is_sealed(*([("risk", one.incident.risk)] if one.incident.risk else []))
