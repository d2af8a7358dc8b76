"""Attribution: how often cascades were tried, alone or together, in; each one's share of what was reached out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = tuple[str, str]
_ROUNDS: Final = 500
_CLOSE: Final = 1e-10


@dataclass
class Trials:
    """The trials of a cascade that stand for themselves: ``hits`` of ``n``, and in which incidents."""

    hits: float = 0.0
    n: float = 0.0
    incidents: list[str] = field(default_factory=list)

    def add(self, *, fired: bool, weight: float = 1.0) -> None:
        """Count one trial; one that counts for less has a weight below 1 (a power prior, Ibrahim and Chen, 2000)."""
        self.hits += weight * fired
        self.n += weight


def attribute(
    alone: Mapping[Pair, tuple[float, float]],
    together: list[tuple[Pair, ...]],
    priors: Mapping[Pair, tuple[float, float]],
) -> dict[Pair, float]:
    """How many hits each cascade has, where a risk that was reached by several at once is shared out among them.

    ``alone`` has hits and trials of each cascade, ``together`` the cascades of which at least one fired, ``priors``
    the Beta parameters. Cascades are a noisy-OR: given that at least one of them fired, one fired with probability
    ``p / (1 - product(1 - p))``. EM (Dempster, Laird and Rubin, 1977) finds the posterior mean for which this holds.
    """
    joint: dict[Pair, int] = {}
    for group in together:
        for pair in group:
            joint[pair] = joint.get(pair, 0) + 1
    pairs = sorted({*alone, *joint})
    p = {pair: _mean(priors[pair], *alone.get(pair, (0.0, 0.0))) for pair in pairs}
    hits = {pair: alone.get(pair, (0.0, 0.0))[0] for pair in pairs}
    for _ in range(_ROUNDS):
        hits = {pair: alone.get(pair, (0.0, 0.0))[0] for pair in pairs}
        for group in together:
            some = 1 - math.prod(1 - p[pair] for pair in group)
            for pair in group:
                hits[pair] += min(1.0, p[pair] / some) if some > 0 else 1 / len(group)
        after = {
            pair: _mean(priors[pair], hits[pair], alone.get(pair, (0.0, 0.0))[1] + joint.get(pair, 0)) for pair in pairs
        }
        moved = max((abs(after[pair] - p[pair]) for pair in pairs), default=0.0)
        p = after
        if moved < _CLOSE:
            break
    return hits


def _mean(prior: tuple[float, float], hits: float, n: float) -> float:
    a, b = prior
    return (a + hits) / (a + b + n)
