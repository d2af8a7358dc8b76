"""Takes the page on pipelines and the hook, and runs their commands in a repository."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from riskgraph.cli import run
from riskgraph.documents import parse_document
from riskgraph.report.comment import LIMIT, MARK

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "data-platform"
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The page's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def workflow() -> Any:
    """The page's workflow."""
    (text,) = [block for block in blocks("yaml") if block.startswith("name: risk\n")]
    return parse_document(text, "docs/ci.md").data


def git(folder: Path, *arguments: str, at: str) -> None:
    """Runs git on a day."""
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_COMMITTER_DATE": at,
        "GIT_AUTHOR_DATE": at, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    command = ["git", "-C", str(folder), *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the example's register, committed before its reviews, and three reviews that are old."""
    folder = tmp_path / "repository"
    shutil.copytree(EXAMPLE / "pirs", folder / "pirs")
    shutil.copy(EXAMPLE / "register.yaml", folder)
    git(folder, "init", "--quiet", "--initial-branch=main", at="2023-09-01T09:00:00Z")
    git(folder, "add", "register.yaml", at="2023-09-01T09:00:00Z")
    git(folder, "commit", "--quiet", "-m", "The register as agreed", at="2023-09-01T09:00:00Z")
    git(folder, "add", "pirs", at="2024-09-01T09:00:00Z")
    git(folder, "commit", "--quiet", "-m", "The reviews", at="2024-09-01T09:00:00Z")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    return folder


def shell(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Runs a line ``riskgraph ... > FILE`` as a shell does; gives its exit code and what it prints."""
    command, _, target = line.partition(" > ")
    capsys.readouterr()
    code = run(shlex.split(command)[1:])
    said = capsys.readouterr()
    if target:
        (folder / target).write_text(said.out, encoding="utf-8", newline="\n")
    return code, said.out if code == 0 else said.out + said.err


def commands() -> list[str]:
    """The page's commands in their order: those to type, then those of the workflow."""
    typed = [line for block in blocks("sh") for line in block.splitlines()]
    steps = [step["run"] for job in workflow()["jobs"].values() for step in job["steps"] if "run" in step]
    return [line for line in (*typed, *steps) if line.startswith("riskgraph ")]


def test_the_commands_of_the_page_work(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents: a workflow that fails on the day that somebody pastes it."""
    outputs: dict[str, str] = {}
    for line in commands():
        code, said = shell(line, repository, capsys)
        assert code == 0, (line, said)
        outputs[line.split(" ")[1] + (" sarif" if "sarif" in line else "")] = said
    assert len(outputs) == 4
    log = json.loads((repository / "audit.sarif").read_text("utf-8"))
    assert {one["suppressions"][0]["kind"] for one in log["runs"][0]["results"]} == {"external"}
    comment = (repository / "comment.md").read_text("utf-8")
    assert comment.startswith(MARK)
    assert len(comment) <= LIMIT
    assert "sealed by commit" in comment


def test_the_workflow_fails_for_what_is_new(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents: a green build beside a mistake that nobody knew before."""
    check = next(line for line in commands() if "--format github" in line)
    for line in commands()[:3]:
        assert shell(line, repository, capsys)[0] == 0
    review = repository / "pirs" / "INC-2024-031.yaml"
    text = review.read_text("utf-8")
    review.write_text(text.replace("severity:", "severty:"), "utf-8")
    code, said = shell(check, repository, capsys)
    assert code == 4
    assert "::error file=pirs/INC-2024-031.yaml,line=" in said


def test_the_checkout_has_the_whole_history() -> None:
    """Prevents: a workflow in which every verdict is unknown."""
    steps = workflow()["jobs"]["reviews"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 0


def test_the_hook_s_entry_runs_on_the_files_it_takes(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents: a hook that fails at every commit, or sees no file."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    (hook,) = parse_document(text, ".pre-commit-hooks.yaml").data
    used = next(parse_document(block).data for block in blocks("yaml") if block.startswith("repos:"))["repos"][0][
        "hooks"
    ]
    assert [one["id"] for one in used] == [hook["id"]]
    names = sorted(path.relative_to(repository).as_posix() for path in repository.rglob("*.yaml"))
    for pattern in (hook["files"], used[0]["files"]):
        assert [name for name in names if re.search(pattern, name)] == names
    for arguments in ("", shlex.join(used[0]["args"])):
        code, said = shell(f"{hook['entry']} {arguments} {shlex.join(names)}", repository, capsys)
        assert code == 0, said
    (repository / "pirs" / "new.yaml").write_text("incident_id: 1\n", encoding="utf-8")
    assert shell(f"{hook['entry']} pirs/new.yaml", repository, capsys)[0] == 4
