"""Obstacles: a proposal and today's graph in, for each edit what would keep ``apply`` from writing it out.

Which of them count depends on what else is accepted; ``apply`` and the page of a proposal go by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskgraph.edits import apply
from riskgraph.errors import EditError, StaleError
from riskgraph.model import NODE_KINDS
from riskgraph.proposal.apply import named_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph
    from riskgraph.proposal.file import Proposal


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
    edits = [one.edit for one in proposal.edits]
    return tuple(
        Obstacles(_needs(edit, edits, graph), _rivals(number, edits), _stale(edit, edits, graph))
        for number, edit in enumerate(edits)
    )


def _needs(edit: Edit, edits: Sequence[Edit], graph: RiskGraph | None) -> tuple[Need, ...]:
    if edit.op == "remove":
        # What refers to a node has to go before it.
        users = (n for n, other in enumerate(edits) if other.op == "remove" and other.kind not in NODE_KINDS)
        found = [n for n in users if edit.kind in NODE_KINDS and edit.key[1] in edits[n].key[1:]]
        return tuple(Need(" ".join(edits[n].key), (n,)) for n in found)
    there = {key[1] for key in graph.elements if key[0] in NODE_KINDS} if graph else set()
    needs = []
    for id_ in sorted(named_ids(edit) - there - {edit.key[1]} if edit.kind in NODE_KINDS else named_ids(edit) - there):
        adders = tuple(n for n, o in enumerate(edits) if o.op == "add" and o.kind in NODE_KINDS and o.key[1] == id_)
        if adders:
            needs.append(Need(id_, adders))
    if edit.op == "change" and not (graph and edit.key in graph):
        adders = tuple(n for n, other in enumerate(edits) if other.op == "add" and other.key == edit.key)
        if adders:
            needs.append(Need(" ".join(edit.key), adders))
    return tuple(needs)


def _rivals(number: int, edits: Sequence[Edit]) -> tuple[int, ...]:
    """Alternatives, and edits that give a field of the same element another value."""
    edit = edits[number]
    return tuple(
        n
        for n, other in enumerate(edits)
        if n != number
        and (
            (edit.oneof and other.oneof == edit.oneof)
            or (other.key == edit.key and any(other.set.get(name, value) != value for name, value in edit.set.items()))
        )
    )


def _stale(edit: Edit, edits: Sequence[Edit], graph: RiskGraph | None) -> str:
    if graph is None or (edit.op == "change" and any(o.op == "add" and o.key == edit.key for o in edits)):
        return ""
    try:
        apply(edit, graph)
    except StaleError as error:
        return str(error)
    except EditError:  # It needs what is not there yet.
        return ""
    return ""


__all__ = ["Need", "Obstacles", "find_obstacles"]
