"""Pictures: a graph in, the boxes and arrows that Mermaid and DOT draw out: risks, mitigations, indicators.

Incidents and actions are left out; a picture is of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riskgraph.durations import format_duration
from riskgraph.graph import RiskGraph
from riskgraph.model import Blocks, Cascade, Mitigates, Watches

Kind = Literal["risk", "mitigation", "indicator"]
Style = Literal["cascade", "guard", "watch"]


@dataclass(frozen=True)
class Box:
    """One node of a picture; a faint one has no effect today: a closed risk, a mitigation that is not implemented."""

    id: str
    kind: Kind
    label: str
    faint: bool = False


@dataclass(frozen=True)
class Arrow:
    """One edge of a picture."""

    start: str
    end: str
    style: Style
    label: str = ""


def draw_boxes(graph: RiskGraph) -> tuple[Box, ...]:
    """The nodes of a picture, in order."""
    risks = (
        Box(id_, "risk", f"{id_} {risk.name}{_stands(risk.status, 'open')}", risk.status == "closed")
        for id_, risk in graph.risks.items()
    )
    mitigations = (
        Box(
            id_,
            "mitigation",
            f"{id_} {mitigation.name}{_stands(mitigation.status, 'implemented')}",
            not graph.is_implemented(id_),
        )
        for id_, mitigation in graph.mitigations.items()
    )
    indicators = (Box(id_, "indicator", f"{id_} {indicator.name}") for id_, indicator in graph.indicators.items())
    return (*risks, *mitigations, *indicators)


def draw_arrows(graph: RiskGraph) -> tuple[Arrow, ...]:
    """The edges of a picture, in order.

    A cascade is labelled with its probability before mitigations and its delay. A block points at the risk that the
    cascade would reach, and its label names the cascade, since no arrow ends on an arrow.
    """
    return (
        *(Arrow(each.from_, each.to, "cascade", _of_cascade(each)) for each in graph.of_kind(Cascade).values()),
        *(
            Arrow(each.mitigation, each.risk, "guard", _joined("mitigates", _percent(each.effectiveness)))
            for each in graph.of_kind(Mitigates).values()
        ),
        *(
            Arrow(each.mitigation, each.to, "guard", _joined(_of_block(each), _percent(each.effectiveness)))
            for each in graph.of_kind(Blocks).values()
        ),
        *(Arrow(each.indicator, each.risk, "watch", "watches") for each in graph.of_kind(Watches).values()),
    )


def _stands(status: str, usual: str) -> str:
    return "" if status == usual else f" ({status.replace('_', ' ')})"


def _of_cascade(cascade: Cascade) -> str:
    delay = format_duration(cascade.delay) if cascade.delay is not None else None
    return _joined(None if cascade.probability is None else f"{cascade.probability:.12g}", delay)


def _of_block(block: Blocks) -> str:
    return f"blocks {block.from_} to {block.to}"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.12g} %"


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
