"""Takes nothing, gives an empty folder to stand in and a way to run the program there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from riskgraph.cli import run


@dataclass(frozen=True)
class Result:
    """What one run of the program came to."""

    code: int
    out: str
    err: str


Cli = Callable[..., Result]


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

    def call(*args: object) -> Result:
        capsys.readouterr()
        code = run([str(arg) for arg in args])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return call
