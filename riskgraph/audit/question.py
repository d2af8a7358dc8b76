"""One audited question: the author's claim and the graph's verdict in, agreement and gap out.

The rules of agreement and of gaps have their home here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.matching.observed import Evidence
from riskgraph.model import PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.statistics import Interval

UNDECIDED: Final = frozenset({"unknown", "not_applicable"})
_NO: Final = frozenset({"none_mapped", "underestimated", "overestimated"})


@dataclass(frozen=True)
class Verdict:
    """What the graph answers to a question, with what it rests on. ``items`` are its parts, in JSON form."""

    verdict: str
    evidence: tuple[Evidence | RateEvidence, ...] = ()
    items: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class RateEvidence(Evidence):
    """Evidence about a rate, with its 95 % interval in occurrences a year."""

    interval: Interval = (0.0, 0.0)

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {**super().data(), "interval": list(self.interval)}


@dataclass(frozen=True)
class Question:
    """An audited question."""

    question: str
    claim: str | None
    result: Verdict

    @property
    def phase(self) -> str:
        """The phase of the risk process that it asks about."""
        return PHASES[self.question]

    @property
    def verdict(self) -> str:
        """The graph's verdict."""
        return self.result.verdict

    @property
    def agrees(self) -> bool | None:
        """Whether claim and verdict agree; None where one of them is missing."""
        if self.claim is None:
            return None
        return agree(self.claim, self.verdict, [item.get("outcome", "") for item in self.result.items])

    @property
    def gap(self) -> str | None:
        """The gap in the risk process, or None."""
        return gap_of(self.question, self.claim, self.verdict)

    @property
    def gap_from(self) -> str | None:
        """Whether the gap follows the claim or the evidence."""
        if self.gap is None:
            return None
        return "claim" if self.verdict in UNDECIDED else "evidence"

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "question": self.question,
            "phase": self.phase,
            "claim": self.claim,
            "verdict": self.verdict,
            "agrees": self.agrees,
            "gap": self.gap,
            "gap_from": self.gap_from,
            "items": list(self.result.items),
            "evidence": [evidence.data() for evidence in self.result.evidence],
        }


def agree(claim: str, verdict: str, outcomes: Sequence[str] = ()) -> bool | None:
    """Whether a claim agrees with a verdict; None where the verdict decides nothing.

    Equal words agree; ``no`` also agrees with ``none_mapped``, with a wrong probability in either direction, and with
    mitigations that were all not in place.
    """
    if verdict in UNDECIDED:
        return None
    if claim == verdict:
        return True
    none_in_place = bool(outcomes) and all(outcome == "not_in_place" for outcome in outcomes)
    return claim == "no" and (verdict in _NO or none_in_place)


def gap_of(question: str, claim: str | None, verdict: str) -> str | None:
    """The gap of a question: from the verdict, or from the claim where the verdict decides nothing."""
    answer = claim if verdict in UNDECIDED else verdict
    return None if answer in {None, "yes"} else PHASES[question]
