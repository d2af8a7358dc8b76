"""Mermaid: a graph in, a flowchart that GitHub, GitLab and many wikis draw out.

Those draw at most 500 arrows and 50,000 characters unless told otherwise; DOT has no such limit.
"""

from __future__ import annotations

import re
from typing import Final

from riskgraph.exports.picture import draw_arrows, draw_boxes
from riskgraph.exports.source import Source
from riskgraph.report.escape import visible

_BRACKETS: Final = {"risk": ("[", "]"), "mitigation": ("([", "])"), "indicator": ("{{", "}}")}
_ARROWS: Final = {"cascade": "-->", "guard": "-.->", "watch": "-..->"}
_LETTER: Final = re.compile(r"[^A-Za-z0-9]")
_MARKED: Final = re.compile(r"[^\w\s.,()/+-]|_")
"""What may mean something to Mermaid, to the markdown or to the HTML that it makes of a label."""
_CLASSES: Final = (
    "  classDef risk fill:#fdecea,stroke:#b3261e,color:#1b1b1b",
    "  classDef mitigation fill:#e8f3ec,stroke:#1e6b3a,color:#1b1b1b",
    "  classDef indicator fill:#e8eef7,stroke:#1f4e8c,color:#1b1b1b",
    "  classDef faint stroke-dasharray:4 3",
)


def dump_mermaid(source: Source) -> str:
    """Risks, mitigations and indicators with what ties them; what has no effect today is dashed."""
    lines = ["flowchart LR"]
    names: dict[str, str] = {}
    taken: set[str] = set()
    drawn: dict[str, list[str]] = {}
    for box in draw_boxes(source.graph):
        name = names[box.id] = name_node(box.id, taken)
        taken.add(name)
        before, after = _BRACKETS[box.kind]
        lines.append(f"  {name}{before}{quote_mermaid(box.label)}{after}")
        for class_ in (box.kind, *(["faint"] if box.faint else ())):
            drawn.setdefault(class_, []).append(name)
    for arrow in draw_arrows(source.graph):
        label = f"|{quote_mermaid(arrow.label)}|" if arrow.label else ""
        lines.append(f"  {names[arrow.start]} {_ARROWS[arrow.style]}{label} {names[arrow.end]}")
    used = [line for line in _CLASSES if line.split()[1] in drawn]
    return "\n".join([*lines, *used, *(f"  class {','.join(boxes)} {name}" for name, boxes in drawn.items()), ""])


def quote_mermaid(text: str) -> str:
    """A text in quotes, on one line, with a code for every sign that may mean something."""
    return '"' + _MARKED.sub(lambda found: f"#{ord(found[0])};", visible(" ".join(text.split()))) + '"'


def name_node(id_: str, taken: set[str]) -> str:
    """A name for a node that is no word of Mermaid's, whatever the id is, and that shows the id."""
    name = first = f"n_{_LETTER.sub('_', id_)}"
    number = 1
    while name in taken:
        number += 1
        name = f"{first}_{number}"
    return name
