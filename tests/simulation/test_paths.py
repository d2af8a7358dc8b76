"""Takes small networks, shows that the paths are simple, the best ones, in order, and never more than asked for."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx
import numpy
import pytest

from riskgraph.errors import UsageError
from riskgraph.simulation.network import Network, compile_network
from riskgraph.simulation.paths import find_paths
from tests.builders import cascade, graph
from tests.simulation.networks import network, random_network


def mapped(given: Network) -> networkx.DiGraph[str]:
    """The network as networkx has it, without cascades that never fire."""
    map_: networkx.DiGraph[str] = networkx.DiGraph()
    map_.add_nodes_from(given.ids)
    arcs = zip(given.sources.tolist(), given.targets.tolist(), given.probability.tolist(), strict=True)
    map_.add_edges_from((given.ids[a], given.ids[b], {"p": p}) for a, b, p in arcs if p > 0)
    return map_


def chance(map_: networkx.DiGraph[str], path: list[str] | tuple[str, ...]) -> float:
    """That all cascades of a path fire."""
    return math.prod(float(map_[a][b]["p"]) for a, b in pairwise(path))


@pytest.mark.parametrize("seed", range(150))
def test_paths_are_those_of_a_full_enumeration(seed: int) -> None:
    """Prevents a better path that is missed because its way on was blocked by a risk it had passed."""
    random = numpy.random.default_rng(seed)
    given = random_network(random, int(random.integers(2, 8)), int(random.integers(1, 30)))
    map_ = mapped(given)
    from_, to = given.ids[:2]
    every = sorted((-chance(map_, path), len(path), path) for path in networkx.all_simple_paths(map_, from_, to))
    top = int(random.choice([1, 3, 10, 1000]))
    found = find_paths(given, from_, to, top=top)
    assert found.capped == (len(every) > top)
    assert [path.probability for path in found.paths] == pytest.approx([-one[0] for one in every[:top]], abs=1e-12)
    for path in found.paths:
        assert len(set(path.risks)) == len(path.risks)
        assert path.probability == pytest.approx(chance(map_, path.risks), abs=1e-15)
    assert [path.probability for path in found.paths] == sorted(
        (path.probability for path in found.paths), reverse=True
    )


@pytest.mark.parametrize("seed", range(30))
def test_without_an_end_each_risk_has_its_best_path(seed: int) -> None:
    """Prevents a list of paths to one risk where a reader looks for what can be reached at all."""
    random = numpy.random.default_rng(seed)
    given = random_network(random, 7, 20)
    map_ = mapped(given)
    found = find_paths(given, given.ids[0], top=100)
    assert {path.risks[-1] for path in found.paths} == networkx.descendants(map_, given.ids[0])
    for path in found.paths:
        best = max(chance(map_, one) for one in networkx.all_simple_paths(map_, given.ids[0], path.risks[-1]))
        assert path.probability == pytest.approx(best, abs=1e-12)
    assert not found.capped
    assert find_paths(given, given.ids[0], top=1).paths == found.paths[:1]


def test_paths_by_hand() -> None:
    """Prevents a delay that is summed over what is not known, and ties that change places."""
    given = compile_network(
        graph(
            cascade("A", "B", 1, delay="10m"), cascade("B", "D", 0.5, delay="20m"), cascade("A", "C", 0.5),
            cascade("C", "D", 1, delay="1h"), cascade("A", "D", 0.5, delay="5m"), cascade("D", "A", 0.9),
            cascade("A", "E"), cascade("E", "D", 0.9), risks="A B C D E",
        )
    )  # fmt: skip
    found = find_paths(given, "A", "D")
    assert [path.data() for path in found.paths] == [
        {"path": ["A", "D"], "probability": 0.5, "delay": 300.0},
        {"path": ["A", "B", "D"], "probability": 0.5, "delay": 1800.0},
        {"path": ["A", "C", "D"], "probability": 0.5, "delay": None},
    ]
    assert not found.capped
    assert find_paths(given, "C", "B").paths[0].risks == ("C", "D", "A", "B")
    assert find_paths(given, "B", "E").paths == ()


def test_a_path_needs_two_ends() -> None:
    """Prevents an empty path that looks like an answer."""
    with pytest.raises(UsageError, match="name another risk"):
        find_paths(network(2, [(0, 1, 0.5)]), "R000000", "R000000")


def test_dense_cycles_are_not_enumerated() -> None:
    """Prevents a search that never ends: 30 risks that all trigger each other have more paths than atoms are."""
    size = 30
    given = network(size, [(a, b, 0.5) for a in range(size) for b in range(size) if a != b])
    found = find_paths(given, given.ids[0], given.ids[1], top=200)
    assert found.capped
    assert len(found.paths) == 200
    assert len({path.risks for path in found.paths}) == 200


def test_the_limit_ends_a_search_with_what_is_sure() -> None:
    """Prevents a search cut short from showing paths that are not the best."""
    random = numpy.random.default_rng(5)
    given = random_network(random, 40, 400)
    whole = find_paths(given, given.ids[0], given.ids[1], top=500)
    short = find_paths(given, given.ids[0], given.ids[1], top=500, limit=2000)
    assert short.capped
    assert 0 < len(short.paths) < len(whole.paths)
    assert [path.probability for path in short.paths] == pytest.approx(
        [path.probability for path in whole.paths[: len(short.paths)]]
    )


def test_a_long_chain_has_one_path() -> None:
    """Prevents recursion, and work that grows with the square of the length."""
    size = 100_000
    given = network(size, [(place, place + 1, 1.0) for place in range(size - 1)])
    found = find_paths(given, given.ids[0], given.ids[-1])
    assert [len(path.risks) for path in found.paths] == [size]
