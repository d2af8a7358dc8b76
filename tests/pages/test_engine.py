"""Takes random graphs and what somebody pretends in them, holds the engine of the page to the engine of the program."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import networkx
import numpy
import pytest

from riskgraph.model import Element
from riskgraph.pages.network import ENGINE, network_data
from riskgraph.simulation.exact import exact_probabilities
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.network import Network, compile_network
from riskgraph.simulation.paths import find_paths
from riskgraph.simulation.plan import plan_exact
from tests.builders import cascade, element, graph
from tests.pages.browser import Opener, opening

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from riskgraph.graph import RiskGraph

SOURCE = "\n".join(files("riskgraph.pages").joinpath("assets", name).read_text("utf-8") for name in ENGINE)
PAGE = "<!doctype html><meta charset=utf-8><title>Engine</title><script>{script}</script>"
ANSWER = """
globalThis.answer = ({data, off, on, assume, starts, from, to, seed, method}) => {
  const network = compileNetwork(data, {off: new Set(off), on: new Set(on), assume});
  const reach = simulateNetwork(network, starts, {seed, method}), losses = expectedLosses(network, {seed, method});
  const plain = (map) => map && Object.fromEntries(map);
  const numbers = (array) => Array.from(array, (value) => (Number.isNaN(value) ? null : value));
  return {
    ids: network.ids, rate: numbers(network.rate), mean: numbers(network.mean),
    probability: numbers(network.probability),
    reach: {...reach, reached: plain(reach.reached), intervals: plain(reach.intervals)},
    losses: {...losses, expected: plain(losses.expected)}, path: mostProbablePath(network, from, to),
    down: plain(reachDepths(network, from, 'down')), up: plain(reachDepths(network, from, 'up')),
  };
};
"""
GRAPHS = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A graph, what is pretended in it, and what is asked."""

    graph: RiskGraph
    off: list[str]
    on: list[str]
    assume: float | None
    starts: list[str]
    from_: str
    to: str

    @property
    def asked(self) -> dict[str, Any]:
        """The case as the page takes it."""
        return {
            "data": network_data(self.graph), "off": self.off, "on": self.on, "assume": self.assume,
            "starts": self.starts, "from": self.from_, "to": self.to,
        }  # fmt: skip

    @property
    def network(self) -> Network:
        """The network as the program has it."""
        return compile_network(self.graph, without=self.off, with_=self.on, assume=self.assume)


def script(engine: str = SOURCE) -> str:
    """The engine in a scope of its own, as in a page, and a way to ask it."""
    return f"(() => {{'use strict';\n{engine}\n{ANSWER}}})();"


def ask(opened: Opener, cases: list[Case], *, method: str = "auto", engine: str = SOURCE) -> list[dict[str, Any]]:
    """What the engine says in Chromium, all cases in one page."""
    page = opened(PAGE.format(script=script(engine)))
    asked = [{**case.asked, "method": method} for case in cases]
    found: list[dict[str, Any]] = page.evaluate("cases => cases.map(answer)", asked)
    return found


def draw_case(random: numpy.random.Generator) -> Case:
    """A case of 2 to 12 risks with all that can be there or missing; some of its components are large."""
    size = int(random.integers(2, 11))
    ids = draw_some(random, [f"RISK-{place}" for place in range(40)], size)
    pairs = [(a, b) for a in ids for b in ids if a != b]
    edges = draw_some(random, pairs, int(random.integers(1, 3 * size)))
    elements: list[Element] = [draw_risk(random, id_) for id_ in ids]
    for from_, to in edges:
        chance = random.choice([0, 1, 0.5, random.uniform(), random.uniform() ** 4])
        probability = None if random.random() < 0.15 else float(chance)
        delay = {} if random.random() < 0.3 else {"delay": f"{random.integers(1, 600)}m"}
        elements.append(cascade(from_, to, probability, **delay))
    mitigations = [f"MIT-{place}" for place in range(int(random.integers(0, 6)))]
    for id_ in mitigations:
        status = str(random.choice(["planned", "in_progress", "implemented", "implemented", "failed", "retired"]))
        elements.append(element("mitigation", id=id_, status=status))
        elements += [
            element("mitigates", mitigation=id_, risk=risk, **draw_effect(random))
            for risk in draw_some(random, ids, int(random.integers(0, 3)))
        ]
        elements += [
            element("blocks", mitigation=id_, from_=from_, to=to, **draw_effect(random))
            for from_, to in draw_some(random, edges, int(random.integers(0, 4)))
        ]
    switched = [id_ for id_ in mitigations if random.random() < 0.4]
    removed = [f"{from_}->{to}" for from_, to in edges if random.random() < 0.08]
    off = [id_ for id_ in switched if random.random() < 0.5]
    from_, to = draw_some(random, ids, 2)
    return Case(
        graph=graph(*elements),
        off=off + removed,
        on=[id_ for id_ in switched if id_ not in off],
        assume=0.3 if random.random() < 0.3 else None,
        starts=draw_some(random, ids, int(random.integers(1, 3))),
        from_=from_,
        to=to,
    )


