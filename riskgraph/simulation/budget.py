"""Budgets: the mitigations that are not in place and how much may be spent in, the best set to put in place out.

Savings of mitigations do not add up: two may guard the same cascade, or two ways to the same risk. So sets are tried,
all of them where they are few; else the best addition, step by step, and then exchanges, as long as any helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, Final

from riskgraph.errors import InputError, UsageError
from riskgraph.simulation.bound import bound_savings
from riskgraph.simulation.measures import Amount, Basis, By, Choice, draw_savings, measure_changes

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.blocks import Progress
    from riskgraph.simulation.changes import Switches
    from riskgraph.simulation.measures import Sampled
    from riskgraph.simulation.network import LeftOut

SETS: Final = 256
"""Up to how many sets are all tried."""
TRIES: Final = 2000
"""How many sets a search tries at most."""
_NOISE: Final = 1e-9

Set = tuple[str, ...]
Costs = Mapping[str, float]


@dataclass(frozen=True)
class Purchase:
    """The best set that was found for a budget.

    ``bound`` is what no set within the budget saves more than, on the same sample; where every set was tried it is what
    the best one saves. ``unpriced`` are candidates without a cost, which were left out.
    """

    budget: float
    cost: float
    field: str | None
    basis: Basis
    now: Amount
    mitigations: Set
    avoided: Amount
    bound: float
    is_best: bool
    unpriced: Set
    left_out: LeftOut

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "limit": self.budget,
            "cost": self.cost,
            "cost_field": self.field,
            "mitigations": list(self.mitigations),
            "loss_avoided": self.avoided.value,
            "interval": list(self.avoided.interval) if self.avoided.interval else None,
            "bound": self.bound,
            "is_best": self.is_best,
            "unpriced": list(self.unpriced),
        }


def choose_mitigations(
    switches: Switches,
    budget: float,
    *,
    field: str | None = None,
    by: By = "loss",
    seed: int = 0,
    runs: int | None = None,
    method: Choice = "auto",
    progress: Progress | None = None,
) -> Purchase:
    """The set of mitigations that saves most together and costs no more than ``budget``.

    Candidates are the mitigations that are not in place and not retired. Each costs 1, so that the budget is their
    number, or what its extra ``field`` says.

    Raises:
        InputError: a cost is no amount of money.
        UsageError: the budget is not positive, no candidate has the field, or ``runs`` is out of range.
    """
    if not budget > 0:
        raise UsageError(f"a budget of {budget:g} buys nothing: name a positive one")
    graph = switches.graph
    candidates = [
        id_ for id_, one in graph.mitigations.items() if id_ not in switches.implemented and one.status != "retired"
    ]
    costs = _read_costs(graph, candidates, field)
    sets = list(islice(_sets(costs, budget), SETS + 1))
    if len(sets) <= SETS:
        changes = [switches.switch(one) for one in sets]
        found = measure_changes(
            switches.network, changes, by=by, seed=seed, runs=runs, method=method, progress=progress
        )
        best, avoided = _best(dict(zip(sets, found.saved, strict=True)), costs)
        basis, now, bound = found.basis, found.now, avoided.value
    else:
        changes = [switches.switch([id_]) for id_ in costs]
        sampled = draw_savings(switches.network, changes, by=by, seed=seed, runs=runs, progress=progress)
        search = _Search(switches, sampled, costs, budget)
        best, avoided = search.find()
        basis, now = sampled.basis, sampled.now()
        bound = bound_savings(switches, sampled, costs, budget, search.steps)
    return Purchase(
        budget=budget,
        cost=sum(costs[id_] for id_ in best),
        field=field,
        basis=basis,
        now=now,
        mitigations=best,
        avoided=avoided,
        bound=max(bound, avoided.value),
        is_best=len(sets) <= SETS,
        unpriced=tuple(id_ for id_ in candidates if id_ not in costs),
        left_out=switches.network.left_out,
    )


def _read_costs(graph: RiskGraph, candidates: list[str], field: str | None) -> dict[str, float]:
    """What each candidate costs, as far as that is known."""
    if field is None:
        return dict.fromkeys(candidates, 1.0)
    if not field.startswith("x_"):
        raise UsageError(f"{field!r} is no extra field: name one such as x_cost, as the register has it")
    costs: dict[str, float] = {}
    for id_ in candidates:
        value = (graph.mitigations[id_].model_extra or {}).get(field)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise InputError(f"{field} of {id_} is {value!r}: a cost is a number, 0 or more, without quotes")
        costs[id_] = float(value)
    if candidates and not costs:
        raise UsageError(f"no mitigation that could be chosen has {field}: name another field, or leave --cost away")
    return costs


def _sets(costs: Costs, budget: float) -> Iterator[Set]:
    """Every set within the budget, the empty one first."""
    ids = sorted(id_ for id_ in costs if costs[id_] <= budget)
    for size in range(len(ids) + 1):
        fits = False
        for chosen in combinations(ids, size):
            if sum(costs[id_] for id_ in chosen) <= budget + _NOISE:
                fits = True
                yield chosen
        if not fits:
            return


def _best(saved: Mapping[Set, Amount], costs: Costs) -> tuple[Set, Amount]:
    """The set that saves most; of those that save the same the cheapest, then the smallest."""
    most = max(amount.value for amount in saved.values())
    equal = [one for one, amount in saved.items() if amount.value >= most - _NOISE * abs(most)]
    chosen = min(equal, key=lambda one: (sum(costs[id_] for id_ in one), len(one), one))
    return chosen, saved[chosen]


class _Search:
    """A search that grows a set and then exchanges; ``steps`` are the sets it grew over, the empty one first."""

    def __init__(self, switches: Switches, sampled: Sampled, costs: Costs, budget: float) -> None:
        self._switches, self._sampled = switches, sampled
        self._costs, self._budget = costs, budget
        self._tried: dict[frozenset[str], Amount] = {}
        self.steps: list[frozenset[str]] = []

    def find(self) -> tuple[Set, Amount]:
        """The best set, and what it saves."""
        grown = [self._grow(per_cost=per_cost) for per_cost in (True, False)]
        best = self._exchange(max(grown, key=self._value))
        return tuple(sorted(best)), self._try(best)

    def _try(self, chosen: frozenset[str]) -> Amount:
        if chosen not in self._tried:
            self._tried[chosen] = self._sampled.save(self._switches.switch(chosen))
        return self._tried[chosen]

    def _value(self, chosen: frozenset[str]) -> float:
        return self._try(chosen).value

    def _fits(self, chosen: frozenset[str]) -> bool:
        return sum(self._costs[id_] for id_ in chosen) <= self._budget + _NOISE

    def _price(self, id_: str, *, per_cost: bool) -> float:
        return max(self._costs[id_], _NOISE) if per_cost else 1.0

    def _grow(self, *, per_cost: bool) -> frozenset[str]:
        """Adds what saves most, for its cost or in all, as long as something that saves fits."""
        chosen: frozenset[str] = frozenset()
        while True:
            self.steps.append(chosen)
            gains = {
                id_: (self._value(chosen | {id_}) - self._value(chosen)) / self._price(id_, per_cost=per_cost)
                for id_ in sorted(self._costs.keys() - chosen)
                if self._fits(chosen | {id_})
            }
            if not gains or max(gains.values()) <= 0:
                return chosen
            chosen |= {max(gains, key=gains.__getitem__)}

    def _exchange(self, chosen: frozenset[str]) -> frozenset[str]:
        """Puts one in for another as long as that saves more, or ``TRIES`` are used up."""
        better = True
        while better and len(self._tried) < TRIES:
            others = sorted(self._costs.keys() - chosen)
            sets = [chosen - {out} | {in_} for out in sorted(chosen) for in_ in others]
            fitting = [one for one in sets if self._fits(one)][: TRIES - len(self._tried)]
            best = max(fitting, key=self._value, default=chosen)
            better = self._value(best) > self._value(chosen) * (1 + _NOISE)
            chosen = best if better else chosen
        return chosen


__all__ = ["SETS", "TRIES", "Purchase", "choose_mitigations"]
