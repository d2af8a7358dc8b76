"""Statistics of few data: counts in, shares and rates with honest intervals out.

scipy is imported when an interval needs a quantile of a beta or gamma distribution, and not before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Interval = tuple[float, float]
Real = TypeVar("Real", bound=Any)
"""A number, or an array of numbers."""

Z95: Final = 1.959963984540054
PRIOR_TRIALS: Final = 2.0
"""How many trials a mapped probability counts for against what was observed."""
PRIOR_EVENTS: Final = 1.0
"""How many occurrences a registered rate counts for against what was observed."""


@dataclass(frozen=True)
class Proportion:
    """``k`` of ``n``, with its 95 % Wilson interval."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None where there is nothing to share."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % score interval (Wilson, 1927), which holds for small counts; None where n is 0."""
        return share_interval(self.k / self.n, self.n) if self.n else None

    def data(self) -> dict[str, Any]:
        """The JSON form: value, k, n, interval."""
        interval = list(self.interval) if self.interval else None
        return {"value": self.value, "k": self.k, "n": self.n, "interval": interval}


def share_interval(share: float, n: float) -> Interval:
    """The 95 % score interval (Wilson, 1927) of a share that ``n`` independent draws gave; ``n`` may be a fraction."""
    z2 = Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, centre - half) if share > 0 else 0.0, min(1.0, centre + half) if share < 1 else 1.0


def probability_interval(k: float, n: float, prior: float | None, strength: float = PRIOR_TRIALS) -> Interval:
    """The 95 % interval of a cascade's probability after ``k`` of ``n`` trials (Beta-Binomial).

    The map's value is the prior, worth ``strength`` trials; without one the prior is uniform.
    """
    from scipy.special import betaincinv

    mean, strength = (0.5, 2.0) if prior is None else (min(max(prior, 1e-6), 1 - 1e-6), strength)
    a, b = mean * strength + k, (1 - mean) * strength + n - k
    return float(betaincinv(a, b, 0.025)), float(betaincinv(a, b, 0.975))


def rate_interval(n: int, years: float, prior: float, strength: float = PRIOR_EVENTS) -> Interval:
    """The 95 % interval of a yearly rate after ``n`` occurrences in ``years`` (Gamma-Poisson).

    The registered rate is the prior, worth ``strength`` occurrences.
    """
    from scipy.special import gammaincinv

    shape, scale = strength + n, 1 / (strength / prior + years)
    return float(gammaincinv(shape, 0.025)) * scale, float(gammaincinv(shape, 0.975)) * scale


def rate_mean(n: int, years: float, prior: float, strength: float = PRIOR_EVENTS) -> float:
    """The mean of the rate whose interval ``rate_interval`` gives."""
    return (strength + n) / (strength / prior + years)


def at_least(n: int, expected: float) -> float:
    """P(N >= n | N >= 1) for a Poisson count with mean ``expected`` > 0 (zero-truncated); n >= 1."""
    from scipy.special import gammainc

    return float(gammainc(n, expected)) / -math.expm1(-expected)


def at_most(n: int, expected: float) -> float:
    """P(N <= n | N >= 1) for a Poisson count with mean ``expected`` > 0 (zero-truncated); n >= 1."""
    from scipy.special import gammaincc

    zero = math.exp(-expected)
    return (float(gammaincc(n + 1, expected)) - zero) / (1 - zero)


def count_interval(n: int) -> Interval:
    """The exact 95 % interval of the mean of a Poisson count (Garwood, 1936)."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(n, 0.025)) if n else 0.0
    return low, float(gammaincinv(n + 1, 0.975))


def mean_interval(mean: float, variance: float, n: int, low: float, high: float) -> Interval:
    """The 95 % interval of the mean of ``n`` independent values between ``low`` and ``high``.

    It is the empirical Bernstein bound (Maurer and Pontil, 2009, theorem 4) on both sides: it holds for every ``n`` and
    every distribution, and has width also where all values were equal. ``variance`` is that of the sample.
    """
    half = mean_half_width(variance, n, high - low)
    return max(low, mean - half), min(high, mean + half)


def mean_half_width(variance: Real, n: int, width: Real) -> Real:
    """Half the interval of :func:`mean_interval`, of numbers or of arrays; values lie within ``width``."""
    if n < 2:  # noqa: PLR2004 - the bound divides by n - 1
        return width
    odds = math.log(4 / 0.05)
    half: Real = (variance * (2 * odds / n)) ** 0.5 + width * (7 * odds / (3 * (n - 1)))
    return half


def say_evidence(expert: float | None, interval: Interval, n: float, years: float | None = None) -> str:
    """One line for a rate or a probability: ``expert 0.30, evidence 0.08 to 0.22, n = 6``."""
    low, high = (_say(value) for value in interval)
    span = "" if years is None else f" in {_say(years)} years"
    return f"expert {'none' if expert is None else _say(expert)}, evidence {low} to {high}, n = {n:g}{span}"


def _say(value: float) -> str:
    """Two decimals where they say something; what is tiny keeps one digit that does."""
    if value >= 10:  # noqa: PLR2004 - decimals of it are noise
        return f"{value:,.0f}"
    if value >= 0.01 or not value:  # noqa: PLR2004 - two decimals
        return f"{value:.2f}"
    return "<0.0001" if value < 0.0001 else f"{value:.1g}"  # noqa: PLR2004 - no e-05
