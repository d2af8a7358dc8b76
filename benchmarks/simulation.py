"""Takes nothing, prints how much faster the cascade engine is than its peers on the same networks, in one run.

Ours and the peer take turns, so that a busy machine slows both; a ratio is the median of the turns' ratios. Two are
given: of the time by the clock, in which ours uses every processor and the peers one, and of processor time. Peers
are CyNetDiff (independent cascades), pyAgrum (exact probabilities) and igraph (k shortest paths): ``pip install
cynetdiff pyagrum igraph``; rows of one that is not installed are left out. ``--large`` adds 100,000 risks and 1,000,000
cascades. Where both are exact, they have to agree. Ours draws as many worlds as riskgraph does where nobody says.
"""

# ruff: noqa: INP001, T201 - a program by itself, and what it prints is its result

from __future__ import annotations

import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from riskgraph.simulation.amounts import Amounts, count_amounts
from riskgraph.simulation.draws import Arcs
from riskgraph.simulation.exact import exact_probabilities
from riskgraph.simulation.kernel import engine
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.network import Network
from riskgraph.simulation.paths import find_paths
from riskgraph.simulation.plan import plan_exact
from riskgraph.simulation.removal import SMALL_RUNS, removal_gains
from riskgraph.simulation.sampling import RUNS, draw_sample

TURNS = 5
STARTS = 20
LEVELS = ("0.1", "weighted", "0.3", "0.6")


@dataclass(frozen=True)
class Spent:
    """The seconds that a unit of some work took, by the clock and of all processors together."""

    clock: float
    processor: float

    def __mul__(self, factor: float) -> Spent:
        """The same for so many units."""
        return Spent(self.clock * factor, self.processor * factor)


@dataclass(frozen=True)
class Row:
    """One comparison: what, against whom, and what each turn of each took for the same work."""

    what: str
    peer: str
    ours: list[Spent]
    theirs: list[Spent]

    def text(self) -> str:
        """A line of the table."""
        ours, theirs = (_seconds(statistics.median(turn.clock for turn in turns)) for turns in (self.ours, self.theirs))
        turns = list(zip(self.ours, self.theirs, strict=True))
        clock = statistics.median(b.clock / a.clock for a, b in turns)
        processor = statistics.median(b.processor / a.processor for a, b in turns)
        return f"| {self.what} | {self.peer} | {theirs} | {ours} | {_times(clock)} | {_times(processor)} |"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"  # noqa: PLR2004 - two digits


