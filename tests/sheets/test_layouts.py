"""Registers as organisations keep them: each is imported with one confirmation, then silently."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from riskgraph.graph import RiskGraph
from riskgraph.register.read import read_registers
from riskgraph.store import open_store
from tests.program import Cli
from tests.sheets.layouts import iso_31000, pmi, rcsa

SCALES = ("--scale", "pmbok", "--scale", "impact=1e4,5e4,2.5e5,1e6")
ROOT = str(Path(__file__).parents[2])


def stored() -> RiskGraph:
    """The graph in the store of this folder."""
    store = open_store("sqlite:///riskgraph.db")
    try:
        return store.read().graph
    finally:
        store.close()


def described(graph: RiskGraph, *names: str) -> dict[str, tuple[object, ...]]:
    """Some fields of every risk."""
    return {id_: tuple(risk.data().get(name) for name in names) for id_, risk in graph.risks.items()}


def edges(graph: RiskGraph, kind: str) -> set[str]:
    """The ends of the edges of a kind."""
    return {" ".join(key[1:]) for key in graph.elements if key[0] == kind}


def test_iso_31000(folder: Path, cli: Cli) -> None:
    """Prevents: ratings after controls taken for those before, and sections and titles taken for risks."""
    assert cli("import", iso_31000(folder), *SCALES).code == 0
    graph = stored()
    assert described(graph, "likelihood", "impact", "category", "since", "x_Residual risk Likelihood") == {
        "R-01": (4, 3, "Operational risks", "2023-03-01", 3),
        "R-02": (3, 2, "Operational risks", "2023-03-15", 3),
        "R-03": (2, 4, "Legal risks", "2023-03-20", 1),
    }
    assert edges(graph, "cascade") == {"R-01 R-02", "R-01 R-03"}
    statuses = {mitigation.name: mitigation.status for mitigation in graph.mitigations.values()}
    assert statuses == {
        "Wind gauge": "implemented", "Stop rule": "implemented", "Noise barrier": "implemented",
        "Second gauge": "planned", "Dialogue with residents": "planned",
    }  # fmt: skip


def test_pmi(folder: Path, cli: Cli) -> None:
    """Prevents: strategies taken for mitigations, and dates read one way in one row and the other way in the next."""
    assert cli("import", pmi(folder), *SCALES).code == 0
    graph = stored()
    assert described(graph, "name", "likelihood", "impact", "loss", "status", "since") == {
        "RISK-1": ("Switchgear arrives late", 4, 4, 1_200_000, "open", "2024-03-14"),
        "RISK-2": ("Cooling test fails", 3, 4, 400_000, "open", "2024-04-05"),
        "RISK-3": ("Moving company strikes", 1, 2, None, "closed", "2024-04-06"),
    }
    assert graph.header.currency == "EUR"
    cascades = {pair: (one.probability, one.mechanism) for pair, one in graph.cascades.items()}
    assert cascades == {("RISK-1", "RISK-2"): (0.4, "the test needs power"), ("RISK-2", "RISK-3"): (None, None)}
    assert {one.name for one in graph.mitigations.values()} == {"Order early", "Second supplier", "Insurance"}
    assert [one.name for one in graph.indicators.values()] == ["Supplier misses a milestone"]


def test_rcsa(folder: Path, cli: Cli) -> None:
    """Prevents: a risk for each of its controls, and a control twice that stands against two risks."""
    assert cli("import", rcsa(folder), *SCALES).code == 0
    graph = stored()
    assert described(graph, "likelihood", "impact", "x_Residual Rating") == {
        "PAY-01": (3, 4, "Low"),
        "PAY-02": (4, 5, "Medium"),
    }
    assert edges(graph, "mitigates") == {"C-101 PAY-01", "C-102 PAY-01", "C-102 PAY-02", "C-103 PAY-02"}
    assert graph.mitigations["C-101"].data() == {
        "id": "C-101", "name": "Duplicate check, before release", "kind": "preventive", "status": "implemented",
        "owner": "Operations", "x_Operating Effectiveness": "Effective",
    }  # fmt: skip


@pytest.mark.parametrize("build", [iso_31000, pmi, rcsa])
def test_imported_once_more_nothing_changes(build: Callable[[Path], Path], folder: Path, cli: Cli) -> None:
    """Prevents: made-up ids that are others each time, and a mapping that is asked for again."""
    path = build(folder)
    first = cli("import", path, *SCALES)
    assert "is read as" in first.err
    assert "wrote" in first.err
    again = cli("import", path)
    assert (again.code, "is read as" in again.err) == (0, False)
    assert "nothing to import" in again.err
    assert read_registers([path], stored()).graph == stored()


@pytest.mark.parametrize("build", [iso_31000, pmi, rcsa])
def test_nothing_is_lost_through_our_own_workbook(build: Callable[[Path], Path], folder: Path, cli: Cli) -> None:
    """Prevents: a column that nobody knew, gone after an export and an import."""
    cli("import", build(folder), *SCALES)
    assert cli("export", "-o", "ours.xlsx").code == 0
    assert "nothing to import" in cli("import", "ours.xlsx", "--prune").err
    assert not {one for one in stored().elements if one not in read_registers(["ours.xlsx"]).graph}


@pytest.mark.parametrize("build", [iso_31000, pmi, rcsa])
def test_one_confirmation(build: Callable[[Path], Path], folder: Path) -> None:
    """Prevents: a person who is asked about every column, or about nothing."""
    pexpect = pytest.importorskip("pexpect")
    path = build(folder)
    environment = {**os.environ, "PYTHONPATH": ROOT, "TERM": "xterm"}
    for word, written in (("n", False), ("y", True)):
        terminal = pexpect.spawn(
            sys.executable,
            ["-m", "riskgraph", "import", str(path), *SCALES],
            cwd=str(folder), env=environment, timeout=30, encoding="utf-8",
        )  # fmt: skip
        terminal.expect("is read as")
        terminal.expect(r"is this how the columns are meant, and write \d+ edits\?.*: ")
        terminal.sendline(word)
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == 0
        assert (folder / "riskgraph.db").exists() == written
        assert (folder / "riskgraph-mapping.yaml").exists() == written
