"""Attribution: how often cascades were tried, alone, together or behind blocks, in; what that says of each out."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Pair = tuple[str, str]
Group = tuple[tuple[Pair, float], ...]
"""Cascades of which at least one fired, each with its ``odds`` then, as in ``Trials``."""
_ROUNDS: Final = 10_000
_CLOSE: Final = 1e-12
_STEP: Final = 1e-6


@dataclass
class Trials:
    """The trials of a cascade that stand for themselves: ``fired`` of ``n``.

    Its probability then was ``odds`` times that of today: below 1 where a block stood that is gone, above 1 where one
    has come since. ``hits`` is how many would fire as it stands today. What missed behind more blocks than there are
    today might: ``held`` has these, by their odds.
    """

    fired: float = 0.0
    n: float = 0.0
    hits: float = 0.0
    held: dict[float, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, *, fired: bool, weight: float = 1.0, odds: float = 1.0) -> None:
        """Count one trial; one that counts for less has a weight below 1 (a power prior, Ibrahim and Chen, 2000)."""
        self.n += weight
        if fired:
            self.fired += weight
            self.hits += weight * min(1.0, 1 / odds)
        elif odds < 1:
            self.held[odds] += weight


@dataclass(frozen=True)
class Posterior:
    """What is known of a cascade's probability, as a Beta distribution.

    ``strength`` is the number of trials that its ``mean`` is worth, prior included; ``fired`` are the firings that are
    put down to it, of ``n`` trials.
    """

    mean: float
    strength: float
    fired: float
    n: float


def attribute(
    alone: Mapping[Pair, Trials], together: Sequence[Group], priors: Mapping[Pair, tuple[float, float]]
) -> dict[Pair, Posterior]:
    """What trials say of each cascade, where some do not say which of several fired, or were made behind other blocks.

    ``priors`` are the Beta parameters. Cascades are a noisy-OR: given that at least one of them fired, one fired with
    probability ``p / (1 - product(1 - p))``. EM (Dempster, Laird and Rubin, 1977) finds the means for which this holds.
    What cannot be told makes a distribution wider: its variance is that of complete data times the diagonal of
    ``(I - J)^-1``, J being the derivative of an EM step (Meng and Rubin, 1991).
    """
    hidden = _Hidden(alone, together, priors)
    found = {}
    for part in hidden.parts():
        p = hidden.solve(part)
        for pair, growth in zip(part, hidden.growth(part, p), strict=True):
            total = sum(priors[pair]) + hidden.n[pair]
            strength = max((total + 1) / growth - 1, sum(priors[pair]))
            found[pair] = Posterior(p[pair], strength, hidden.count(pair, p), hidden.n[pair])
    return found


class _Hidden:
    """The trials, and what they leave open."""

    def __init__(
        self, alone: Mapping[Pair, Trials], together: Sequence[Group], priors: Mapping[Pair, tuple[float, float]]
    ) -> None:
        self.alone, self.priors = alone, priors
        self.groups: dict[Pair, list[Group]] = defaultdict(list)
        for group in together:
            for pair, _ in group:
                self.groups[pair].append(group)
        self.n = {pair: self._trials(pair).n + len(self.groups[pair]) for pair in sorted({*alone, *self.groups})}

    def parts(self) -> list[tuple[Pair, ...]]:
        """The cascades in parts that no group connects, in order."""
        found, seen = [], set[Pair]()
        for first in self.n:
            part, todo = set[Pair](), [first]
            while todo:
                pair = todo.pop()
                if pair not in seen:
                    seen.add(pair)
                    part.add(pair)
                    todo += [other for group in self.groups[pair] for other, _ in group]
            if part:
                found.append(tuple(sorted(part)))
        return found

    def solve(self, part: tuple[Pair, ...]) -> dict[Pair, float]:
        """The means that an EM step leaves as they are."""
        p = {pair: self.priors[pair][0] / sum(self.priors[pair]) for pair in part}
        for _ in range(_ROUNDS):
            after = {pair: self._step(pair, p) for pair in part}
            moved = max(abs(after[pair] - p[pair]) for pair in part)
            p = after
            if moved < _CLOSE:
                break
        return p

    def growth(self, part: tuple[Pair, ...], p: dict[Pair, float]) -> list[float]:
        """How many times the variance of each is that of complete data."""
        if not any(self.groups[pair] or self._trials(pair).held for pair in part):
            return [1.0] * len(part)
        import numpy as np

        columns = []
        for pair in part:
            low, high = p | {pair: p[pair] - _STEP * p[pair]}, p | {pair: p[pair] + _STEP * (1 - p[pair])}
            columns.append([(self._step(one, high) - self._step(one, low)) / (high[pair] - low[pair]) for one in part])
        inverse = np.linalg.inv(np.eye(len(part)) - np.array(columns).T)
        return [max(1.0, float(value)) for value in np.diag(inverse)]

    def count(self, pair: Pair, p: Mapping[Pair, float]) -> float:
        """The firings that are put down to a cascade."""
        return self._trials(pair).fired + math.fsum(_fired(pair, group, p)[0] for group in self.groups[pair])

    def _trials(self, pair: Pair) -> Trials:
        return self.alone.get(pair) or Trials()

    def _step(self, pair: Pair, p: Mapping[Pair, float]) -> float:
        own = self._trials(pair)
        hits = own.hits + math.fsum(_fired(pair, group, p)[1] for group in self.groups[pair])
        hits += math.fsum(n * p[pair] * (1 - odds) / (1 - p[pair] * odds) for odds, n in sorted(own.held.items()))
        a, b = self.priors[pair]
        return (a + hits) / (a + b + self.n[pair])


def _fired(pair: Pair, group: Group, p: Mapping[Pair, float]) -> tuple[float, float]:
    """The probability that a cascade of a group fired then, and that it would as it stands today."""
    then = {other: min(1.0, p[other] * odds) for other, odds in group}
    odds = next(odds for other, odds in group if other == pair)
    rest = math.prod(1 - chance for other, chance in then.items() if other != pair)
    some = 1 - rest * (1 - then[pair])
    if some <= 0:
        return 1 / len(group), 1 / len(group)
    fired = min(1.0, then[pair] / some)
    held = p[pair] * (1 - odds) * (1 - rest) / some if odds < 1 else 0.0
    return fired, fired * min(1.0, 1 / odds) + held if odds else held


__all__ = ["Group", "Pair", "Posterior", "Trials", "attribute"]