def draw_some(random: numpy.random.Generator, items: list[T], count: int) -> list[T]:
    """So many of the items, or all, in any order."""
    return [items[place] for place in random.permutation(len(items))[:count].tolist()]


def draw_risk(random: numpy.random.Generator, id_: str) -> Element:
    """A risk with a rate and a loss of any kind, or none."""
    low, likely, high = sorted(random.uniform(0, 1e5, 3).tolist())
    range_ = {"low": low, "likely": likely, "high": high}
    loss: list[dict[str, Any]] = [{}, {"impact": 3}, {"loss": round(high)}, {"loss": range_}]
    often = [2, {"per_year": round(float(random.uniform(0, 3)), 3)}, {"probability": 0.2, "horizon": "2y"}]
    rate: list[dict[str, Any]] = [{}, *({"likelihood": one} for one in often)]
    status = str(random.choice(["open", "accepted", "closed"], p=[0.7, 0.15, 0.15]))
    return element("risk", id=id_, status=status, **loss[random.integers(4)], **rate[random.integers(4)])


def draw_effect(random: numpy.random.Generator) -> dict[str, float]:
    """An effectiveness, or none."""
    chosen = float(random.choice([0, 1, 0.5, random.uniform(), -1]))
    return {} if chosen < 0 else {"effectiveness": chosen}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """The graphs, the same in each run."""
    random = numpy.random.default_rng(7)
    return [draw_case(random) for _ in range(GRAPHS)]


@pytest.fixture(scope="module")
def answers(browser: Browser, tmp_path_factory: pytest.TempPathFactory, cases: list[Case]) -> list[dict[str, Any]]:
    """What the engine says of the cases."""
    with opening(browser, tmp_path_factory.mktemp("engine")) as opened:
        return ask(opened, cases)


def none_for_nan(values: Any) -> list[float | None]:
    """Numbers as JSON has them."""
    return [None if math.isnan(value) else value for value in values.tolist()]


def exact(network: Network, starts: list[str]) -> dict[str, float]:
    """The probabilities as the program calculates them, of all risks in reach."""
    places = network.find(starts)
    plan = plan_exact(network, places, 1 << 30)
    assert plan is not None
    found = exact_probabilities(network, plan)
    return {network.ids[place]: float(found[place]) for place in numpy.flatnonzero(network.reach(places))}


def depths(case: Case, *, reverse: bool) -> dict[str, int]:
    """How far each risk is by cascades that are mapped and can fire."""
    network = case.network
    dead = {
        (network.ids[a], network.ids[b])
        for a, b, p in zip(network.sources, network.targets, network.probability, strict=True)
        if p == 0
    }
    ways: networkx.DiGraph[str] = networkx.DiGraph()
    ways.add_nodes_from(case.graph.risks)
    ways.add_edges_from(pair for pair in case.graph.cascades if pair not in dead and "->".join(pair) not in case.off)
    ways = ways.reverse() if reverse else ways
    return dict(networkx.single_source_shortest_path_length(ways, case.from_))


def test_the_page_calculates_what_the_program_does(cases: list[Case], answers: list[dict[str, Any]]) -> None:
    """Prevents a page whose what-if says other numbers than the command line, on any of 200 graphs."""
    for case, answer in zip(cases, answers, strict=True):
        assert_same_network(case, answer)
        assert_same_reach(case, answer["reach"])


def assert_same_network(case: Case, answer: dict[str, Any]) -> None:
    """Rates, losses and probabilities, and what is left out, are those of the program, to the last bit but for PERT."""
    network, said = case.network, json.dumps(case.asked)
    assert answer["ids"] == list(network.ids)
    assert answer["rate"] == none_for_nan(network.rate), said
    assert answer["mean"] == pytest.approx(none_for_nan(network.mean), rel=1e-15), said
    assert [value for value in answer["probability"] if value is not None] == network.probability.tolist(), said
    assert answer["reach"]["leftOut"] == network.left_out_from(case.starts).data(), said


