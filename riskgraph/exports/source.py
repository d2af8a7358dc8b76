"""What is exported: the graph of a revision, with what a file says of where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskgraph.graph import RiskGraph
from riskgraph.history import Revision


@dataclass(frozen=True)
class Source:
    """A graph, the identity and the revision it was read from, and the dates that were declared or asked for.

    ``revisions`` are those that led to it. ``revision`` is None where it is from no store, but from register files.
    """

    graph: RiskGraph
    graph_id: str | None = None
    revision: int | None = None
    effective_on: date | None = None
    as_of: date | None = None
    revisions: Sequence[Revision] = ()
