"""Scales: what a 1-to-5 score stands for; a declared scale in, bands of yearly rates or of money out.

``P(at least one in t years) = 1 - exp(-rate * t)`` (Poisson process) turns probabilities into rates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag, model_validator

from riskgraph.durations import YEAR
from riskgraph.fields import Duration, Positive, Share


class _Scale(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _rising(bounds: tuple[float, ...]) -> None:
    if any(low >= high for low, high in pairwise(bounds)):
        message = "the four bounds have to rise"
        raise ValueError(message)


class RateBounds(_Scale):
    """Four upper bounds in occurrences a year, which make five scores."""

    per_year: tuple[Positive, Positive, Positive, Positive]

    @model_validator(mode="after")
    def _check(self) -> Self:
        _rising(self.per_year)
        return self


class ProbabilityBounds(_Scale):
    """Four upper bounds as probabilities over a horizon, which make five scores."""

    probability: tuple[Share, Share, Share, Share]
    horizon: Duration

    @model_validator(mode="after")
    def _check(self) -> Self:
        _rising(self.probability)
        if self.probability[0] <= 0 or self.probability[3] >= 1:
            message = "the four probabilities have to lie between 0 and 1"
            raise ValueError(message)
        return self


class LossBounds(_Scale):
    """Four upper bounds in the register's currency, which make five scores."""

    loss: tuple[Positive, Positive, Positive, Positive]

    @model_validator(mode="after")
    def _check(self) -> Self:
        _rising(self.loss)
        return self


@dataclass(frozen=True)
class Band:
    """What a score stands for: a range, and the value that it counts as."""

    low: float
    high: float
    value: float


def _bands(bounds: tuple[float, ...]) -> tuple[Band, ...]:
    """Five bands of four bounds; the open ones are as wide, in log, as their neighbours."""
    edges = [bounds[0] ** 2 / bounds[1], *bounds, bounds[3] ** 2 / bounds[2]]
    return tuple(Band(low, high, math.sqrt(low * high)) for low, high in pairwise(edges))


def rate_of(probability: float, years: float) -> float:
    """The yearly rate at which at least one occurrence in ``years`` has this probability (below 1)."""
    return -math.log1p(-probability) / years


def probability_of(rate: float, years: float = 1) -> float:
    """The probability of at least one occurrence in ``years`` at a yearly rate."""
    return -math.expm1(-rate * years)


def _bands_over(probabilities: tuple[float, ...], years: float) -> tuple[Band, ...]:
    return _bands(tuple(rate_of(p, years) for p in probabilities))


def _pmbok() -> tuple[Band, ...]:
    points = (0.10, 0.30, 0.50, 0.70, 0.90)
    bands = _bands_over((0.2, 0.4, 0.6, 0.8), 1)
    return tuple(Band(band.low, band.high, rate_of(p, 1)) for band, p in zip(bands, points, strict=True))


BUILT_IN: Final[dict[str, tuple[Band, ...]]] = {
    "uk-nrr-2023": _bands_over((0.002, 0.01, 0.05, 0.25), 5),
    "nist-800-30-frequency": _bands((0.1, 1, 10, 100)),
    "pmbok": _pmbok(),
}
"""The built-in likelihood scales; ``docs/scales.md`` has the source of each. A pmbok project counts as one year."""


def _score(value: float, bands: list[Band | None]) -> int | None:
    uppers = [band.high for band in bands if band is not None]
    return 1 + sum(value > upper for upper in uppers) if uppers else None


def _known(name: object) -> object:
    if isinstance(name, str) and name not in BUILT_IN:
        message = f"there is no built-in scale {name!r}; there are {', '.join(BUILT_IN)}"
        raise ValueError(message)
    return name


def _form(value: object) -> str:
    if isinstance(value, dict):
        return "probabilities" if "probability" in value else "rates"
    if isinstance(value, RateBounds):
        return "rates"
    return "probabilities" if isinstance(value, ProbabilityBounds) else "a name"


class Scale(_Scale):
    """What likelihood and impact scores mean: a built-in name, or bands as upper bounds."""

    likelihood: (
        Annotated[
            Annotated[Literal["uk-nrr-2023", "nist-800-30-frequency", "pmbok"], BeforeValidator(_known), Tag("a name")]
            | Annotated[RateBounds, Tag("rates")]
            | Annotated[ProbabilityBounds, Tag("probabilities")],
            Discriminator(_form),
        ]
        | None
    ) = None
    impact: LossBounds | None = None

    def likelihood_band(self, score: int) -> Band | None:
        """The band of yearly rates of a likelihood score from 1 to 5; None where no scale is declared."""
        match self.likelihood:
            case None:
                return None
            case str() as name:
                return BUILT_IN[name][score - 1]
            case RateBounds(per_year=bounds):
                return _bands(bounds)[score - 1]
            case ProbabilityBounds(probability=bounds, horizon=horizon):
                return _bands_over(bounds, horizon / YEAR)[score - 1]

    def likelihood_score(self, rate: float) -> int | None:
        """The score from 1 to 5 whose band a yearly rate falls into; None where no scale is declared."""
        return _score(rate, [self.likelihood_band(score) for score in range(1, 5)])

    def impact_score(self, loss: float) -> int | None:
        """The score from 1 to 5 whose band an amount falls into; None where no scale is declared."""
        return _score(loss, [self.impact_band(score) for score in range(1, 5)])

    def impact_band(self, score: int) -> Band | None:
        """The band of money of an impact score from 1 to 5; None where no scale is declared."""
        return _bands(self.impact.loss)[score - 1] if self.impact else None


def scale_hint() -> str:
    """The sentence that tells how to declare a scale."""
    return (
        "declare what scores mean, as in `scale: {likelihood: uk-nrr-2023, impact: {loss: [1e4, 5e4, 2.5e5, 1e6]}}`; "
        f"built-in likelihood scales: {', '.join(BUILT_IN)}"
    )
