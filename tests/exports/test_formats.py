"""The command: a store in, a file of each format out, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.cli import run
from riskgraph.exports.formats import FORMATS

EXAMPLE = Path(__file__).parents[2] / "examples" / "data-platform"


@pytest.fixture
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store that has learned from the example's reviews."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKGRAPH_STORE", "sqlite:///s.db")
    assert run(["import", str(EXAMPLE / "register.yaml")]) == 0
    assert run(["propose", str(EXAMPLE / "pirs"), "-o", "p.yaml"]) == 0
    assert run(["apply", "p.yaml", "--accept", "derived", "--yes"]) == 0
    return tmp_path


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_each_format(learned: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents: a clock or an order in an export, hindsight in one of an earlier day, and data on standard output."""
    first, again, then = (learned / f"{name}{suffix}" for name in ("first", "again", "then"))
    capsys.readouterr()
    assert run(["export", "-o", str(first)]) == 0
    assert run(["export", "-o", str(again)]) == 0
    assert run(["export", "-o", str(then), "--as-of", "2023-12-31"]) == 0
    assert capsys.readouterr().out == ""
    assert first.read_bytes() == again.read_bytes()
    if suffix == ".xlsx":  # A package; tests/sheets reads it back.
        return
    text = first.read_text("utf-8-sig")
    assert "RISK-101" in text or "n_RISK_101" in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(then.read_text("utf-8")) < len(text)
    assert ("INC-2024-004" in text) == (suffix in {".graphml", ".json", ".cypher"})
    assert "INC-2024-004" not in then.read_text("utf-8")


def test_another_suffix_is_refused_with_those_there_are(learned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents: a file whose name promises another content, or one that is half written."""
    for name in ("x.txt", "x", "x.graphml.bak"):
        assert run(["export", "-o", name]) == 2
        assert ", ".join(FORMATS) in capsys.readouterr().err
        assert not (learned / name).exists()
