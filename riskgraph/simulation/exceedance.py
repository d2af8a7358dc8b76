"""Exceedance: a network in, what a whole year costs out: its mean, its tail and the loss exceedance curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy

from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.measures import Amount, draw_savings
from riskgraph.simulation.results import EXCEEDANCE, QUANTILES, TAIL, Totals
from riskgraph.simulation.summary import order_interval

if TYPE_CHECKING:
    from riskgraph.simulation.blocks import Progress
    from riskgraph.simulation.network import LeftOut, Network


@dataclass(frozen=True)
class YearOfLosses:
    """A year: Poisson numbers of every risk that happens by itself, each with its cascade, losses from their ranges.

    Amounts are in the register's currency. The mean has no interval where it is exact; all else is from ``years``
    simulated ones. ``exceedance`` has losses and the probability that a year costs more, ``quantiles`` shares of years
    and the loss that they do not exceed.
    """

    years: int
    seed: int
    mean: Amount
    var95: Amount
    es95: Amount
    exceedance: tuple[tuple[float, float], ...]
    quantiles: tuple[tuple[float, float], ...]
    left_out: LeftOut


def simulate_year(
    network: Network, *, seed: int = 0, runs: int | None = None, progress: Progress | None = None
) -> YearOfLosses:
    """What a year costs, from ``runs`` years.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    sampled = draw_savings(network, (), by="shortfall", seed=seed, runs=runs, progress=progress)
    totals = Totals.of(sampled.losses)
    expected = expected_losses(network, seed=seed)
    return YearOfLosses(
        years=len(sampled.losses),
        seed=seed,
        mean=Amount(expected.annual, expected.annual_interval),
        var95=Amount(totals.quantile(TAIL), order_interval(numpy.sort(sampled.losses), TAIL)),
        es95=sampled.now(),
        exceedance=tuple((totals.quantile(1 - share), share) for share in EXCEEDANCE),
        quantiles=tuple((share, totals.quantile(share)) for share in QUANTILES),
        left_out=network.left_out,
    )


__all__ = ["YearOfLosses", "simulate_year"]
