"""Hindsight: what was seen of an incident and what to switch in, what that says of each cascade out.

What was seen decides the cascades: one that fired was live, one that was looked at and did not happen was not, and
nothing is known of the others. A live cascade of probability ``p`` stays live with ``p' / p`` where a mitigation makes
it ``p'``; one that was not live becomes so with ``(p' - p) / (1 - p)`` where one less makes it more probable.
``docs/model.md`` derives this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from riskgraph.graph import RiskGraph
from riskgraph.model import Blocks, Mitigates
from riskgraph.simulation.network import pretend, share_left

Pair = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """What was seen of an incident: its root, the steps in order, and the cascades that did not happen."""

    root: str
    steps: tuple[Pair, ...]
    quiet: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Switched:
    """The mitigations that are switched ``on`` and ``off``, those that were implemented, and all their effects."""

    on: frozenset[str]
    off: frozenset[str]
    implemented: frozenset[str]
    removed: frozenset[Pair]
    mitigates: Mapping[str, Sequence[Mitigates]]
    blocks: Mapping[Pair, Sequence[Blocks]]

    @classmethod
    def of(cls, then: RiskGraph, now: RiskGraph, with_: tuple[str, ...], without: tuple[str, ...]) -> Self:
        """The switches of these names; a mitigation that only ``now`` has comes with its effects of now."""
        later = {id_: one for id_, one in now.mitigations.items() if id_ not in then.mitigations}
        # What was recorded since was not in place, whatever it is today.
        planned = {one.key: one.model_copy(update={"status": "planned"}) for one in later.values()}
        implemented = frozenset(id_ for id_ in then.mitigations if then.is_implemented(id_))
        removed, standing = pretend(RiskGraph({**then.elements, **planned}), without, with_)
        mitigates = {
            risk: [edge for edge in edges if edge.mitigation in later] for risk, edges in now.mitigates.items()
        }
        blocks = {pair: [edge for edge in edges if edge.mitigation in later] for pair, edges in now.blocks.items()}
        for risk, found in then.mitigates.items():
            mitigates[risk] = [*found, *mitigates.get(risk, ())]
        for pair, those in then.blocks.items():
            blocks[pair] = [*those, *blocks.get(pair, ())]
        return cls(
            frozenset(standing - implemented),
            implemented - standing,
            implemented,
            frozenset(removed),
            mitigates,
            blocks,
        )

    def kept(self, effects: Sequence[Blocks | Mitigates]) -> float:
        """With what probability something that happened still happens under its effects."""
        taken = share_left(effects, self.off)
        return min(1.0, share_left(effects, self.on) / taken) if taken else 1.0

    def left(self, pair: Pair) -> tuple[float, float]:
        """What the effects on a cascade left of its probability then, and what they leave now."""
        if pair in self.removed:
            return share_left(self.blocks.get(pair, ()), self.implemented), 0.0
        after = (self.implemented | self.on) - self.off
        return share_left(self.blocks.get(pair, ()), self.implemented), share_left(self.blocks.get(pair, ()), after)

    def unrated(self, seen: Seen) -> tuple[str, ...]:
        """The switched mitigations that have an effect without an effectiveness on what was seen."""
        effects: list[Blocks | Mitigates] = [*self.mitigates.get(seen.root, ())]
        for pair in (*seen.steps, *seen.quiet):
            effects += self.blocks.get(pair, ())
        switched = self.on | self.off
        return tuple(sorted({edge.mitigation for edge in effects if edge.effectiveness is None} & switched))


def judge_cascades(
    seen: Seen, then: RiskGraph, switched: Switched, assume: float | None
) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """The probability that each cascade was live given what was seen, and that it is with the mitigations switched."""
    before: dict[Pair, float] = {}
    after: dict[Pair, float] = {}
    for pair, cascade in then.cascades.items():
        chance = assume if cascade.probability is None else cascade.probability
        if chance is None:
            continue
        was, will = (chance * left for left in switched.left(pair))
        if pair in seen.quiet:
            before[pair] = 0.0
            after[pair] = (will - was) / (1 - was) if was < will else 0.0
        else:
            before[pair], after[pair] = was, will
    for pair in seen.steps:
        before[pair] = 1.0
        after[pair] = 0.0 if pair in switched.removed else switched.kept(switched.blocks.get(pair, ()))
    return before, after


def order_steps(seen: Seen) -> tuple[list[Pair], list[str]]:
    """The steps, each after one that leads to where it begins, and the risks that none leads to."""
    left = list(dict.fromkeys(seen.steps))
    reached, unexplained = {seen.root}, list[str]()
    ordered: list[Pair] = []
    while left:
        step = next((pair for pair in left if pair[0] in reached), None)
        if step is None:
            ends = {pair[1] for pair in left}
            start = next((pair[0] for pair in left if pair[0] not in ends), left[0][0])
            unexplained.append(start)
            reached.add(start)
            continue
        left.remove(step)
        ordered.append(step)
        reached.add(step[1])
    return ordered, unexplained


__all__ = ["Pair", "Seen", "Switched", "judge_cascades", "order_steps"]
