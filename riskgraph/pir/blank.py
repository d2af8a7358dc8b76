"""A new review: a risk, the graph as known at the start and the start in, a text with everything to answer out.

Nothing in it is an answer. Each open line holds a choice in brackets, which reads as absent and yields a note with its
line, so an untouched review claims nothing and yields no step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from riskgraph.documents import quote
from riskgraph.errors import InputError
from riskgraph.findings import Finding
from riskgraph.pir.answers import FIRED, WORKED
from riskgraph.pir.template import TEMPLATE, WRAPPER
from riskgraph.pir.write import dump_markdown
from riskgraph.validation import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from riskgraph.graph import RiskGraph
    from riskgraph.history import Snapshot
    from riskgraph.model import Indicator, Mitigation, Risk

NEW: Final = "NEW"
"""What stands for a risk that nobody had."""
ELSE: Final = "somebody else"
SOMEBODY: Final = "name or role"
"""Answers in a choice that stand for what is to be written there."""

_KIND: Final = "[incident|near_miss|external]"
_WIDTH: Final = 100
HEAD: Final = (
    "A post-incident review. What is in [brackets], and what explains a field, is still to be answered:",
    "write over it or remove it. Nothing counts before that.",
)
"""What a file says above everything."""
ABOVE: Final[Mapping[str, tuple[str, ...]]] = {
    "observed_cascades": (
        "Each cascade that was mapped: when it happened (or yes, if nobody knows when), no (checked, and not",
        "affected), or not looked. Add those that nobody had mapped: {from: ..., to: an id or a name}.",
    ),
    "mitigations": ("Which mitigations worked?",),
    "indicators": ('Which indicators fired in time? Add `at: "HH:MM"` where one did.',),
    "escalation": ("Who was told, and when?",),
}
"""What a file says above a section."""
FOOT: Final = (
    "Optional, where known:",
    "checked_not_affected: [{from: RISK-1, to: RISK-2}]  # looked, and it did not happen",
    "occurrences: {count: 3, period: 6 months}           # this time included",
    "loss: {amount: 42000}                               # in the register's currency",
)
"""What a file says below everything: the optional fields that ask for a number or a list."""
FLOW: Final = frozenset({"escalation", "occurrences", "loss"})
"""Sections that a file has on one line."""
_INTRODUCTION: Final = """\
A post-incident review. What is in [brackets], and what explains a field, is still to be answered: write over it or
remove it. Nothing counts before that. Comments like this one are not read, and not shown.
Further sections, where known: Checked, not affected (a table of From and To, where somebody looked and it did not
happen), Occurrences (Count: 3, Period: 6 months, this time included), Loss (Amount: 42000, in the register's
currency)."""
ASKED: Final[Mapping[str, str]] = {
    "observed_cascades": """\
Each cascade that was mapped: when it happened (or yes, if nobody knows when), no (checked, and not affected), or not
looked. Add those that nobody had mapped: an id or a name under To.""",
    "mitigations": "Which mitigations worked?",
    "indicators": "Which indicators fired in time? Say when, where one did.",
}
"""What a page asks above the lines of a section."""
BESIDE: Final[Mapping[str, str]] = {"observed_cascades": "to", "mitigations": "id", "indicators": "id"}
"""The field of a section's lines whose id is named beside them."""
_INNER: Final = str.maketrans("[|]", "(/)")


def _choice(words: Iterable[str]) -> str:
    return f"[{'|'.join(words)}]"


LINES: Final[Mapping[str, Mapping[str, str]]] = {
    "observed_cascades": {"at": _choice(["HH:MM", "yes", "no", "not looked"])},
    "mitigations": {"worked": _choice(word.capitalize() for word in WORKED)},
    "indicators": {"fired": _choice(word.capitalize() for word in FIRED)},
}
"""What the lines of a section ask."""


@dataclass(frozen=True)
class Blank:
    """A new review: its fields as a file has them, with what is to be answered in brackets, and the names of ids."""

    fields: Mapping[str, Any]
    names: Mapping[str, str]


