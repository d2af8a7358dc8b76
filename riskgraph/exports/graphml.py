"""GraphML: a graph in, a file for Gephi, yEd, igraph or Cytoscape out, which networkx reads back without loss.

GraphML holds numbers, truth values and texts. What has parts is JSON, and so is a text that XML cannot hold, that is
empty, or that would read as such JSON: a text that begins with ``"``, ``[`` or ``{`` and is JSON stands for its value.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from riskgraph.exports.source import Source

_NOT_XML: Final = re.compile("[^\t\n\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, and the carriage return, which its readers turn into a line feed."""
_BEGINS: Final = ('"', "[", "{")


def dump_graphml(source: Source) -> str:
    """The whole graph, incidents and actions included."""
    import networkx

    own = {"graph_id": source.graph_id, "revision": source.revision, "as_of": source.as_of and source.as_of.isoformat()}
    graph = source.graph.to_networkx()
    flat: Any = networkx.MultiDiGraph(**_flat({"schema": "riskgraph/graph/v1", **own, **graph.graph}))
    for node, data in graph.nodes(data=True):
        flat.add_node(node, **_flat(data))
    for number, (start, end, data) in enumerate(graph.edges(data=True)):
        flat.add_edge(start, end, key=f"e{number}", **_flat(data))  # A file's edges have ids of their own.
    file = io.BytesIO()
    networkx.write_graphml_xml(flat, file, prettyprint=True)
    return file.getvalue().decode().rstrip("\n") + "\n"


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    return {_name(name): _scalar(value) for name, value in data.items() if value is not None}


def _name(name: str) -> str:
    return json.dumps(name)[1:-1] if _NOT_XML.search(name) else name


def _scalar(value: Any) -> bool | int | float | str:
    """A value as GraphML holds it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str) and value and not _NOT_XML.search(value) and not _is_json(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if _NOT_XML.search(text) else text


def _is_json(text: str) -> bool:
    """Whether a text would read as the JSON of something else."""
    if not text.startswith(_BEGINS):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
