"""DOT: a graph in, what pydot reads of the file out: the same boxes and arrows, each text to the letter."""

from __future__ import annotations

import html
import shutil
import subprocess
from typing import Any

import pydot
import pytest
from hypothesis import given, settings

from riskgraph.exports.dot import dump_dot
from riskgraph.exports.picture import draw_arrows, draw_boxes
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from riskgraph.report.escape import visible
from tests.exports.samples import HOSTILE, hostile_graph
from tests.strategies import graphs

DOT = shutil.which("dot")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot calls pyparsing by its old names.


def unquoted(text: str) -> str:
    """What Graphviz shows of a quoted text."""
    assert text[0] == text[-1] == '"'
    inner = text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    assert all(part.startswith("amp;") for part in inner.split("&")[1:])
    return html.unescape(inner)


def check(graph: RiskGraph) -> None:
    """Holds what pydot reads against what was to be drawn."""
    graphs_read: Any = pydot.graph_from_dot_data(dump_dot(Source(graph)))
    (read,) = graphs_read
    shown = {unquoted(node.get_name()): node for node in read.get_nodes() if node.get_name() not in {"node", "edge"}}
    boxes = draw_boxes(graph)
    assert list(shown) == [box.id for box in boxes]
    for box in boxes:
        assert unquoted(shown[box.id].get_label()) == visible(" ".join(box.label.split()))
        assert (shown[box.id].get("style") == "dashed") == box.faint
    ends = [
        (unquoted(edge.get_source()), unquoted(edge.get_destination()), unquoted(edge.get("label") or '""'))
        for edge in read.get_edges()
    ]
    # pydot gives edges between the same two nodes one after the other.
    assert sorted(ends) == sorted((arrow.start, arrow.end, arrow.label) for arrow in draw_arrows(graph))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_more_than_a_label(text: str) -> None:
    """Prevents: a name that ends its quotes, or that Graphviz takes for an escape, an entity or HTML."""
    check(hostile_graph(text))


@settings(max_examples=20)  # pydot takes its time.
@given(graphs())
def test_pydot_reads_every_graph(graph: RiskGraph) -> None:
    """Prevents: an edge that is lost, or a label on another node."""
    check(graph)


@pytest.mark.skipif(DOT is None, reason="there is no Graphviz here")
def test_graphviz_draws_it() -> None:
    """Prevents: a file that only pydot understands."""
    for text in HOSTILE:
        dot = dump_dot(Source(hostile_graph(text)))
        drawn = subprocess.run([str(DOT), "-Tsvg"], input=dot, capture_output=True, text=True, check=True)
        assert drawn.stdout.count('class="node"') == 7