def assert_same_reach(case: Case, reach: dict[str, Any]) -> None:
    """Exact probabilities and their mean loss are the program's."""
    expected, said = exact(case.network, case.starts), json.dumps(case.asked)
    assert reach["reached"] == pytest.approx(expected, abs=1e-9), said
    assert reach["loss"] == pytest.approx(loss_of(case.network, expected), rel=1e-9), said
    assert (reach["method"], reach["runs"], reach["seed"], reach["intervals"]) == ("exact", None, None, None)


def loss_of(network: Network, reached: dict[str, float]) -> float | None:
    """The mean loss; None where nothing in reach has one."""
    means = {id_: float(network.mean[network.index[id_]]) for id_ in reached}
    known = [reached[id_] * mean for id_, mean in means.items() if not math.isnan(mean)]
    return sum(known) if known else None


def test_what_the_page_simulates_is_near_the_truth(opened: Opener, cases: list[Case]) -> None:
    """Prevents draws that are not as probable as they should be, and intervals that promise too much."""
    inside: list[bool] = []
    for case, answer in zip(cases, ask(opened, cases, method="simulated"), strict=True):
        reach, expected, said = answer["reach"], exact(case.network, case.starts), json.dumps(case.asked)
        assert (reach["method"], reach["runs"], reach["seed"]) == ("simulated", 10_000, 0)
        assert set(reach["reached"]) == set(expected)
        for id_, chance in expected.items():
            low, high = reach["intervals"][id_]
            error = math.sqrt(chance * (1 - chance) / reach["runs"])
            assert abs(reach["reached"][id_] - chance) <= 5 * error + 1e-9, said
            if 0 < chance < 1:
                inside.append(low <= chance <= high)
        loss = loss_of(case.network, expected)
        assert (loss is None) == (reach["lossInterval"] is None)
        if loss is not None:
            assert reach["lossInterval"][0] - 1e-6 <= loss <= reach["lossInterval"][1] + 1e-6
    assert len(inside) >= 200
    assert 0.92 * len(inside) <= sum(inside) < len(inside), (sum(inside), len(inside))


def test_the_page_finds_the_programs_paths_and_depths(cases: list[Case], answers: list[dict[str, Any]]) -> None:
    """Prevents a highlight along another way than the one that ``paths`` names."""
    found = 0
    for case, answer in zip(cases, answers, strict=True):
        best = find_paths(case.network, case.from_, case.to, top=1).paths
        said = json.dumps(case.asked)
        assert (answer["path"] is None) == (not best), said
        assert answer["down"] == depths(case, reverse=False), said
        assert answer["up"] == depths(case, reverse=True), said
        if best:
            found += 1
            path = answer["path"]
            assert path["probability"] == pytest.approx(best[0].probability, abs=1e-12), said
            assert len(path["risks"]) == len(best[0].risks), said
            if path["risks"] == list(best[0].risks):
                assert path["delay"] == best[0].delay, said
    assert found > GRAPHS // 4


def test_the_page_sums_a_year_as_the_program_does(cases: list[Case], answers: list[dict[str, Any]]) -> None:
    """Prevents an annual loss in the page that is not the one of ``rank``, with or without what is pretended."""
    for case, answer in zip(cases, answers, strict=True):
        truth, losses, said = expected_losses(case.network, method="exact"), answer["losses"], json.dumps(case.asked)
        assert list(losses["expected"].values()) == pytest.approx(truth.expected.tolist(), rel=1e-9), said
        assert losses["annual"] == pytest.approx(truth.annual, rel=1e-9), said
        assert (losses["method"], losses["runs"], losses["seed"], losses["interval"]) == ("exact", None, None, None)


def test_what_the_page_simulates_of_a_year_is_near_the_truth(opened: Opener, cases: list[Case]) -> None:
    """Prevents walks backwards that miss causes, or count them twice."""
    inside: list[bool] = []
    for case, answer in zip(cases, ask(opened, cases, method="simulated"), strict=True):
        truth, losses, said = expected_losses(case.network, method="exact"), answer["losses"], json.dumps(case.asked)
        total = float(numpy.nan_to_num(case.network.mean).sum())
        for value, expected in zip(losses["expected"].values(), truth.expected.tolist(), strict=True):
            assert abs(value - expected) <= 2.5 * total / math.sqrt(losses["runs"]) + 1e-9, said
        low, high = losses["interval"]
        assert low - 1e-6 <= losses["annual"] <= high + 1e-6, said
        if low < high:
            inside.append(low <= truth.annual <= high)
    assert len(inside) >= 100
    assert 0.92 * len(inside) <= sum(inside), (sum(inside), len(inside))


