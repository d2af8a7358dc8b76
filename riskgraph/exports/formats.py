"""The formats of an export: the suffix of a file in, the function that writes such a file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from riskgraph.exports.cypher import dump_cypher
from riskgraph.exports.delimited import dump_csv
from riskgraph.exports.dot import dump_dot
from riskgraph.exports.graphml import dump_graphml
from riskgraph.exports.mermaid import dump_mermaid
from riskgraph.exports.node_link import dump_node_link
from riskgraph.exports.source import Source
from riskgraph.exports.workbook import dump_workbook
from riskgraph.register.write import dump_register


def _dump_yaml(source: Source) -> str:
    """The register, without incidents and actions."""
    return dump_register(source.graph, graph_id=source.graph_id, effective_on=source.effective_on)


FORMATS: Final[Mapping[str, Callable[[Source], str | bytes]]] = {
    ".yaml": _dump_yaml,
    ".yml": _dump_yaml,
    ".xlsx": dump_workbook,
    ".csv": dump_csv,
    ".graphml": dump_graphml,
    ".mmd": dump_mermaid,
    ".dot": dump_dot,
    ".json": dump_node_link,
    ".cypher": dump_cypher,
}
"""What writes a file of each suffix. The same source gives the same text."""
