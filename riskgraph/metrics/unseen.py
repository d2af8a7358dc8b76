"""The unseen: how often each risk or cascade showed in, how many there may be that never did out."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskgraph.metrics.metric import MINIMUM, OWN, share_data
from riskgraph.statistics import Z95, Proportion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.metrics.judged import Judged
    from riskgraph.statistics import Interval


@dataclass(frozen=True)
class Unseen:
    """What was seen how often: ``n`` sightings of ``seen`` kinds, ``once`` and ``twice`` of which were seen so often.

    It assumes that sightings are independent and that what there is does not change; both make its numbers low where a
    system grows.
    """

    n: int
    seen: int
    once: int
    twice: int

    @property
    def coverage_gap(self) -> Proportion:
        """The Good-Turing share: the probability that the next sighting is of a kind never seen (Good, 1953)."""
        return Proportion(self.once, self.n)

    @property
    def total(self) -> float | None:
        """How many kinds there are at least: Chao1, bias-corrected (Chao, 1984); None where the data are too few."""
        if self.n < MINIMUM:
            return None
        return self.seen + (self.n - 1) / self.n * self.once * (self.once - 1) / (2 * (self.twice + 1))

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of ``total``: log-normal (Chao, 1987), never below what was seen.

        Where nothing was seen just once it is that of a Poisson sample (Colwell, EstimateS 9.1, equations 8 and 14).
        """
        total = self.total
        if total is None:
            return None
        unseen = total - self.seen
        if unseen <= 0:
            missed = math.exp(-self.n / self.seen)
            half = Z95 * math.sqrt(self.seen * missed * (1 - missed))
            return float(self.seen), (self.seen + half) / (1 - missed)
        spread = math.exp(Z95 * math.sqrt(math.log(1 + self._variance(total) / unseen**2)))
        return self.seen + unseen / spread, self.seen + unseen * spread

    def _variance(self, total: float) -> float:
        """The variance of bias-corrected Chao1 (Colwell, EstimateS 9.1, equations 6 and 7)."""
        f1, f2, share = self.once, self.twice, (self.n - 1) / self.n
        first = share * f1 * (f1 - 1) / (2 * (f2 + 1))
        second = share**2 * f1 * (2 * f1 - 1) ** 2 / (4 * (f2 + 1) ** 2)
        if f2:
            return first + second + share**2 * f1**2 * f2 * (f1 - 1) ** 2 / (4 * (f2 + 1) ** 4)
        return first + second - share**2 * f1**4 / (4 * total)

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        interval = self.interval
        return {
            "n": self.n, "seen": self.seen, "once": self.once, "twice": self.twice,
            "next_is_new": share_data(self.coverage_gap),
            "total": self.total, "interval": list(interval) if interval else None,
        }  # fmt: skip


def count_unseen(sightings: Iterable[object]) -> Unseen:
    """How often each kind was seen, in numbers."""
    counts = Counter(sightings)
    often = Counter(counts.values())
    return Unseen(sum(counts.values()), len(counts), often[1], often[2])


def unseen_risks(judged: Sequence[Judged]) -> Unseen:
    """The roots of incidents, as sightings of risks. A root that nobody took up was seen that once."""
    return count_unseen(one.incident.risk or ("", one.incident.id) for one in judged if one.incident.type == "incident")


def unseen_cascades(judged: Sequence[Judged]) -> Unseen:
    """The observed steps of incidents and near misses, as sightings of cascades."""
    return count_unseen(
        (step.from_, step.to) for one in judged if one.incident.type in OWN for step in one.incident.reached
    )
