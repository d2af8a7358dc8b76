"""Takes the fixtures' files, gives a folder with them in it and a way to run the program there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.program import Cli, in_this_process

DATA = Path(__file__).parent / "data"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the fixtures' files, in which the program runs; settings of the machine do not count."""
    work = tmp_path / "work"
    shutil.copytree(DATA, work)
    monkeypatch.chdir(work)
    for name in ("RISKGRAPH_STORE", "RISKGRAPH_TRACEBACK", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RISKGRAPH_AUTHOR", "Test Baker")
    monkeypatch.setenv("COLUMNS", "100")
    return work


@pytest.fixture
def cli(folder: Path, capsys: pytest.CaptureFixture[str]) -> Cli:  # noqa: ARG001 - it runs there
    """Runs the program in this process."""
    return in_this_process(capsys)


@pytest.fixture(params=["sqlite", pytest.param("neo4j", marks=pytest.mark.xdist_group("neo4j"))])
def anywhere(cli: Cli, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The program, once with an embedded store and once with a shared one; both empty."""
    if request.param == "neo4j":
        monkeypatch.setenv("RISKGRAPH_STORE", request.getfixturevalue("neo4j").url)
    return cli


@pytest.fixture
def stored(anywhere: Cli) -> Cli:
    """The program, in a folder with a store that has the register in it, embedded or shared."""
    return _filled(anywhere)


@pytest.fixture
def embedded(cli: Cli) -> Cli:
    """The program, in a folder with an embedded store that has the register in it."""
    return _filled(cli)


def _filled(cli: Cli) -> Cli:
    assert cli("init").code == 0
    assert cli("import", "register.yaml").code == 0
    return cli


@pytest.fixture
def proposed(stored: Cli) -> Cli:
    """The program, in a folder where a proposal waits for decisions."""
    assert stored("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    return stored
