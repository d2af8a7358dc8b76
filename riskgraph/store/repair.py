"""Repair: a store whose content was changed past riskgraph in, what was changed out, as edits that may be adopted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskgraph.edits import Edit, diff_graphs, digest
from riskgraph.graph import RiskGraph, title
from riskgraph.history import whole
from riskgraph.model import NODE_KINDS, Element, Key
from riskgraph.store import Store
from riskgraph.store.chain import replay
from riskgraph.store.doctor import Inspectable
from riskgraph.store.writing import Rows


@dataclass(frozen=True)
class Difference:
    """What a store's content has that its revisions do not give.

    ``edits`` lead from the graph of the revisions to the content; ``unreadable`` says what no edit can adopt.
    ``digest`` is that of all this, by which a later change is seen.
    """

    revision: int
    edits: tuple[Edit, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the edits and of what cannot be read."""
        return digest([[edit.data() for edit in self.edits], list(self.unreadable)])

    def __bool__(self) -> bool:
        """Whether there is a difference."""
        return bool(self.edits or self.unreadable)


def find_difference(store: Store) -> Difference:
    """What a store's content has that its revisions do not give.

    Raises:
        CorruptStoreError: the revisions themselves are damaged, so that nothing says what the content should be.
    """
    revisions = store.revisions()
    recorded = replay(revisions, store.graph_id)
    rows: Rows = store.content() if isinstance(store, Inspectable) else list(recorded.elements.items())
    graph, unreadable = as_graph(rows, recorded)
    return Difference(len(revisions), tuple(diff_graphs(recorded, graph)), tuple(sorted(unreadable)))


def as_graph(rows: Rows, recorded: RiskGraph) -> tuple[RiskGraph, Sequence[str]]:
    """The graph that a content comes nearest to, and what in it is none of it.

    What cannot be read counts as recorded, and so does what is there twice. What refers to something that is gone is
    gone with it.
    """
    found: dict[Key, Element] = {}
    unreadable: list[str] = []
    for key, row in rows:
        if isinstance(row, str):
            unreadable.append(f"{title(key)} {row}" if key else row)
            if element := recorded.get(key):
                found[key] = element
        elif found.setdefault(key, row) is not row:
            unreadable.append(f"{title(key)} is there twice")
            found[key] = recorded.get(key) or row
    unreadable += _drop_second_ids(found, recorded)
    kept = whole(found)
    unreadable += [
        f"{title(key)} refers to what is not there" for key in found if key not in kept and key not in recorded
    ]
    return RiskGraph.of(kept.values()), unreadable


def _drop_second_ids(found: dict[Key, Element], recorded: RiskGraph) -> Iterable[str]:
    """Takes out nodes whose id another node has too; that of the recorded one stays."""
    owner: dict[str, Key] = {}
    for key in sorted((key for key in found if key[0] in NODE_KINDS), key=lambda key: key not in recorded):
        if owner.setdefault(key[1], key) != key:
            del found[key]
            yield f"{title(key)} has the id of {title(owner[key[1]])}"


__all__ = ["Difference", "as_graph", "find_difference"]
