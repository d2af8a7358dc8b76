"""JSON: a graph in, networkx's node-link form of it out, which D3 and others read as well.

``networkx.node_link_graph(data, edges="edges")`` reads it, and ``RiskGraph.from_networkx`` takes what that gives.
"""

from __future__ import annotations

from riskgraph.exports.source import Source
from riskgraph.report.envelope import envelope, to_json


def dump_node_link(source: Source) -> str:
    """The whole graph, incidents and actions included; numbers are not rounded."""
    graph = source.graph.to_networkx()
    asked = {"as_of": source.as_of.isoformat()} if source.as_of else {}
    # Written out, since the function of that name has changed its keys twice.
    nodes = [{**data, "id": node} for node, data in graph.nodes(data=True)]
    edges = [
        {**data, "source": start, "target": end, "key": key}
        for start, end, key, data in graph.edges(keys=True, data=True)
    ]
    content = {"directed": True, "multigraph": True, "graph": dict(graph.graph), "nodes": nodes, "edges": edges}
    graph_id = source.graph_id if source.revision is not None else None  # A file's own id is that of no store.
    return to_json(envelope("graph", graph_id=graph_id, revision=source.revision, **asked, **content))
