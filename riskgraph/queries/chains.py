"""Questions about chains: a graph in, the longest ways through it and the ways that come back to their start out.

No chain visits a risk twice. Chains are looked for one by one, longest or shortest first, and only as many as are
wanted, so that a map with very many of them is answered too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from riskgraph.graph import RiskGraph
from riskgraph.queries.question import Parameter, Question, Rows

DEEPEST: Final = 6
"""The most cascades of a chain or a cycle that is looked for; the text of their Cypher has the same number."""

Chain = tuple[str, ...]
Next = Mapping[str, tuple[str, ...]]

_DEPTH: Final = Parameter("depth", "number", "the most cascades of one chain", 4, 2, DEEPEST)
_LIMIT: Final = Parameter("limit", "number", "how many chains to list at most", 25, 1, 1000)


def _list_longest(graph: RiskGraph, *, depth: int, limit: int) -> Rows:
    next_, before = _neighbours(graph)

    def found() -> Iterator[Chain]:
        for length in range(depth, 0, -1):
            # What can still grow at its start is part of a longer chain, unless all that precedes it is in it.
            starts = [risk for risk in sorted(next_) if length == depth or len(before.get(risk, ())) <= length]
            for chain in _chains(starts, length, next_, _walkable(next_, length)):
                if length == depth or not _can_grow(chain, next_, before):
                    yield chain

    return _rows(islice(found(), limit))


def _list_cycles(graph: RiskGraph, *, depth: int, limit: int) -> Rows:
    next_, before = _neighbours(graph)

    def found() -> Iterator[Chain]:
        for length in range(2, depth + 1):
            # A cycle begins at its first id, so that it is found once.
            for start in sorted(next_):
                for chain in _chains([start], length - 1, next_, _returning(start, before, length)):
                    yield (*chain, start)

    return _rows(islice(found(), limit))


def _rows(chains: Iterator[Chain]) -> Rows:
    return tuple((len(chain) - 1, " -> ".join(chain)) for chain in chains)


def _neighbours(graph: RiskGraph) -> tuple[Next, Next]:
    """The risks after and before each risk, sorted."""
    after = {risk: tuple(sorted(cascade.to for cascade in found)) for risk, found in graph.downstream.items()}
    before = {risk: tuple(sorted(cascade.from_ for cascade in found)) for risk, found in graph.upstream.items()}
    return after, before


def _chains(starts: list[str], length: int, next_: Next, promising: Callable[[str, int], bool]) -> Iterator[Chain]:
    """The chains of exactly so many cascades, in the order of their ids; ``promising`` says where to look further.

    It is asked with a risk and the number of cascades that the chain still lacks there.
    """
    for start in starts:
        if not promising(start, length):
            continue
        chain = [start]
        open_ = [iter(next_.get(start, ()))]
        while open_:
            to = next(open_[-1], None)
            if to is None:
                open_.pop()
                chain.pop()
            elif to not in chain and promising(to, length - len(chain)):
                if len(chain) == length:
                    yield (*chain, to)
                else:
                    chain.append(to)
                    open_.append(iter(next_.get(to, ())))


def _walkable(next_: Next, length: int) -> Callable[[str, int], bool]:
    """Whether so many cascades in a row begin at a risk at all, be it over risks twice."""
    able: list[set[str]] = [set()]
    for left in range(1, length + 1):
        able.append({risk for risk, tos in next_.items() if left == 1 or any(to in able[-1] for to in tos)})
    return lambda risk, left: left <= 0 or risk in able[left]


def _returning(start: str, before: Next, length: int) -> Callable[[str, int], bool]:
    """Whether a way back to the start, over later ids only, fits into a cycle of so many cascades."""
    steps = {start: 0}
    edge = [start]
    for step in range(1, length):
        reached = [risk for to in edge for risk in before.get(to, ()) if risk > start]
        edge = [risk for risk in dict.fromkeys(reached) if steps.setdefault(risk, step) == step]
    return lambda risk, left: steps.get(risk, length) <= left + 1


def _can_grow(chain: Chain, next_: Next, before: Next) -> bool:
    """Whether a risk that is not in a chain can be put at its start or its end."""
    around = (*before.get(chain[0], ()), *next_.get(chain[-1], ()))
    return any(risk not in chain for risk in around)


QUESTIONS: Final = (
    Question(
        "longest-chains",
        "Which are the longest chains of cascades, up to a depth?",
        ("steps", "chain"),
        _list_longest,
        (_DEPTH, _LIMIT),
        "No chain visits a risk twice, and none that could be longer within the depth is listed.",
    ),
    Question(
        "cycles",
        "Which cascades come back to where they began, the shortest cycles first?",
        ("steps", "chain"),
        _list_cycles,
        (_DEPTH, _LIMIT),
    ),
)
"""The questions of this module."""
