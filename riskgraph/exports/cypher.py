"""Cypher: a graph in, a script that makes it in an empty database out.

The statements are the store's own, with literals for their parameters, so the script makes the nodes and edges that the
store would. Revisions are not among them: ``riskgraph copy`` moves a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from riskgraph.cypher import list_statements, read_statement
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from riskgraph.report.escape import visible
from riskgraph.store.neo4j.content import plan_content
from riskgraph.store.writing import encode

_ROWS: Final = 200
"""Rows of one statement: a person still scrolls over them, and a server still parses them quickly."""
_STORE: Final = frozenset({"schema/graph", "schema/revisions"})
"""Constraints on what only a store has."""
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL: Final = re.compile(r"[\\'\n\r\t]")


def dump_cypher(source: Source) -> str:
    """The whole graph, incidents and actions included; one statement ends at each ``;`` that ends a line."""
    return "\n".join([*_header(source), "", *_statements(source.graph)])


def to_literal(value: Any) -> str:
    r"""A value as Cypher writes it: texts in single quotes, mappings and lists in brackets.

    No text ends its literal. A ``u`` behind a backslash is written as its code, since Neo4j may translate ``\u0027``
    before it looks for quotes.
    """
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(int(value))
        case float():
            return repr(float(value))
        case str():
            text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], value).replace("\\\\u", "\\\\\\u0075")
            return f"'{_seen(text)}'"
        case Mapping():
            return "{" + ", ".join(f"{_name(name)}: {to_literal(part)}" for name, part in value.items()) + "}"
        case _:
            return "[" + ", ".join(to_literal(part) for part in value) + "]"


def _statements(graph: RiskGraph) -> Iterator[str]:
    for name in list_statements("schema"):
        if name not in _STORE:
            yield read_statement(name).text + ";"
    for name, rows in plan_content(RiskGraph(), graph):
        text = read_statement(name).text
        for start in range(0, len(rows), _ROWS):
            literals = ",\n".join(f"  {to_literal(row)}" for row in rows[start : start + _ROWS])
            yield text.replace("$rows", f"[\n{literals}\n]", 1) + ";"
    yield ""


def _header(source: Source) -> Iterator[str]:
    yield "// A riskgraph, for an empty Neo4j: paste it into Browser, or cypher-shell -f FILE."
    if source.graph_id:
        revision = f", revision {source.revision}" if source.revision is not None else ""
        yield f"// Graph {visible(source.graph_id)}{revision}."
    if header := source.graph.header.data():
        yield f"// Its register says: {visible(encode(header))}"


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f"`{name.replace('`', '``')}`"


def _seen(text: str) -> str:
    """A text in which what cannot be seen is written as Cypher's own escapes, of which each has four digits."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if (shown := visible(char)) == char else _code(char, shown) for char in text)


def _code(char: str, shown: str) -> str:
    # Cypher knows no escape for what has more than four digits, and it is harmless in quotes.
    return shown if len(shown) == len("\\u0000") else char


__all__ = ["dump_cypher", "to_literal"]
