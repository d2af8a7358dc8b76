"""Definitions: a metric's name in, what it is, its formula, where it comes from and what it needs out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from riskgraph.errors import UsageError
from riskgraph.validation import closest


@dataclass(frozen=True)
class Definition:
    """What a metric is. ``docs/metrics.md`` says the same; a test holds the one to the other."""

    name: str
    title: str
    says: str
    formula: str
    source: str
    needs: str


DEFINITIONS: Final[dict[str, Definition]] = {
    one.name: one
    for one in (
        Definition(
            "in_register",
            "Incidents in the register",
            "The share of incidents whose root was in the register, by the graph as known at their start.",
            "k roots known / n incidents of kind incident of which it can be told",
            "Wilson score interval, 95 % (Wilson, 1927)",
            "a register recorded or declared before the incidents; no reviews",
        ),
        Definition(
            "probability_gap",
            "Predicted and actual probability",
            "How many occurrences the register let expect in the window, less how many there were.",
            "sum over registered risks of the integral of the current rate, minus the occurrences of estimated roots; "
            "brier = mean of (p - happened)^2 over risk-years, p = 1 - exp(-rate * t) at the start of each",
            "exact Poisson interval of the count (Garwood, 1936); Brier, 1950; Murphy, 1973; Stephenson et al., 2008",
            "likelihoods, risks without one are left out and counted; occurrences that do not come in clusters",
        ),
        Definition(
            "cascades_predicted",
            "Cascades predicted",
            "The share of observed steps that were mapped at the start; indirect ones count as not mapped.",
            "k steps mapped / n steps; precision = fired / (fired + not fired) over mapped cascades that were tried",
            "Wilson score interval, 95 % (Wilson, 1927), as if steps of one incident were independent",
            "reviews; precision needs checked_not_affected in them",
        ),
        Definition(
            "mitigations_worked",
            "Mitigations that worked",
            "The share of challenged mitigations that held, in incidents and near misses.",
            "held / (held + partly + failed); not in place is a class of its own, unknown is left out",
            "Wilson score interval, 95 % (Wilson, 1927)",
            "reviews, and mitigations mapped at the start",
        ),
        Definition(
            "detection",
            "Detection against what was expected",
            "How much later than expected incidents and near misses were noticed.",
            "median, quartiles and mean of actual minus expected; within = the share that is not later. Expected is "
            "the review's expected_detection, else the smallest detects_within of the root's indicators",
            "quantiles of type 7 (Hyndman and Fan, 1996); interval of the median by order statistics (Hettmansperger "
            "and Sheather, 1986), of the share by Wilson; the mean of few delays has none that holds",
            "detection_time in the reviews, and an expectation in the review or the register",
        ),
        Definition(
            "unseen",
            "Risks that nobody has written down",
            "How likely the next incident's root is one that nobody has written down, and how many risks there may be.",
            "Good-Turing: roots that were not in the register and were seen once / incidents (next_is_new: all roots "
            "seen once / incidents); Chao1: seen + (n - 1) / n * f1 (f1 - 1) / (2 (f2 + 1)), f1 and f2 being the roots "
            "seen once and twice",
            "Good, 1953, with a score interval of the variance of Esty, 1983; Chao, 1984, with her log-normal interval "
            "of 1987",
            "incidents that are independent draws of one stable set of risks; growing systems have more",
        ),
        Definition(
            "claims",
            "Claims against verdicts",
            "How often the reviews' own answers are those of the evidence, beyond chance.",
            "Cohen's kappa = (agreement - chance) / (1 - chance) for each question",
            "Cohen, 1960; interval of the agreement by Wilson, beyond the chance of these answers",
            "reviews with an answer to the question, not always the same, and evidence that decides it",
        ),
        Definition(
            "calibration",
            "Calibration",
            "Whether what was called likely happened often: forecasts of risk-years against what came of them.",
            "brier = mean of (p - happened)^2 = reliability - resolution + uncertainty + within; skill = 1 - brier / "
            "uncertainty; p = 1 - exp(-rate * t), by the rate as known at the start of each risk-year",
            "Brier, 1950; Murphy, 1973; Stephenson, Coelho and Jolliffe, 2008",
            "likelihoods, and a window of about a year or more",
        ),
        Definition(
            "learning",
            "Does the loop learn",
            "Each incident scored by the map of its day and by the first map, frozen.",
            "difference of recall over steps, and of mean surprise in bits; positive where learning helped",
            "paired bootstrap over incidents, 95 % percentiles (Efron, 1979), expanded (Hesterberg, 2015), seeded",
            "reviews with steps or checks, a first map from before them, and incidents after it has changed",
        ),
    )
}
"""Every metric that can be explained."""


def find_definition(name: str) -> Definition:
    """The definition of a metric.

    Raises:
        UsageError: there is none; the message says which there are.
    """
    found = DEFINITIONS.get(name.replace("-", "_"))
    if found is None:
        near = closest(name, list(DEFINITIONS))
        hint = f"did you mean {near}? " if near else ""
        raise UsageError(f"there is no metric {name!r}: {hint}there are {', '.join(DEFINITIONS)}")
    return found
