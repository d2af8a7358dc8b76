"""Takes nothing, gives an empty folder to stand in and a way to run the program there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import Cli, in_this_process


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the program runs."""
    monkeypatch.chdir(tmp_path)
    for name in ("RISKGRAPH_STORE", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RISKGRAPH_AUTHOR", "Test Baker")
    monkeypatch.setenv("COLUMNS", "140")
    return tmp_path


@pytest.fixture
def cli(folder: Path, capsys: pytest.CaptureFixture[str]) -> Cli:  # noqa: ARG001 - it runs there
    """Runs the program in this process."""
    return in_this_process(capsys)
