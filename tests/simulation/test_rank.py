"""Takes small graphs, shows that what would be saved is what the model says, exactly and within its intervals."""

from __future__ import annotations

from typing import Literal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.errors import UsageError
from riskgraph.graph import RiskGraph
from riskgraph.simulation import traces
from riskgraph.simulation.changes import Change, Switches, remove
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.measures import draw_savings, measure_changes
from riskgraph.simulation.network import Network, compile_network
from riskgraph.simulation.rank import rank_mitigations, rank_removals
from riskgraph.simulation.traces import trace_events
from tests.builders import cascade, element, graph
from tests.simulation.networks import enumerate_reach, network, random_network


def yearly(given: Network) -> float:
    """The expected annual loss by looking at every world."""
    mean = numpy.nan_to_num(given.mean)
    reach = [enumerate_reach(given, [start]) for start in range(len(given.ids))]
    return float(sum(rate * (numpy.array(row) @ mean) for rate, row in zip(given.rate, reach, strict=True) if rate > 0))


def guarded() -> RiskGraph:
    """Two risks that happen by themselves, one that only follows, and a mitigation of each status."""
    return graph(
        element("risk", id="A", likelihood={"per_year": 2}, loss=100),
        element("risk", id="B", likelihood={"per_year": 0.5}, loss=1000),
        element("risk", id="C", loss={"low": 0, "likely": 3000, "high": 6000}),
        cascade("A", "B", 0.5), cascade("B", "C", 0.2),
        element("mitigation", id="M1", status="implemented"),
        element("mitigation", id="M2", status="planned"),
        element("mitigation", id="M3", status="failed"),
        element("mitigation", id="M4", status="in_progress"),
        element("mitigates", mitigation="M1", risk="A", effectiveness=0.5),
        element("blocks", mitigation="M2", from_="A", to="B", effectiveness=0.8),
        element("mitigates", mitigation="M2", risk="B", effectiveness=0.4),
        element("blocks", mitigation="M3", from_="B", to="C", effectiveness=1),
        element("mitigates", mitigation="M4", risk="A"),
    )  # fmt: skip


def test_mitigations_by_hand() -> None:
    """Prevents a sign, a rate or a block that is taken twice.

    B and what follows cost 1000 + 0.2 * 3000 = 1600. A does 100 + 0.5 * 1600 = 900, once a year, as M1 halves it.
    """
    found = rank_mitigations(Switches(guarded()))
    assert (found.basis.method, found.more) == ("exact", 0)
    assert found.now.value == pytest.approx(900 + 800)
    # M2: A then costs 100 + 0.1 * 1600, and B happens 0.3 times a year. M3: nothing reaches C.
    expected = {"M1": 900, "M2": 1700 - (260 + 480), "M3": 0.5 * 600 + 0.5 * 600, "M4": 0}
    assert {item.ids[0]: item.avoided.value for item in found.items} == pytest.approx(expected)
    assert [item.ids[0] for item in found.items] == ["M2", "M1", "M3", "M4"]
    assert found.items[0].data() == {
        "id": "M2", "status": "planned", "estimated": True, "loss_avoided": pytest.approx(960), "interval": None,
    }  # fmt: skip


@pytest.mark.parametrize("method", ["exact", "simulated"])
def test_a_mitigation_that_removes_the_whole_rate_saves_it(method: Literal["exact", "simulated"]) -> None:
    """Prevents the best mitigation of all from saving nothing: as it is, its risk starts nothing that could be lost."""
    given = graph(
        element("risk", id="A", likelihood={"per_year": 2}, loss=100), element("risk", id="B", loss=1000),
        cascade("A", "B", 0.5),
        element("mitigation", id="M", status="implemented"),
        element("mitigates", mitigation="M", risk="A", effectiveness=1),
    )  # fmt: skip
    (item,) = rank_mitigations(Switches(given), method=method, runs=20_000).items
    assert item.avoided.value == pytest.approx(2 * (100 + 0.5 * 1000), rel=0 if method == "exact" else 0.05)


