"""placeholder until the script branch lands."""

from __future__ import annotations

from typing import Any

from riskgraph.graph import RiskGraph


def network_data(graph: RiskGraph) -> dict[str, Any]:
    """placeholder."""
    risks = []
    for id_, risk in graph.risks.items():
        band = graph.band(id_)
        loss: Any = risk.data().get("loss")
        scale = graph.header.scale
        if loss is None and risk.impact is not None and scale and (b := scale.impact_band(risk.impact)):
            loss = b.value
        risks.append({"id": id_, "rate": band.value if band and risk.status != "closed" else None, "loss": loss})
    cascades = [
        {
            "from": c.from_,
            "to": c.to,
            "probability": c.probability,
            "delay": c.delay.total_seconds() if c.delay is not None else None,
        }
        for c in graph.cascades.values()
    ]
    mits = []
    for id_, m in graph.mitigations.items():
        mits.append(
            {
                "id": id_,
                "status": m.status,
                "implemented": graph.is_implemented(id_),
                "mitigates": [
                    {"risk": e.risk, "effectiveness": e.effectiveness}
                    for es in graph.mitigates.values()
                    for e in es
                    if e.mitigation == id_
                ],
                "blocks": [
                    {"from": e.from_, "to": e.to, "effectiveness": e.effectiveness}
                    for es in graph.blocks.values()
                    for e in es
                    if e.mitigation == id_
                ],
            }
        )
    return {"risks": risks, "cascades": cascades, "mitigations": mits}
