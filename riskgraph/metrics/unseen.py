"""The unseen: how often each risk or cascade showed in, how many there may be that never did out."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import MINIMUM, OWN
from riskgraph.statistics import Z95, share_interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.metrics.judged import Judged
    from riskgraph.statistics import Interval

Sighting = tuple[object, bool | None]
_WRITTEN: Final[dict[str, bool | None]] = {"mapped": True, "unknown": None}
"""Whether a step was mapped, by its verdict; every other one was not."""


@dataclass(frozen=True)
class Next:
    """How likely the next sighting is of a kind never seen, by the kinds seen once and twice in ``n`` (Good, 1953)."""

    once: int
    twice: int
    n: int

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval: a share has more variance here than one of ``n`` draws, by the kinds seen twice.

        The variance is that of Esty (1983), in a score interval; its lower end is also that of the plain one, since
        there may be nothing left to see.
        """
        if not self.n:
            return None
        share, least = self.once / self.n, max(1, self.once) / self.n
        spread = max(1, self.once) * (1 - least) + 2 * self.twice
        worth = self.n * least * (1 - least) * self.n / spread if least < 1 else self.n
        low, high = share_interval(share, worth)
        return max(0.0, min(low, share - Z95 * math.sqrt(self.once * (1 - share) + 2 * self.twice) / self.n)), high

    def data(self) -> dict[str, Any]:
        """The JSON form, as that of a share."""
        value = self.once / self.n if self.n >= MINIMUM else None
        return {"value": value, "k": self.once, "n": self.n, "interval": list(self.interval) if self.interval else None}


@dataclass(frozen=True)
class Unseen:
    """What was seen how often: ``n`` sightings of ``seen`` kinds, ``once`` and ``twice`` of which were seen so often.

    ``unwritten`` is how likely the next sighting is of a kind that is not written down either. All of it assumes that
    sightings are independent and that what there is does not change; both make its numbers low where a system grows.
    """

    n: int
    seen: int
    once: int
    twice: int
    unwritten: Next

    @property
    def new(self) -> Next:
        """How likely the next sighting is of a kind never seen, whether written down or not."""
        return Next(self.once, self.twice, self.n)

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
            "next_is_unwritten": self.unwritten.data(), "next_is_new": self.new.data(),
            "total": self.total, "interval": list(interval) if interval else None,
        }  # fmt: skip


def count_unseen(sightings: Iterable[Sighting]) -> Unseen:
    """How often each kind was seen, in numbers.

    A sighting has its kind, and whether that was written down before; None where nobody can tell, which leaves it out
    of ``unwritten``.
    """
    seen = list(sightings)
    counts = Counter(kind for kind, _ in seen)
    often = Counter(counts.values())
    told = [(kind, written) for kind, written in seen if written is not None]
    first = dict(reversed(told))  # By its second sighting a kind may have been written down.
    new = Counter(counts[kind] for kind, written in first.items() if not written)
    return Unseen(len(seen), len(counts), often[1], often[2], Next(new[1], new[2], len(told)))


def unseen_risks(judged: Sequence[Judged]) -> Unseen:
    """The roots of incidents, as sightings of risks. A root that nobody took up was seen that once."""
    return count_unseen(
        (one.incident.risk or ("", one.incident.id), one.known) for one in judged if one.incident.type == "incident"
    )


def unseen_cascades(judged: Sequence[Judged]) -> Unseen:
    """The observed steps of incidents and near misses, as sightings of cascades. Indirect ones are not written down."""
    return count_unseen(
        ((what, "" if verdict != "new_risk" else (one.incident.id, place)), _WRITTEN.get(verdict, False))
        for one in judged
        if one.incident.type in OWN
        for place, (what, verdict) in enumerate(one.steps())
    )
