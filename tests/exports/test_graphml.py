"""GraphML: a graph in, what networkx reads of the file out, which is the same graph."""

from __future__ import annotations

import io
import json
from typing import Any

import networkx
import pytest
from hypothesis import given

from riskgraph.exports.graphml import dump_graphml
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from tests.exports.samples import HOSTILE, hostile_graph
from tests.strategies import graphs


def decoded(value: Any) -> Any:
    """A value by the rule that the documents state."""
    if isinstance(value, str) and value.startswith(('"', "[", "{")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def read_back(graph: RiskGraph) -> RiskGraph:
    """The graph that networkx reads of the file."""
    text = dump_graphml(Source(graph, "g-1", 3))
    read: Any = networkx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert len({key for _, _, key in read.edges(keys=True)}) == read.number_of_edges()
    for values in (
        read.graph,
        *(data for _, data in read.nodes(data=True)),
        *(data for *_, data in read.edges(data=True)),
    ):
        values.update({name: decoded(value) for name, value in values.items()})
    assert (read.graph["schema"], read.graph["graph_id"], read.graph["revision"]) == ("riskgraph/graph/v1", "g-1", 3)
    return RiskGraph.from_networkx(read)


@given(graphs())
def test_networkx_reads_the_same_graph(graph: RiskGraph) -> None:
    """Prevents: a list, an empty text or a number that does not survive the file."""
    assert read_back(graph) == graph


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_file(text: str) -> None:
    """Prevents: a name that is markup, or a character that no XML parser takes."""
    graph = hostile_graph(text)
    assert read_back(graph) == graph


def test_numbers_are_numbers_and_texts_are_plain() -> None:
    """Prevents: a program that cannot size a node by its loss, or that shows JSON for a name."""
    text = dump_graphml(Source(hostile_graph("Quay [east]")))
    read: Any = networkx.read_graphml(io.BytesIO(text.encode()))
    assert read.nodes["end"]["name"] == "Quay [east]"
    assert read.nodes["node"]["threshold"] == 1e18
    assert read.nodes["R_1_a"]["likelihood"] == 3
    assert read.nodes["graph"]["label"] == "Risk"
    assert [data["probability"] for *_, data in read.edges(data=True) if "probability" in data] == [0.4]
