"""Measures: a network and changes of it in, what a year costs and what each change saves out, exact where it can be.

The measure is the expected annual loss, or its expected shortfall: the mean of the worst 5 % of years.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy

from riskgraph.simulation.events import Events
from riskgraph.simulation.results import TAIL, Totals
from riskgraph.simulation.sampling import check_runs
from riskgraph.simulation.yearly import YearlyLoss
from riskgraph.statistics import Z95, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.simulation.blocks import Progress
    from riskgraph.simulation.changes import Change
    from riskgraph.simulation.network import Floats, Network
    from riskgraph.simulation.results import Method

By = Literal["loss", "shortfall"]
Choice = Literal["auto", "exact", "simulated"]


@dataclass(frozen=True)
class Amount:
    """An amount a year in the register's currency, and its 95 % interval; None where it is exact."""

    value: float
    interval: Interval | None = None

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {"value": self.value, "interval": list(self.interval) if self.interval else None}


@dataclass(frozen=True)
class Basis:
    """What amounts rest on: ``runs`` are single events for the loss, years for the shortfall; None where exact."""

    by: By
    method: Method
    runs: int | None = None
    seed: int | None = None

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {"by": self.by, "method": self.method, "runs": self.runs, "seed": self.seed}


@dataclass(frozen=True)
class Savings:
    """What a year costs as it is, and what each change saves, negative where it costs; in the order of the changes."""

    basis: Basis
    now: Amount
    saved: tuple[Amount, ...]


class Sampled:
    """Savings of one measure from one sample of events for all changes.

    An interval is the normal one, of what each unit adds to the measure (for a shortfall its influence: Trindade et
    al., 2007), widened on both sides by three more units like the worst that was drawn: what a sample did not show may
    still be so frequent (the rule of three: Hanley and Lippman-Hand, 1983).
    """

    def __init__(self, events: Events, by: By, seed: int) -> None:
        self.events = events
        self.losses = events.losses()
        self.basis = Basis(by, "simulated", events.units, seed)
        self._now = self._parts(self.losses)

    def now(self) -> Amount:
        """What a year costs as it is."""
        return self._amount(self._now, float(self._now.max()), 0.0, math.inf)

    def save(self, change: Change) -> Amount:
        """What a change saves in a year; negative where it costs."""
        if not change.cascades and not change.rates:
            return Amount(0.0, (0.0, 0.0))
        saved = self._now - self._parts(self.losses - self.events.differences(change))
        worst = float(numpy.abs(saved).max()) or float(self._now.max())
        bounds = (-math.inf, 0.0) if change.is_worse(self.events.network) else (0.0, math.inf)
        return self._amount(saved, worst, *bounds)

    def _parts(self, losses: Floats) -> Floats:
        """What each unit adds to the measure; the mean of the parts is the measure."""
        if self.basis.by == "loss":
            return losses
        border = Totals.of(losses).quantile(TAIL)
        return numpy.asarray(border + numpy.maximum(losses - border, 0) / (1 - TAIL))

    def _amount(self, parts: Floats, worst: float, low: float, high: float) -> Amount:
        mean, n = float(parts.mean()), len(parts)
        half = Z95 * float(parts.std()) / math.sqrt(n) + 3 * worst / n
        return Amount(mean, (max(low, mean - half), min(high, mean + half)))

    def tail(self) -> Floats:
        """How much each unit counts in the shortfall; the weights of all sum to 1."""
        border = Totals.of(self.losses).quantile(TAIL)
        weights = (self.losses > border) / len(self.losses) / (1 - TAIL)
        at = self.losses == border
        return numpy.asarray(weights + at * ((1 - float(weights.sum())) / max(int(at.sum()), 1)))


def measure_changes(
    network: Network,
    changes: Sequence[Change],
    *,
    by: By = "loss",
    seed: int = 0,
    runs: int | None = None,
    method: Choice = "auto",
    progress: Progress | None = None,
) -> Savings:
    """What changes of a network save: exact if it is the loss and can be calculated, else from one sample for all.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    if by == "loss" and method != "simulated" and (exact := calculate_changes(network, changes)):
        return exact
    sampled = draw_savings(network, changes, by=by, seed=seed, runs=runs, progress=progress)
    return Savings(sampled.basis, sampled.now(), tuple(sampled.save(change) for change in changes))


def draw_savings(
    network: Network,
    changes: Iterable[Change],
    *,
    by: By = "loss",
    seed: int = 0,
    runs: int | None = None,
    progress: Progress | None = None,
) -> Sampled:
    """A sample at the highest rates and probabilities of these changes; what other changes save has to be lower.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    if runs is not None:
        check_runs(runs)
    draw = Events.draw if by == "loss" else Events.draw_years
    return Sampled(draw(network, changes, seed=seed, runs=runs, progress=progress), by, seed)


def calculate_changes(network: Network, changes: Sequence[Change]) -> Savings | None:
    """What changes save of the expected annual loss, calculated; None where that takes too long."""
    losses = YearlyLoss.of(network, changes)
    if losses is None:
        return None
    saved: list[Amount] = []
    for change in changes:
        after = losses.after(change)
        if after is None:
            return None
        saved.append(Amount(losses.total - after))
    return Savings(Basis("loss", "exact"), Amount(losses.total), tuple(saved))


__all__ = [
    "Amount", "Basis", "By", "Choice", "Sampled", "Savings", "calculate_changes", "draw_savings", "measure_changes",
]  # fmt: skip
