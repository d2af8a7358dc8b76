"""Parts of elements: likelihoods, losses, escalation and an incident's evidence as frozen values."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from riskgraph.fields import Count, Duration, Id, Moment, Money, Score, Share, Text


class Value(BaseModel):
    """A frozen part of an element; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ProbabilityOver(Value):
    """A likelihood as the probability of at least one occurrence within a horizon."""

    probability: Share = Field(lt=1)
    horizon: Duration


class PerYear(Value):
    """A likelihood as a rate: expected occurrences a year."""

    per_year: Money


def _likelihood_form(value: Any) -> str:
    if isinstance(value, dict):
        return "a rate" if "per_year" in value else "a probability"
    if isinstance(value, PerYear):
        return "a rate"
    return "a probability" if isinstance(value, ProbabilityOver) else "a score"


Likelihood = Annotated[
    Annotated[Score, Tag("a score")]
    | Annotated[ProbabilityOver, Tag("a probability")]
    | Annotated[PerYear, Tag("a rate")],
    Discriminator(_likelihood_form),
]
"""A score of the register's scale, a probability over a horizon, or a rate a year."""


class LossRange(Value):
    """A loss as a PERT distribution of low, most likely and high, in the register's currency."""

    low: Money
    likely: Money
    high: Money

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.likely <= self.high:
            message = "has to rise: low <= likely <= high"
            raise ValueError(message)
        return self


Loss = Annotated[
    Annotated[Money, Tag("an amount")] | Annotated[LossRange, Tag("a range")],
    Discriminator(lambda value: "a range" if isinstance(value, dict | LossRange) else "an amount"),
]
"""A plain number, or a PERT distribution."""


class Escalation(Value):
    """Who has to be told of a risk that materialised, and within which time from its detection."""

    to: Text | None = None
    within: Duration | None = None


class Step(Value):
    """One observed cascade of an incident: from, to, and when the second was reached."""

    from_: Id = Field(alias="from")
    to: Id
    at: Moment | None = None


class Checked(Value):
    """A cascade that somebody looked at during an incident and that did not happen."""

    from_: Id = Field(alias="from")
    to: Id


class Tested(Value):
    """What an incident showed of a mitigation."""

    mitigation: Id
    outcome: Literal["held", "partly", "failed", "not_in_place", "unknown"]


class Signalled(Value):
    """What an incident showed of an indicator."""

    indicator: Id
    outcome: Literal["in_time", "too_late", "silent", "unknown"]
    at: Moment | None = None


class Occurrences(Value):
    """How often a risk materialised within a period, this incident included."""

    count: Count
    period: Duration
