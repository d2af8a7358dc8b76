"""DOT: a graph in, a drawing for Graphviz out."""

from __future__ import annotations

from typing import Final

from riskgraph.exports.picture import draw_arrows, draw_boxes
from riskgraph.exports.source import Source
from riskgraph.report.escape import visible

_SHAPES: Final = {"risk": "box", "mitigation": "ellipse", "indicator": "hexagon"}
_STYLES: Final = {"cascade": "solid", "guard": "dashed", "watch": "dotted"}


def dump_dot(source: Source) -> str:
    """Risks, mitigations and indicators with what ties them; what has no effect today is dashed."""
    lines = [
        "digraph riskgraph {",
        "  rankdir=LR;",
        '  node [fontname="sans-serif"];',
        '  edge [fontname="sans-serif"];',
    ]
    for box in draw_boxes(source.graph):
        faint = ", style=dashed" if box.faint else ""
        lines.append(f"  {quote_dot(box.id)} [shape={_SHAPES[box.kind]}, label={quote_dot(box.label)}{faint}];")
    for arrow in draw_arrows(source.graph):
        label = f", label={quote_dot(arrow.label)}" if arrow.label else ""
        ends = f"{quote_dot(arrow.start)} -> {quote_dot(arrow.end)}"
        lines.append(f"  {ends} [style={_STYLES[arrow.style]}{label}];")
    return "\n".join([*lines, "}", ""])


def quote_dot(text: str) -> str:
    r"""A text in quotes in which Graphviz sees no escape (``\N``), no entity (``&lt;``) and no end."""
    line = visible(" ".join(text.split())).replace("&", "&amp;")
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
