"""A script for Neo4j: a graph in, on a real server the very nodes and edges that the store would have written out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from riskgraph.edits import diff_graphs
from riskgraph.exports.cypher import dump_cypher, to_literal
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from riskgraph.store import open_store
from riskgraph.store.neo4j.content import header_properties, read_content
from tests.exports.samples import HOSTILE, hostile_graph
from tests.neo4j.server import Server
from tests.strategies import graphs

NODES = "MATCH (n) WHERE NOT n:RiskGraph AND NOT n:Revision RETURN labels(n) AS labels, properties(n) AS properties"
EDGES = (
    "MATCH (a)-[r]->(b) WHERE type(r) <> 'NEXT' "
    "RETURN type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties"
)


def statements(script: str) -> list[str]:
    """The statements of a script, as cypher-shell takes it apart."""
    body = "\n".join(line for line in script.split("\n") if not line.startswith("//"))
    return [statement for statement in re.split(r";\n", body) if statement.strip()]


def content(server: Server) -> list[str]:
    """What a server holds, in one order."""
    return sorted(repr(sorted(row.items(), key=str)) for query in (NODES, EDGES) for row in _rows(server, query))


def _rows(server: Server, query: str) -> list[dict[str, Any]]:
    return [
        {name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in row.items()}
        for row in server.ask(query)
    ]


def run_script(server: Server, graph: RiskGraph) -> None:
    """Runs a graph's script on the emptied server, past riskgraph."""
    from neo4j import GraphDatabase

    server.clear()
    auth = (server.user, server.password) if server.password else None
    with GraphDatabase.driver(server.url, auth=auth, notifications_min_severity="OFF") as driver:
        for statement in statements(dump_cypher(Source(graph, "g", 1))):
            driver.execute_query(statement)


@pytest.mark.xdist_group("neo4j")
def test_the_script_makes_what_the_store_writes(neo4j: Server) -> None:
    """Prevents: labels, types or properties by which the questions of cypher/explore/ find nothing."""
    graph = hostile_graph("a'b")
    store = open_store(neo4j.url, create=True)
    store.write(diff_graphs(RiskGraph(), graph), expected=0, author="Ada", reason="test")
    store.close()
    written = content(neo4j)
    run_script(neo4j, graph)
    assert content(neo4j) == written
    assert len(written) == len(graph) + 7  # An incident's evidence is edges, and so is what it raised.


@pytest.mark.xdist_group("neo4j")
def test_a_hostile_text_is_a_text_on_the_server(neo4j: Server) -> None:
    """Prevents: a name in a register that deletes the database of whoever runs the script."""
    for text in HOSTILE:
        (row,) = neo4j.ask(f"RETURN {to_literal({'x y': text, 'end': [text, text]})} AS found")
        assert row["found"] == {"x y": text, "end": [text, text]}, repr(text)
    values: dict[str, Any] = {
        "bits": [-(2**63), 2**63 - 1, 0], "yes": [True, False],
        "floats": [1e18, 5e-324, -0.5, 1e-7, 1.7976931348623157e308],
    }  # fmt: skip
    (row,) = neo4j.ask(f"RETURN {to_literal(values)} AS found")
    assert row["found"] == values
    everything = "".join(HOSTILE).replace("x" * 500, "")
    run_script(neo4j, hostile_graph(everything[:400]))
    assert len(neo4j.ask(NODES)) == 9


@pytest.mark.xdist_group("neo4j")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs())
def test_any_graph_comes_back(neo4j: Server, graph: RiskGraph) -> None:
    """Prevents: a value that a literal says otherwise than a parameter would."""
    run_script(neo4j, graph)
    nodes = [(row["labels"], row["properties"]) for row in neo4j.ask(NODES)]
    edges = [(row["type"], row["start"], row["end"], row["properties"]) for row in neo4j.ask(EDGES)]
    assert read_content(header_properties(graph.header), nodes, edges) == graph


@given(graphs())
def test_every_line_break_of_a_script_is_its_own(graph: RiskGraph) -> None:
    """Prevents: a text with a semicolon at a line's end, which a shell takes for the end of a statement."""
    script = dump_cypher(Source(graph, "g", 1))
    assert script == dump_cypher(Source(graph, "g", 1))
    for statement in statements(script):
        assert statement.lstrip().startswith(("CREATE CONSTRAINT", "CREATE INDEX", "UNWIND ["))
    assert not re.search(r"[\r\x00-\x09\u202e]", script)
