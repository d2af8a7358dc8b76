"""The gap between predicted and actual probability: stretches and occurrences in, the method's second metric out."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from riskgraph.metrics.calibration import Calibration, calibrate, make_forecasts
from riskgraph.metrics.exposure import Occurrence, Stretch, cut, list_occurrences, list_stretches
from riskgraph.metrics.judged import KINDS
from riskgraph.metrics.metric import share_data
from riskgraph.statistics import Proportion, count_interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from riskgraph.history import History
    from riskgraph.metrics.calibration import Forecast
    from riskgraph.metrics.judged import Judged
    from riskgraph.metrics.window import Window

NAME = "probability_gap"


@dataclass(frozen=True)
class ProbabilityGap:
    """What the register let expect in a window, and what happened of it. Never ``1 - p`` of one incident."""

    window: Window
    judged: tuple[Judged, ...]
    stretches: tuple[Stretch, ...]
    occurrences: tuple[Occurrence, ...]
    forecasts: tuple[Forecast, ...] = field(default=())

    @property
    def calibration(self) -> Calibration:
        """How good the forecasts of its risk-years were."""
        return calibrate(self.forecasts)

    def data(self) -> dict[str, Any]:
        """The JSON form: the headline, by band, and by each split.

        By kind, near misses and external incidents only count what was observed: no rate predicts them. So it is by
        severity, of every incident.
        """
        rated = [one for one in self.occurrences if one.band is not None]
        counted = {one.judged.incident.id for one in rated}
        missing = [
            one.incident.id for one in self.judged if one.incident.type == "incident" and one.incident.id not in counted
        ]
        told = [one.sealed for one in self.forecasts if one.sealed is not None]
        calibration = self.calibration.data()
        return {
            **compare(self.stretches, rated),
            "absolute": math.fsum(one["absolute"] for one in self.by_band().values()),
            "recorded": sum(one.is_recorded for one in rated),
            "stated_only": sum(not one.is_recorded for one in rated),
            "not_estimated": {
                "risks": len({one.risk for one in self.stretches if one.rate is None}),
                "occurrences": len(self.occurrences) - len(rated),
            },
            "by_band": self.by_band(),
            **{name: value for name, value in calibration.items() if name not in {"bins", "events"}},
            "sealed": share_data(Proportion(sum(told), len(told))),
            "declared": share_data(Proportion(len(told) - sum(told), len(told))),
            "incidents": list(dict.fromkeys(one.judged.incident.id for one in rated)),
            "missing": missing,
            "by_kind": self._by_kind(),
            "by_quarter": self.by_quarter(),
            "by_category": self.by_category(),
            "by_severity": self._observed_by("severity"),
        }

    def by_band(self) -> dict[str, dict[str, Any]]:
        """Predicted and observed by the band of the likelihood before mitigations."""
        bands = sorted(
            {one.band for one in self.stretches if one.band} | {one.band for one in self._rated() if one.band}
        )
        return {
            band: compare(
                [one for one in self.stretches if one.band == band], [one for one in self._rated() if one.band == band]
            )
            for band in bands
        }

    def by_quarter(self) -> dict[str, dict[str, Any]]:
        """Predicted and observed by quarter, of every quarter of the window."""
        return {name: self._between(*span) for name, span in self.window.quarters().items()}

    def by_category(self) -> dict[str, dict[str, Any]]:
        """Predicted, observed and Brier score by the category of the risk."""
        names = {one.category for one in self.stretches} | {one.judged.category for one in self._rated()}
        return {
            name: {
                **compare(
                    [one for one in self.stretches if one.category == name],
                    [one for one in self._rated() if one.judged.category == name],
                ),
                "brier": calibrate([one for one in self.forecasts if one.category == name]).brier,
            }
            for name in sorted(names)
        }

    def _rated(self) -> list[Occurrence]:
        return [one for one in self.occurrences if one.band is not None]

    def _between(self, start: datetime, end: datetime) -> dict[str, Any]:
        within = [one for one in self._rated() if start <= one.at < end]
        return compare(cut(self.stretches, start, end), within)

    def _by_kind(self) -> dict[str, dict[str, Any]]:
        numbers = {"incident": compare(self.stretches, self._rated())}
        for kind in KINDS[1:]:
            count = sum(one.incident.type == kind and bool(one.known) for one in self.judged)
            numbers[kind] = _only_observed(count)
        return numbers

    def _observed_by(self, by: str) -> dict[str, dict[str, Any]]:
        names = [one.judged.groups[by] for one in self._rated()]
        return {name: _only_observed(names.count(name)) for name in sorted(set(names))}


def measure_probability(judged: Sequence[Judged], history: History, window: Window) -> ProbabilityGap:
    """The gap in a window."""
    stretches = list_stretches(history, window)
    occurrences = list_occurrences(judged, history, window)
    return ProbabilityGap(window, tuple(judged), stretches, occurrences, make_forecasts(stretches, occurrences))


def compare(stretches: Iterable[Stretch], occurrences: Sequence[Occurrence]) -> dict[str, Any]:
    """Predicted, observed, and what is between them, signed and absolute.

    The 95 % interval is that of the gap: predicted less the exact interval of the count (Garwood, 1936); None where no
    risk was registered.
    """
    exposed = list(stretches)
    predicted, n = math.fsum(one.expected for one in exposed), len(occurrences)
    gap, (low, high) = predicted - n, count_interval(n)
    interval = [predicted - high, predicted - low] if exposed else None
    return {"predicted": predicted, "observed": n, "gap": gap, "absolute": abs(gap), "interval": interval}


def _only_observed(n: int) -> dict[str, Any]:
    return {"predicted": None, "observed": n, "gap": None, "absolute": None, "interval": None}
