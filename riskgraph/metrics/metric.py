"""Metrics as values: items that an incident gave in, a number with its interval, for all and for each part, out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.judged import KINDS, SPLITS
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from riskgraph.metrics.judged import Judged, Split
    from riskgraph.statistics import Interval

MINIMUM: Final = 5
"""Below so many a metric says "not enough data" instead of a number."""

_LEVEL: Final = 0.95

OWN: Final = frozenset({"incident", "near_miss"})
"""The kinds of incidents that happened here."""


@dataclass(frozen=True)
class Item:
    """One thing that counts for a metric: a root, a step, a mitigation, a detection.

    ``outcome`` is None where nothing can be told of it, and so it does not count; ``value`` is for what is measured.
    ``sealed`` says whether the clock or a declared date vouches for what was known. What ``is_apart`` is of a class of
    its own, which the first number of a metric does not count.
    """

    judged: Judged
    what: str
    outcome: str | None
    sealed: bool | None = None
    value: float | None = None
    part: str = ""
    is_apart: bool = False

    @property
    def incident(self) -> str:
        """The id of the incident that it is of."""
        return self.judged.incident.id

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "incident": self.incident, "what": self.what, "outcome": self.outcome,
            "sealed": self.sealed, "value": self.value,
        }  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """A metric over items. ``kinds`` are those of the headline; the split by kind shows the others beside it.

    ``summarise`` gives the numbers of some items in JSON form. ``quarters`` are all of the window, also those in which
    nothing happened.
    """

    name: str
    items: tuple[Item, ...]
    kinds: frozenset[str]
    summarise: Callable[[Sequence[Item]], dict[str, Any]]
    quarters: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[Item, ...]:
        """The items of the headline."""
        return tuple(item for item in self.items if item.judged.incident.type in self.kinds)

    @property
    def counted(self) -> tuple[Item, ...]:
        """The items that the first number counts; those of another part have numbers of their own."""
        return _counted(self.own)

    def split(self, by: Split) -> dict[str, tuple[Item, ...]]:
        """The items by kind, quarter, category or severity, sorted; by kind also those that are not in the headline."""
        always: dict[Split, tuple[str, ...]] = {"kind": KINDS, "quarter": self.quarters}
        groups: dict[str, list[Item]] = {name: [] for name in always.get(by, ())}
        for item in self.items if by == "kind" else self.own:
            groups.setdefault(item.judged.groups[by], []).append(item)
        names = list(groups) if by == "kind" else sorted(groups)
        return {name: tuple(groups[name]) for name in names}

    def data(self) -> dict[str, Any]:
        """The JSON form: the headline, and the same numbers by each split."""
        return {
            **self._numbers(self.own),
            **{f"by_{by}": {name: self._numbers(items) for name, items in self.split(by).items()} for by in SPLITS},
        }

    def _numbers(self, items: Sequence[Item]) -> dict[str, Any]:
        counted = _counted(items)
        return {**self.summarise(items), **vouch(counted), **name_incidents(counted)}


def _counted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if not item.is_apart)


def share(items: Iterable[Item], hits: frozenset[str]) -> Proportion:
    """The share of items whose outcome is one of ``hits``, among those that have one."""
    told = [item for item in items if item.outcome is not None]
    return Proportion(sum(item.outcome in hits for item in told), len(told))


def share_data(proportion: Proportion) -> dict[str, Any]:
    """A share in JSON form; its value is null below the minimum, its counts and interval never are."""
    data = proportion.data()
    return data if proportion.n >= MINIMUM else {**data, "value": None}


def vouch(items: Sequence[Item]) -> dict[str, Any]:
    """How much of what counts rests on the clock, and how much on declared dates."""
    told = [item.sealed for item in items if item.outcome is not None and item.sealed is not None]
    sealed = sum(told)
    counts = {"sealed": Proportion(sealed, len(told)), "declared": Proportion(len(told) - sealed, len(told))}
    return {name: share_data(proportion) for name, proportion in counts.items()}


def name_incidents(items: Sequence[Item]) -> dict[str, list[str]]:
    """The incidents behind a number, and those of which nothing could be told, each once."""
    told = dict.fromkeys(item.incident for item in items if item.outcome is not None)
    missing = dict.fromkeys(item.incident for item in items if item.outcome is None)
    return {"incidents": list(told), "missing": [incident for incident in missing if incident not in told]}


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996)."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def median_interval(values: Sequence[float]) -> Interval | None:
    """The 95 % interval of a median, of whatever distribution, interpolated between order statistics.

    After Hettmansperger and Sheather (1986); of five values it is their range, which holds 94 %. None of fewer.
    """
    from scipy.special import bdtr

    n, ordered = len(values), sorted(values)
    if n < MINIMUM:
        return None
    holds = [1 - 2 * float(bdtr(rank - 1, n, 0.5)) for rank in range(1, n // 2 + 1)]
    rank = sum(share >= _LEVEL for share in holds)
    if not rank:
        return ordered[0], ordered[-1]
    if rank == len(holds):
        return ordered[rank - 1], ordered[n - rank]
    over = (holds[rank - 1] - _LEVEL) / (holds[rank - 1] - holds[rank])
    inner = (n - rank) * over / (rank + (n - 2 * rank) * over)
    low = (1 - inner) * ordered[rank - 1] + inner * ordered[rank]
    return low, (1 - inner) * ordered[n - rank] + inner * ordered[n - rank - 1]


def count_outcomes(items: Iterable[Item], outcomes: Mapping[str, str]) -> dict[str, int]:
    """How many items have each outcome, under the name that it has in JSON."""
    found = [item.outcome for item in items]
    return {name: found.count(outcome) for name, outcome in outcomes.items()}
