"""Questions about the map of cascades: a graph in, which are missing, unproven, unestimated, or near a risk out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from riskgraph.graph import RiskGraph
from riskgraph.queries.evidence import list_checks, list_steps
from riskgraph.queries.question import Parameter, Question, Rows

FARTHEST: Final = 12
"""The most cascades in a row that a question about a risk's surroundings follows."""

_RISK: Final = Parameter("id", "risk", "the risk that is asked about")
_DEPTH: Final = Parameter("depth", "number", "how many cascades in a row to follow", 3, 1, FARTHEST)
_PAIR: Final = ("from", "from_name", "to", "to_name")


def _list_unmapped(graph: RiskGraph) -> Rows:
    rows = [
        (from_, graph.risks[from_].name, to, graph.risks[to].name, len(incidents), incidents)
        for (from_, to), incidents in list_steps(graph).items()
        if (from_, to) not in graph.cascades
    ]
    return tuple(sorted(rows, key=lambda row: (-row[4], row[0], row[2])))


def _list_unobserved(graph: RiskGraph) -> Rows:
    own, every, checks = list_steps(graph, own=True), list_steps(graph), list_checks(graph)
    rows = [
        (from_, graph.risks[from_].name, to, graph.risks[to].name, cascade.probability,
         len(checks.get((from_, to), ())), len(every.get((from_, to), ())))
        for (from_, to), cascade in graph.cascades.items()
        if (from_, to) not in own
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row[0], row[2])))


def _list_unestimated(graph: RiskGraph) -> Rows:
    seen = list_steps(graph, own=True)
    rows = [
        (from_, graph.risks[from_].name, to, graph.risks[to].name, len(seen.get((from_, to), ())))
        for (from_, to), cascade in graph.cascades.items()
        if cascade.probability is None
    ]
    return tuple(sorted(rows, key=lambda row: (-row[4], row[0], row[2])))


def _follow(graph: RiskGraph, *, id: str, depth: int) -> Rows:  # noqa: A002 - it is the parameter's name
    next_ = {risk: tuple(cascade.to for cascade in found) for risk, found in graph.downstream.items()}
    return _near(graph, id, depth, next_)


def _feed(graph: RiskGraph, *, id: str, depth: int) -> Rows:  # noqa: A002 - it is the parameter's name
    before = {risk: tuple(cascade.from_ for cascade in found) for risk, found in graph.upstream.items()}
    return _near(graph, id, depth, before)


def _near(graph: RiskGraph, start: str, depth: int, neighbours: Mapping[str, tuple[str, ...]]) -> Rows:
    """The risks within so many cascades of one, nearest first."""
    steps = {start: 0}
    edge = [start]
    for step in range(1, depth + 1):
        edge = [other for risk in edge for other in neighbours.get(risk, ()) if steps.setdefault(other, step) == step]
        edge = list(dict.fromkeys(edge))
    del steps[start]
    rows = [(risk, graph.risks[risk].name, graph.risks[risk].owner, step) for risk, step in steps.items()]
    return tuple(sorted(rows, key=lambda row: (row[3], row[0])))


QUESTIONS: Final = (
    Question(
        "unmapped-cascades-seen",
        "Which cascades did incidents show that the map still does not have?",
        (*_PAIR, "times", "incidents"),
        _list_unmapped,
        note="External incidents count. The map is that of the day of asking; what an incident's own day lacked is in "
        "riskgraph diff.",
    ),
    Question(
        "cascades-never-observed",
        "Which cascades of the map has no incident or near miss of ours ever taken?",
        (*_PAIR, "probability", "did_not_happen", "seen_elsewhere"),
        _list_unobserved,
        note="did_not_happen counts the incidents in which somebody looked, seen_elsewhere the external ones.",
    ),
    Question(
        "unestimated-cascades",
        "Which cascades have no probability, so that no number includes them, the often observed ones first?",
        (*_PAIR, "times"),
        _list_unestimated,
    ),
    Question(
        "what-follows",
        "Which risks can this one pull down, and over how few cascades?",
        ("risk", "name", "owner", "steps"),
        _follow,
        (_RISK, _DEPTH),
    ),
    Question(
        "who-feeds",
        "Which risks can pull this one down, and over how few cascades?",
        ("risk", "name", "owner", "steps"),
        _feed,
        (_RISK, _DEPTH),
    ),
)
"""The questions of this module."""
