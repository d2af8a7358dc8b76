"""The documents: every command in them runs, and what they show is what the program prints."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from riskgraph.cli import run
from riskgraph.pir.schema import pir_schema
from riskgraph.proposal.file import proposal_schema
from riskgraph.register.read import parse_registers
from riskgraph.register.schema import register_schema
from riskgraph.report.reference import schema_markdown

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "data-platform"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]


def commands(page: Path) -> list[list[str]]:
    """The riskgraph commands of a page's console blocks, in order."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ riskgraph ")]
    return [shlex.split(line.removeprefix("$ riskgraph "), comments=True) for line in lines]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example's folder to stand in."""
    shutil.copytree(EXAMPLE, tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "example"


@pytest.mark.usefixtures("example")
def test_the_readme_walks(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the walk works in turn, and each shown output is what it prints."""
    text = (ROOT / "README.md").read_text("utf-8")
    walked = commands(ROOT / "README.md")
    assert len(walked) >= 10
    outputs: dict[str, str] = {}
    for command in walked:
        code = run(command)
        outputs.setdefault(command[0], capsys.readouterr().out)
        assert code == (3 if "--fail-on" in command else 0), command
    for name in ("diff", "audit"):
        shown = text.split(f"$ riskgraph {name} pirs\n...\n")[1].split("```")[0]
        assert outputs[name].endswith(shown), name


def test_the_examples_in_docs_are_valid() -> None:
    """The register shown in the docs is one."""
    from riskgraph.documents import parse_document

    text = (ROOT / "docs" / "register.md").read_text("utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        assert parse_registers([parse_document(block, "docs/register.md")]).graph.risks


def test_formats_are_those_of_the_models() -> None:
    """docs/formats.md is generated; UPDATE_GOLDEN=1 writes it anew."""
    schemas: list[dict[str, Any]] = [register_schema(), pir_schema(), proposal_schema()]
    text = "<!-- Generated from the models: UPDATE_GOLDEN=1 ./run pytest tests/docs -->\n\n" + "\n".join(
        schema_markdown(schema) for schema in schemas
    )
    path = ROOT / "docs" / "formats.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("kind", ["register", "pir", "proposal"])
def test_schema_prints_the_schema(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What editors are given is what the reader is held to."""
    assert run(["schema", kind]) == 0
    printed = json.loads(capsys.readouterr().out)
    expected = {"register": register_schema, "pir": pir_schema, "proposal": proposal_schema}[kind]()
    assert printed == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A page that moved takes its links along."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.usefixtures("example")
def test_every_page_of_the_pages_page_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A page that says how to make another page, and is wrong, is found out in front of others."""
    shown = commands(ROOT / "docs" / "pages.md")
    assert len(shown) >= 8
    for command in (["init"], ["import", "register.yaml"], ["propose", "pirs", "-o", "proposal.yaml"], *shown):
        assert run(command) == 0, (command, capsys.readouterr().err)
        if "-o" in command:
            assert Path(command[command.index("-o") + 1]).stat().st_size


def test_the_picture_of_the_readme_is_the_map_of_the_example(example: Path) -> None:
    """UPDATE_GOLDEN=1 draws it anew."""
    assert run(["report", "--register", "register.yaml", "-o", "map.svg"]) == 0
    drawn = (example / "map.svg").read_bytes()
    path = ROOT / "docs" / "map.svg"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(drawn)
    assert path.read_bytes() == drawn


RUN_ELSEWHERE = ("README.md", "pages.md")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in RUN_ELSEWHERE], ids=lambda page: page.name)
def test_other_pages_have_no_console_block_that_nothing_runs(page: Path) -> None:
    """A command in a console block belongs into the README's walk or a test of its own."""
    assert commands(page) == []
