"""Takes graphs with mitigations that are not in place, shows which set a budget buys and how good that is."""

from __future__ import annotations

import itertools

import numpy
import pytest

from riskgraph.errors import InputError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.model import Element
from riskgraph.simulation import budget as budgets
from riskgraph.simulation.budget import choose_mitigations
from riskgraph.simulation.changes import Switches
from riskgraph.simulation.loss import expected_losses
from tests.builders import cascade, element, graph


def two_ways(**costs: float) -> RiskGraph:
    """One risk leads to a dear one by two ways; one mitigation guards each, a third one does little at the root."""
    extras = {id_: {"x_cost": cost} for id_, cost in costs.items()}
    return graph(
        element("risk", id="A", likelihood={"per_year": 1}, loss=0),
        element("risk", id="B", loss=0), element("risk", id="C", loss=0), element("risk", id="D", loss=1000),
        cascade("A", "B", 1), cascade("A", "C", 1), cascade("B", "D", 1), cascade("C", "D", 1),
        *(element("mitigation", id=id_, **extras.get(id_, {})) for id_ in ("M1", "M2", "M3")),
        element("mitigation", id="M4", status="retired"), element("mitigation", id="M5", status="implemented"),
        element("blocks", mitigation="M1", from_="B", to="D", effectiveness=1),
        element("blocks", mitigation="M2", from_="C", to="D", effectiveness=1),
        element("mitigates", mitigation="M3", risk="A", effectiveness=0.3),
        element("mitigates", mitigation="M4", risk="A", effectiveness=1),
    )  # fmt: skip


def test_two_that_only_work_together_are_found() -> None:
    """Prevents a choice by single savings: M1 and M2 save nothing alone and everything together."""
    switches = Switches(two_ways())
    one, two = (choose_mitigations(switches, budget) for budget in (1, 2))
    assert (one.mitigations, two.mitigations, two.cost) == (("M3",), ("M1", "M2"), 2)
    assert [one.avoided.value, two.avoided.value] == pytest.approx([300, 1000])
    assert (two.bound, two.is_best, two.basis.method) == (two.avoided.value, True, "exact")
    # The retired one is not bought again, and a third one that saves nothing is not bought at all.
    assert choose_mitigations(switches, 9).mitigations == ("M1", "M2")


def test_a_budget_of_money() -> None:
    """Prevents a number of mitigations that is taken for a sum, and one without a cost that counts as free."""
    found = choose_mitigations(Switches(two_ways(M1=50, M2=60, M3=40)), 100, field="x_cost")
    assert (found.mitigations, found.cost, found.unpriced) == (("M3",), 40, ())
    found = choose_mitigations(Switches(two_ways(M1=50, M2=60, M3=40)), 110, field="x_cost")
    assert (found.mitigations, found.cost) == (("M1", "M2"), 110)
    found = choose_mitigations(Switches(two_ways(M1=5)), 100, field="x_cost")
    assert (found.mitigations, found.unpriced) == ((), ("M2", "M3"))


def many(seed: int) -> RiskGraph:
    """A graph with ten mitigations, some on rates, some on cascades, some on both and on the same."""
    random = numpy.random.default_rng(seed)
    ids = [f"R{place}" for place in range(8)]
    pairs = [(a, b) for a in ids for b in ids if a != b]
    chosen = [pairs[place] for place in sorted(random.choice(len(pairs), 14, replace=False).tolist())]
    parts: list[Element] = [
        element("risk", id=id_, likelihood={"per_year": float(random.random())}, loss=float(random.integers(1000)))
        for id_ in ids
    ]
    parts += [cascade(a, b, float(random.random())) for a, b in chosen]
    for number in range(10):
        name = f"M{number}"
        parts.append(element("mitigation", id=name, x_cost=float(random.integers(1, 9))))
        for pair in {chosen[int(random.integers(14))] for _ in range(2)}:
            share = float(random.random())
            parts.append(element("blocks", mitigation=name, from_=pair[0], to=pair[1], effectiveness=share))
        if number % 3 == 0:
            risk = ids[int(random.integers(8))]
            parts.append(element("mitigates", mitigation=name, risk=risk, effectiveness=float(random.random())))
    return graph(*parts)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("budget", "field"), [(3, None), (12, "x_cost")])
def test_the_search_comes_near_the_best_and_its_bound_holds(
    seed: int, budget: float, field: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents a bound that some set beats, and a set that is called good and is not."""
    switches = Switches(many(seed))
    monkeypatch.setattr(budgets, "SETS", 2000)
    best = choose_mitigations(switches, budget, field=field, method="simulated", runs=5000)
    monkeypatch.setattr(budgets, "SETS", 1)
    found = choose_mitigations(switches, budget, field=field, method="simulated", runs=5000)
    assert (best.is_best, found.is_best) == (True, False)
    assert found.cost <= budget
    # The two samples are drawn at the same highest rates, so what a set saves is the same in both.
    assert found.bound >= best.avoided.value - 1e-6
    assert best.avoided.value + 1e-6 >= found.avoided.value >= 0.95 * best.avoided.value
    tail = choose_mitigations(switches, budget, field=field, by="shortfall", runs=300)
    assert tail.bound >= tail.avoided.value


def test_the_best_set_is_that_of_every_set_calculated() -> None:
    """Prevents a search over sets that leaves some out."""
    whole = many(1)
    found = choose_mitigations(Switches(whole), 2)
    losses = {
        chosen: expected_losses(Switches(whole, with_=chosen).network, method="exact").annual
        for size in (0, 1, 2)
        for chosen in itertools.combinations(sorted(whole.mitigations), size)
    }
    assert found.mitigations == min(losses, key=losses.__getitem__)
    assert found.avoided.value == pytest.approx(losses[()] - min(losses.values()))


def test_nothing_to_buy() -> None:
    """Prevents a traceback where every mitigation is in place."""
    found = choose_mitigations(Switches(graph(element("risk", id="A", likelihood=2, loss=5))), 3)
    assert (found.mitigations, found.avoided.value, found.bound) == ((), 0, 0)


@pytest.mark.parametrize(
    ("budget", "field", "error", "said"),
    [
        (0, None, UsageError, "buys nothing"),
        (float("nan"), None, UsageError, "buys nothing"),
        (5, "owner", UsageError, "no extra field"),
        (5, "x_price", UsageError, "no mitigation that could be chosen has x_price"),
        (5, "x_cost", InputError, "x_cost of M1 is -1"),
    ],
)
def test_what_is_no_budget(budget: float, field: str | None, error: type[Exception], said: str) -> None:
    """Prevents a set that was bought with a cost nobody meant."""
    with pytest.raises(error, match=said):
        choose_mitigations(Switches(two_ways(M1=-1)), budget, field=field)
