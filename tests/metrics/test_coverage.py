"""Estimators on simulated incidents with a known truth: 95 % intervals hold it 93 to 97 times in 100."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from riskgraph.metrics.agreement import Agreement
from riskgraph.metrics.attribution import Trials, attribute
from riskgraph.metrics.improvement import Score, Scored, bootstrap
from riskgraph.metrics.metric import median_interval
from riskgraph.metrics.unseen import count_unseen
from riskgraph.statistics import (
    Interval,
    Proportion,
    count_interval,
    probability_interval,
    rate_interval,
)

Draw = Callable[[np.random.Generator], tuple[float, Interval | None]]
pytestmark = pytest.mark.slow


def held(draw: Draw, repetitions: int = 2000) -> float:
    """How often, in 100, the interval holds the truth."""
    chance = np.random.default_rng(2024)
    hits = 0
    for _ in range(repetitions):
        truth, interval = draw(chance)
        assert interval is not None
        hits += interval[0] <= truth <= interval[1]
    return 100 * hits / repetitions


def share(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """A share of 20 to 60, whatever it is."""
    truth, n = chance.uniform(0.1, 0.9), int(chance.integers(20, 61))
    return truth, Proportion(int(chance.binomial(n, truth)), n).interval


def probability(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """A cascade of which experts are as good as their strength says."""
    expert, n = chance.uniform(0.1, 0.9), int(chance.integers(0, 20))
    truth = chance.beta(expert * 2, (1 - expert) * 2)
    return truth, probability_interval(int(chance.binomial(n, truth)), n, expert)


def rate(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """A risk of which experts are as good as their strength says."""
    expert, years = float(np.exp(chance.uniform(-3, 2))), chance.uniform(0.5, 10)
    truth = chance.gamma(1, expert)
    return truth, rate_interval(int(chance.poisson(truth * years)), years, expert)


def count(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """Some hundred occurrences: an exact interval is too wide where they are few."""
    truth = chance.uniform(100, 300)
    return truth, count_interval(int(chance.poisson(truth)))


def together(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """A cascade that was tried alone three times and ten times beside another one, a block on it then."""
    a, b = ("A", "C"), ("B", "C")
    truth, other, odds = chance.beta(1, 1), chance.beta(1, 1), 0.7
    alone, joint = {a: Trials(), b: Trials()}, []
    for _ in range(3):
        alone[a].add(fired=bool(chance.random() < truth))
    for _ in range(10):
        if chance.random() < 1 - (1 - truth * odds) * (1 - other):
            joint.append(((a, odds), (b, 1.0)))
        else:
            alone[a].add(fired=False, odds=odds)
            alone[b].add(fired=False)
    found = attribute(alone, joint, {a: (1.0, 1.0), b: (1.0, 1.0)})[a]
    return truth, probability_interval(0, 0, found.mean, found.strength)


def agreement(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """15 to 60 answers of a review and the evidence, of three words each."""
    table, n = np.array([[0.35, 0.05, 0.05], [0.05, 0.2, 0.05], [0.05, 0.05, 0.15]]), int(chance.integers(15, 61))
    by_chance = float(table.sum(0) @ table.sum(1))
    drawn = chance.multinomial(n, table.ravel()).reshape(3, 3)
    pairs = Counter({(str(i), str(j)): int(drawn[i, j]) for i in range(3) for j in range(3)})
    return (np.trace(table) - by_chance) / (1 - by_chance), Agreement("", tuple(pairs.items())).interval


def delay(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """5 to 30 delays, most of them short and some very long."""
    return 1.0, median_interval(chance.lognormal(0, 1.5, int(chance.integers(5, 31))).tolist())


def unseen(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """100 sightings of 50 equally likely risks, as the estimator assumes."""
    return 50, count_unseen((int(one), True) for one in chance.integers(0, 50, 100)).interval


def next_is_new(chance: np.random.Generator) -> tuple[float, Interval | None]:
    """40 sightings of 60 risks, some likely and some rare: the share of what was not among them."""
    shares = np.random.default_rng(3).dirichlet(np.full(60, 0.5))
    drawn = chance.choice(60, 40, p=shares)
    found = count_unseen((int(one), False) for one in drawn)
    return float(shares[np.setdiff1d(np.arange(60), drawn)].sum()), found.unwritten.interval


@pytest.mark.parametrize(
    "draw",
    [share, probability, together, rate, count, agreement, delay, unseen, next_is_new],
    ids=lambda draw: draw.__name__,
)
def test_intervals_hold(draw: Draw) -> None:
    """An interval that is called 95 % and holds 80 misleads more than none."""
    assert 93 <= held(draw) <= 97


@pytest.mark.parametrize("n", [8, 20, 80])
def test_bootstrap_of_learning_holds(n: int) -> None:
    """Some incidents of one to four steps; the later map has a step with 0.7, the first with 0.4."""
    chance = np.random.default_rng(7)
    hits, repetitions = 0, 2000
    for _ in range(repetitions):
        series = []
        for _ in range(n):
            steps = int(chance.integers(1, 5))
            day, first = (int(chance.binomial(steps, p)) for p in (0.7, 0.4))
            series.append(Scored(None, Score(day, steps, 0.0), Score(first, steps, 0.0)))  # type: ignore[arg-type]
        interval = bootstrap(series, gain, 0, samples=300)
        assert interval is not None
        hits += interval[0] <= 0.3 <= interval[1]
    assert 93 <= 100 * hits / repetitions <= 97


def gain(series: Sequence[Scored]) -> float:
    """The gain in recall."""
    steps = sum(one.day.steps for one in series)
    return math.fsum(one.day.mapped - one.first.mapped for one in series) / steps
