"""Replays: what was seen of an incident in, how it would have gone with mitigations switched, out.

The incident begins with what is left of the root's rate, and goes along the cascades as ``hindsight`` judges them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

from riskgraph.simulation.hindsight import Pair, Seen, Switched, judge_cascades, order_steps
from riskgraph.simulation.network import Network
from riskgraph.simulation.simulate import simulate

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.results import Method
    from riskgraph.statistics import Interval


@dataclass(frozen=True)
class ReplayedStep:
    """One step, in an order in which each begins where the incident already was.

    ``passes`` is the probability that it still happens if the risk that it goes out from is reached; ``probability``
    that it happens at all, with its interval where that was simulated; ``stopped_here`` that all steps before it happen
    and it does not.
    """

    from_: str
    to: str
    passes: float
    probability: float
    interval: Interval | None
    stopped_here: float

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "from": self.from_,
            "to": self.to,
            "passes": self.passes,
            "probability": self.probability,
            "interval": list(self.interval) if self.interval else None,
            "stopped_here": self.stopped_here,
        }


@dataclass(frozen=True)
class Spared:
    """A risk that no step reached: how probable it was given what was seen, and how probable it would have been."""

    id: str
    before: float
    after: float
    interval: Interval | None

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        interval = list(self.interval) if self.interval else None
        return {"id": self.id, "before": self.before, "after": self.after, "interval": interval}


@dataclass(frozen=True)
class Replay:
    """How an incident would have gone.

    ``stopped`` is the probability that the root or at least one step would not have happened, ``root_stopped`` that the
    root would not. ``unexplained`` are risks that steps go out from and that none led to: they count as given.
    ``left_out`` is how many cascades have no probability and were not seen; ``unrated`` are switched effects that have
    no effectiveness and so change nothing; ``later`` are mitigations that were recorded after the incident began.
    ``switched`` are all that were: one that was in place already, or was not anyway, is none.
    """

    method: Method
    runs: int | None
    seed: int | None
    root_stopped: float
    stopped: float
    steps: tuple[ReplayedStep, ...]
    others: tuple[Spared, ...]
    unexplained: tuple[str, ...]
    left_out: int
    switched: tuple[str, ...]
    unrated: tuple[str, ...]
    later: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "method": self.method,
            "runs": self.runs,
            "stopped": self.stopped,
            "root_stopped": self.root_stopped,
            "steps": [step.data() for step in self.steps],
            "others": [other.data() for other in self.others],
            "unexplained": list(self.unexplained),
            "left_out": {"cascades": self.left_out},
            "switched": list(self.switched),
            "unrated": list(self.unrated),
            "later": list(self.later),
        }


def replay_incident(
    seen: Seen,
    then: RiskGraph,
    *,
    with_: Sequence[str] = (),
    without: Sequence[str] = (),
    now: RiskGraph | None = None,
    assume: float | None = None,
    seed: int = 0,
    runs: int | None = None,
) -> Replay:
    """How an incident would have gone with these mitigations in place, and without those.

    ``then`` is the graph as known when it began. A mitigation that only ``now`` has is taken from there with its
    effects; everything else is as it was known then. ``without`` may name cascades as well.

    Raises:
        InputError, UsageError: as :func:`riskgraph.simulation.network.compile_network`.
    """
    switched = Switched.of(then, now or then, tuple(with_), tuple(without))
    steps, unexplained = order_steps(seen)
    before, after = judge_cascades(seen, then, switched, assume)
    starts = [seen.root, *unexplained]
    ids = {*then.risks, seen.root, *(end for pair in steps for end in pair)}
    factual = _reach(ids, before, starts, seed, runs)
    replayed = _reach(ids, after, starts, seed, runs)
    begins = switched.kept(switched.mitigates.get(seen.root, ()))
    results: list[ReplayedStep] = []
    so_far = begins
    for from_, to in steps:
        passes = after[from_, to]
        reach = replayed.of(from_)
        results.append(ReplayedStep(from_, to, passes, *reach.times(begins * passes), so_far * (1 - passes)))
        so_far *= passes
    known = {seen.root, *(end for pair in steps for end in pair)}
    others = [(id_, factual.of(id_), replayed.of(id_).times(begins)) for id_ in sorted(ids - known)]
    return Replay(
        method=replayed.method,
        runs=replayed.runs,
        seed=replayed.seed,
        root_stopped=1 - begins,
        stopped=1 - so_far,
        steps=tuple(results),
        others=tuple(Spared(id_, was.probability, *will) for id_, was, will in others if was.probability or will[0]),
        unexplained=tuple(unexplained),
        left_out=len(then.cascades.keys() - after.keys()),
        switched=(*sorted(switched.on | switched.off), *(f"{from_}->{to}" for from_, to in sorted(switched.removed))),
        unrated=switched.unrated(seen),
        later=tuple(id_ for id_ in sorted(switched.on) if id_ not in then.mitigations),
    )


@dataclass(frozen=True)
class _Chance:
    """A probability, with its interval where it is simulated."""

    probability: float
    interval: Interval | None

    def times(self, factor: float) -> tuple[float, Interval | None]:
        """Both, times a factor."""
        interval = (self.interval[0] * factor, self.interval[1] * factor) if self.interval else None
        return self.probability * factor, interval


@dataclass(frozen=True)
class _Reached:
    method: Method
    runs: int | None
    seed: int | None
    risks: Mapping[str, _Chance]

    def of(self, id_: str) -> _Chance:
        return self.risks.get(id_, _Chance(0.0, None))


def _reach(
    ids: Iterable[str], chances: Mapping[Pair, float], starts: Sequence[str], seed: int, runs: int | None
) -> _Reached:
    """The probability that each risk is reached from the starts."""
    found = simulate(_network(sorted(ids), sorted(chances.items())), starts, seed=seed, runs=runs)
    risks = {one.id: _Chance(one.probability, one.interval) for one in found.reached}
    simulated = found.method == "simulated"
    return _Reached(found.method, found.runs if simulated else None, found.seed if simulated else None, risks)


def _network(ids: Sequence[str], chances: Sequence[tuple[Pair, float]]) -> Network:
    """A network of nothing but probabilities."""
    index = {id_: place for place, id_ in enumerate(ids)}
    unknown = numpy.full(len(ids), numpy.nan)
    sources = numpy.array([index[pair[0]] for pair, _ in chances], dtype=numpy.int32)
    return Network(
        ids=tuple(ids),
        index=index,
        offsets=numpy.searchsorted(sources, numpy.arange(len(ids) + 1)).astype(numpy.int64),
        sources=sources,
        targets=numpy.array([index[pair[1]] for pair, _ in chances], dtype=numpy.int32),
        probability=numpy.array([chance for _, chance in chances], dtype=numpy.float64),
        delay=numpy.full(len(chances), numpy.nan),
        rate=unknown,
        loss=(None,) * len(ids),
        mean=unknown,
        unestimated=numpy.zeros(0, dtype=numpy.int32),
        unrated=numpy.zeros(0, dtype=numpy.int32),
    )


__all__ = ["Replay", "ReplayedStep", "Seen", "Spared", "replay_incident"]
