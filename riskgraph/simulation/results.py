"""Results: weighted totals in, what a simulation says of sizes, losses and times as frozen values out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy
from numpy.typing import NDArray

from riskgraph.simulation.network import Floats, LeftOut
from riskgraph.statistics import Interval

Method = Literal["exact", "simulated"]

TAIL: Final = 0.95
"""Value at risk and expected shortfall are those of the worst 5 %."""
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
EXCEEDANCE: Final = (0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001)
"""The probabilities at which a loss exceedance curve has a point."""
LONGEST_PMF: Final = 1000
"""Up to how many sizes each has its own probability in a result."""


@dataclass(frozen=True)
class Time:
    """How long a risk takes to be reached, in seconds from the start, in the worlds in which it is reached.

    It is the earliest arrival over the live cascades that have a delay. A world in which every live way there has a
    cascade without one gives no time; ``unknown`` is the share of such worlds.
    """

    q1: float | None
    median: float | None
    q3: float | None
    mean: float | None
    interval: Interval | None
    """95 % interval of the median, from order statistics."""
    unknown: float
    n: int
    """The worlds with a time."""


@dataclass(frozen=True)
class Reach:
    """What happens to one risk."""

    id: str
    probability: float
    interval: Interval | None
    """95 %; None where the probability is exact."""
    time: Time | None
    """None for a risk that no world reached, or where no time was asked for."""


@dataclass(frozen=True)
class Size:
    """How many risks materialise, the starts among them."""

    method: Method
    mean: float
    interval: Interval | None
    quantiles: tuple[tuple[float, int], ...]
    pmf: tuple[tuple[int, float], ...] | None
    """The probability of each size that has one; None where there are more than ``LONGEST_PMF``."""


@dataclass(frozen=True)
class Cost:
    """What it costs, the starts included, in the register's currency. ``mean_method`` speaks of the mean alone."""

    mean_method: Method
    mean: float
    interval: Interval | None
    method: Method
    var95: float
    """The loss that is exceeded in at most 5 % of the cases."""
    var95_interval: Interval | None
    es95: float
    """The mean of the worst 5 % of the cases (expected shortfall)."""
    es95_interval: Interval | None
    quantiles: tuple[tuple[float, float], ...]
    exceedance: tuple[tuple[float, float], ...]
    """Loss and the probability of more than that, for the probabilities of ``EXCEEDANCE``."""


@dataclass(frozen=True)
class Simulation:
    """How far start risks go. ``method`` speaks of the probabilities; sizes and losses have their own.

    ``runs`` is how many worlds were drawn for probabilities, sizes and losses, None where all are exact. ``seed`` is
    there where times are simulated, too; each time has its own ``n``.
    """

    method: Method
    runs: int | None
    seed: int | None
    starts: tuple[str, ...]
    reached: tuple[Reach, ...]
    """Every risk that can be reached, by id; the starts with probability 1."""
    size: Size
    loss: Cost | None
    """None where no risk in reach has a loss."""
    left_out: LeftOut
    """What within reach has no estimate."""


@dataclass(frozen=True, eq=False)
class Totals:
    """A distribution of totals: rising values and their probabilities, which sum to 1."""

    values: Floats
    probabilities: Floats

    @classmethod
    def of(cls, samples: NDArray[numpy.float64]) -> Totals:
        """The distribution that each of the samples is equally likely in."""
        values, counts = numpy.unique(samples, return_counts=True)
        return cls(values, counts / len(samples))

    def quantile(self, share: float) -> float:
        """The smallest value that at least this share of the probability does not exceed."""
        below = numpy.cumsum(self.probabilities)
        # A sum of many probabilities falls short of 1 by its rounding, never by a real outcome.
        place = int(numpy.searchsorted(below, share - 1e-12))
        return float(self.values[min(place, len(self.values) - 1)])

    def mean(self) -> float:
        """The mean."""
        return float(self.values @ self.probabilities)

    def shortfall(self, share: float = TAIL) -> float:
        """The mean of the worst ``1 - share`` (Acerbi and Tasche, 2002), an outcome on the border in part."""
        quantile = self.quantile(share)
        over = numpy.maximum(self.values - quantile, 0)
        return quantile + float(over @ self.probabilities) / (1 - share)
