from __future__ import annotations

import os
import shutil
import sysconfig

import numpy
import pytest

from riskgraph.simulation.amounts import count_amounts
from riskgraph.simulation.draws import Arcs, Keys, draw_live
from riskgraph.simulation.kernel import TWINS, Engine, engine
from riskgraph.simulation.lanes import draw_masks
from tests.simulation.networks import network, random_network


@pytest.fixture(scope="module")
def kernel() -> Engine:
    """The compiled functions; where there is a compiler, they have to be there."""
    found = engine()
    if not found.compiled:
        compiler = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
        if compiler or os.environ.get("CI"):
            pytest.fail("the kernel is not built: python setup.py build_ext --inplace")
        pytest.skip("no compiler")
    return found


def same(one: object, other: object, *, without: str = "") -> bool:
    """Whether two results are equal in every bit."""
    pairs = ((name, value, getattr(other, name)) for name, value in vars(one).items())
    return all(numpy.array_equal(value, also) for name, value, also in pairs if name != without)


@pytest.mark.parametrize("seed", range(40))
def test_the_kernel_is_its_twin_bit_for_bit(kernel: Engine, seed: int) -> None:
    """Prevents numbers that depend on whether a compiler was there: every function, starts of both kinds."""
    random = numpy.random.default_rng(seed)
    size = int(random.integers(1, 40))
    given = random_network(random, size, int(random.integers(0, 4 * size)))
    arcs, amounts = Arcs.of(given, reverse=seed % 2 == 1), count_amounts(given)
    count = int(random.choice([1, 63, 64, 65, 130, 512, 513, 1100]))
    keys = Keys(seed, 1, 7, count)
    starts = numpy.unique(random.integers(0, size, 2)).astype(numpy.int32)
    roots = None if seed % 3 else random.integers(0, size, count).astype(numpy.int32)
    assert same(kernel.spread(arcs, keys, starts, roots, amounts), TWINS.spread(arcs, keys, starts, roots, amounts))
    blocks = Keys(seed, 2, 3, -(-count // 512))
    assert same(
        kernel.lanes_spread(arcs, blocks, keys, starts, roots, amounts),
        TWINS.lanes_spread(arcs, blocks, keys, starts, roots, amounts),
        without="work",
    )
    first, twin_first = kernel.arrivals(arcs, keys, starts), TWINS.arrivals(arcs, keys, starts)
    assert numpy.array_equal(first[0], twin_first[0])
    assert numpy.array_equal(first[1], twin_first[1])
    few = Keys(seed, 1, 7, min(count, 20))
    closed, twin_closed = (one.close(arcs, few, amounts.mean, given.rate) for one in (kernel, TWINS))
    assert numpy.array_equal(closed[0], twin_closed[0])
    assert numpy.array_equal(closed[1], twin_closed[1])
    assert numpy.array_equal(closed[2], twin_closed[2])
    each = random.integers(0, size, few.count).astype(numpy.int32)
    assert same(kernel.dominate(arcs, few, each, amounts.mean), TWINS.dominate(arcs, few, each, amounts.mean))


@pytest.mark.parametrize("share", [0.01, 0.5, 1.0])
def test_a_hub_is_walked_to_its_last_cascade(kernel: Engine, share: float) -> None:
    """Prevents a kernel that reads one word of a risk with more than eight cascades, or forgets those that wait."""
    spokes = [(0, place, share) for place in range(1, 200)]
    given = network(220, [*spokes, *((place, 200 + place % 20, share) for place in range(1, 200)), (200, 0, share)])
    arcs, amounts, keys = Arcs.of(given), count_amounts(given), Keys(1, 1, 0, 70)
    starts, blocks = numpy.array([0], dtype=numpy.int32), Keys(1, 2, 0, 1)
    assert same(kernel.spread(arcs, keys, starts, None, amounts), TWINS.spread(arcs, keys, starts, None, amounts))
    lanes, twin = (one.lanes_spread(arcs, blocks, keys, starts, None, amounts) for one in (kernel, TWINS))
    assert same(lanes, twin)
    nine = Keys(1, 1, 0, 9)
    closed = [one.close(arcs, nine, amounts.mean, given.rate) for one in (kernel, TWINS)]
    assert all(numpy.array_equal(ours, its) for ours, its in zip(*closed, strict=True))
    roots = numpy.zeros(9, dtype=numpy.int32)
    gains = [one.dominate(arcs, nine, roots, amounts.mean) for one in (kernel, TWINS)]
    assert same(*gains)


def test_arrivals_find_room(kernel: Engine) -> None:
    """Prevents a buffer that is too small for worlds in which everything is reached."""
    given = network(300, [(place, place + 1, 1.0) for place in range(299)])
    arcs, keys = Arcs.of(given), Keys(0, 1, 0, 100)
    risks, times = kernel.arrivals(arcs, keys, numpy.array([0], dtype=numpy.int32))
    assert len(risks) == 30_000
    assert not times.any()


@pytest.mark.parametrize("share", [0.0, 1e-4, 0.1, 0.25, 0.5, 1 / 3, 0.999, 1.0])
def test_draws_meet_their_probability(share: float) -> None:
    """Prevents biased draws: both ways to draw, half a million times, within five standard deviations."""
    arcs = Arcs.of(network(1001, [(0, place, share) for place in range(1, 1001)]))
    live = sum(int(draw_live(arcs, key)[arcs.slots].sum()) for key in Keys(3, 1, 0, 512).words())
    masks = draw_masks(arcs, numpy.uint64(99))[arcs.slots]
    lanes = sum(int(word).bit_count() for word in masks.reshape(-1))
    spread = 5 * (512_000 * share * (1 - share)) ** 0.5
    for found in (live, lanes):
        assert abs(found - 512_000 * share) <= spread


def test_draws_of_neighbours_are_independent() -> None:
    """Prevents worlds or cascades that share their chance: pairs are live together as often as the product says."""
    arcs = Arcs.of(network(65, [(0, place, 0.5) for place in range(1, 65)]))
    live = numpy.array([draw_live(arcs, key)[arcs.slots] for key in Keys(5, 1, 0, 4096).words()])
    for shift in ((0, 1), (1, 0), (1, 1)):
        together = (live & numpy.roll(live, shift, axis=(0, 1))).mean()
        assert abs(together - 0.25) < 5 * (0.25 * 0.75 / live.size) ** 0.5 * 2