def test_pretending_is_ranked_too() -> None:
    """Prevents a ranking under a what-if that answers for the graph as it is."""
    switches = Switches(guarded(), with_=["M3"], without=["M1"])
    found = {item.ids[0]: item.avoided.value for item in rank_mitigations(switches).items}
    # Nothing reaches C: B costs 1000, A 600, twice a year. Of M1 it is now asked what it would save.
    assert found["M1"] == pytest.approx(600)
    assert found["M3"] == pytest.approx(1600 * 0.5 + 900 * 2 - 1000 * 0.5 - 600 * 2)


def test_removals_by_hand() -> None:
    """Prevents a risk that is removed and still costs, and a cascade that counts for more than what goes over it."""
    given = compile_network(guarded())
    cascades = rank_removals(given, "cascades")
    assert [item.ids for item in cascades.items] == [("A", "B"), ("B", "C")]
    assert [item.avoided.value for item in cascades.items] == pytest.approx([800, 600])
    risks = {item.ids[0]: item.avoided.value for item in rank_removals(given, "risks").items}
    assert risks == pytest.approx({"A": 900, "B": 1600, "C": 600})


@pytest.mark.parametrize("seed", range(25))
def test_savings_are_those_of_every_world(seed: int) -> None:
    """Prevents a start that a change touches and that is not calculated again."""
    random = numpy.random.default_rng(seed)
    whole = random_network(random, 6, 9)
    changes = [remove(whole, "cascades", int(random.integers(len(whole.targets))))]
    changes += [remove(whole, "risks", int(random.integers(6)))]
    changes += [Change({int(random.integers(len(whole.targets))): float(random.random())}, {0: 0.3})]
    found = measure_changes(whole, changes)
    assert found.basis.method == "exact"
    assert found.now.value == pytest.approx(yearly(whole), abs=1e-9)
    for change, saved in zip(changes, found.saved, strict=True):
        assert saved.value == pytest.approx(yearly(whole) - yearly(change.apply(whole)), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_samples_agree_with_what_is_calculated(seed: int) -> None:
    """Prevents a sample that is biased, and an interval that is too narrow (95 %: seeds are fixed)."""
    whole = random_network(numpy.random.default_rng(seed), 8, 16)
    changes = [remove(whole, "cascades", place) for place in range(len(whole.targets))]
    changes += [remove(whole, "risks", place) for place in range(8)]
    changes += [Change({0: 0.9, 1: 0.9}, {2: 3.0})]
    exact = measure_changes(whole, changes)
    found = measure_changes(whole, changes, method="simulated", seed=seed, runs=20_000)
    pairs = [(exact.now, found.now), *zip(exact.saved, found.saved, strict=True)]
    inside = 0
    for known, one in pairs:
        assert one.interval is not None
        inside += one.interval[0] - 1e-9 <= known.value <= one.interval[1] + 1e-9
    assert inside >= 0.9 * len(pairs)


def test_events_are_traced_alike_in_goes_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents events of a large network that run into those of the go before, and a bar that stops on the way."""
    given = network(9, [(place, place + 1, 1.0) for place in range(8)])
    starts = numpy.arange(9).repeat(3)
    whole = trace_events(given, given.probability, starts, numpy.random.default_rng(1))
    monkeypatch.setattr(traces, "_MATRIX", 18)
    told: list[tuple[int, int]] = []
    parts = trace_events(given, given.probability, starts, numpy.random.default_rng(1), lambda *at: told.append(at))
    for one in (whole, parts):
        reached = [sorted(one.risk[one.event == event].tolist()) for event in range(one.count)]
        assert reached == [list(range(start, 9)) for start in starts]
        assert (one.event[one.targets] == one.event.repeat(numpy.diff(one.offsets))).all()
    assert told == [(min(2 * go + 2, 27), 27) for go in range(14)]


@pytest.mark.parametrize("what", ["cascades", "risks"])
def test_one_pass_agrees_with_one_by_one(what: Literal["cascades", "risks"]) -> None:
    """Prevents a large network's ranking from meaning something else than a small one's."""
    whole = random_network(numpy.random.default_rng(3), 10, 22)
    exact = {item.ids: item.avoided.value for item in rank_removals(whole, what).items}
    found = rank_removals(whole, what, method="simulated", seed=1)
    assert found.basis.method == "simulated"
    inside = 0
    for item in found.items:
        assert item.avoided.interval is not None
        low, high = item.avoided.interval
        inside += low - 1e-9 <= exact[item.ids] <= high + 1e-9
    assert inside >= 0.9 * len(found.items)


@pytest.mark.parametrize("what", ["cascades", "risks"])
def test_the_best_by_shortfall_are_the_best_of_all(what: Literal["cascades", "risks"]) -> None:
    """Prevents the bound that spares work from dropping one of the best."""
    whole = random_network(numpy.random.default_rng(4), 9, 20)
    every = rank_removals(whole, what, by="shortfall", seed=2, runs=2000)
    assert (every.more, every.basis.runs) == (0, 2000)
    for top in (1, 3):
        found = rank_removals(whole, what, by="shortfall", seed=2, runs=2000, top=top)
        assert found.items == every.items[:top]
        assert found.more == len(every.items) - top


def test_a_shortfall_by_hand() -> None:
    """Prevents a tail that is a mean: one loss of 100 in most years, and once in 25 years 1000 more."""
    whole = network(2, [], losses=[100.0, 1000.0], rates=[1.0, 0.04])
    found = draw_savings(whole, (), by="shortfall", runs=20_000)
    now = found.now()
    assert now.interval is not None
    # 3.9 % of years have the large loss; the worst 5 % are these, and some of the many with three small ones.
    assert 800 < now.value < 1100
    saved = found.save(remove(whole, "risks", 1))
    assert 500 < saved.value < 900


def test_what_is_out_of_reach_saves_nothing() -> None:
    """Prevents noise where nothing can change: no start leads to the cascade."""
    whole = network(4, [(0, 1, 0.5), (2, 3, 0.5)], rates=[1.0, 0.0, numpy.nan, 0.0])
    for by in ("loss", "shortfall"):
        found = rank_removals(whole, "cascades", by=by, runs=500)
        assert [item.avoided.value for item in found.items if item.ids == whole.ids[2:4]] == [0.0]
    (saved,) = measure_changes(whole, [remove(whole, "cascades", 1)], method="simulated", runs=500).saved
    assert saved.value == 0


def test_no_likelihood_no_loss() -> None:
    """Prevents a division by no rate at all."""
    whole = network(2, [(0, 1, 0.5)], rates=[numpy.nan, numpy.nan])
    for method in ("exact", "simulated"):
        found = measure_changes(whole, [remove(whole, "cascades", 0)], method=method)
        assert (found.now.value, found.saved[0].value) == (0, 0)
    tail = rank_removals(whole, "risks", by="shortfall", runs=100)
    assert {item.avoided.value for item in tail.items} == {0.0}


@given(st.integers(0, 10_000))
def test_removing_never_costs(seed: int) -> None:
    """Prevents a risk that is gone and makes others dearer, in what is calculated and in every drawn year."""
    random = numpy.random.default_rng(seed)
    whole = random_network(random, 6, 10)
    change = remove(whole, "cascades", int(random.integers(len(whole.targets))))
    (saved,) = measure_changes(whole, [change]).saved
    assert saved.value >= -1e-9
    sampled = draw_savings(whole, (), by="shortfall", seed=seed, runs=50)
    assert (sampled.events.differences(change) >= -1e-9).all()


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    """Prevents a ranking that changes when it is asked for twice."""
    switches = Switches(guarded())
    first, again, other = (rank_mitigations(switches, by="shortfall", seed=seed, runs=300) for seed in (5, 5, 6))
    assert first == again
    assert first.items != other.items


def test_the_network_as_it_is_means_the_same_to_both_ways() -> None:
    """Prevents two expected annual losses of one graph."""
    whole = random_network(numpy.random.default_rng(8), 7, 12)
    assert measure_changes(whole, []).now.value == pytest.approx(expected_losses(whole).annual)


def test_a_year_of_too_many_events_is_refused() -> None:
    """Prevents a tail of two years."""
    whole = network(2, [(0, 1, 0.5)], rates=[1e6, 1e6])
    with pytest.raises(UsageError, match="too many to simulate its tail"):
        draw_savings(whole, (), by="shortfall")
