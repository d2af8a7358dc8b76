"""Exact results: a network and its plan in, probabilities and distributions of totals out.

The state is which of the risks that still have cascades to try were reached: a table with one probability for each of
their subsets, as ``plan`` orders it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy

from riskgraph.simulation.components import final_sets
from riskgraph.simulation.network import Floats, Longs, Network
from riskgraph.simulation.plan import Plan, Step
from riskgraph.simulation.results import Totals

TOTALS_WORK: Final = 1 << 27
"""How many entries of tables a distribution may touch."""
LARGEST_TABLE: Final = 1 << 22
"""The most entries of one table: 32 MB."""


def exact_probabilities(network: Network, plan: Plan) -> Floats:
    """The probability that each risk is reached; 0 for those out of reach."""
    found = numpy.zeros(len(network.ids))
    found[list(plan.certain)] = 1
    for step, outcome in _walk(plan):
        sets = numpy.arange(outcome.shape[1])
        weights = outcome.sum(axis=0)
        for place, member in enumerate(step.members):
            found[member] = min(1.0, float(weights[sets >> place & 1 == 1].sum()))
    return found


def _walk(plan: Plan) -> Iterator[tuple[Step, Floats]]:
    """Each step with the joint probability of the table's states before it and of the sets of its members."""
    table = numpy.ones(1)
    open_: list[int] = []
    for step in plan.steps:
        outcome = table[:, None] * _transition(step, open_)
        yield step, outcome
        # Members that stay become the high bits of the state.
        table = _keep(outcome, step.kept, len(step.members)).T.reshape(-1)
        open_ += [step.members[place] for place in step.kept]
        for risk in step.leaving:
            place = open_.index(risk)
            table = table.reshape(-1, 2, 1 << place).sum(axis=1).reshape(-1)
            del open_[place]


def _transition(step: Step, open_: Sequence[int]) -> Floats:
    """For each state of the table and each set of members, the probability of that set."""
    count = len(step.parents)
    spared = numpy.ones((1 << count, len(step.members))) * (1 - numpy.array(step.sure))
    states = numpy.arange(1 << count)
    for parent, member, probability in step.outside:
        spared[states >> parent & 1 == 1, member] *= 1 - probability
    if len(step.members) == 1:
        sets = numpy.concatenate([spared, 1 - spared], axis=1)
    else:
        inside = numpy.zeros((len(step.members), len(step.members)))
        for from_, to, probability in step.inside:
            inside[from_, to] = probability
        sets = final_sets(1 - spared, inside)
    table = numpy.arange(1 << len(open_))
    meant = numpy.zeros_like(table)
    for place, parent in enumerate(step.parents):
        meant |= (table >> open_.index(parent) & 1) << place
    return numpy.asarray(sets[meant])


def _keep(outcome: Floats, kept: Sequence[int], members: int) -> Floats:
    """The joint probabilities with the sets of members brought down to those that stay."""
    sets = numpy.arange(1 << members)
    meant = numpy.zeros_like(sets)
    for place, member in enumerate(kept):
        meant |= (sets >> member & 1) << place
    found = numpy.zeros((outcome.shape[0], 1 << len(kept)))
    for chosen, state in enumerate(meant):
        found[:, state] += outcome[:, chosen]
    return found


def exact_totals(plan: Plan, weights: Longs, work: int = TOTALS_WORK) -> Totals | None:
    """The distribution of the sum of whole ``weights`` over the risks that are reached; None if it is too wide.

    With weights of 1 it is that of the number of risks. ``work`` is how many entries of tables may be touched.
    """
    first = int(weights[list(plan.certain)].sum())
    table = numpy.ones((1, 1))
    values = numpy.array([first], dtype=numpy.int64)
    open_: list[int] = []
    for step in plan.steps:
        moved = _transition(step, open_)
        added = _sums([int(weights[member]) for member in step.members])
        work -= moved.size * len(values)
        if work < 0:
            return None
        next_values = numpy.unique(values[:, None] + numpy.unique(added)[None, :])
        if len(table) * len(next_values) << len(step.kept) > LARGEST_TABLE:
            return None
        after = numpy.zeros((1 << len(step.kept), len(table), len(next_values)))
        sets = numpy.arange(len(added))
        state = sum(((sets >> member & 1) << place for place, member in enumerate(step.kept)), numpy.zeros_like(sets))
        for chosen in sets:
            places = numpy.searchsorted(next_values, values + added[chosen])
            after[state[chosen][..., None], :, places] += (table * moved[:, chosen, None]).T
        table, values = after.reshape(-1, len(next_values)), next_values
        open_ += [step.members[place] for place in step.kept]
        for risk in step.leaving:
            place = open_.index(risk)
            table = table.reshape(-1, 2, 1 << place, len(values)).sum(axis=1).reshape(-1, len(values))
            del open_[place]
    return Totals(values.astype(numpy.float64), table.sum(axis=0))


def _sums(weights: Sequence[int]) -> Longs:
    """The sum of the weights of every set."""
    sums = numpy.zeros(1, dtype=numpy.int64)
    for weight in weights:
        sums = numpy.concatenate([sums, sums + weight])
    return sums
