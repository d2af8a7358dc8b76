"""Scales against numbers worked out by hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from riskgraph.scales import BUILT_IN, Scale, probability_of, rate_of, scale_hint

OURS = Scale.model_validate({"likelihood": {"per_year": [0.1, 1, 4, 24]}, "impact": {"loss": [1e4, 5e4, 2.5e5, 1e6]}})


@pytest.mark.parametrize(
    ("score", "low", "high", "value"),
    [
        (1, 0.01, 0.1, 0.0316228),  # as wide in log as its neighbour: 0.1 * 0.1 / 1
        (2, 0.1, 1, 0.316228),
        (3, 1, 4, 2),
        (4, 4, 24, 9.797959),
        (5, 24, 144, 58.787754),  # 24 * 24 / 4
    ],
)
def test_bands_of_rates(score: int, low: float, high: float, value: float) -> None:
    """A score is the geometric mean of its band, and the open bands are as wide as their neighbours."""
    band = OURS.likelihood_band(score)
    assert band is not None
    assert (band.low, band.high, band.value) == pytest.approx((low, high, value), rel=1e-6)


@pytest.mark.parametrize(
    ("score", "low", "high", "value"),
    [(1, 2000, 1e4, 4472.136), (3, 5e4, 2.5e5, 111803.399), (5, 1e6, 4e6, 2e6)],
)
def test_bands_of_money(score: int, low: float, high: float, value: float) -> None:
    """Impact scores likewise, in money."""
    band = OURS.impact_band(score)
    assert band is not None
    assert (band.low, band.high, band.value) == pytest.approx((low, high, value), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "score", "low", "high", "value"),
    [
        # -ln(1 - p) / 5 of the bounds 0.2 %, 1 %, 5 %, 25 %
        ("uk-nrr-2023", 2, 0.00040040, 0.00201007, 0.00089713),
        ("uk-nrr-2023", 3, 0.00201007, 0.01025866, 0.00454103),
        ("uk-nrr-2023", 4, 0.01025866, 0.05753641, 0.02429504),
        ("nist-800-30-frequency", 1, 0.01, 0.1, 0.0316228),
        ("nist-800-30-frequency", 3, 1, 10, 3.162278),
        ("nist-800-30-frequency", 5, 100, 1000, 316.22777),
        ("pmbok", 1, 0.0974756, 0.2231436, 0.1053605),  # -ln(1 - 0.1)
        ("pmbok", 3, 0.5108256, 0.9162907, 0.6931472),
        ("pmbok", 5, 1.6094379, 2.8268780, 2.3025851),
    ],
)
def test_built_in_scales(name: str, score: int, low: float, high: float, value: float) -> None:
    """What a published scale means in rates a year, from its published bounds."""
    band = Scale.model_validate({"likelihood": name}).likelihood_band(score)
    assert band is not None
    assert (band.low, band.high, band.value) == pytest.approx((low, high, value), rel=2e-5)


@pytest.mark.parametrize("name", BUILT_IN)
def test_bands_meet_and_hold_their_value(name: str) -> None:
    """No rate lies between two bands, and a score's own rate lies in its band."""
    bands = BUILT_IN[name]
    assert len(bands) == 5
    assert all(one.high == other.low for one, other in pairwise(bands))
    assert all(band.low < band.value < band.high for band in bands)


def test_probabilities_over_a_horizon() -> None:
    """10 % over two years is 0.0527 a year."""
    scale = Scale.model_validate({"likelihood": {"probability": [0.1, 0.2, 0.4, 0.8], "horizon": "2y"}})
    band = scale.likelihood_band(2)
    assert band is not None
    assert (band.low, band.high) == pytest.approx((0.0526803, 0.1115718), rel=1e-5)


def test_no_scale_no_band() -> None:
    """A score without a scale means nothing."""
    assert Scale().likelihood_band(3) is None
    assert Scale().impact_band(3) is None


@given(st.floats(0, 0.999999), st.floats(0.01, 100))
def test_rates_and_probabilities_are_each_others_inverse(probability: float, years: float) -> None:
    """P(at least one in t years) = 1 - exp(-rate * t), also for tiny ones."""
    assert probability_of(rate_of(probability, years), years) == pytest.approx(probability, rel=1e-9, abs=1e-300)


def test_small_probabilities_keep_their_digits() -> None:
    """1 - exp(-x) would give 0 for a rate of 1e-18."""
    assert probability_of(1e-18) == 1e-18
    assert rate_of(1e-18, 1) == 1e-18
    assert probability_of(0) == 0
    assert math.isclose(rate_of(0.5, 1), math.log(2))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"likelihood": "pmbook"}, "there is no built-in scale 'pmbook'; there are uk-nrr-2023"),
        ({"likelihood": {"per_year": [1, 1, 4, 24]}}, "the four bounds have to rise"),
        ({"likelihood": {"per_year": [4, 1, 4, 24]}}, "the four bounds have to rise"),
        ({"likelihood": {"per_year": [0, 1, 4, 24]}}, "greater than 0"),
        ({"likelihood": {"per_year": [1, 4, 24]}}, "Field required"),
        ({"likelihood": {"probability": [0.1, 0.2, 0.4, 1], "horizon": "1y"}}, "lie between 0 and 1"),
        ({"likelihood": {"probability": [0, 0.2, 0.4, 0.9], "horizon": "1y"}}, "lie between 0 and 1"),
        ({"impact": {"loss": [5, 4, 3, 2]}}, "the four bounds have to rise"),
        ({"impact": {"money": [1, 2, 3, 4]}}, "Field required"),
        ({"likelyhood": "pmbok"}, "Extra inputs are not permitted"),
    ],
)
def test_scales_that_are_refused(data: dict[str, Any], message: str) -> None:
    """A scale with a hole or a twist in it would give numbers all the same."""
    with pytest.raises(ValidationError, match=message):
        Scale.model_validate(data)


def test_the_hint_names_every_scale() -> None:
    """Whoever forgot the scale sees what there is."""
    assert all(name in scale_hint() for name in BUILT_IN)
