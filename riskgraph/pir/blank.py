"""A new review: a risk, the graph as known at the start and the start in, a text with everything to answer out.

Nothing in it is an answer. Each open line holds a choice in brackets, which reads as absent and yields a note with its
line, so an untouched review claims nothing and yields no step.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from riskgraph.documents import parse_document
from riskgraph.errors import InputError
from riskgraph.findings import Finding
from riskgraph.pir.answers import FIRED, WORKED
from riskgraph.pir.template import TEMPLATE, WRAPPER
from riskgraph.pir.write import dump_markdown
from riskgraph.validation import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from riskgraph.graph import RiskGraph
    from riskgraph.history import Snapshot
    from riskgraph.model import Indicator, Mitigation, Risk

NEW: Final = "NEW"
"""What stands for a risk that nobody had."""

_AT: Final = "[HH:MM|yes|no|not looked]"
_KIND: Final = "[incident|near_miss|external]"
_WIDTH: Final = 100
_INTRODUCTION: Final = """\
A post-incident review. What is in [brackets], and what explains a field, is still to be answered: write over it or
remove it. Nothing counts before that. Comments like this one are not read, and not shown.
Further sections, where known: Checked, not affected (a table of From and To, where somebody looked and it did not
happen), Occurrences (Count: 3, Period: 6 months, this time included), Loss (Amount: 42000, in the register's
currency)."""
_ASKED: Final = {
    "observed_cascades": (
        """\
