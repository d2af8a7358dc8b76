"""The level of a risk: likelihood and impact on the register's own scale in, one of four words out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.parts import LossRange
from riskgraph.simulation.network import Pert

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph

Word = Literal["low", "medium", "high", "critical"]

WORDS: Final[tuple[Word, ...]] = ("low", "medium", "high", "critical")
_BOUNDS: Final = (4, 9, 14)
"""The largest product of scores that is low, medium, high: the usual bands of a five by five matrix."""


@dataclass(frozen=True)
class Level:
    """How grave a risk is today: its word, and the two scores from 1 to 5 whose product says it."""

    word: Word
    likelihood: int
    impact: int


def level_of(risk: str, graph: RiskGraph) -> Level | None:
    """The level of a risk after its implemented mitigations; None: not rated, since a score or the scale is missing.

    The likelihood score is the band of the current rate, the impact score the stated one, or the band of the loss.
    """
    scale = graph.header.scale
    band = graph.band(risk)
    impact = _impact(risk, graph)
    if scale is None or band is None or impact is None:
        return None
    likelihood = scale.likelihood_score(band.value * graph.rate_factor(risk))
    if likelihood is None:
        return None
    return Level(WORDS[sum(likelihood * impact > bound for bound in _BOUNDS)], likelihood, impact)


def _impact(risk: str, graph: RiskGraph) -> int | None:
    stated, scale = graph.risks[risk], graph.header.scale
    if stated.impact is not None:
        return stated.impact
    if stated.loss is None or scale is None:
        return None
    loss = stated.loss
    return scale.impact_score(Pert(loss.low, loss.likely, loss.high).mean if isinstance(loss, LossRange) else loss)
