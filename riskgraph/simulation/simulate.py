"""Simulations: a network and start risks in, how far they go, how fast and at what cost out, exact where it can be.

The model is the independent cascade (Kempe, Kleinberg and Tardos, 2003): each cascade out of a risk that materialised
fires once, by its probability, independently of all others. ``docs/model.md`` says what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy
from numpy.typing import NDArray

from riskgraph.errors import UsageError
from riskgraph.simulation.amounts import Amounts, count_amounts
from riskgraph.simulation.blocks import Progress, run_blocks
from riskgraph.simulation.draws import Arcs, Keys
from riskgraph.simulation.exact import exact_probabilities, exact_totals
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.network import Floats, Ints, Longs, Network
from riskgraph.simulation.plan import Plan, plan_exact
from riskgraph.simulation.results import Cost, Reach, Simulation, Size, Time, Totals
from riskgraph.simulation.sampling import ONE_WORLD, Sample, check_runs, draw_pilot, draw_sample, split_work
from riskgraph.simulation.summary import Mean, read_cost, read_size, read_times, sample_interval
from riskgraph.statistics import Proportion

Choice = Literal["auto", "exact", "simulated"]
ARRIVALS: Final = 1 << 22
"""How many arrivals are kept for times; where more worlds have them, fewer worlds are timed."""
_TIMED: Final = 1 << 14
"""How many worlds are timed at once at most: there has to be room for all that happens in them."""
_TIME_COST: Final = 8
"""What a word costs where arrivals are timed, in words drawn for one world."""


def simulate(
    network: Network,
    starts: Sequence[str],
    *,
    seed: int = 0,
    runs: int | None = None,
    method: Choice = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """How far start risks go that materialise together.

    With ``auto`` probabilities are exact where tables of the open risks fit, and simulated elsewhere. Sizes and losses
    are exact where probabilities are and their own tables fit, too; losses with a range only in their mean. Times are
    always simulated. ``runs`` worlds are drawn for what is simulated, ``RUNS`` by default.

    Raises:
        InputError: a start is not a risk.
        UsageError: ``runs`` is out of range, or ``exact`` was asked for and cannot be.
    """
    count = check_runs(runs)
    network = network.within(network.find(starts))
    places = network.find(starts)
    plan = plan_exact(network, places) if method != "simulated" else None
    if plan is None and method == "exact":
        raise UsageError(
            f"{', '.join(starts)} can reach too many risks at once for an exact answer: leave the method to riskgraph"
        )
    in_reach = network.reach(places)
    amounts = count_amounts(network)
    sizes = exact_totals(plan, numpy.ones(len(network.ids), dtype=numpy.int64)) if plan else None
    losses = _exact_losses(plan, amounts, in_reach) if plan else None
    sample = None
    if sizes is None or losses is None:
        arcs, first = Arcs.of(network), places.astype(numpy.int32)
        sample = draw_sample(arcs, amounts, first, seed=seed, runs=count, threads=threads, progress=progress)
    timed = _draw_times(network, amounts, places, in_reach, seed, count, threads)
    if plan:
        probability = exact_probabilities(network, plan)
    else:
        assert sample is not None  # noqa: S101 - without a plan there is no exact distribution
        probability = sample.counts / count
    chosen, certain = numpy.flatnonzero(in_reach).tolist(), set(places.tolist())
    return Simulation(
        method="exact" if plan else "simulated",
        runs=count if sample else None,
        seed=seed if sample or timed else None,
        starts=tuple(network.ids[place] for place in places),
        reached=tuple(
            Reach(
                network.ids[risk],
                float(probability[risk]),
                None
                if plan or risk in certain or sample is None
                else Proportion(int(sample.counts[risk]), count).interval,
                timed.get(risk),
            )
            for risk in chosen
        ),
        size=_size(sizes, sample, len(places), len(chosen)),
        loss=_cost(network, amounts, losses, sample, probability if plan else None, places, in_reach),
        left_out=network.left_out_of(in_reach),
    )


def _exact_losses(plan: Plan, amounts: Amounts, in_reach: NDArray[numpy.bool_]) -> Totals | None:
    """The distribution of the loss; None where a loss in reach is drawn from a range, or tables are too wide."""
    if amounts.span[in_reach].any():
        return None
    found = exact_totals(plan, amounts.mean)
    return Totals(found.values * amounts.unit, found.probabilities) if found else None


def _size(exact: Totals | None, sample: Sample | None, least: int, most: int) -> Size:
    if exact:
        return read_size(exact, None, least, most)
    assert sample is not None  # noqa: S101 - it is drawn where there is no exact distribution
    return read_size(Totals.of(sample.sizes.astype(numpy.float64)), sample.sizes, least, most)


def _cost(
    network: Network,
    amounts: Amounts,
    exact: Totals | None,
    sample: Sample | None,
    probability: Floats | None,
    starts: Longs,
    in_reach: NDArray[numpy.bool_],
) -> Cost | None:
    known = in_reach & ~numpy.isnan(network.mean)
    if not known.any():
        return None
    most = float((amounts.low + amounts.span)[in_reach].sum()) * amounts.unit
    if probability is not None:
        mean: Mean = (float(probability[known] @ network.mean[known]), None)
    else:
        assert sample is not None  # noqa: S101 - it is drawn where probabilities are not exact
        values: Floats = sample.means * numpy.float64(amounts.unit)
        bounds = (float(amounts.mean[part].sum()) * amounts.unit for part in (starts, in_reach))
        mean = (float(values.mean()), sample_interval(values, *bounds))
    if exact:
        return read_cost(exact, None, mean, most)
    assert sample is not None  # noqa: S101 - as for sizes
    losses: Floats = sample.losses * numpy.float64(amounts.unit)
    return read_cost(Totals.of(losses), losses, mean, most)


def _draw_times(
    network: Network,
    amounts: Amounts,
    starts: Longs,
    in_reach: NDArray[numpy.bool_],
    seed: int,
    runs: int,
    threads: int | None,
) -> dict[int, Time]:
    """The times by risk; none where no cascade in reach has a delay."""
    if not (in_reach[network.sources] & ~numpy.isnan(network.delay) & (network.probability > 0)).any():
        return {}
    arcs, first = Arcs.of(network), starts.astype(numpy.int32)
    each = draw_pilot(arcs, amounts, first, None, seed=seed, runs=runs).each
    step = min(split_work(each * _TIME_COST, runs), _TIMED)

    def work(block: int) -> tuple[Ints, Longs]:
        keys = Keys(seed, ONE_WORLD, block * step, min(step, runs - block * step))
        return engine().arrivals(arcs, keys, first)

    risks: list[Ints] = []
    times: list[Longs] = []
    kept = 0
    for found, when in run_blocks(work, -(-runs // step), threads=threads):
        risks.append(found)
        times.append(when)
        kept += len(found)
        if kept >= ARRIVALS:
            break
    return read_times(numpy.concatenate(risks), numpy.concatenate(times))
