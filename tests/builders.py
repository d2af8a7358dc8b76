"""Small graphs, histories and reviews for tests, each in a few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from riskgraph.audit.audit import Audit, audit_diff
from riskgraph.diff import Diff, diff_match
from riskgraph.documents import dump_document, parse_document
from riskgraph.edits import Edit, diff_graphs
from riskgraph.fields import parse_moment
from riskgraph.graph import RiskGraph
from riskgraph.history import Decision, History, Revision
from riskgraph.matching.match import match_pir
from riskgraph.matching.observed import Match
from riskgraph.model import KINDS, Element
from riskgraph.pir.read import parse_pir
from riskgraph.pir.review import Pir

CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
SCALE = {"likelihood": {"per_year": [0.1, 1, 4, 24]}, "impact": {"loss": [1e4, 5e4, 25e4, 1e6]}}


def element(kind: str, /, **values: Any) -> Element:
    """An element; ``from_`` is ``from``, and a node's name may be left out."""
    data = {name.rstrip("_"): value for name, value in values.items()}
    if "id" in data:
        data.setdefault("name", f"Name of {data['id']}")
    return KINDS[kind].model_validate(data)


def cascade(from_: str, to: str, probability: float | None = None, **values: Any) -> Element:
    """A cascade."""
    return element("cascade", from_=from_, to=to, probability=probability, **values)


def graph(*elements: Element, risks: str = "", scale: dict[str, Any] | None = None) -> RiskGraph:
    """A graph of these elements and of risks named by id, with a scale."""
    given = {one.key for one in elements}
    plain = [element("risk", id=id_) for id_ in risks.split() if ("risk", id_) not in given]
    return RiskGraph.of([element("register", scale=scale or SCALE, currency="EUR"), *plain, *elements])


def history(first: RiskGraph, effective: str | None = "2023-06-01") -> History:
    """A history of one revision, declared for a date."""
    return after(History(), diff_graphs(RiskGraph(), first), effective=effective)


def after(
    before: History,
    edits: list[Edit] | tuple[Edit, ...],
    *,
    effective: str | None = None,
    recorded: datetime = CLOCK,
    decisions: tuple[Decision, ...] = (),
    undoes: int | None = None,
) -> History:
    """The history after one more revision."""
    revision = Revision(
        number=before.latest + 1,
        graph_id="g",
        recorded_at=recorded,
        effective_on=parse_moment(effective) if effective else None,
        author="Ada",
        reason="test",
        edits=tuple(edits),
        decisions=decisions,
        undoes=undoes,
        previous=before.revisions[-1].digest if before.revisions else None,
    )
    return History([*before.revisions, revision.sealed()])


def review(**fields: Any) -> Pir:
    """A review of RISK-1 that began on 2024-02-15 at 03:00 UTC; ``fields`` add to it, or take away with None."""
    base: dict[str, Any] = {
        "incident_id": "INC-1",
        "related_risk": "RISK-1",
        "started_at": "2024-02-15T03:00:00+00:00",
        "timeline": [{"time": "03:00", "event": "It began"}],
    }
    data = {name: value for name, value in {**base, **fields}.items() if value is not None}
    pir, findings = parse_pir(parse_document(dump_document(data), "inc.yaml"))
    assert pir is not None, [str(finding) for finding in findings]
    return pir


def audit_fields(**questions: dict[str, Any] | str) -> dict[str, Any]:
    """The audit section of a review; a text alone is the answer."""
    return {name: {"answer": value} if isinstance(value, str) else value for name, value in questions.items()}


def match(pir: Pir, of: History | RiskGraph) -> Match:
    """The match of a review."""
    return match_pir(pir, of if isinstance(of, History) else history(of))


def diff(pir: Pir, of: History | RiskGraph) -> Diff:
    """The diff of a review."""
    return diff_match(match(pir, of))


def audit(pir: Pir, of: History | RiskGraph) -> Audit:
    """The audit of a review."""
    past = of if isinstance(of, History) else history(of)
    return audit_diff(diff(pir, past), past)
