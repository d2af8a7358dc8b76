"""Does it learn: judged incidents and the first map in, each scored by both maps, and the difference, out."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from riskgraph.diff import FLOOR
from riskgraph.metrics.metric import MINIMUM, OWN, quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from riskgraph.history import History, Snapshot
    from riskgraph.metrics.judged import Judged
    from riskgraph.statistics import Interval

SAMPLES: Final = 2000
"""Bootstrap samples."""
_LEAST: Final = 1e-6


@dataclass(frozen=True)
class Score:
    """What one map made of one incident: steps it had, of how many, and the surprise in bits."""

    mapped: int
    steps: int
    bits: float


@dataclass(frozen=True)
class Scored:
    """An incident by the map of its day and by the first map."""

    judged: Judged
    day: Score
    first: Score
    is_after_change: bool = True

    def data(self) -> dict[str, Any]:
        """The JSON form, ready for a chart."""
        steps = self.day.steps
        return {
            "incident": self.judged.incident.id,
            "started_at": self.judged.incident.started_at.isoformat(),
            "steps": steps,
            "recall": self.day.mapped / steps if steps else None,
            "recall_first_map": self.first.mapped / steps if steps else None,
            "surprise_bits": self.day.bits,
            "surprise_bits_first_map": self.first.bits,
        }


@dataclass(frozen=True)
class Learning:
    """Whether the loop learns: how much better the map of the day did than the first one would have.

    ``recall`` is the difference of the shares of steps that were mapped, ``bits`` that of the mean surprise; both are
    positive where learning helped, and None below ``MINIMUM`` incidents, and where no incident came after the map had
    changed. Intervals are 95 % percentiles of a bootstrap over incidents, each with both of its scores (Efron, 1979).
    """

    series: tuple[Scored, ...]
    seed: int
    recall: float | None = None
    recall_interval: Interval | None = None
    bits: float | None = None
    bits_interval: Interval | None = None

    @property
    def after_change(self) -> int:
        """How many of the incidents came after the map had changed; the others cannot show any learning."""
        return sum(one.is_after_change for one in self.series)

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "n": len(self.series), "after_change": self.after_change, "seed": self.seed, "samples": SAMPLES,
            "recall": self.recall, "recall_interval": list(self.recall_interval) if self.recall_interval else None,
            "bits": self.bits, "bits_interval": list(self.bits_interval) if self.bits_interval else None,
            "series": [one.data() for one in self.series],
        }  # fmt: skip


def compare_maps(judged: Sequence[Judged], history: History, seed: int = 0) -> Learning:
    """The incidents and near misses that had a step or a check, by the map of their day and by the first one."""
    if not history.revisions:
        return Learning((), seed)
    frozen = history.as_of(history.revisions[0].effective)
    series = tuple(
        Scored(one, score(one), score(replace(one, snapshot=frozen)), _map(one.snapshot) != _map(frozen))
        for one in judged
        if one.incident.type in OWN and one.snapshot.is_known and (one.incident.reached or one.incident.checked)
    )
    if len(series) < MINIMUM or not any(one.is_after_change for one in series):
        return Learning(series, seed)
    recall = _recall_gain(series)
    return Learning(
        series,
        seed,
        recall,
        bootstrap(series, _recall_gain, seed) if recall is not None else None,
        _bits_gain(series),
        bootstrap(series, _bits_gain, seed),
    )


def _map(snapshot: Snapshot) -> tuple[object, ...]:
    """What a score depends on: the risks there are, and the cascades with their current probabilities."""
    graph = snapshot.graph
    return graph.risks.keys(), {pair: graph.probability(*pair) for pair in graph.cascades}


def score(judged: Judged) -> Score:
    """What a map made of an incident; ``diff`` says what is surprising, and that a step it lacks has a floor."""
    verdicts = [verdict for _, verdict in judged.steps()]
    chances = [FLOOR for verdict in verdicts if verdict != "mapped"]
    for pair, outcome in judged.trials():
        probability = judged.snapshot.graph.probability(*pair)
        if probability is not None:
            p = min(max(probability, _LEAST), 1 - _LEAST)
            chances.append(p if outcome == "fired" else 1 - p)
    return Score(verdicts.count("mapped"), len(verdicts), -math.fsum(math.log2(chance) for chance in chances))


def bootstrap(
    series: Sequence[Scored], gain: Callable[[Sequence[Scored]], float | None], seed: int, samples: int = SAMPLES
) -> Interval | None:
    """The 95 % percentile interval of a gain over resampled incidents; the same seed gives the same.

    It is expanded as Student's t is against the normal (Hesterberg, 2015): percentiles of few incidents are too narrow.
    """
    from scipy.special import ndtr, stdtrit

    n = len(series)
    tail = float(ndtr(math.sqrt(n / (n - 1)) * stdtrit(n - 1, 0.025))) if n > 1 else 0.0
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    drawn = [gain(chance.choices(series, k=len(series))) for _ in range(samples)]
    told = [value for value in drawn if value is not None]
    # Incidents that all gained the same say nothing of how much others would.
    return (quantile(told, tail), quantile(told, 1 - tail)) if len(set(told)) > 1 else None


def _recall_gain(series: Sequence[Scored]) -> float | None:
    steps = sum(one.day.steps for one in series)
    return sum(one.day.mapped - one.first.mapped for one in series) / steps if steps else None


def _bits_gain(series: Sequence[Scored]) -> float:
    return fmean(one.first.bits - one.day.bits for one in series)