def fork(*, blocked: bool) -> dict[str, Any]:
    """Twelve risks in a row of which the last triggers two more, and perhaps a block on the way to one of these."""
    made = graph(
        *(element("risk", id=f"R{place:02}", loss=100, likelihood={"per_year": 1}) for place in range(14)),
        *(cascade(f"R{place:02}", f"R{place + 1:02}", 0.9) for place in range(11)),
        cascade("R11", "R12", 0.5),
        cascade("R11", "R13", 0.5),
        element("mitigation", id="MIT-1"),
        element("blocks", mitigation="MIT-1", from_="R11", to="R12", effectiveness=0.5),
    )
    on = ["MIT-1"] if blocked else []
    return {**Case(made, [], on, None, ["R00"], "R00", "R05").asked, "method": "simulated"}


def test_chance_depends_on_the_seed_alone(opened: Opener) -> None:
    """Prevents a what-if whose difference is noise: what a switch does not touch keeps its very numbers."""
    page = opened(PAGE.format(script=script()))
    asked = [fork(blocked=False), fork(blocked=False), fork(blocked=True), {**fork(blocked=False), "seed": 1}]
    one, again, blocked, other = page.evaluate("cases => cases.map(answer)", asked)
    assert one == again
    reached = one["reach"]["reached"]
    assert {id_ for id_ in reached if blocked["reach"]["reached"][id_] != reached[id_]} == {"R12"}
    assert other["reach"]["reached"] != reached
    assert blocked["losses"]["annual"] < one["losses"]["annual"]


def test_what_is_too_wide_is_simulated(opened: Opener) -> None:
    """Prevents a page that stands still on a large register: a table of 2 ** 40 entries is not begun."""
    layers = [[f"A{place:02}" for place in range(40)], [f"B{place:02}" for place in range(40)]]
    wide = graph(
        *(element("risk", id=id_, loss=1, likelihood={"per_year": 1}) for id_ in ["R0", *layers[0], *layers[1]]),
        *(cascade("R0", id_, 0.1) for id_ in layers[0]),
        *(cascade(a, b, 0.1) for a in layers[0] for b in layers[1]),
    )
    (answer,) = ask(opened, [Case(wide, [], [], None, ["R0"], "R0", "B00")])
    assert (answer["reach"]["method"], answer["losses"]["method"]) == ("simulated", "simulated")
    assert answer["reach"]["reached"]["B00"] == pytest.approx(1 - 0.99**40, abs=0.02)
    assert answer["losses"]["interval"][0] <= answer["losses"]["annual"] <= answer["losses"]["interval"][1]


def test_a_start_that_is_no_risk_is_refused(opened: Opener) -> None:
    """Prevents a link to a risk that is gone from being answered with numbers of nothing."""
    page = opened(PAGE.format(script=script()))
    asked = {**fork(blocked=False), "starts": ["R99"]}
    assert page.evaluate("asked => { try { answer(asked); } catch ({name}) { return name; } }", asked) == "RangeError"


def test_the_engine_stands_alone() -> None:
    """Prevents an engine that needs the page, a clock or chance, or that cannot be joined with other scripts."""
    code = re.sub(r"//.*", "", SOURCE)
    assert not re.findall(r"\b(?:document|window|globalThis|Date|performance|Math\.random|fetch|import|export)\b", code)
    starts = {line for line in code.splitlines() if line and not line.startswith((" ", "}", "function "))}
    assert starts == set()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("kept[index.get(risk)] *= 1 - (effectiveness ?? 0)", "kept[index.get(risk)] *= 1 - (effectiveness ?? 1)"),
        ("(spared.get(key) ?? 1) * (1 - (effectiveness ?? 0))", "1 - (effectiveness ?? 0)"),
        ("(loss.low + 4 * loss.likely + loss.high) / 6", "(loss.low + loss.likely + loss.high) / 3"),
        ("missed.get(targets[arc]) * (1 - probability[arc])", "(1 - probability[arc])"),
        ("spared.push(spared[at] * factor)", "spared.push(spared[at])"),
        ("off.has(id) || ", ""),
    ],
)
def test_a_wrong_factor_is_seen(opened: Opener, cases: list[Case], right: str, wrong: str) -> None:
    """Prevents graphs so tame that an engine with a wrong formula agrees on all of them."""
    assert SOURCE.count(right) == 1
    wrongs = ask(opened, cases, engine=SOURCE.replace(right, wrong))
    with pytest.raises(AssertionError):
        test_the_page_calculates_what_the_program_does(cases, wrongs)
