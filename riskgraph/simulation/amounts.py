"""Amounts: the losses of a network in, whole numbers that sum to the same in every order, and tables to draw from, out.

Sums of floating-point numbers depend on their order, so losses are counted in a unit: the power of two that makes the
sum of all highest losses less than 2 ** 42. Whole currency units stay exact up to a sum of four million millions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy

from riskgraph.simulation.network import Floats, Ints, Longs, Network, Pert

_SMALLEST: Final = -1022
"""The exponent of the smallest power of two that has all of its digits; below it a loss is none."""
BITS: Final = 42
STRATA: Final = 1024
"""A PERT loss is drawn as the mean of one of so many equally likely parts of its distribution: its mean is kept."""
SHAPES: Final = 1024
"""The place of the likeliest loss between the lowest and the highest is met to half of one part of so many."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """Losses as whole numbers of ``unit``."""

    unit: float
    mean: Longs
    """The mean loss of each risk; 0 where there is none."""
    low: Longs
    """The loss, or the lowest one where it is drawn."""
    span: Floats
    """Highest minus lowest, in units; 0 where the loss is certain."""
    shape: Ints
    """The row of ``table`` that a loss is drawn from."""
    table: Floats
    """For each shape its strata: between 0 and 1, times the span, above the lowest."""

    @property
    def is_certain(self) -> bool:
        """Whether no loss is drawn."""
        return not self.span.any()


def count_amounts(network: Network) -> Amounts:
    """The losses of a network in units."""
    ranges = {place: loss for place, loss in enumerate(network.loss) if isinstance(loss, Pert)}
    mean = numpy.nan_to_num(network.mean)
    low, high = mean.copy(), mean.copy()
    for place, loss in ranges.items():
        low[place], high[place] = loss.low, loss.high
    unit = unit_for(math.fsum(high.tolist()))
    shapes = {
        place: round(SHAPES * (loss.likely - loss.low) / (loss.high - loss.low)) for place, loss in ranges.items()
    }
    rows = {shape: row for row, shape in enumerate(sorted(set(shapes.values())))}
    shape_of = numpy.zeros(len(network.ids), dtype=numpy.int32)
    for place, shape in shapes.items():
        shape_of[place] = rows[shape]
    table = [_strata(shape / SHAPES) for shape in rows] or [numpy.zeros(STRATA)]
    return Amounts(
        unit=unit,
        mean=numpy.rint(mean / unit).astype(numpy.int64),
        low=numpy.rint(low / unit).astype(numpy.int64),
        span=numpy.rint((high - low) / unit),
        shape=shape_of,
        table=numpy.concatenate(table),
    )


def unit_for(total: float) -> float:
    """The power of two that makes a total less than ``2 ** BITS``, as far as there are such small ones; 1 for 0."""
    return math.ldexp(1.0, max(math.frexp(total)[1] - BITS, _SMALLEST)) if total > 0 else 1.0


def _strata(mode: float) -> Floats:
    """The means of the parts of a PERT distribution on 0 to 1 with its likeliest value at ``mode``."""
    from scipy.special import betainc, betaincinv

    a, b = 1 + 4 * mode, 5 - 4 * mode
    borders = betaincinv(a, b, numpy.arange(STRATA + 1) / STRATA)
    # The mean of a beta variable below x is that of a beta with a + 1, times a / (a + b).
    means = numpy.diff(betainc(a + 1, b, borders)) * STRATA * a / (a + b)
    # What is left of a library's rounding must not show: the same table on every machine.
    return numpy.asarray(numpy.round(means * 2.0**30) / 2.0**30)
