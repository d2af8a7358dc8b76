"""Obstacles: a proposal and today's graph in, for each edit what would keep ``apply`` from writing it out.

Which of them count depends on what else is accepted; ``apply`` and the page of a proposal go by the same rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from riskgraph.edits import apply
from riskgraph.errors import EditError, StaleError
from riskgraph.graph import RiskGraph, title
from riskgraph.model import NODE_KINDS
from riskgraph.proposal.apply import named_ids

if TYPE_CHECKING:
    from riskgraph.edits import Edit
    from riskgraph.model import Key
    from riskgraph.proposal.file import Proposal

K = TypeVar("K")


@dataclass(frozen=True)
class Need:
    """What an edit cannot do without: an element, and the edits of which one has to be accepted for it."""

    what: str
    by: tuple[int, ...]


@dataclass(frozen=True)
class Obstacles:
    """What stands against accepting an edit.

    ``needs`` all have to be met, ``rivals`` must not be accepted beside it, and ``stale`` says what is otherwise in
    today's graph. An incident is recorded without what it needs and does not get.
    """

    needs: tuple[Need, ...] = ()
    rivals: tuple[int, ...] = ()
    stale: str = ""


def find_obstacles(proposal: Proposal, graph: RiskGraph | None) -> tuple[Obstacles, ...]:
    """The obstacles of each edit, in the proposal's order; without a graph nothing is known to be there, or stale."""
    known = _Known.of([one.edit for one in proposal.edits], graph)
    return tuple(
        Obstacles(known.needs(edit), known.rivals(number), known.stale(edit)) for number, edit in enumerate(known.edits)
    )


@dataclass(frozen=True)
class _Known:
    """The edits by what they add, remove and change, and what today's graph has."""

    edits: Sequence[Edit]
    graph: RiskGraph | None
    ids: frozenset[str]
    adders: Mapping[str | Key, tuple[int, ...]]
    """The edits that add a node, by its id, and any element, by its key."""
    users: Mapping[str, tuple[int, ...]]
    """The edits that remove an edge, by each id that it refers to."""
    together: Mapping[str | Key, tuple[int, ...]]
    """Alternatives of one text, and edits of one element."""

    @classmethod
    def of(cls, edits: Sequence[Edit], graph: RiskGraph | None) -> _Known:
        adders: dict[str | Key, list[int]] = defaultdict(list)
        users: dict[str, list[int]] = defaultdict(list)
        together: dict[str | Key, list[int]] = defaultdict(list)
        for number, edit in enumerate(edits):
            together[edit.key].append(number)
            if edit.oneof:
                together[edit.oneof].append(number)
            if edit.op == "add":
                adders[edit.key].append(number)
                if edit.kind in NODE_KINDS:
                    adders[edit.key[1]].append(number)
            elif edit.op == "remove" and edit.kind not in NODE_KINDS:
                for id_ in set(edit.key[1:]):
                    users[id_].append(number)
        ids = frozenset(key[1] for key in graph.elements if key[0] in NODE_KINDS) if graph else frozenset()
        return cls(edits, graph, ids, _frozen(adders), _frozen(users), _frozen(together))

    def needs(self, edit: Edit) -> tuple[Need, ...]:
        if edit.op == "remove":  # What refers to a node has to go before it.
            users = self.users.get(edit.key[1], ()) if edit.kind in NODE_KINDS else ()
            return tuple(Need(title(self.edits[number].key), (number,)) for number in users)
        wanted = {id_: self.adders.get(id_, ()) for id_ in sorted(named_ids(edit) - self.ids)}
        if edit.op == "change" and not (self.graph and edit.key in self.graph):
            wanted[title(edit.key)] = self.adders.get(edit.key, ())
        return tuple(Need(what, by) for what, by in wanted.items() if by)

    def rivals(self, number: int) -> tuple[int, ...]:
        """Alternatives, and edits that give a field of the same element another value."""
        edit = self.edits[number]
        found = set(self.together.get(edit.oneof, ())) if edit.oneof else set()
        found |= {
            other
            for other in self.together[edit.key]
            if any(self.edits[other].set.get(name, value) != value for name, value in edit.set.items())
        }
        return tuple(sorted(found - {number}))

    def stale(self, edit: Edit) -> str:
        if self.graph is None or (edit.op == "change" and edit.key in self.adders):
            return ""
        there = self.graph.get(edit.key)
        try:  # What it refers to does not matter here, and a whole graph for each edit would be slow.
            apply(edit, RiskGraph(MappingProxyType({edit.key: there} if there else {})))
        except StaleError as error:
            return str(error)
        except EditError:  # It needs what is not there yet.
            return ""
        return ""


def _frozen(found: Mapping[K, list[int]]) -> dict[K, tuple[int, ...]]:
    return {key: tuple(numbers) for key, numbers in found.items()}


__all__ = ["Need", "Obstacles", "find_obstacles"]
