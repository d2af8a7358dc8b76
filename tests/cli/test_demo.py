"""Takes an empty folder, shows that the demo runs the whole loop there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.program import Cli


def test_demo_runs_the_loop(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a first impression that fails, or one that writes into the reader's own store."""
    monkeypatch.setenv("RISKGRAPH_STORE", f"sqlite:///{folder}/own.db")
    result = cli("demo", "there")
    assert result.code == 0
    for said in (
        "$ riskgraph import register.yaml", "unmapped", "not in place",
        "(!)", "+ risk", "$ riskgraph apply proposal.yaml --accept derived --yes",
        "unchanged: byte for byte the output above", "$ riskgraph show ", "$ riskgraph gaps --open",
    ):  # fmt: skip
        assert said in result.out, said
    assert not (folder / "own.db").exists()
    monkeypatch.delenv("RISKGRAPH_STORE")
    monkeypatch.chdir(folder / "there")
    cascade = re.search(r"riskgraph show '(\S+)'", result.out)
    assert cascade
    assert cli("show", cascade[1]).code == 0
    for page in ("map.html", "incidents.html", "loop.html", "review.html"):
        assert f"there/{page}" in result.out
        assert "</html>" in Path(page).read_text("utf-8")
    assert cli("doctor").out == "2 revisions, chain and content agree\n"


def test_demo_says_the_same_every_time(cli: Cli) -> None:
    """Prevents: a README whose walk is not what a reader gets."""
    first, second = cli("demo", "a").out, cli("demo", "b").out

    def timeless(text: str) -> str:
        return re.sub(
            r"\b[0-9a-f]{12}\b|\d{4}-\d\d-\d\d|\d\d:\d\d",
            "",
            text.replace("in b.", "in a.").replace("\nb ", "\na ").replace("  b/", "  a/"),
        )

    assert timeless(first) == timeless(second)


def test_demo_leaves_a_full_folder_alone(cli: Cli, folder: Path) -> None:
    """Prevents: somebody's own register overwritten by the example."""
    result = cli("demo", ".")
    assert result.code == 2
    assert "is not empty" in result.err
    assert "Register of a bakery" in (folder / "register.yaml").read_text()
