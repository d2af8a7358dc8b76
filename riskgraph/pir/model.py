"""The form of a review file: the plain data of a YAML file in, a ``PirFile`` with the type of every field checked out.

What a text *means* (an answer, a time, a duration) is not judged here: a text that means nothing is a note, and a
field of the wrong type an error.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from riskgraph.fields import Count, Duration, Id, Money, Name, Text
from riskgraph.model import QUESTIONS

_TEXT: Final[dict[str, Any]] = {"type": ["string", "number", "boolean", "null"]}
_ANSWERS: Final[dict[str, Any]] = {"type": ["string", "boolean", "null"]}

Words = Annotated[Text | None, WithJsonSchema(_TEXT)]
"""A text; a number is taken as it was written, and nothing is absent."""
Choice = Annotated[Text | None, WithJsonSchema(_ANSWERS)]
"""One of a few words; another word is noted when the review is read."""
Kind = Annotated[
    Literal["incident", "near_miss", "external"],
    WithJsonSchema({"anyOf": [{"enum": ["incident", "near_miss", "external"]}, {"pattern": r"^\[.*\|.*\]$"}]}),
]
"""What a review is of; the choice in brackets that a new review asks with is nobody's answer yet."""
Question = Literal[
    "in_register",
    "probability_accurate",
    "cascades_predicted",
    "mitigation_worked",
    "indicators_fired",
    "escalation_worked",
]
assert Question.__args__ == QUESTIONS  # type: ignore[attr-defined]  # noqa: S101 - one list, twice for type checkers


class Part(BaseModel):
    """A frozen part of a review; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TimelineEntry(Part):
    """One thing that happened, and when."""

    time: Words = Field(None, description="HH:MM, or a full timestamp; earlier than the one before is the next day.")
    event: Words = Field(None, description="What happened. Names of risks in it are read as observed steps.")


class Detection(Part):
    """How and how fast the incident was noticed."""

    how_detected: Words = Field(None, description="How it was noticed.")
    detection_time: Words = Field(None, description="From occurrence to detection, such as 40 minutes.")
    expected_detection: Words = Field(None, description="How fast it should have been noticed, such as 15 minutes.")
    detection_gap: Words = Field(None, description="The difference between the two, and why.")


class Response(Part):
    """What was done about it."""

    actions_taken: tuple[Words, ...] | None = Field(None, description="What was done, in order.")
    followed_protocol: Choice = Field(None, description="Yes, No or Partially.")
    protocol_gaps: Words = Field(None, description="What the protocol did not say.")
    escalation_appropriate: Choice = Field(
        None, description='Yes or No; may go on with the time: "Yes - duty manager told at 06:30".'
    )


class RootCause(Part):
    """Why it happened."""

    immediate_cause: Words = Field(
        None, description="What set it off; it names the risk where the related risk is NEW."
    )
    contributing_factors: tuple[Words, ...] | None = Field(None, description="What made it possible or worse.")
    root_cause: Words = Field(None, description="Why the immediate cause could happen at all.")


class InRegister(Part):
    """The answer to whether the risk was in the register."""

    answer: Choice = Field(None, description="Yes or No.")
    gap_type: Choice = Field(None, description="None or IDENTIFY gap.")
    action: Words = Field(None, description="What to change in the register.")


class ProbabilityAccurate(Part):
    """The answer to whether its likelihood was right."""

    answer: Choice = Field(None, description="Yes, No, Underestimated or Overestimated.")
    gap_type: Choice = Field(None, description="None or QUANTIFY gap.")
    original_score: Words = Field(None, description="The score it had, such as P=2.")
    actual_frequency: Words = Field(None, description='How often it really happens: "3rd occurrence in 6 months".')
    action: Words = Field(None, description='What to change: "Adjust P from 2 to 4".')


class CascadesPredicted(Part):
    """The answer to whether the cascades were on the map."""

    answer: Choice = Field(None, description="Yes, No or Partially.")
    gap_type: Choice = Field(None, description="None or INTERACT gap.")
    unexpected_cascades: Words = Field(None, description="What else was pulled down, by id or name.")
    action: Words = Field(None, description='What to change: "Add cascade to RISK-031".')


class MitigationWorked(Part):
    """The answer to whether the mitigations worked."""

    answer: Choice = Field(None, description="Yes, No or Partially.")
    gap_type: Choice = Field(None, description="None or MITIGATE gap.")
    mitigation_failures: Words = Field(None, description="What did not work, or was not there.")
    action: Words = Field(None, description="What to change.")


class IndicatorsFired(Part):
    """The answer to whether the indicators warned in time."""

    answer: Choice = Field(None, description="Yes, No or Too late.")
    gap_type: Choice = Field(None, description="None or MONITOR gap.")
    indicator_failures: Words = Field(None, description="What should have warned.")
    action: Words = Field(None, description='What to change: "Reduce alert threshold to 1".')


class EscalationWorked(Part):
    """The answer to whether the right people were told in time."""

    answer: Choice = Field(None, description="Yes, No or Partially.")
    gap_type: Choice = Field(None, description="None or ESCALATION gap.")
    escalation_issues: Words = Field(None, description="What went wrong.")
    action: Words = Field(None, description="What to change.")


class RiskProcessAudit(Part):
    """The author's own answers to the six questions."""

    in_register: InRegister | None = None
    probability_accurate: ProbabilityAccurate | None = None
    cascades_predicted: CascadesPredicted | None = None
    mitigation_worked: MitigationWorked | None = None
    indicators_fired: IndicatorsFired | None = None
    escalation_worked: EscalationWorked | None = None


