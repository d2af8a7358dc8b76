"""Traces: a network and starts in, every cascade that may fire in the event of each start out.

The events are one large forest of places, so that numpy follows many of them at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy

if TYPE_CHECKING:
    from riskgraph.simulation.blocks import Progress
    from riskgraph.simulation.network import Floats, Longs, Network

    Mask = numpy.typing.NDArray[numpy.bool_]

LOOKS: Final = 10_000_000
"""How many cascades are looked at before no further events are traced; this bounds time and memory (about 500 MB)."""
_MATRIX: Final = 1 << 22
"""The most risks times events of one go."""


@dataclass(frozen=True, eq=False)
class Traces:
    """Events with their worlds, each as far as it goes at given probabilities.

    A place is a risk in an event that it can be reached in; ``first`` has the place at which each event begins,
    ``risk`` and ``event`` are those of each place. The cascades out of place ``i`` are ``offsets[i]`` to
    ``offsets[i + 1]``; each leads to the place in ``targets``, is the network's of that number in ``cascade``, and
    fires where its draw is below its probability.
    """

    first: Longs
    risk: Longs
    event: Longs
    offsets: Longs
    targets: Longs
    cascade: Longs
    draws: Floats

    @property
    def count(self) -> int:
        """How many events there are."""
        return len(self.first)

    def follow(self, events: Longs, probability: Floats) -> Longs:
        """The places that some events reach at these probabilities, which are no higher than those traced at."""
        reached = numpy.zeros(len(self.risk), dtype=bool)
        latest = numpy.empty(len(self.risk), dtype=numpy.int64)
        edge = self.first[events]
        found = [edge]
        reached[edge] = True
        while len(edge):
            arcs = arcs_of(edge, self.offsets)
            ends = self.targets[arcs[self.draws[arcs] < probability[self.cascade[arcs]]]]
            ends = ends[~reached[ends]]
            number = numpy.arange(len(ends))
            latest[ends] = number  # A place that several cascades lead to is taken once.
            edge = ends[latest[ends] == number]
            reached[edge] = True
            found.append(edge)
        return numpy.concatenate(found)

    def events_with(self, cascade: int, low: float, high: float) -> Longs:
        """The events in which the draw of a cascade is at least ``low`` and below ``high``."""
        begin, end = numpy.searchsorted(self.cascade, [cascade, cascade + 1], sorter=self._by_cascade)
        arcs = self._by_cascade[begin:end]
        arcs = arcs[(self.draws[arcs] >= low) & (self.draws[arcs] < high)]
        return self.event[numpy.searchsorted(self.offsets, arcs, side="right") - 1]

    @cached_property
    def _by_cascade(self) -> Longs:
        return numpy.argsort(self.cascade, kind="stable")


def trace_events(
    network: Network,
    probability: Floats,
    starts: Longs,
    random: numpy.random.Generator,
    progress: Progress | None = None,
) -> Traces:
    """The traces of events that begin at these starts, or of the first of them only where ``LOOKS`` are used up."""
    together = max(1, min(_MATRIX // max(len(network.ids), 1), len(starts)))
    parts = _Parts(together * len(network.ids))
    done = 0
    while done < len(starts) and parts.looks < LOOKS:
        chunk = starts[done : done + together]
        parts.trace(network, probability, chunk, done, random)
        done += len(chunk)
        if progress:
            progress(len(starts) if parts.looks >= LOOKS else done, len(starts))
    return parts.join()


def arcs_of(nodes: Longs, offsets: Longs) -> Longs:
    """The numbers of all arcs out of some nodes, in their order."""
    counts = offsets[nodes + 1] - offsets[nodes]
    return numpy.repeat(offsets[nodes] - numpy.cumsum(counts) + counts, counts) + numpy.arange(int(counts.sum()))


class _Parts:
    """Arrays as they grow; ``room`` is the most risks times events of one go."""

    def __init__(self, room: int) -> None:
        self.looks = self.places = 0
        self._number = numpy.full(room, -1, dtype=numpy.int64)
        self._found: dict[str, list[Any]] = {
            name: [] for name in ("first", "risk", "event", "degrees", "targets", "cascade", "draws")
        }

    def trace(
        self, network: Network, probability: Floats, starts: Longs, done: int, random: numpy.random.Generator
    ) -> None:
        """Adds the events of some starts; ``done`` is how many there were before."""
        size = len(network.ids)
        number = self._number
        edge = numpy.arange(len(starts)) * size + starts
        keys, ends = [edge], []
        numbered = 0
        while len(edge):
            number[edge] = numbered + numpy.arange(len(edge))
            numbered += len(edge)
            arcs = arcs_of(edge % size, network.offsets)
            self.looks += len(arcs)
            draws = random.random(len(arcs))
            live = draws < probability[arcs]
            degrees = network.offsets[edge % size + 1] - network.offsets[edge % size]
            owner = numpy.repeat(numpy.arange(len(edge)), degrees)[live]
            end = edge[owner] // size * size + network.targets[arcs[live]]
            self._add(degrees=numpy.bincount(owner, minlength=len(edge)), cascade=arcs[live], draws=draws[live])
            ends.append(end)
            edge = numpy.unique(end[number[end] < 0])
            keys.append(edge)
        key = numpy.concatenate(keys)
        self._add(
            first=self.places + numpy.arange(len(starts)),
            risk=key % size,
            event=done + key // size,
            targets=self.places + number[numpy.concatenate(ends)],
        )
        number[key] = -1
        self.places += numbered

    def join(self) -> Traces:
        whole = {
            name: numpy.concatenate([numpy.zeros(0, dtype=float if name == "draws" else numpy.int64), *found])
            for name, found in self._found.items()
        }
        offsets = numpy.concatenate([[0], numpy.cumsum(whole.pop("degrees"))]).astype(numpy.int64)
        return Traces(offsets=offsets, **whole)

    def _add(self, **arrays: Any) -> None:
        for name, array in arrays.items():
            self._found[name].append(array)


__all__ = ["LOOKS", "Traces", "arcs_of", "trace_events"]
