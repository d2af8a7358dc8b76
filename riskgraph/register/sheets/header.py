"""The header sheet of our own spreadsheets: what a register says of itself in, keys and values out, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from riskgraph.register.sheets.grid import Cell, Grid
from riskgraph.register.sheets.numbers import format_share, parse_number, parse_share
from riskgraph.register.sheets.tables import MARK
from riskgraph.register.sheets.text import decode_text, decode_value, encode_text, encode_value
from riskgraph.register.sheets.words import fold

LIKELIHOOD: Final = "likelihood_scale"
IMPACT: Final = "impact_scale"
_LOOK: Final = 5
"""How many rows from the top the mark stands at most."""


def encode_header(header: Mapping[str, Any], graph_id: str | None, effective_on: date | None) -> dict[str, Any]:
    """The keys and values of a header's canonical form."""
    scale = header.get("scale", {})
    likelihood = scale.get("likelihood")
    if isinstance(likelihood, dict):
        likelihood = _encode_bounds(likelihood)
    impact = scale.get("impact")
    values: dict[str, Any] = {
        MARK: 1,
        "graph_id": graph_id,
        "effective_on": effective_on,
        "currency": encode_text(header["currency"]) if "currency" in header else None,
        LIKELIHOOD: likelihood,
        IMPACT: "; ".join(map(repr, impact["loss"])) if impact else None,
    }
    extras = {encode_text(name): encode_value(value) for name, value in header.items() if name.startswith("x_")}
    return {name: value for name, value in values.items() if value is not None} | extras


def decode_header(pairs: Iterable[tuple[str, Cell]]) -> dict[str, Any]:
    """The header of a register file of which :func:`encode_header` made these.

    Raises:
        ValueError: a scale is not written as one.
    """
    data: dict[str, Any] = {}
    for written, cell in pairs:
        name = decode_text(written)
        if cell is None or name in {MARK, "Key", ""}:
            continue
        if name.startswith("x_"):
            data[name] = decode_value(cell)
        elif name == LIKELIHOOD:
            data.setdefault("scale", {})["likelihood"] = _decode_likelihood(str(cell))
        elif name == IMPACT:
            data.setdefault("scale", {})["impact"] = {"loss": [float(bound) for bound in _bounds(str(cell))]}
        else:
            data[name] = decode_text(cell) if isinstance(cell, str) else cell
    return data


def header_pairs(grid: Grid) -> dict[str, tuple[int, Cell]] | None:
    """The keys of a header sheet with the row and value of each; None where the grid is none."""
    for number, row in enumerate(grid.rows[:_LOOK]):
        if row and row[0] == MARK:
            if len(row) < 2 or str(row[1]).removesuffix(".0") != "1":  # noqa: PLR2004 - a key and a value
                return None
            return {
                str(cells[0]): (number + below, cells[1])
                for below, cells in enumerate(grid.rows[number:])
                if isinstance(cells[0], str)
            }
    return None


def _encode_bounds(likelihood: Mapping[str, Any]) -> str:
    if "per_year" in likelihood:
        return "; ".join(map(repr, likelihood["per_year"])) + " per year"
    shares = "; ".join(format_share(share) for share in likelihood["probability"])
    return f"{shares} in {likelihood['horizon']}"


def _decode_likelihood(text: str) -> Any:
    bare = text.strip()
    if bare.endswith("per year"):
        return {"per_year": [float(bound) for bound in _bounds(bare.removesuffix("per year"))]}
    shares, separator, horizon = bare.rpartition(" in ")
    if separator:
        return {"probability": [parse_share(share) for share in shares.split(";")], "horizon": horizon}
    if ";" in bare or fold(bare)[:1].isdigit():
        raise ValueError(f"{text!r} is no scale: write a built-in name, or '0.1; 1; 4; 24 per year'")
    return bare


def _bounds(text: str) -> list[float]:
    return [float(parse_number(part.strip(), ".")) for part in text.split(";")]
