"""Round trips: any graph to a spreadsheet and back is the same graph."""

from __future__ import annotations

from json import dumps
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from riskgraph.exports.delimited import dump_csv, dump_sheet
from riskgraph.exports.source import Source
from riskgraph.exports.workbook import dump_workbook
from riskgraph.graph import RiskGraph
from riskgraph.model import Header, Risk
from riskgraph.register.read import read_registers
from riskgraph.register.sheets.columns import list_sheets
from tests.builders import SCALE
from tests.strategies import graphs

OURS = frozenset({"incident", "action", "implements"})
NASTY = [
    "", " ", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=x", "''", "'", '"',
     '"x"', "[]", "[1]", "{", "true", "1", "1.0", "01",
    "a;b", "a\nb", "\n", "\x00", "\ufffe", "\u2028", "n/a", "-", "none", "2024-03-01", "25 %", "x" * 500, "_x0041_",
]  # fmt: skip


def without_incidents(whole: RiskGraph) -> RiskGraph:
    """What a register file holds of a graph, with a scale for its scores."""
    header = whole.header.data()
    header["scale"] = {"likelihood": "pmbok", "impact": SCALE["impact"]} | header.get("scale", {})
    kept = [value for key, value in whole.elements.items() if key[0] not in OURS]
    return RiskGraph.of([*kept, Header.model_validate(header)])


def differences(found: RiskGraph, expected: RiskGraph) -> list[str]:
    """What differs between two graphs as JSON, in which 1 and 1.0 are two."""
    have, want = ({dumps(one.data(), sort_keys=True) for one in each.elements.values()} for each in (found, expected))
    return sorted(f"- {one}" for one in want - have) + sorted(f"+ {one}" for one in have - want)


def nasty() -> RiskGraph:
    """A graph with every nasty text in every free field, and in headings."""
    risks = [
        Risk.model_validate(
            {"id": f"RISK-{n}", "name": text or "x", "description": text, "owner": text, "category": text}
            | {"tags": [text, text], "aliases": [text or "y"], "x_a": text, f"x_{text}": n}
            | {"x_A": 1.5, "x_ID": 2, "x_x_ID": [text]}
        )
        for n, text in enumerate(NASTY)
    ]
    header = Header.model_validate({"scale": SCALE, "currency": "=1+1"} | {f"x_{text}": text for text in NASTY if text})
    return RiskGraph.of([header, *risks])


def back(suffix: str, content: bytes | str, folder: Path) -> RiskGraph:
    """The graph of a file with this content."""
    path = folder / f"register{suffix}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_registers([path]).graph


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all examples."""
    return tmp_path_factory.mktemp("sheets")


@given(whole=graphs())
@example(whole=nasty())
def test_a_workbook_reads_back_as_the_graph(folder: Path, whole: RiskGraph) -> None:
    """Prevents: an export to a spreadsheet that loses or changes a value, twice over."""
    expected = without_incidents(whole)
    first = dump_workbook(Source(expected))
    found = back(".xlsx", first, folder)
    assert differences(found, expected) == []
    assert dump_workbook(Source(found)) == first


@given(whole=graphs())
@example(whole=nasty())
def test_one_csv_file_reads_back_as_the_graph(folder: Path, whole: RiskGraph) -> None:
    """Prevents: the same in CSV, where everything is text."""
    expected = without_incidents(whole)
    first = dump_csv(Source(expected))
    found = back(".csv", first, folder)
    assert differences(found, expected) == []
    assert dump_csv(Source(found)) == first


@settings(max_examples=20)
@given(whole=graphs())
def test_a_folder_of_csv_files_reads_back_as_the_graph(folder: Path, whole: RiskGraph) -> None:
    """Prevents: a file for each kind that holds less than one file for all."""
    below = folder / "files"
    below.mkdir(exist_ok=True)
    expected = without_incidents(whole)
    for sheet in list_sheets(expected):
        (below / f"{sheet.name}.csv").write_text(dump_sheet(sheet), "utf-8", newline="")
    assert differences(read_registers([below]).graph, expected) == []