def blank_review(risk_id: str, snapshot: Snapshot, started_at: date) -> Blank:
    """A new review of a risk.

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
    fields = _filled(risk_id, started_at) | (_questions(risk_id, graph) if risk_id in graph.risks else {})
    ids = {row[key] for section, key in BESIDE.items() for row in fields.get(section, ())} | {risk_id}
    nodes: list[Risk | Mitigation | Indicator] = [*graph.risks.values(), *graph.mitigations.values()]
    names = {node.id: _comment(node.name) for node in (*nodes, *graph.indicators.values()) if node.id in ids}
    return Blank(fields, names)


def new_pir(risk_id: str, snapshot: Snapshot, started_at: date) -> str:
    """The text of a new review as a YAML document.

    Raises:
        InputError: as :func:`blank_review`.
    """
    blank = blank_review(risk_id, snapshot, started_at)
    lines = [*(f"# {line}" for line in HEAD), f"{WRAPPER}:"]
    for name, value in blank.fields.items():
        if isinstance(value, list | dict):
            lines.append("")
        lines += [f"  # {line}" for line in ABOVE.get(name, ())]
        lines += _write(name, value, 1, blank.names)
    return "\n".join([*lines, "", *(f"  # {line}" for line in FOOT)]) + "\n"


def new_pir_page(risk_id: str, snapshot: Snapshot, started_at: date) -> str:
    """The text of the same new review as a page of markdown.

    Raises:
        InputError: as :func:`blank_review`.
    """
    blank = blank_review(risk_id, snapshot, started_at)
    data = dict(blank.fields)
    if risk_id in blank.names:
        data["related_risk"] = f"{risk_id}: {blank.names[risk_id]}"
    hints = {"": _INTRODUCTION}
    for section, ask in ASKED.items():
        ids = [row[BESIDE[section]] for row in data.get(section, ())]
        hints[section] = "\n".join([ask, *(f"{id_}: {blank.names[id_]}" for id_ in ids)])
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


def _questions(risk_id: str, graph: RiskGraph) -> dict[str, Any]:
    """The lines that ask about what the graph had on the risk."""
    cascades = sorted(graph.downstream.get(risk_id, ()), key=lambda cascade: cascade.to)
    on_risk = {edge.mitigation for edge in graph.mitigates.get(risk_id, ())}
    pairs = [(cascade.from_, cascade.to) for cascade in cascades]
    mitigations = sorted(on_risk | {edge.mitigation for pair in pairs for edge in graph.blocks.get(pair, ())})
    indicators = sorted({edge.indicator for edge in graph.watches.get(risk_id, ())})
    rule = graph.risks[risk_id].escalation
    who = [_comment(rule.to).translate(_INNER), ELSE] if rule and rule.to else [SOMEBODY]
    lines = {
        "observed_cascades": [{"from": from_, "to": to} for from_, to in pairs],
        "mitigations": [{"id": id_} for id_ in mitigations],
        "indicators": [{"id": id_} for id_ in indicators],
    }
    return {
        **{name: [{**row, **LINES[name]} for row in rows] for name, rows in lines.items() if rows},
        "escalation": {"to": _choice([*who, "nobody"]), "at": _choice(["HH:MM", "not escalated"])},
    }


def _write(name: str, value: Any, depth: int, names: Mapping[str, str]) -> Iterator[str]:
    """The lines of one field in block style; what is on one line has the name of its id beside it."""
    pad = "  " * depth
    if isinstance(value, str):
        yield f"{pad}{name}: {quote(value)}" + (_beside(names.get(value)) if name == "related_risk" else "")
    elif name in FLOW:
        yield f"{pad}{name}: {_flow(value)}"
    else:
        yield f"{pad}{name}:"
    if isinstance(value, list):
        for item in value:
            line = _flow(item) if isinstance(item, dict) else quote(item)
            yield f"{pad}  - {line}" + (_beside(names.get(item[BESIDE[name]])) if name in BESIDE else "")
    elif isinstance(value, dict) and name not in FLOW:
        for inner, part in value.items():
            yield from _write(inner, part, depth + 1, names)


def _beside(name: str | None) -> str:
    return f"  # {name}" if name else ""


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {quote(value)}" for name, value in values.items()) + "}"


def _comment(text: str) -> str:
    """A text as the rest of a comment line."""
    plain = "".join(char if char.isprintable() else " " for char in text).replace("##[", "# #[")
    line = " ".join(plain.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "\N{HORIZONTAL ELLIPSIS}"