Each cascade that was mapped: when it happened (or yes, if nobody knows when), no (checked, and not affected), or not
looked. Add those that nobody had mapped: an id or a name under To.""",
        "to",
    ),
    "mitigations": ("Which mitigations worked?", "id"),
    "indicators": ("Which indicators fired in time? Say when, where one did.", "id"),
}
"""What a page asks above the lines of a section, and where these have an id."""
_INNER: Final = str.maketrans("[|]", "(/)")


def new_pir(risk_id: str, snapshot: Snapshot, started_at: date) -> str:
    """The text of a new review of a risk, as a YAML document.

    It asks one line for each cascade that was mapped out of the risk at the start, for each mitigation of the risk
    and of those cascades, for each indicator of the risk, and for the escalation. ``started_at`` is an aware time, or
    a day. ``NEW`` stands for a risk that nobody had.

    Raises:
        InputError: the graph as known at the start has no such risk.
    """
    graph = snapshot.graph
    if risk_id != NEW and risk_id not in graph.risks:
        near = closest(risk_id, graph.risks)
        hint = f"did you mean {near}?" if near else f"write {NEW} for a risk that nobody had"
        message = f"there was no risk {risk_id} in the register on {started_at.isoformat()}: {hint}"
        raise InputError(message, [Finding("unknown-id", "error", message)])
    lines = [
        "# A post-incident review. What is in [brackets], and what explains a field, is still to be answered:",
        "# write over it or remove it. Nothing counts before that.",
        f"{WRAPPER}:",
    ]
    for name, value in _filled(risk_id, started_at).items():
        if isinstance(value, list | dict):
            lines.append("")
        lines += _write(name, value, 1)
        if name == "related_risk" and risk_id in graph.risks:
            lines[-1] += f"  # {_comment(graph.risks[risk_id].name)}"
    return "\n".join([*lines, *(_questions(risk_id, graph) if risk_id in graph.risks else ()), *_optional()]) + "\n"


def new_pir_page(risk_id: str, snapshot: Snapshot, started_at: date) -> str:
    """The text of the same new review as a page of markdown.

    Raises:
        InputError: as :func:`new_pir`.
    """
    data = parse_document(new_pir(risk_id, snapshot, started_at)).data[WRAPPER]
    graph = snapshot.graph
    nodes: list[Risk | Mitigation | Indicator] = [*graph.risks.values(), *graph.mitigations.values()]
    names = {node.id: _comment(node.name) for node in (*nodes, *graph.indicators.values())}
    if risk_id in names:
        data["related_risk"] = f"{risk_id}: {names[risk_id]}"
    hints = {"": _INTRODUCTION}
    for section, (ask, key) in _ASKED.items():
        ids = [row[key] for row in data.get(section, ())]
        hints[section] = "\n".join([ask, *(f"{id_}: {names[id_]}" for id_ in ids)])
    return dump_markdown(data, hints)


def _filled(risk_id: str, started_at: date) -> dict[str, Any]:
    """The template with what is known: the risk and the start."""
    filled: dict[str, Any] = {}
    for name, value in TEMPLATE.items():
        if name == "date":
            day = started_at.date() if isinstance(started_at, datetime) else started_at
            filled["kind"] = _KIND
            filled["date"] = day.isoformat()
            if isinstance(started_at, datetime):
                filled["started_at"] = started_at.isoformat()
                if isinstance(started_at.tzinfo, ZoneInfo):
                    filled["timezone"] = started_at.tzinfo.key
        else:
            filled[name] = risk_id if name == "related_risk" else value
    return filled


def _questions(risk_id: str, graph: RiskGraph) -> Iterator[str]:
    """The lines that ask about what the graph had on the risk."""
    cascades = sorted(graph.downstream.get(risk_id, ()), key=lambda cascade: cascade.to)
    if cascades:
        yield from (
            "",
            "  # Each cascade that was mapped: when it happened (or yes, if nobody knows when), no (checked, and not",
            "  # affected), or not looked. Add those that nobody had mapped: {from: ..., to: an id or a name}.",
            "  observed_cascades:",
        )
        for cascade in cascades:
            line = _flow({"from": cascade.from_, "to": cascade.to, "at": _AT})
            yield f"    - {line}  # {_comment(graph.risks[cascade.to].name)}"
    on_risk = {edge.mitigation for edge in graph.mitigates.get(risk_id, ())}
    pairs = [(cascade.from_, cascade.to) for cascade in cascades]
    mitigations = sorted(on_risk | {edge.mitigation for pair in pairs for edge in graph.blocks.get(pair, ())})
    if mitigations:
        yield from ("", "  # Which mitigations worked?", "  mitigations:")
        for id_ in mitigations:
            mitigation = graph.mitigations[id_]
            yield f"    - {_flow({'id': id_, 'worked': _choice(WORKED)})}  # {_comment(mitigation.name)}"
    indicators = sorted({edge.indicator for edge in graph.watches.get(risk_id, ())})
    if indicators:
        yield from ("", '  # Which indicators fired in time? Add `at: "HH:MM"` where one did.', "  indicators:")
        for id_ in indicators:
            indicator = graph.indicators[id_]
            yield f"    - {_flow({'id': id_, 'fired': _choice(FIRED)})}  # {_comment(indicator.name)}"
    rule = graph.risks[risk_id].escalation
    who = [_comment(rule.to).translate(_INNER), "somebody else"] if rule and rule.to else ["name or role"]
    told = f"[{'|'.join([*who, 'nobody'])}]"
    yield from ("", "  # Who was told, and when?")
    yield f"  escalation: {_flow({'to': told, 'at': '[HH:MM|not escalated]'})}"


def _optional() -> Iterator[str]:
    """Comments that show the optional fields which ask for a number or a list."""
    yield from (
        "",
        "  # Optional, where known:",
        "  # checked_not_affected: [{from: RISK-1, to: RISK-2}]  # looked, and it did not happen",
        "  # occurrences: {count: 3, period: 6 months}           # this time included",
        "  # loss: {amount: 42000}                               # in the register's currency",
    )


def _choice(words: Mapping[str, object]) -> str:
    return f"[{'|'.join(word.capitalize() for word in words)}]"


def _write(name: str, value: Any, depth: int) -> Iterator[str]:
    """The lines of one field in block style, and lists of texts in one line each."""
    pad = "  " * depth
    if isinstance(value, dict):
        yield f"{pad}{name}:"
        for inner, part in value.items():
            yield from _write(inner, part, depth + 1)
    elif isinstance(value, list):
        yield f"{pad}{name}:"
        for item in value:
            yield f"{pad}  - {_flow(item) if isinstance(item, dict) else _quote(item)}"
    else:
        yield f"{pad}{name}: {_quote(value)}"


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {_quote(value)}" for name, value in values.items()) + "}"


def _quote(text: str) -> str:
    """A text in double quotes, as JSON and every reader of YAML take it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def _comment(text: str) -> str:
    """A text as the rest of a comment line."""
    plain = "".join(char if char.isprintable() else " " for char in text).replace("##[", "# #[")
    line = " ".join(plain.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "\N{HORIZONTAL ELLIPSIS}"
