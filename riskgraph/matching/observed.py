"""What was observed: the values that matching gives, and the names by which they refer to risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from riskgraph.findings import Finding
from riskgraph.matching.ids import folded
from riskgraph.pir.review import field_name

if TYPE_CHECKING:
    from riskgraph.documents import Loc
    from riskgraph.graph import RiskGraph
    from riskgraph.history import Snapshot
    from riskgraph.pir.review import IndicatorAnswer, MitigationAnswer, Pir

Source = Literal["structured", "prose", "timeline"]


@dataclass(frozen=True)
class Evidence:
    """A sentence, and where it comes from: a PIR's field and line, a node, or a revision."""

    text: str
    source: str

    def data(self) -> dict[str, str]:
        """The JSON form."""
        return {"text": self.text, "source": self.source}


@dataclass(frozen=True)
class ObservedStep:
    """One observed cascade: both ends as ids, or as written where no risk is known by that name."""

    from_: str
    to: str
    at: datetime | None
    source: Source
    joined: bool
    loc: Loc
    evidence: tuple[Evidence, ...] = ()

    @property
    def pair(self) -> tuple[str, str]:
        """From and to."""
        return self.from_, self.to


@dataclass(frozen=True)
class Match:
    """What a review says of the graph as known at its start.

    ``root`` is an id, or the name of a risk that nobody had. For suggestions only: ``loose`` are clauses that name no
    risk, ``hints`` risks named in prose that is not read for steps, each with its place.
    """

    pir: Pir
    snapshot: Snapshot
    root: str
    steps: tuple[ObservedStep, ...] = ()
    checked: tuple[tuple[str, str], ...] = ()
    mitigations: Mapping[str, MitigationAnswer] = field(default_factory=dict)
    indicators: Mapping[str, IndicatorAnswer] = field(default_factory=dict)
    occurrences: tuple[int, timedelta] | None = None
    loose: tuple[tuple[str, Loc], ...] = ()
    hints: tuple[tuple[str, Loc], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def graph(self) -> RiskGraph:
        """The graph as known at the start."""
        return self.snapshot.graph

    @property
    def reached(self) -> tuple[str, ...]:
        """The root and both ends of every step, in order."""
        return tuple(dict.fromkeys([self.root, *(end for step in self.steps for end in step.pair)]))

    @property
    def counted_at(self) -> Loc:
        """The field of the review that says how often the root materialised."""
        if self.pir.occurrences:
            return ("occurrences",)
        return ("risk_process_audit", "probability_accurate", "actual_frequency")

    def source(self, *loc: str | int) -> str:
        """How evidence names a place of the review: file, line and field."""
        return f"{self.pir.place(*loc)} {field_name(loc)}".strip()


def names_of(graph: RiskGraph) -> dict[str, str]:
    """Risk ids by case-folded name and alias; where two risks share one, the first by id."""
    names: dict[str, str] = {}
    for risk in graph.risks.values():
        for name in (risk.name, *risk.aliases):
            names.setdefault(folded(name), risk.id)
            names.setdefault(" ".join(name.lower().split()), risk.id)  # Prose has the letter that folds to two.
    return names


def resolve(text: str, graph: RiskGraph) -> str:
    """The id of the risk that an id, name or alias means in a graph; the text as written where none is meant."""
    return text if text in graph.risks else names_of(graph).get(folded(text), text)
