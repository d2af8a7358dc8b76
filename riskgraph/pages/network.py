"""The network of a page: a graph in, what the engine of ``assets/`` calculates with out, as JSON has it.

Nothing is pretended yet: probabilities and rates are those before mitigations, and the engine applies what is switched
on, as :func:`riskgraph.simulation.network.compile_network` does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from riskgraph.model import Blocks, Mitigates
from riskgraph.simulation.network import compile_network

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.network import Loss

ENGINE: Final = ("exact.js", "draws.js", "engine.js")
"""The scripts of the engine, to be joined in any order; they declare functions only."""


def network_data(graph: RiskGraph) -> dict[str, list[dict[str, Any]]]:
    """Risks, cascades and mitigations by id, with their numbers; None: not estimated.

    ``rate`` is occurrences a year before mitigations, None also for a closed risk, which starts nothing; ``loss`` an
    amount or a range in the register's currency, ``delay`` seconds. Other fields may be added to each.
    """
    network = compile_network(graph)
    mitigates: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for edge in graph.of_kind(Mitigates).values():
        mitigates[edge.mitigation].append({"risk": edge.risk, "effectiveness": edge.effectiveness})
    blocks: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for block in graph.of_kind(Blocks).values():
        effect = {"from": block.from_, "to": block.to, "effectiveness": block.effectiveness}
        blocks[block.mitigation].append(effect)
    return {
        "risks": [
            {"id": id_, "rate": _rate(graph, id_), "loss": _loss(loss)}
            for id_, loss in zip(network.ids, network.loss, strict=True)
        ],
        "cascades": [
            {
                "from": from_,
                "to": to,
                "probability": cascade.probability,
                "delay": None if cascade.delay is None else cascade.delay.total_seconds(),
            }
            for (from_, to), cascade in sorted(graph.cascades.items())
        ],
        "mitigations": [
            {
                "id": id_,
                "status": mitigation.status,
                "implemented": graph.is_implemented(id_),
                "mitigates": mitigates[id_],
                "blocks": blocks[id_],
            }
            for id_, mitigation in sorted(graph.mitigations.items())
        ],
    }


def _rate(graph: RiskGraph, risk: str) -> float | None:
    band = graph.band(risk)
    return None if band is None or graph.risks[risk].status == "closed" else band.value


def _loss(loss: Loss) -> float | dict[str, float] | None:
    return loss._asdict() if isinstance(loss, tuple) else loss


__all__ = ["ENGINE", "network_data"]
