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
from riskgraph.statistics import Z95, Proportion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        """Cohen's kappa: agreement beyond chance, 1 at best, 0 by chance alone; None where it cannot be told."""
        found = kappa(self.pairs)
        return found[0] if found else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of kappa."""
        found = kappa(self.pairs)
        return (max(-1.0, found[0] - Z95 * found[1]), min(1.0, found[0] + Z95 * found[1])) if found else None

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


def kappa(pairs: Iterable[tuple[Pair, int]]) -> tuple[float, float] | None:
    """Cohen's kappa (1960) and its standard error (Fleiss, Cohen and Everitt, 1969), over counted pairs.

    None below ``MINIMUM`` pairs, and where both sides always say the same one thing, so that chance explains all.
    """
    counts = Counter(dict(pairs))
    n = sum(counts.values())
    if n < MINIMUM:
        return None
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (row, column), count in counts.items():
        rows[row] += count
        columns[column] += count
    words = sorted({*rows, *columns})
    chance = math.fsum(rows[word] * columns[word] for word in words) / n**2
    if chance >= 1:
        return None
    agreed = sum(counts[word, word] for word in words) / n
    value = (agreed - chance) / (1 - chance)
    on = math.fsum(counts[word, word] / n * (1 - (rows[word] + columns[word]) / n * (1 - value)) ** 2 for word in words)
    off = (1 - value) ** 2 * math.fsum(
        count / n * ((columns[row] + rows[column]) / n) ** 2 for (row, column), count in counts.items() if row != column
    )
    rest = (value - chance * (1 - value)) ** 2
    return value, math.sqrt(max(0.0, on + off - rest) / n) / (1 - chance)


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
