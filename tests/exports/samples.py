"""Takes nothing, gives graphs for exports: one with a hostile text in every field that may hold one, for each text."""

from __future__ import annotations

from typing import Any, Final

from riskgraph.graph import RiskGraph
from tests.builders import SCALE, element

HOSTILE: Final = (
    "'", '"', "`", "\\", "\\'", "'; MATCH (n) DETACH DELETE n; //", "\\u0027", "\\\\u0027", "\\\\\\u0027 x", "u\\u",
    "'} ) //", "*/ x /*", "$rows", "${x}", "{x}", "]", '"]', '"]; x["', '")', "a\nb", "a\r\nb", "\n\n", "\tx", " x ",
    ";", ";\n", "end", "graph", "subgraph x", "%% comment", "%%{init: {}}%%", "---", "-->|x|", "A --> B", "#quot;",
    "#35;", "#", "&lt;", "&#60;", "&amp;", "<b>x</b>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "]]>", "<!-- x -->", "</data>", "<?xml?>", "&", "\\N", "\\G", "\\l", "<<b>x</b>>", "`**x**`", "*x* _y_", "1. x",
    "- x", "# x", "click n call alert(1)", "javascript:alert(1)", "lifestyle x:y#z;", "classDef x:y#z;", "fa:fa-x",
    "[1, 2]", '{"a": 1}', '"x"', "[x", '""', "null", "true", "1.0", "=1+1", "\x00", "\x07", "\x1b[31m", "\x85",
    "\u2028", "\u202eevil", "\ufeff", "\ufffe", "\uffff", "\U0001f600", "\U000e0041", "Z\u00fcrich", "x" * 500,
)  # fmt: skip
"""What breaks out of a literal, a tag or a label where one of them is made without thought."""


def hostile_graph(text: str) -> RiskGraph:
    """A graph of every kind with one text wherever a text may stand, between ids that are words elsewhere."""
    named = {"name": text, "description": text, "owner": text}
    risks = [
        element("risk", id="end", **named, category=text, aliases=[text], tags=[text], x_note=text, x_more=[text]),
        element(
            "risk",
            id="graph",
            **named,
            escalation={"to": text, "within": "1h"},
            loss={"low": 1, "likely": 2, "high": 3},
        ),
        element("risk", id="R-1.a", name=text, likelihood={"per_year": 0.5}),
        element("risk", id="R_1_a", name=text, likelihood=3),
    ]
    reached: list[dict[str, Any]] = [
        {"from": "end", "to": "graph", "at": "2024-02-15T03:40:00+01:00"},
        {"from": "end", "to": "R-1.a"},
    ]
    incident = element(
        "incident", id="INC-1", name=text, severity=text, started_at="2024-02-15T03:00:00+01:00",
        learnings=[text, text], claims={"in_register": "yes"}, risk="end", reached=reached,
        checked=[{"from": "graph", "to": "R-1.a"}],
        tested=[{"mitigation": "class", "outcome": "held"}], signalled=[{"indicator": "node", "outcome": "silent"}],
    )  # fmt: skip
    return RiskGraph.of(
        [
            element("register", scale=SCALE, currency=text),
            *risks,
            element("mitigation", id="class", name=text, status="implemented"),
            element("mitigation", id="M-2", name=text),
            element("indicator", id="node", name=text, unit=text, threshold=1e18),
            incident,
            element("action", id="INC-1-A1", name=text, text=text, incident="INC-1", answers=["in_register"]),
            element("cascade", from_="end", to="graph", probability=0.4, delay="30m", mechanism=text),
            element("cascade", from_="graph", to="end"),
            element("mitigates", mitigation="class", risk="end", effectiveness=0.7),
            element("blocks", mitigation="M-2", from_="end", to="graph", effectiveness=0.9),
            element("watches", indicator="node", risk="end"),
            element("implements", action="INC-1-A1", mitigation="class"),
        ]
    )
