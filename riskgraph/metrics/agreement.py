"""Claims against verdicts: incidents in, for each question how often the review's answer is the evidence's out.

It judges documents, never people: no author appears in it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskgraph.audit.question import UNDECIDED, agree
from riskgraph.metrics.metric import MINIMUM
from riskgraph.model import QUESTIONS
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.metrics.judged import Judged
    from riskgraph.statistics import Interval

Pair = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """How claims and verdicts of one question go together: each pair of them, with how often."""

    question: str
    pairs: tuple[tuple[Pair, int], ...]
    contradicted: tuple[str, ...] = ()

    @property
    def agreed(self) -> Proportion:
        """The share of claims that the evidence bears out."""
        n = sum(count for _, count in self.pairs)
        return Proportion(sum(count for (claim, verdict), count in self.pairs if claim == verdict), n)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960): agreement beyond chance, 1 at best, 0 by chance alone.

        None below ``MINIMUM`` pairs, and where one side always says the same, so that there is nothing to agree on.
        """
        return None if self.chance is None or self.agreed.value is None else self._beyond(self.agreed.value)

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of kappa: the score interval of the agreement, less the chance of these answers.

        It is Cohen's own, with a score interval for the share: it has width where all agree, and holds where the
        usual standard error (Fleiss, Cohen and Everitt, 1969) is far too small, as it is below some hundred answers.
        """
        if self.kappa is None or self.agreed.interval is None:
            return None
        low, high = self.agreed.interval
        return max(-1.0, self._beyond(low)), self._beyond(high)

    @property
    def chance(self) -> float | None:
        """How often answers as frequent as these would be equal by chance; None where kappa has no meaning."""
        n = self.agreed.n
        claims, verdicts = Counter[str](), Counter[str]()
        for (claim, verdict), count in self.pairs:
            claims[claim] += count
            verdicts[verdict] += count
        if n < MINIMUM or min(len(+claims), len(+verdicts)) < 2:  # noqa: PLR2004 - one answer is no choice
            return None
        return math.fsum(claims[word] * verdicts[word] for word in claims) / n**2

    def _beyond(self, share: float) -> float:
        chance = self.chance or 0.0
        return (share - chance) / (1 - chance)

    def data(self) -> dict[str, Any]:
        """The JSON form; ``table`` has a row for each pair of claim and verdict."""
        return {
            "question": self.question,
            "agreed": {**self.agreed.data(), **({"value": None} if self.agreed.n < MINIMUM else {})},
            "kappa": self.kappa,
            "interval": list(self.interval) if self.interval else None,
            "table": [{"claim": claim, "verdict": verdict, "count": count} for (claim, verdict), count in self.pairs],
            "contradicted": list(self.contradicted),
        }


def compare_claims(judged: Sequence[Judged]) -> tuple[Agreement, ...]:
    """The agreement of each of the six questions, over incidents that have a claim and a verdict that decides."""
    return tuple(_compare(question, judged) for question in QUESTIONS)


def _compare(question: str, judged: Sequence[Judged]) -> Agreement:
    counts: Counter[Pair] = Counter()
    contradicted = []
    for one in judged:
        claim, verdict = one.incident.claims.get(question), one.incident.verdicts.get(question)
        if claim is None or verdict is None or verdict in UNDECIDED:
            continue
        outcomes = [test.outcome for test in one.incident.tested] if question == "mitigation_worked" else []
        agrees = agree(claim, verdict, outcomes)
        # Words that mean the same count as one, or agreement in other words would look like none.
        counts[claim, claim if agrees else verdict] += 1
        if not agrees:
            contradicted.append(one.incident.id)
    return Agreement(question, tuple(sorted(counts.items())), tuple(contradicted))
