"""Rankings: a graph in, its mitigations, cascades or risks by what they save, or would save, in a year out.

For an implemented mitigation that is the loss without it minus the loss now; for any other one the loss now minus the
loss with it; for a cascade or a risk the loss now minus the loss if it could not happen. All alternatives meet the same
chance, so what is simulated differs by the alternative alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy

from riskgraph.simulation.changes import Switches, remove
from riskgraph.simulation.measures import (
    Amount,
    Basis,
    By,
    Choice,
    Sampled,
    calculate_changes,
    draw_savings,
    measure_changes,
)
from riskgraph.simulation.network import LeftOut, Network
from riskgraph.simulation.removal import removal_gains

if TYPE_CHECKING:
    from riskgraph.simulation.blocks import Progress

What = Literal["mitigations", "cascades", "risks"]
TOP: Final = 1000
"""How many of more than so many are ranked where nobody says."""


@dataclass(frozen=True)
class Ranked:
    """One mitigation, cascade or risk: ``ids`` is its id, or from and to; ``status`` is a mitigation's.

    A mitigation is not estimated where nobody has said how well it works; then ``avoided`` is 0 for want of a number.
    """

    ids: tuple[str, ...]
    avoided: Amount
    status: str | None = None
    is_estimated: bool = True

    def data(self) -> dict[str, Any]:
        """The JSON form."""
        named = {"id": self.ids[0]} if len(self.ids) == 1 else {"from": self.ids[0], "to": self.ids[1]}
        status = {"status": self.status, "estimated": self.is_estimated} if self.status else {}
        interval = list(self.avoided.interval) if self.avoided.interval else None
        return {**named, **status, "loss_avoided": self.avoided.value, "interval": interval}


@dataclass(frozen=True)
class Ranking:
    """The best first. ``now`` is the measure as it is, ``more`` is how many are not listed."""

    what: What
    basis: Basis
    now: Amount
    items: tuple[Ranked, ...]
    more: int
    left_out: LeftOut


def rank_mitigations(
    switches: Switches,
    *,
    by: By = "loss",
    seed: int = 0,
    runs: int | None = None,
    top: int | None = None,
    method: Choice = "auto",
    progress: Progress | None = None,
) -> Ranking:
    """Every mitigation by what it saves, or would save, alone.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    ids = sorted(switches.graph.mitigations)
    changes = [switches.switch([id_]) for id_ in ids]
    found = measure_changes(switches.network, changes, by=by, seed=seed, runs=runs, method=method, progress=progress)
    items = [
        Ranked(
            (id_,),
            _turned(saved) if id_ in switches.implemented else saved,
            switches.graph.mitigations[id_].status,
            switches.is_estimated(id_),
        )
        for id_, saved in zip(ids, found.saved, strict=True)
    ]
    return _ranking("mitigations", found.basis, found.now, items, top, switches.network)


def rank_removals(
    network: Network,
    what: Literal["cascades", "risks"],
    *,
    by: By = "loss",
    seed: int = 0,
    runs: int | None = None,
    top: int | None = None,
    method: Choice = "auto",
    progress: Progress | None = None,
) -> Ranking:
    """Every cascade or every risk by what would be saved if it could not happen.

    Without ``top`` at most ``TOP`` of them are listed. Cascades that have no probability are not among them.

    Raises:
        UsageError: ``runs`` is out of range.
    """
    places = range(len(network.targets) if what == "cascades" else len(network.ids))
    ids = _cascade_ids(network) if what == "cascades" else [(id_,) for id_ in network.ids]
    if by == "shortfall":
        sampled = draw_savings(network, (), by=by, seed=seed, runs=runs, progress=progress)
        wanted = len(ids) if top is None and len(ids) <= TOP else top or TOP
        saved = _best(sampled, what, wanted)
        items = [Ranked(ids[place], amount) for place, amount in saved.items()]
        ranking = _ranking(what, sampled.basis, sampled.now(), items, wanted, network)
        return Ranking(what, ranking.basis, ranking.now, ranking.items, len(ids) - len(ranking.items), network.left_out)
    exact = None
    if method != "simulated" and len(ids) <= TOP:
        exact = calculate_changes(network, [remove(network, what, place) for place in places])
    if exact:
        items = [Ranked(id_, amount) for id_, amount in zip(ids, exact.saved, strict=True)]
        return _ranking(what, exact.basis, exact.now, items, top, network)
    gains = removal_gains(network, seed=seed, runs=runs, progress=progress)
    if what == "cascades":
        columns = gains.cascades, gains.cascade_low, gains.cascade_high
    else:
        columns = gains.risks, gains.risk_low, gains.risk_high
    items = [
        Ranked(id_, Amount(value, (low, high)))
        for id_, value, low, high in zip(ids, *(column.tolist() for column in columns), strict=True)
    ]
    now = measure_changes(network, (), seed=seed, runs=runs, method=method).now
    return _ranking(what, Basis("loss", "simulated", gains.runs, seed), now, items, top, network)


def _best(sampled: Sampled, what: Literal["cascades", "risks"], wanted: int) -> dict[int, Amount]:
    """The removals that lower the shortfall most, ``wanted`` of them, by place.

    A removal lowers a shortfall by no more than it lowers the mean of the years that are worst now (a shortfall is the
    highest mean over any years as many: Rockafellar and Uryasev, 2000), so by no more than the events of these years
    cost that it has a part in. They are tried in the order of that bound until no other can be better.
    """
    network = sampled.events.network
    bounds = sampled.events.shares(what, sampled.tail())
    saved: dict[int, Amount] = {}
    lowest: list[float] = []
    for place in numpy.argsort(-bounds, kind="stable").tolist():
        if len(saved) >= wanted and lowest[wanted - 1] >= bounds[place]:
            break
        saved[place] = sampled.save(remove(network, what, place))
        lowest = sorted([*lowest, saved[place].value], reverse=True)
    return saved


def _ranking(
    what: What, basis: Basis, now: Amount, items: Iterable[Ranked], top: int | None, network: Network
) -> Ranking:
    ordered = sorted(items, key=lambda item: (-item.avoided.value, item.ids))
    shown = ordered[: TOP if top is None else top]
    return Ranking(what, basis, now, tuple(shown), len(ordered) - len(shown), network.left_out)


def _cascade_ids(network: Network) -> list[tuple[str, ...]]:
    ids = network.ids
    pairs = zip(network.sources.tolist(), network.targets.tolist(), strict=True)
    return [(ids[from_], ids[to]) for from_, to in pairs]


def _turned(amount: Amount) -> Amount:
    """The amount with the other sign, and no zero below zero."""
    interval = (0.0 - amount.interval[1], 0.0 - amount.interval[0]) if amount.interval else None
    return Amount(0.0 - amount.value, interval)


__all__ = ["TOP", "Ranked", "Ranking", "What", "rank_mitigations", "rank_removals"]
