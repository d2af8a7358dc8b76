"""The template: nothing in, the sheets of a small register as examples to write over, out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from riskgraph.graph import RiskGraph
from riskgraph.model import KINDS
from riskgraph.register.sheets.columns import Sheet, list_sheets

_EXAMPLES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "register",
        {
            "scale": {"likelihood": {"per_year": [0.1, 1, 4, 24]}, "impact": {"loss": [1e4, 5e4, 2.5e5, 1e6]}},
            "currency": "EUR",
        },
    ),
    (
        "risk",
        {
            "id": "RISK-001", "name": "Cold store fails over a weekend", "category": "Operations", "owner": "Warehouse",
            "likelihood": 2, "impact": 3, "escalation": {"to": "Head of operations", "within": "1h"},
            "aliases": ["freezer failure"], "tags": ["site north"], "since": "2024-01-15",
        },
    ),
    (
        "risk",
        {
            "id": "RISK-002", "name": "Deliveries are late", "category": "Customers", "owner": "Dispatch",
            "likelihood": {"probability": 0.2, "horizon": "1y"}, "loss": {"low": 5000, "likely": 20000, "high": 90000},
            "since": "2024-01-15",
        },
    ),
    (
        "cascade",
        {"from": "RISK-001", "to": "RISK-002", "probability": 0.4, "delay": "4h", "mechanism": "goods are sorted out"},
    ),
    ("cascade", {"from": "RISK-002", "to": "RISK-001", "mechanism": "lorries queue, and their doors stay open"}),
    (
        "mitigation",
        {
            "id": "MIT-001", "name": "Second compressor", "kind": "preventive", "status": "implemented",
            "owner": "Facility", "implemented_on": "2024-02-01",
        },
    ),
    (
        "mitigation",
        {
            "id": "MIT-002", "name": "Stock at a second site", "kind": "corrective", "status": "planned",
            "owner": "Dispatch", "due": "2025-06-30",
        },
    ),
    ("mitigates", {"mitigation": "MIT-001", "risk": "RISK-001", "effectiveness": 0.7}),
    ("blocks", {"mitigation": "MIT-002", "from": "RISK-001", "to": "RISK-002", "effectiveness": 0.9}),
    (
        "indicator",
        {
            "id": "IND-001", "name": "Store temperature", "threshold": -18, "unit": "degrees Celsius",
            "detects_within": "15m",
        },
    ),
    (
        "indicator",
        {"id": "IND-002", "name": "Deliveries behind plan", "threshold": 5, "unit": "per day", "detects_within": "1d"},
    ),
    ("watches", {"indicator": "IND-001", "risk": "RISK-001"}),
    ("watches", {"indicator": "IND-002", "risk": "RISK-002"}),
)  # fmt: skip


def list_template() -> list[Sheet]:
    """The sheets of the template: two rows of each kind, and a header with scales and a currency."""
    header, *sheets = list_sheets(RiskGraph.of(KINDS[kind].model_validate(data) for kind, data in _EXAMPLES))
    return [replace(header, rows=(*header.rows, ("effective_on", None))), *sheets]
