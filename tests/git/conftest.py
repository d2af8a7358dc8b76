"""Takes nothing, gives a way to make repositories with fixed dates, and to run the program beside them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import Cli, in_this_process

HEAD = "riskgraph_register: 1\nscale:\n  likelihood: {per_year: [0.1, 1, 4, 24]}\n"


def register(*risks: int, cascades: str = "", head: str = HEAD) -> str:
    """A register with risks of these numbers; ``cascades`` as in ``1-2 2-3``."""
    lines = [f"  - {{id: RISK-{number}, name: Risk {number}, likelihood: 2}}\n" for number in risks]
    edges = [pair.split("-") for pair in cascades.split()]
    arrows = [f"  - {{from: RISK-{from_}, to: RISK-{to}, probability: 0.5}}\n" for from_, to in edges]
    return f"{head}risks:\n{''.join(lines)}" + (f"cascades:\n{''.join(arrows)}" if arrows else "")


def review(incident: str, day: str, step: str) -> str:
    """A review of an incident on a day, in which one risk brought down another (``1-2``)."""
    from_, to = step.split("-")
    return (
        f"incident_id: {incident}\nstarted_at: {day}T12:00:00Z\nrelated_risk: RISK-{from_}\n"
        f"observed_cascades:\n  - {{from: RISK-{from_}, to: RISK-{to}}}\n"
    )


@dataclass(frozen=True)
class Repository:
    """A repository with a working copy."""

    folder: Path

    def git(self, *arguments: str, at: str = "2024-01-01") -> str:
        """Runs git on a day; gives what it prints."""
        moment = at if "T" in at or "@" in at else f"{at}T12:00:00Z"
        environment = {
            **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z", "GIT_COMMITTER_DATE": moment,
            "GIT_AUTHOR_NAME": "Änne Baker", "GIT_AUTHOR_EMAIL": "anne@example.org",
            "GIT_COMMITTER_NAME": "Merge Bot", "GIT_COMMITTER_EMAIL": "bot@example.org",
        }  # fmt: skip
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        """A file of the working copy."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def commit(self, at: str, subject: str = "Review of the register", **files: str) -> str:
        """Commits files, each named by its path with ``__`` for the dot, on a day; gives the commit's id."""
        for name, text in files.items():
            self.write(name.replace("__", "."), text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject, at=at)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository, in whose folder the program runs."""
    found = Repository(tmp_path / "repository")
    found.folder.mkdir()
    found.git("init", "--quiet", "--initial-branch=main")
    monkeypatch.chdir(found.folder)
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return found


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs the program in this process."""
    return in_this_process(capsys)
