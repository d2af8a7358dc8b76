"""The five metrics of the method: a history and a window in, all of them out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from riskgraph.metrics.judged import judge_incidents
from riskgraph.metrics.probability import NAME, ProbabilityGap, measure_probability
from riskgraph.metrics.shares import cascades_predicted, detection, in_register, mitigations_worked
from riskgraph.statistics import Proportion

if TYPE_CHECKING:
    from riskgraph.history import History
    from riskgraph.metrics.judged import Judged
    from riskgraph.metrics.metric import Metric
    from riskgraph.metrics.window import Window


@dataclass(frozen=True)
class Measured:
    """The five metrics of a window, in the order of the method."""

    window: Window
    judged: tuple[Judged, ...]
    in_register: Metric
    probability_gap: ProbabilityGap
    cascades_predicted: Metric
    mitigations_worked: Metric
    detection: Metric

    @property
    def metrics(self) -> dict[str, Metric | ProbabilityGap]:
        """Each by its name."""
        return {
            "in_register": self.in_register,
            NAME: self.probability_gap,
            "cascades_predicted": self.cascades_predicted,
            "mitigations_worked": self.mitigations_worked,
            "detection": self.detection,
        }

    @property
    def reviewed(self) -> Proportion:
        """How many of the incidents, near misses and external events of the window have a review."""
        return Proportion(sum(one.is_reviewed for one in self.judged), len(self.judged))

    def data(self) -> dict[str, Any]:
        """The JSON form of all of them, by name."""
        return {name: metric.data() for name, metric in self.metrics.items()}


def measure(history: History, window: Window) -> Measured:
    """The five metrics of a window, each incident judged by the graph as known at its start."""
    judged = judge_incidents(history, window)
    quarters = tuple(window.quarters())
    known, mapped, worked, noticed = (
        replace(metric(judged), quarters=quarters)
        for metric in (in_register, cascades_predicted, mitigations_worked, detection)
    )
    return Measured(window, judged, known, measure_probability(judged, history, window), mapped, worked, noticed)