def _seconds(value: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def compare(what: str, peer: str, ours: Callable[[], Spent], theirs: Callable[[], Spent]) -> Row:
    """Measures both in turns; each function gives what a unit of the work took."""
    pairs = [(ours(), theirs()) for _ in range(TURNS)]
    return Row(what, peer, [a for a, _ in pairs], [b for _, b in pairs])


def timed(work: Callable[[], object], units: float) -> Spent:
    """What one unit of some work takes."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Spent((time.perf_counter() - clock) / units, (time.process_time() - processor) / units)


def random_network(size: int, count: int, level: str) -> Network:
    """A random network in which each cascade has the same probability, or one over its target's cascades."""
    random = numpy.random.default_rng(1)
    codes = numpy.unique(random.integers(0, size * size, int(count * 1.2)))
    codes = codes[codes // size != codes % size]
    codes = numpy.sort(random.permutation(codes)[:count])
    sources, targets = codes // size, codes % size
    into = numpy.bincount(targets, minlength=size)
    share = 1 / into[targets] if level == "weighted" else numpy.full(len(codes), float(level))
    return make_network(size, sources, targets, share)


def make_network(size: int, sources: Any, targets: Any, share: Any) -> Network:
    """A network of risks that cost 1 and happen once a year."""
    ids = tuple(f"R{place:06d}" for place in range(size))
    return Network(
        ids=ids,
        index={id_: place for place, id_ in enumerate(ids)},
        offsets=numpy.searchsorted(sources, numpy.arange(size + 1)).astype(numpy.int64),
        sources=numpy.asarray(sources, dtype=numpy.int32),
        targets=numpy.asarray(targets, dtype=numpy.int32),
        probability=numpy.asarray(share, dtype=numpy.float64),
        delay=numpy.full(len(share), numpy.nan),
        rate=numpy.ones(size),
        loss=(1.0,) * size,
        mean=numpy.ones(size),
        unestimated=numpy.array([], dtype=numpy.int32),
        unrated=numpy.zeros(0, dtype=numpy.int32),
    )


def cynetdiff_rows(size: int, count: int, name: str, *, every: bool) -> Iterable[Row]:
    """Single starts, and for the smaller network all starts and choke points, against CyNetDiff."""
    models: Any = import_module("cynetdiff.models")

    for level in LEVELS:
        network = random_network(size, count, level)
        model = models.IndependentCascadeModel(
            network.offsets[:-1].astype(numpy.uint32),
            network.targets.astype(numpy.uint32),
            activation_probs=network.probability.astype(numpy.float32),
        )
        starts = numpy.random.default_rng(2).choice(size, STARTS if every else 3, replace=False).tolist()
        # A few worlds of a large cascade are much alike; many are needed where most are small.
        runs, trials = (RUNS, 100) if every else (1024, 4) if level in {"0.3", "0.6"} else (RUNS, 400)

        def theirs(chosen: Iterable[int] = starts, each: int = trials, model: Any = model) -> Spent:
            chosen = list(chosen)
            work = lambda: [model.compute_marginal_gains([start], [], each) for start in chosen]  # noqa: E731 - one line
            return timed(work, len(chosen) * each)

        arcs, amounts = Arcs.of(network), count_amounts(network)

        def ours(arcs: Arcs = arcs, amounts: Amounts = amounts, starts: list[int] = starts, runs: int = runs) -> Spent:
            first = [numpy.array([start], dtype=numpy.int32) for start in starts]
            work = lambda: [draw_sample(arcs, amounts, start, seed=1, runs=runs) for start in first]  # noqa: E731 - as above
            return timed(work, len(first) * runs)

        yield compare(f"a world of a start, {name}, p {level}", "CyNetDiff", ours, theirs)
        if every:
            spread = list(range(0, size, 10))
            all_theirs = lambda: theirs(spread, 10) * size  # noqa: E731, B023 - called in this turn of the loop
            close = lambda: timed(lambda: expected_losses(network, method="simulated"), RUNS)  # noqa: E731, B023
            yield compare(f"a world of all starts, {name}, p {level}", "CyNetDiff", close, all_theirs)
            gains = lambda: timed(lambda: removal_gains(network), SMALL_RUNS)  # noqa: E731, B023
            one = lambda: theirs(spread, 10)  # noqa: E731, B023 - as above
            yield compare(f"a world of all choke points against one pass, {name}, p {level}", "CyNetDiff", gains, one)


def layered_network(layers: int, width: int, degree: int) -> Network:
    """A layered map without circles."""
    random = numpy.random.default_rng(3)
    arcs = sorted(
        (layer * width + place, (layer + 1) * width + target, float(random.uniform(0.05, 0.6)))
        for layer in range(layers - 1)
        for place in range(width)
        for target in random.choice(width, degree, replace=False).tolist()
    )
    return make_network(layers * width, *(numpy.array(column) for column in zip(*arcs, strict=True)))


def pyagrum_row() -> Row:
    """All marginals of a map of 300 risks."""
    pyagrum: Any = import_module("pyagrum")

    network = layered_network(30, 10, 2)
    start = numpy.array([0])
    bayes = noisy_or(network, 0)
    found: dict[str, Any] = {}

    def ours() -> None:
        plan = plan_exact(network, start)
        assert plan is not None  # noqa: S101 - the case is chosen so
        found["ours"] = exact_probabilities(network, plan)

    def theirs() -> None:
        inference = pyagrum.LazyPropagation(bayes)
        inference.makeInference()
        found["theirs"] = [float(inference.posterior(id_)[1]) for id_ in network.ids]

    row = compare("all probabilities of 300 risks, exact", "pyAgrum", lambda: timed(ours, 1), lambda: timed(theirs, 1))
    difference = max(abs(a - b) for a, b in zip(found["ours"], found["theirs"], strict=True))
    if difference > 1e-9:  # noqa: PLR2004 - both calculate in doubles
        sys.exit(f"pyAgrum and riskgraph differ by {difference}")
    return row


def noisy_or(network: Network, start: int) -> Any:
    """The network without circles as a Bayesian network of noisy-OR nodes."""
    pyagrum: Any = import_module("pyagrum")

    bayes = pyagrum.BayesNet()
    for id_ in network.ids:
        bayes.add(pyagrum.LabelizedVariable(id_, id_, 2))
    into: dict[int, list[tuple[int, float]]] = {place: [] for place in range(len(network.ids))}
    arcs = zip(network.sources.tolist(), network.targets.tolist(), network.probability.tolist(), strict=True)
    for source, target, share in arcs:
        bayes.addArc(network.ids[source], network.ids[target])
        into[target].append((source, share))
    for place, parents in into.items():
        table = bayes.cpt(network.ids[place])
        for state in range(1 << len(parents)):
            missed = math.prod(1 - share for bit, (_, share) in enumerate(parents) if state >> bit & 1)
            given = {network.ids[parent]: state >> bit & 1 for bit, (parent, _) in enumerate(parents)}
            missed = 0.0 if place == start else missed
            if given:
                table[given] = [missed, 1 - missed]
            else:
                table[:] = [missed, 1 - missed]
    return bayes


def igraph_row() -> Row:
    """The 1,000 most probable paths between two risks of a random network."""
    igraph: Any = import_module("igraph")

    network = random_network(1000, 5000, "0.3")
    random = numpy.random.default_rng(4)
    network = replace(network, probability=random.uniform(0.05, 0.95, len(network.probability)))
    graph = igraph.Graph(
        n=1000, edges=list(zip(network.sources.tolist(), network.targets.tolist(), strict=True)), directed=True
    )
    costs = (-numpy.log(network.probability)).tolist()
    ends = [(0, 500), (10, 700), (20, 900)]

    def ours() -> None:
        for a, b in ends:
            find_paths(network, network.ids[a], network.ids[b], top=1000)

    def theirs() -> None:
        for a, b in ends:
            graph.get_k_shortest_paths(a, b, k=1000, weights=costs)

    return compare("the 1,000 most probable paths, 1k/5k", "igraph", lambda: timed(ours, 3), lambda: timed(theirs, 3))


def main() -> None:
    """Measures, and prints a table as each row is done."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    compiled = "compiled" if engine().compiled else "the Python twins: build the kernel first"
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {load}"
    print(f"{machine}, Python {platform.python_version()}, kernel: {compiled}")
    print("\n| what | peer | peer's time | ours | ratio by the clock | of processor time |\n|---|---|---|---|---|---|")
    rows: list[tuple[str, Callable[[], Iterable[Row]]]] = [
        ("cynetdiff", lambda: cynetdiff_rows(1000, 5000, "1k/5k", every=True)),
        ("pyagrum", lambda: [pyagrum_row()]),
        ("igraph", lambda: [igraph_row()]),
    ]
    if "--large" in sys.argv:
        rows.append(("cynetdiff", lambda: cynetdiff_rows(100_000, 1_000_000, "100k/1M", every=False)))
    for peer, make in rows:
        if find_spec(peer) is None:
            print(f"| {peer} is not installed | | | | | |")
            continue
        for row in make():
            print(row.text(), flush=True)


if __name__ == "__main__":
    main()
