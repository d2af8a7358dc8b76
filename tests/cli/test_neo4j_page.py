"""Takes docs/neo4j.md, runs every command of it on a server."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.neo4j.server import Server
from tests.program import Cli

pytestmark = pytest.mark.xdist_group("neo4j")

PAGE = (Path(__file__).parents[2] / "docs" / "neo4j.md").read_text("utf-8")
URL = "neo4j://localhost:7687"


def blocks(language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_of_the_page(cli: Cli, folder: Path, neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: five minutes that end at the second line."""
    embedded, shared, repair = ([line for line in block.splitlines() if "riskgraph " in line] for block in blocks("sh"))
    embedded, shared = shared, embedded
    assert [cli(*words).code for words in (("init",), ("import", "register.yaml"))] == [0, 0]
    for line in embedded:
        _, _, command = line.rpartition("riskgraph ")
        if "RISKGRAPH_STORE=" in line:
            monkeypatch.setenv("RISKGRAPH_STORE", neo4j.url)
        assert cli(*shlex.split(command.replace(URL, neo4j.url))).code == 0, line
    assert cli("history", "--store", "sqlite:///riskgraph-copy.db").code == 0
    neo4j.clear()
    (folder / "riskgraph.toml").unlink()
    monkeypatch.setenv("RISKGRAPH_STORE", neo4j.url)
    for line in shared:
        assert cli(*shlex.split(line.removeprefix("riskgraph "))).code == 0, line
    neo4j.ask("MATCH (n:Risk {id: 'RISK-1'}) SET n.owner = 'Eve'")
    propose, apply = (shlex.split(line.removeprefix("riskgraph ")) for line in repair)
    assert cli(*propose).code == 0
    assert cli(*apply, "--accept", "derived", "--yes").code == 0
    assert cli("doctor").code == 0


@pytest.mark.parametrize("statement", [text for text in blocks("cypher") if not text.startswith(":")])
def test_the_statements_of_the_page(neo4j: Server, statement: str) -> None:
    """Prevents: an example that Browser does not take."""
    assert neo4j.ask(statement) == []
