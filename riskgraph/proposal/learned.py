"""Proposals from history: what all incidents together say of rates and probabilities in, changed values out.

A value is proposed where the 95 % interval leaves what is registered, never on one incident alone: a rare risk happens
in some year. A risk without two recorded incidents is left as it is, since silence may only mean that nobody reviews
such things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.edits import Because, change
from riskgraph.metrics.learning import Learned, Strength, learn_cascades, learn_risks, whole_window
from riskgraph.parts import PerYear, ProbabilityOver
from riskgraph.proposal.draft import tell_rejection
from riskgraph.proposal.file import Decided, Proposal
from riskgraph.queries.evidence import by_start
from riskgraph.scales import probability_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph
    from riskgraph.history import History

LEAST: Final = 2
"""How many incidents of our own a change rests on, at least."""


def propose_from_history(
    history: History, graph_id: str | None, until: date | None = None, strength: Strength | None = None
) -> Proposal:
    """The changes of likelihoods and probabilities that the recorded incidents until a day call for.

    What was rejected before, with the same evidence, is only remarked on.
    """
    graph, window = history.graph, whole_window(history, until)
    learned = [*learn_risks(history, window, strength).values(), *learn_cascades(history, window, strength).values()]
    latest = {incident.id: place for place, incident in enumerate(by_start(graph))}
    edits, remarks, incidents = [], [], set()
    for one in learned:
        edit = _propose(one, graph, latest)
        if edit is None:
            remarks += [remark] if (remark := _doubt_blocks(one, graph)) else []
            continue
        decided = history.decisions.get(("edit", edit.marker))
        if decided is not None:
            remarks.append(tell_rejection(edit, *decided))
            continue
        edits.append(Decided(edit))
        incidents.add(edit.incident or "")
    named = tuple(sorted(incidents, key=lambda id_: latest[id_]))
    return Proposal(graph_id, history.latest if graph_id is not None else None, named, tuple(edits), (), tuple(remarks))


def _propose(one: Learned, graph: RiskGraph, latest: dict[str, int]) -> Edit | None:
    if len(one.incidents) < LEAST:
        return None
    values = dict(_rate_change(one, graph) if one.what == "rate" else _probability_change(one, graph))
    if not values:
        return None
    incidents = sorted(one.incidents, key=lambda id_: latest[id_])
    text = f"{one.says()}, from {', '.join(incidents)}"
    because = Because(field="history", text=text)
    return change(graph.elements[one.key], values, incident=incidents[-1], because=because, confidence="derived")


def _rate_change(one: Learned, graph: RiskGraph) -> Iterator[tuple[str, Any]]:
    """Another likelihood, given as the risk's is, where band and interval do not meet."""
    id_ = one.key[1]
    band, factor, likelihood = graph.band(id_), graph.rate_factor(id_), graph.risks[id_].likelihood
    low, high = one.interval
    if band is None or not factor or (band.low * factor <= high and low <= band.high * factor):
        return
    rate = one.mean / factor
    match likelihood:
        case PerYear():
            yield "likelihood", {"per_year": _short(rate)}
        case ProbabilityOver(horizon=horizon):
            from riskgraph.durations import YEAR, format_duration

            probability = min(_short(probability_of(rate, horizon / YEAR)), 0.999)
            yield "likelihood", {"probability": probability, "horizon": format_duration(horizon)}
        case int() as score if graph.header.scale is not None:
            new = graph.header.scale.likelihood_score(rate)
            if new not in {None, score}:
                yield "likelihood", new


def _probability_change(one: Learned, graph: RiskGraph) -> Iterator[tuple[str, Any]]:
    """Another probability, before blocks, where the interval does not hold the registered one."""
    pair = (one.key[1], one.key[2])
    now, factor = graph.probability(*pair), graph.cascade_factor(*pair)
    low, high = one.interval
    if now is None or not factor or low <= now <= high or one.mean > factor:
        return
    yield "probability", min(_short(one.mean / factor), 1.0)


def _doubt_blocks(one: Learned, graph: RiskGraph) -> str | None:
    """A remark where a cascade fires more often than its blocks would let a certain one."""
    if one.what == "rate" or len(one.incidents) < LEAST:
        return None
    from_, to = one.key[1:]
    if one.mean <= graph.cascade_factor(from_, to) or one.interval[0] <= (graph.probability(from_, to) or 0):
        return None
    blocks = ", ".join(block.mitigation for block in graph.blocks[from_, to] if graph.is_implemented(block.mitigation))
    return f"{from_} -> {to} fires more often than {blocks} would let it ({one.says()}): is the effectiveness right?"


def _short(value: float) -> float:
    """Three significant digits: what was learned is not more exact."""
    return float(f"{value:.3g}")
