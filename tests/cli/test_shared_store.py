"""Takes the same commands on an embedded store and on a Neo4j server, shows the same answers."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import DATA
from tests.neo4j.server import Server
from tests.program import Cli

pytestmark = pytest.mark.xdist_group("neo4j")

LOOP: tuple[tuple[str, ...], ...] = (
    ("doctor",),
    ("import", "register.yaml", "--dry-run", "--format", "json"),
    ("import", "register.yaml", "--format", "json"),
    ("import", "register.yaml"),
    ("diff", "oven.yaml", "flour.yaml", "--format", "json"),
    ("audit", "oven.yaml", "flour.yaml", "--format", "json"),
    ("propose", "oven.yaml", "flour.yaml", "-o", "proposal.yaml", "--format", "json"),
    ("apply", "proposal.yaml", "--accept", "derived", "--yes", "--format", "json"),
    ("apply", "proposal.yaml", "--accept", "derived", "--yes"),
    ("diff", "oven.yaml", "--format", "json"),
    ("show", "RISK-1", "--format", "json"),
    ("show", "RISK-1", "--as-of", "2024-01-01"),
    ("gaps", "--format", "json"),
    ("export", "-o", "learned.yaml"),
    ("import", "register.yaml", "--prune", "--yes"),
    ("undo", "2", "--yes"),
    ("undo", "1", "--yes"),
    ("history", "--format", "json"),
    ("export", "-o", "undone.yaml"),
    ("doctor",),
)
CLOCK = re.compile(r'\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+)?([+-]\d\d:\d\d|Z| UTC)?|"(digest|previous)": "[^"]*"')


def _loop(cli: Cli, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What each command came to, without the store's name and what the clock said, and the files in the end."""
    shutil.copytree(DATA, folder)
    register = folder / "register.yaml"
    register.write_text(f"graph_id: 0192f0c1-0000-7000-8000-000000000001\n{register.read_text()}")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RISKGRAPH_STORE", url)
    seen: list[tuple[object, ...]] = []
    for command in LOOP:
        result = cli(*command)
        texts = (CLOCK.sub("-", text).replace(url, "STORE") for text in (result.out, result.err))
        seen.append((command, result.code, *texts))
    files = sorted(path for path in folder.rglob("*.yaml"))
    return [*seen, *((path.name, CLOCK.sub("-", path.read_text())) for path in files)]


def test_the_loop_is_the_same(cli: Cli, tmp_path: Path, neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a verdict, a proposal or a history that depends on where the graph is kept."""
    embedded = _loop(cli, tmp_path / "embedded", "sqlite:///riskgraph.db", monkeypatch)
    shared = _loop(cli, tmp_path / "shared", neo4j.url, monkeypatch)
    assert [one[1] for one in embedded[1:9]] == [0] * 8
    for one, other in zip(embedded[1:], shared[1:], strict=True):
        assert one == other


def test_the_demo_is_the_same(cli: Cli, neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a first look at the shared store that shows something else; and an example in somebody's own graph."""
    embedded = cli("demo", "here")
    monkeypatch.setenv("RISKGRAPH_STORE", neo4j.url)
    shared = cli("demo", "there")
    assert (embedded.code, shared.code) == (0, 0)
    hashed = re.compile(r"\b[0-9a-f]{12}\b")
    texts = (
        hashed.sub("-", CLOCK.sub("-", text.replace("there", "here").replace(neo4j.url, "riskgraph.db")))
        for text in (embedded.out + embedded.err, shared.out + shared.err)
    )
    assert next(texts) == next(texts)
    again = cli("demo", "again")
    assert (again.code, "keeps a graph already" in again.err, Path("again").exists()) == (2, True, False)


@pytest.mark.parametrize("command", [("simulate", "RISK-1"), ("paths", "RISK-1"), ("show", "MIT-1"), ("show", "IND-1")])
def test_a_question_about_a_few_reads_no_more(
    cli: Cli, neo4j: Server, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents: a whole graph that goes over the network for one risk of it; and another answer for it."""
    from riskgraph.store.neo4j import connection, reading, store

    cli("init")
    cli("import", "register.yaml", "--store", "sqlite:///here.db")
    cli("copy", neo4j.url, "--store", "sqlite:///here.db")
    embedded = cli(*command, "--store", "sqlite:///here.db", "--format", "json")
    sent: list[str] = []
    rows = connection.rows

    def noted(tx: Any, name: str, **parameters: Any) -> Any:
        sent.append(name)
        return rows(tx, name, **parameters)

    for module in (reading, store):
        monkeypatch.setattr(module, "rows", noted)
    shared = cli(*command, "--store", neo4j.url, "--format", "json")
    assert (shared.code, shared.out) == (0, embedded.out)
    assert not {"read/nodes", "read/edges", "read/revisions"} & set(sent)
    assert "read/edges_of" in sent


def test_init_makes_a_database_ready(cli: Cli, neo4j: Server) -> None:
    """Prevents: constraints that a person has to lay by hand, and a URL in a file that others get."""
    assert cli("gaps", "--store", neo4j.url).code == 6
    first = cli("init", "--store", neo4j.url, "--format", "json")
    assert first.code == 0
    assert cli("doctor", "--store", neo4j.url).code == 0
    neo4j.ask("DROP INDEX riskgraph_blocks_from")
    lacking = cli("doctor", "--store", neo4j.url)
    assert (lacking.code, "the index riskgraph_blocks_from is missing: riskgraph init" in lacking.out) == (6, True)
    again = cli("init", "--store", neo4j.url, "--format", "json")
    assert (again.code, again.json["created"], again.json["graph_id"]) == (0, [neo4j.url], first.json["graph_id"])
    assert cli("doctor", "--store", neo4j.url).code == 0
    assert neo4j.url not in re.sub(r"#.*", "", Path("riskgraph.toml").read_text())
    assert cli("import", "register.yaml", "--store", neo4j.url).code == 0
    assert cli("history", "--store", neo4j.url, "--format", "json").json["graph_id"] == first.json["graph_id"]


def test_nothing_shows_the_password(cli: Cli, neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a secret in the output of a command that people paste into an issue."""
    monkeypatch.setenv("RISKGRAPH_STORE", neo4j.url)
    cli("init")
    for command in LOOP[1:9]:
        result = cli(*command)
        assert not neo4j.password or neo4j.password not in result.out + result.err
    shown = cli("config", "show")
    assert not neo4j.password or neo4j.password not in shown.out + shown.err


def test_a_settings_file_names_no_server(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a cloned folder that makes its reader send the password to a stranger's server."""
    monkeypatch.setenv("RISKGRAPH_NEO4J_PASSWORD", "s3cret-word")
    (folder / "riskgraph.toml").write_text('store = "neo4j://127.0.0.1:1"\n')
    result = cli("gaps")
    assert result.code == 4
    assert "riskgraph.toml:1" in result.err
    assert "name such a store with --store or RISKGRAPH_STORE" in result.err
