"""Summaries: an exact distribution or the worlds of a sample in, what is said of sizes, losses and times out."""

from __future__ import annotations

import math
from typing import Final

import numpy

from riskgraph.simulation.draws import MICROSECONDS, UNKNOWN
from riskgraph.simulation.network import Floats, Ints, Longs
from riskgraph.simulation.results import EXCEEDANCE, LONGEST_PMF, QUANTILES, TAIL, Cost, Size, Time, Totals
from riskgraph.statistics import Z95, Interval, mean_interval

Mean = tuple[float, Interval | None]
"""A mean, and its interval where it is simulated."""

_QUARTILES: Final = (0.25, 0.5, 0.75)


def read_size(totals: Totals, sample: Ints | None, least: int, most: int) -> Size:
    """What is said of sizes: of an exact distribution, or of that of a ``sample`` between ``least`` and ``most``."""
    pairs = tuple(zip(totals.values.astype(int).tolist(), totals.probabilities.tolist(), strict=True))
    pairs = tuple(pair for pair in pairs if pair[1] > 0)
    return Size(
        method="exact" if sample is None else "simulated",
        mean=totals.mean(),
        interval=None if sample is None else sample_interval(sample.astype(numpy.float64), least, most),
        quantiles=tuple((share, int(totals.quantile(share))) for share in QUANTILES),
        pmf=pairs if len(pairs) <= LONGEST_PMF else None,
    )


def read_cost(totals: Totals, sample: Floats | None, mean: Mean, most: float) -> Cost:
    """What is said of losses: of an exact distribution, or of that of a ``sample`` that is at most ``most``."""
    value_at_risk, shortfall = totals.quantile(TAIL), totals.shortfall()
    border = tail = None
    if sample is not None:
        border = order_interval(numpy.sort(sample), TAIL)
        over = numpy.maximum(sample - value_at_risk, 0)
        low, high = sample_interval(over, 0, most - value_at_risk)
        tail = (value_at_risk + low / (1 - TAIL), min(most, value_at_risk + high / (1 - TAIL)))
    return Cost(
        mean_method="exact" if mean[1] is None else "simulated",
        mean=mean[0],
        interval=mean[1],
        method="exact" if sample is None else "simulated",
        var95=value_at_risk,
        var95_interval=border,
        es95=shortfall,
        es95_interval=tail,
        quantiles=tuple((share, totals.quantile(share)) for share in QUANTILES),
        exceedance=tuple((totals.quantile(1 - share), share) for share in EXCEEDANCE),
    )


def read_times(risks: Ints, times: Longs) -> dict[int, Time]:
    """What is said of arrivals, by risk; ``times`` are microseconds or ``UNKNOWN``."""
    order = numpy.lexsort((times, risks))
    risks, times = risks[order], times[order]
    found, first = numpy.unique(risks, return_index=True)
    groups = numpy.split(times, first[1:])
    return {int(risk): _read_time(group) for risk, group in zip(found, groups, strict=True)}


def _read_time(arrivals: Longs) -> Time:
    """What is said of sorted arrivals; a quartile is the smallest one that so many do not exceed."""
    known = arrivals[arrivals != UNKNOWN] / MICROSECONDS
    unknown = 1 - len(known) / len(arrivals)
    if not len(known):
        return Time(None, None, None, None, None, unknown, 0)
    q1, median, q3 = (float(known[math.ceil(share * len(known)) - 1]) for share in _QUARTILES)
    return Time(q1, median, q3, float(known.mean()), order_interval(known, 0.5), unknown, len(known))


def sample_interval(values: Floats, low: float, high: float) -> Interval:
    """The 95 % interval of the mean of what the values are a sample of, as ``statistics.mean_interval`` says."""
    variance = float(values.var(ddof=1)) if len(values) > 1 else 0.0
    return mean_interval(float(values.mean()), variance, len(values), low, high)


def order_interval(values: Floats, share: float) -> Interval | None:
    """The 95 % interval of a quantile between two of the sorted values, or None where they are too few.

    The number of values below a quantile is binomial; its ranks are taken from the normal approximation, rounded
    outward (Conover, 1999, section 3.2).
    """
    n = len(values)
    half = Z95 * math.sqrt(n * share * (1 - share))
    first, last = math.floor(n * share - half) - 1, math.ceil(n * share + half)
    if first < 0 or last >= n:
        return None
    return float(values[first]), float(values[last])
