"""Pages as markdown: what a page knows in, text for a wiki or a pull request, with a Mermaid picture, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from riskgraph.durations import format_duration
from riskgraph.exports.mermaid import dump_mermaid, name_node, quote_mermaid
from riskgraph.exports.source import Source as Exported
from riskgraph.graph import RiskGraph
from riskgraph.pages.overlay import WORDS, list_verdicts
from riskgraph.report.figures import Money, format_interval, format_number
from riskgraph.report.render import render
from riskgraph.report.table import Row, Table
from riskgraph.report.views import audit_tables, diff_tables, proposal_tables

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff
    from riskgraph.history import Snapshot
    from riskgraph.model import Cascade, Key
    from riskgraph.pages.page import Source
    from riskgraph.proposal.file import Proposal

DRAWN: Final = 40
"""How many cascades a Mermaid picture has at most; more is no picture any more."""
_RISKS: Final = ("id", "name", "category", "owner", "status", "level", "per year", "expected loss")
_CASCADES: Final = ("from", "to", "probability", "delay", "mechanism", "trials")
_ARROWS: Final = {"mapped": "==>", "blocked": "--x", "not_fired": "-->", "unknown": "-->", "way": "-->"}
"""How a cascade of an incident is drawn by its verdict; what was not mapped, or cannot be judged, is dotted."""
_DOTTED: Final = "-.->"


def map_markdown(seen: Snapshot, data: Mapping[str, Any], source: Source) -> str:
    """The cascade map: its picture, then risks, cascades, mitigations and indicators as tables.

    Of a larger map the picture has the 40 cascades along which most loss is to be expected.
    """
    graph = seen.graph
    shown, more = _drawn(graph, data)
    notes = [source.line, _loss_line(data)]
    if more:
        notes.append(f"the picture has the {DRAWN} cascades along which most loss is expected; {more} more are below")
    trials = {(one["from"], one["to"]): one.get("trials") for one in data["cascades"]}
    tables = [
        Table("Risks", _RISKS, tuple(_risk(one) for one in data["risks"])),
        Table("Cascades", _CASCADES, tuple(_cascade(one, trials) for one in graph.cascades.values())),
        Table(
            "Mitigations", ("id", "name", "status", "guards"), tuple(_mitigation(one) for one in data["mitigations"])
        ),
        Table("Indicators", ("id", "name", "watches"), tuple(_indicator(one) for one in data["indicators"])),
    ]
    head = render([Table("Cascade map", (), (), tuple(notes))], "markdown")
    picture = dump_mermaid(Exported(shown, None, 0, None, None, ()))
    return f"{head}\n```mermaid\n{picture}```\n\n{render([table for table in tables if table.rows], 'markdown')}"


def reviews_markdown(audits: Sequence[Audit], proposal: Proposal, source: Source) -> str:
    """What reviews show of the map: for each a picture, predicted against actual, the six questions; then the edits."""
    parts = [render([Table("Reviews against the map", (), (), (source.line,))], "markdown")]
    for audit in audits:
        text = render([*diff_tables([audit.diff]), *audit_tables([audit])], "markdown")
        heading, _, rest = text.partition("\n\n")
        parts.append(f"{heading}\n\n```mermaid\n{draw_steps(audit.diff)}```\n\n{rest}")
    parts.append(render(proposal_tables(proposal), "markdown"))
    return "\n".join(parts)


def draw_steps(diff: Diff) -> str:
    """A Mermaid picture of one incident: thick what was mapped, dotted what was not, thin what was only predicted."""
    names: dict[str, str] = {}
    graph = diff.match.snapshot.graph
    cascades = list(list_verdicts(diff).items())[:DRAWN]
    lines = ["flowchart LR"]
    for risk in dict.fromkeys([diff.match.root, *(end for pair, _ in cascades for end in pair)]):
        names[risk] = name_node(risk, set(names.values()))
        known = graph.risks.get(risk)
        label = quote_mermaid(f"{risk} {known.name}" if known else risk)
        lines.append(f"  {names[risk]}[{label}]" if known else f"  {names[risk]}[/{label}/]")
    for (from_, to), verdict in cascades:
        arrow = _ARROWS.get(verdict, _DOTTED)
        lines.append(f"  {names[from_]} {arrow}|{quote_mermaid(WORDS[verdict][0])}| {names[to]}")
    lines.append(f"  style {names[diff.match.root]} stroke-width:4px")
    return "\n".join([*lines, ""])


def _drawn(graph: RiskGraph, data: Mapping[str, Any]) -> tuple[RiskGraph, int]:
    """The part of the graph that is drawn, and how many cascades are not."""
    if len(graph.cascades) <= DRAWN:
        return graph, 0
    risks = {one["id"]: one for one in data["risks"]}

    def carries(cascade: Cascade) -> float:
        from_, to = risks[cascade.from_], risks[cascade.to]
        return (from_["now"] or 0.0) * (graph.probability(cascade.from_, cascade.to) or 0.0) * (to["expected"] or 0.0)

    chosen = sorted(graph.cascades.values(), key=lambda one: (-carries(one), one.key))[:DRAWN]
    ends = {risk for one in chosen for risk in (one.from_, one.to)}
    kept: set[Key] = {one.key for one in chosen} | {("risk", risk) for risk in ends}
    guards = [edge for one in chosen for edge in graph.blocks.get((one.from_, one.to), ())]
    kept |= {key for edge in guards for key in (edge.key, ("mitigation", edge.mitigation))}
    return RiskGraph.of(one for key, one in graph.elements.items() if key in kept), len(graph.cascades) - DRAWN


def _loss_line(data: Mapping[str, Any]) -> str:
    losses = data["losses"]
    currency = f" {data['currency']}" if data["currency"] else ""
    interval = format_interval(losses["interval"])
    span = f", 95 % interval {interval}" if interval else ""
    without = f"; left out: {losses['left_out']}" if losses["left_out"] else ""
    return f"expected loss in a year: {format_number(losses['annual'])}{currency} ({losses['how']}{span}){without}"


def _risk(one: Mapping[str, Any]) -> Row:
    level = one["level"] if one["score"] else "not rated"
    expected = None if one["expected"] is None else Money(round(one["expected"]))
    return one["id"], one["name"], one.get("category"), one.get("owner"), one["status"], level, one["now"], expected


def _cascade(one: Cascade, trials: Mapping[tuple[str, str], str | None]) -> Row:
    delay = format_duration(one.delay) if one.delay is not None else None
    return one.from_, one.to, one.probability, delay, one.mechanism, trials[one.from_, one.to]


def _mitigation(one: Mapping[str, Any]) -> Row:
    guards = [edge["risk"] for edge in one["mitigates"]]
    guards += [f"{edge['from']} -> {edge['to']}" for edge in one["blocks"]]
    return one["id"], one["name"], one["status"].replace("_", " "), ", ".join(guards) or None


def _indicator(one: Mapping[str, Any]) -> Row:
    return one["id"], one["name"], ", ".join(one["watches"]) or None


__all__ = ["DRAWN", "draw_steps", "map_markdown", "reviews_markdown"]
