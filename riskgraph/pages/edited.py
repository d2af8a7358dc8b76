"""Edits on the map: edits and the graph they are for in, a picture of what they would change there out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from riskgraph.edits import build
from riskgraph.graph import RiskGraph
from riskgraph.model import Cascade
from riskgraph.pages.drawing import label_of
from riskgraph.pages.layout import place, rank_risks
from riskgraph.pages.level import level_of
from riskgraph.pages.svg import DrawnCascade, DrawnRisk, draw_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.edits import Edit

Pair = tuple[str, str]

MOST: Final = 60
"""More risks than this are not drawn: the list says the same."""
_STATES: Final = {"add": "added", "change": "changed", "remove": "removed"}


def draw_edits(edits: Sequence[Edit], graph: RiskGraph | None) -> str | None:
    """The picture as a part of a page that has ``scene.css``; None where no risk is touched, or too many are.

    New risks and cascades are dashed, changed ones thick and labelled with the old and the new value, removed ones
    struck out; the mitigations and indicators of the edits are drawn as if all were accepted.
    """
    there = graph or RiskGraph()
    by_key = {edit.key: edit for edit in edits}
    shown = sorted(_touched(edits, there))
    if not shown or len(shown) > MOST:
        return None
    kept = set(shown)
    pairs = {pair for pair in there.cascades if kept.issuperset(pair)}
    pairs |= {(edit.key[1], edit.key[2]) for edit in edits if edit.kind == "cascade"}
    spots = place(shown, pairs, rank_risks(shown, pairs))
    guards = _guards(edits, there)
    signals = Counter(edge.risk for edges in there.watches.values() for edge in edges)
    signals.update(edit.key[2] for edit in edits if edit.kind == "watches" and edit.op == "add")
    risks = []
    for id_ in shown:
        edit, risk = by_key.get(("risk", id_)), there.risks.get(id_)
        level = level_of(id_, there) if risk else None
        risks.append(
            DrawnRisk(
                id_,
                risk.name if risk else str(edit.set.get("name", "")) if edit else "",
                level.word if level else "unrated",
                spots[id_],
                closed=risk is not None and risk.status == "closed",
                shields=guards.get(id_, ()),
                signals=signals[id_],
                state=_STATES[edit.op] if edit else "",
            )
        )
    cascades = [_cascade(pair, by_key.get(("cascade", *pair)), there, guards.get(pair, ())) for pair in sorted(pairs)]
    return draw_svg(risks, cascades, "What the edits would change on the map", alone=False, sized=True)


def _touched(edits: Iterable[Edit], graph: RiskGraph) -> set[str]:
    """The risks that edits change, and those at the ends of what they change."""
    found: set[str] = set()
    for edit in edits:
        match edit.kind:
            case "risk":
                found.add(edit.key[1])
            case "cascade":
                found.update(edit.key[1:])
            case "blocks" | "mitigates" | "watches":
                found.update(edit.key[2:])
            case "mitigation":
                found.update(
                    one.risk for edges in graph.mitigates.values() for one in edges if one.mitigation == edit.key[1]
                )
            case "indicator":
                found.update(
                    one.risk for edges in graph.watches.values() for one in edges if one.indicator == edit.key[1]
                )
            case "incident":
                steps = edit.set.get("reached") or ()
                ends = [edit.set.get("risk"), *(step.get(end) for step in steps for end in ("from", "to"))]
                found.update(end for end in ends if end)
            case _:
                pass
    return found


def _guards(edits: Sequence[Edit], graph: RiskGraph) -> dict[str | Pair, tuple[str, ...]]:
    """The statuses of the mitigations of each risk and cascade, after the edits."""
    status = {id_: str(mitigation.status) for id_, mitigation in graph.mitigations.items()}
    status |= {
        edit.key[1]: str(edit.set["status"]) for edit in edits if edit.kind == "mitigation" and edit.set.get("status")
    }
    edges = {edge.key for found in (graph.mitigates, graph.blocks) for edges in found.values() for edge in edges}
    for edit in edits:
        if edit.kind in {"mitigates", "blocks"}:
            edges = edges - {edit.key} if edit.op == "remove" else edges | {edit.key}
    guards: dict[str | Pair, list[str]] = {}
    for kind, mitigation, *ends in sorted(edges):
        guarded = (ends[0], ends[1]) if kind == "blocks" else ends[0]
        guards.setdefault(guarded, []).append(status.get(mitigation, "planned"))
    return {guarded: tuple(found) for guarded, found in guards.items()}


def _cascade(pair: Pair, edit: Edit | None, graph: RiskGraph, shields: tuple[str, ...]) -> DrawnCascade:
    before = graph.cascades.get(pair)
    after = before
    if edit and edit.op != "remove":
        built = build(edit.key, {**(before.data() if before and edit.op == "change" else {}), **edit.set})
        after = built if isinstance(built, Cascade) else None
    labels = [
        label_of(one.probability, one.delay.total_seconds() if one.delay else None) for one in (before, after) if one
    ]
    if edit is None:  # What stays as it is is there for orientation.
        labels = []
    elif edit.op != "change":
        labels = labels[-1:]
    strongest = after or before
    states = (_STATES[edit.op],) if edit else ()
    probability = strongest.probability if strongest else None
    return DrawnCascade(
        *pair,
        " \u2192 ".join(label or "not estimated" for label in labels) if any(labels) else "",
        1 + 4 * (probability or 0),
        states if probability is not None or states else ("unestimated",),
        shields,
    )


__all__ = ["MOST", "draw_edits"]