class ActionItem(Part):
    """Something to do."""

    action: Words = Field(None, description="What to do.")
    owner: Words = Field(None, description="Who does it.")
    due: Words = Field(None, description="Until when: a date.")
    answers: tuple[Question, ...] | None = Field(None, description="The questions whose gap this closes.")


class Actions(Part):
    """What will be done, by horizon."""

    immediate: tuple[ActionItem, ...] | None = None
    short_term: tuple[ActionItem, ...] | None = None
    process_improvements: tuple[ActionItem, ...] | None = None


class Learnings(Part):
    """What was learned."""

    what_went_well: tuple[Words, ...] | None = Field(None, description="What worked, luck included.")
    what_to_improve: tuple[Words, ...] | None = Field(None, description="What to do otherwise the next time.")
    process_level_learning: Words = Field(None, description="What this says about how risks are found and kept.")


class ObservedCascade(Part):
    """A cascade that happened; without ``from`` it came from the related risk."""

    from_: Name | None = Field(None, alias="from", description="The id or name of a risk.")
    to: Name | None = Field(description="The id of a risk, or the name of one that nobody had.")
    at: Words = Field(None, description="HH:MM or a full timestamp; yes, no, or not looked are answers, too.")
    evidence: Words = Field(None, description="How this is known.")


class CheckedCascade(Part):
    """A cascade that somebody looked at and that did not happen."""

    from_: Name | None = Field(None, alias="from", description="The id or name of a risk.")
    to: Name | None = Field(description="The id or name of a risk.")


class MitigationItem(Part):
    """What became of one mitigation."""

    id: Id = Field(description="The mitigation's id.")
    worked: Choice = Field(None, description="Yes, No, Partially, Not in place or Unknown.")
    note: Words = Field(None, description="What it did, or why it did not.")


class IndicatorItem(Part):
    """What became of one indicator."""

    id: Id = Field(description="The indicator's id.")
    fired: Choice = Field(None, description="Yes, No, Too late or Unknown.")
    at: Words = Field(None, description="When it fired: HH:MM or a full timestamp.")


class OccurrencesItem(Part):
    """How often it happened within a period, this time included."""

    count: Count | None = Field(None, description="How many times, this time included.")
    period: Duration | None = Field(None, description="Within which time: a number and a unit, such as 6 months.")


class EscalationItem(Part):
    """Who was told, and when."""

    to: Words = Field(None, description="The name or role of who was told.")
    at: Words = Field(None, description="HH:MM or a full timestamp.")


class LossItem(Part):
    """What it cost, in the register's currency."""

    amount: Money | None = Field(None, description="A number, without a sign for the currency.")


class IgnoreItem(Part):
    """A rule whose findings about this review are left out, and why."""

    rule: Name
    reason: Name


class PirFile(Part):
    """A post-incident review: the template's fields, and optional ones from which nothing has to be guessed."""

    incident_id: Id = Field(description="The incident's id, such as INC-2024-023.")
    title: Name | None = Field(None, description="A short name of the incident.")
    date: Words = Field(None, description="The day it began, such as 2024-02-15; needed where the start is not given.")
    severity: Choice = Field(None, description="Critical, High, Medium or Low.")
    duration: Words = Field(None, description="From detection to resolution, such as 4 hours.")
    related_risk: Name = Field(description='The risk: "RISK-023", "RISK-023: text", NEW, "NEW: name", or a name.')
    timeline: tuple[TimelineEntry, ...] | None = None
    detection: Detection | None = None
    response: Response | None = None
    root_cause: RootCause | None = None
    risk_process_audit: RiskProcessAudit | None = None
    actions: Actions | None = None
    learnings: Learnings | None = None
    kind: Kind | None = Field(None, description="incident where absent.")
    timezone: Words = Field(None, description="The zone of its clock times: Europe/Paris, or an offset such as +01:00.")
    started_at: Words = Field(None, description="When it began, with its zone: 2024-02-15T03:00:00+01:00.")
    observed_cascades: tuple[ObservedCascade, ...] | None = None
    checked_not_affected: tuple[CheckedCascade, ...] | None = None
    mitigations: tuple[MitigationItem, ...] | None = None
    indicators: tuple[IndicatorItem, ...] | None = None
    occurrences: OccurrencesItem | None = None
    escalation: EscalationItem | None = None
    loss: LossItem | None = None
    language: Words = Field(None, description="The language of its prose, such as en or de; en where absent.")
    ignore: tuple[IgnoreItem, ...] | None = None
