"""Takes graphs, shows that what Neo4j keeps of them is theirs to the bit, and that a person can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from riskgraph.edits import diff_graphs
from riskgraph.errors import EditError
from riskgraph.graph import RiskGraph
from riskgraph.model import Incident, Mitigation, Risk
from riskgraph.store.neo4j.content import header_properties, plan_content, read_content
from riskgraph.store.neo4j.properties import to_edges, to_properties
from tests.strategies import graphs

TYPES = {
    "put_cascades": "CASCADES_TO", "put_mitigates": "MITIGATES", "put_blocks": "BLOCKS", "put_watches": "WATCHES",
    "put_implements": "IMPLEMENTS", "put_materialized": "MATERIALIZED", "put_reached": "REACHED",
    "put_checked": "CHECKED", "put_tested": "TESTED", "put_signalled": "SIGNALLED", "put_raised": "RAISED",
}  # fmt: skip
CREATED = {"put_materialized", "put_reached", "put_checked", "put_tested", "put_signalled"}
"""Statements that make an edge also where there is one."""
LABELS = {
    "put_risks": "Risk", "put_mitigations": "Mitigation", "put_indicators": "Indicator", "put_incidents": "Incident",
    "put_actions": "Action",
}  # fmt: skip


class Fake:
    """What a server would hold, as rows; it knows what each statement does and nothing else."""

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[str, dict[str, Any]]] = {}
        self.edges: list[tuple[str, str, str, dict[str, Any]]] = []

    def take(self, before: RiskGraph, after: RiskGraph) -> RiskGraph:
        """The graph that is read after the statements between two graphs."""
        for name, rows in plan_content(before, after):
            for row in rows:
                self.run(name.removeprefix("write/"), row)
        return self.read(after)

    def read(self, graph: RiskGraph) -> RiskGraph:
        """The graph that is read; rows come in any order."""
        nodes = [([label], properties) for label, properties in reversed(self.nodes.values())]
        return read_content(header_properties(graph.header), nodes, reversed(self.edges))

    def run(self, name: str, row: dict[str, Any]) -> None:
        """One row of one statement."""
        if label := LABELS.get(name):
            self.nodes[row["id"]] = (label, row["properties"])
        elif type_ := TYPES.get(name):
            between = {"cascade_from": row["cascade_from"]} if "cascade_from" in row else {}
            if name not in CREATED:
                self.drop({type_}, row["start"], row["end"], between)
            self.edges.append((type_, row["start"], row["end"], row.get("properties", {})))
        elif name == "cut_nodes":
            del self.nodes[row["id"]]
            self.edges = [edge for edge in self.edges if row["id"] not in edge[1:3]]
        elif name == "cut_evidence":
            self.drop({"MATERIALIZED", "REACHED", "CHECKED", "TESTED", "SIGNALLED"}, row["id"], None, {})
        elif name == "cut_raised":
            self.drop({"RAISED"}, None, row["id"], {})
        else:
            between = {"cascade_from": row["cascade_from"]} if "cascade_from" in row else {}
            self.drop({TYPES[name.replace("cut", "put")]}, row["start"], row["end"], between)

    def drop(self, types: set[str], start: str | None, end: str | None, values: dict[str, Any]) -> None:
        """Removes the edges that a pattern matches."""
        self.edges = [
            edge
            for edge in self.edges
            if not (
                edge[0] in types
                and start in {None, edge[1]}
                and end in {None, edge[2]}
                and values.items() <= edge[3].items()
            )
        ]


@given(graphs())
def test_a_graph_comes_back_to_the_bit(graph: RiskGraph) -> None:
    """Prevents: a value, an order of steps or of columns that does not survive the way through properties."""
    read = Fake().take(RiskGraph(), graph)
    assert read == graph
    assert [list(element.model_extra or ()) for element in read.elements.values()] == [
        list(element.model_extra or ()) for element in graph.elements.values()
    ]


@given(graphs(), graphs())
def test_any_graph_is_turned_into_any_other(one: RiskGraph, other: RiskGraph) -> None:
    """Prevents: evidence of an incident that is there twice, or an edge that a changed node loses or keeps."""
    fake = Fake()
    assert fake.take(RiskGraph(), one) == one
    assert fake.take(one, other) == other
    assert bool(diff_graphs(one, other)) == (one != other)


@given(graphs())
def test_neo4j_can_hold_every_property(graph: RiskGraph) -> None:
    """Prevents: maps, lists of maps or whole numbers past 64 bits, which Neo4j refuses in the middle of an import."""
    for element in graph.elements.values():
        kept: list[Mapping[str, Any]] = [to_properties(element)]
        kept += [properties for _, _, properties in to_edges(element)] if isinstance(element, Incident) else []
        for name, value in [pair for properties in kept for pair in properties.items()]:
            assert name.isidentifier()
            for one in value if isinstance(value, list) else [value]:
                assert isinstance(one, str | int | float)
                assert not isinstance(one, int) or -(2**63) <= one < 2**63


def test_a_person_reads_the_properties() -> None:
    """Prevents: a graph in Browser that is one text of JSON beside each node."""
    values = {"id": "R", "name": "r", "likelihood": 2, "aliases": ["a", "b"], "x_region": "EU", "x_cost centre": 4711}
    risk = Risk.model_validate({**values, "escalation": {"to": "CTO", "within": "1h"}})
    assert to_properties(risk) == {
        "id": "R", "name": "r", "status": "open", "likelihood": 2, "aliases": ["a", "b"], "x_region": "EU",
        "escalation": '{"to":"CTO","within":"1h"}', "extra": '{"x_cost centre":4711}',
        "extra_names": ["x_region", "x_cost centre"],
    }  # fmt: skip
    assert (
        to_properties(Mitigation.model_validate({"id": "M", "name": "m", "kind": "detective"}))["kind"] == "detective"
    )


RISK = (["Risk"], {"id": "R", "name": "r", "status": "open"})
INCIDENT = (["Incident"], {"id": "I", "name": "i", "kind": "incident", "started_at": "2024-01-01"})
ACTION = (["Action"], {"id": "I-A1", "name": "a"})
OTHER = (["Incident"], {"id": "J", "name": "j", "kind": "incident", "started_at": "2024-01-01"})

BY_HAND: tuple[tuple[str, list[Any], list[Any]], ...] = (
    ("a risk has no id", [(["Risk"], {"name": "r"})], []),
    ("R is also a", [(["Risk", "Mitigation"], {"id": "R"})], []),
    ("unknown key 'color'", [(["Risk"], {"id": "R", "name": "r", "color": "red"})], []),
    ("likelihood", [(["Risk"], {"id": "R", "name": "r", "likelihood": "often"})], []),
    ("lacks an end", [RISK], [("CASCADES_TO", "R", None, {})]),
    ("lacks an end", [RISK], [("BLOCKS", "M", "R", {})]),
    ("is there twice", [RISK, RISK], []),
    ("which is not there", [RISK], [("CASCADES_TO", "R", "S", {})]),
    ("two risks are its root", [RISK, INCIDENT], [("MATERIALIZED", "I", "R", {}), ("MATERIALIZED", "I", "S", {})]),
    ("hangs on R, which is none", [RISK], [("REACHED", "R", "R", {"cascade_from": "R"})]),
    ("raised by two incidents", [INCIDENT, OTHER, ACTION], [("RAISED", "I", "I-A1", {}), ("RAISED", "J", "I-A1", {})]),
    ("reached", [RISK, INCIDENT], [("REACHED", "I", "R", {})]),
    ("tested: has to be one of", [INCIDENT], [("TESTED", "I", "M", {"outcome": "well"})]),
)


@pytest.mark.parametrize(("message", "nodes", "edges"), BY_HAND)
def test_what_was_drawn_by_hand_is_named(message: str, nodes: list[Any], edges: list[Any]) -> None:
    """Prevents: a graph changed in Browser that is read as if it held together, or an error that names nothing."""
    with pytest.raises(EditError, match=message) as caught:
        read_content({}, nodes, edges)
    assert "\n" not in str(caught.value)
