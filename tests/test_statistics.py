"""Intervals and tails against textbook numbers and against scipy's distributions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from riskgraph.statistics import (
    PRIOR_EVENTS,
    PRIOR_TRIALS,
    Proportion,
    at_least,
    at_most,
    mean_interval,
    probability_interval,
    rate_interval,
    rate_mean,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # Brown, Cai and DasGupta 2001: none of ten is not "0 to 0"
        (10, 10, 0.7225, 1.0),
        (1, 3, 0.0615, 0.7923),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table II, method 3
    ],
)
def test_wilson_matches_published_values(k: int, n: int, low: float, high: float) -> None:
    """A normal interval would give [0, 0] for none of ten."""
    interval = Proportion(k, n).interval
    assert interval == pytest.approx((low, high), abs=1e-4)


def test_nothing_to_share_is_no_number() -> None:
    """0 of 0 is not 0 %."""
    assert Proportion(0, 0).data() == {"value": None, "k": 0, "n": 0, "interval": None}


@given(st.integers(0, 50), st.integers(0, 50))
def test_wilson_holds_its_share(k: int, more: int) -> None:
    """The interval always contains the share and stays within 0 and 1."""
    share = Proportion(k, k + more)
    if share.interval is not None and share.value is not None:
        low, high = share.interval
        assert 0 <= low <= share.value <= high <= 1
        assert high > low


@given(st.integers(1, 30), st.floats(0.01, 40))
def test_truncated_tails_are_those_of_the_conditional_distribution(n: int, mean: float) -> None:
    """The review exists because it happened: counting the zero would call too much unlikely."""
    happened = stats.poisson.sf(0, mean)
    assert at_least(n, mean) == pytest.approx(stats.poisson.sf(n - 1, mean) / happened, rel=1e-9, abs=1e-12)
    assert at_most(n, mean) == pytest.approx(
        (stats.poisson.cdf(n, mean) - stats.poisson.pmf(0, mean)) / happened, rel=1e-6, abs=1e-9
    )


def test_one_occurrence_is_never_unlikely() -> None:
    """P(N >= 1 | N >= 1) is 1, however small the rate."""
    assert at_least(1, 1e-9) == pytest.approx(1)


@given(st.integers(0, 20), st.integers(0, 20), st.floats(0.01, 0.99))
def test_beta_interval_is_the_posterior(k: int, more: int, prior: float) -> None:
    """The map's value counts as so many trials, no more and no less."""
    low, high = probability_interval(k, k + more, prior)
    posterior = stats.beta(prior * PRIOR_TRIALS + k, (1 - prior) * PRIOR_TRIALS + more)
    assert (low, high) == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)), abs=1e-9)


@given(st.integers(0, 20), st.floats(0.1, 20), st.floats(0.001, 20))
def test_gamma_interval_is_the_posterior(n: int, years: float, prior: float) -> None:
    """Rate intervals are in occurrences a year, and contain the mean."""
    low, high = rate_interval(n, years, prior)
    posterior = stats.gamma(PRIOR_EVENTS + n, scale=1 / (PRIOR_EVENTS / prior + years))
    assert (low, high) == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)), rel=1e-6)
    assert low < rate_mean(n, years, prior) < high


def test_the_interval_of_a_mean_holds_for_a_rare_loss() -> None:
    """Prevents: the normal interval, which has no width where all values seen were equal."""
    low, high = mean_interval(0.0, 0.0, 1000, 0.0, 1e6)
    assert low == 0
    assert high == pytest.approx(7e6 * 4.382 / (3 * 999), rel=1e-3)
    assert mean_interval(5.0, 0.0, 1, 0.0, 10.0) == (0.0, 10.0)
    assert mean_interval(7.0, 0.0, 50, 7.0, 7.0) == (7.0, 7.0)
