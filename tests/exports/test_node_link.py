"""JSON: a graph in, what networkx makes of the file out, which is the same graph."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import networkx
import pytest
from hypothesis import given

from riskgraph.exports.node_link import dump_node_link
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from tests.exports.samples import HOSTILE, hostile_graph
from tests.strategies import graphs


def read_back(graph: RiskGraph) -> RiskGraph:
    """The graph that networkx makes of the file."""
    read: Any = networkx.node_link_graph(json.loads(dump_node_link(Source(graph, "g", 1))), edges="edges")
    assert read.number_of_edges() == graph.to_networkx().number_of_edges()
    return RiskGraph.from_networkx(read)


@given(graphs())
def test_networkx_reads_the_same_graph(graph: RiskGraph) -> None:
    """Prevents: a field that the keys of the format hide."""
    assert read_back(graph) == graph


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_file(text: str) -> None:
    """Prevents: a text that ends its string, or that nobody sees."""
    assert read_back(hostile_graph(text)) == hostile_graph(text)


def test_the_envelope_says_where_it_is_from() -> None:
    """Prevents: a file of which nobody knows the graph, the revision or the day."""
    data = json.loads(dump_node_link(Source(hostile_graph("x"), "g", 2, as_of=date(2024, 2, 1))))
    keys = ("schema", "graph_id", "revision", "as_of", "directed", "multigraph")
    assert [data[key] for key in keys] == ["riskgraph/graph/v1", "g", 2, "2024-02-01", True, True]
    assert data["graph"]["register"]["currency"] == "x"
