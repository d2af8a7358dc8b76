"""Takes a repository with a register, shows that what reads a graph reads its history, and what cannot says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from riskgraph.cli import app
from riskgraph.documents import read_document
from riskgraph.register.read import read_registers
from tests.git.conftest import HEAD, Repository, register, review
from tests.program import Cli

ROOT = Path(__file__).parents[2]
ONE = register(1, 2, 3)
TWO = register(1, 2, 3, cascades="1-2")
GIT = ("--register", "register.yaml", "--git")
IN_FEBRUARY = ("--as-of", "2024-02-01")


def list_commands(group: Any = None, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command with the names of its options."""
    root: Any = typer.main.get_command(app)
    for name, command in (group or root).commands.items():
        if not hasattr(command, "commands") or getattr(command, "invoke_without_command", False):
            yield f"{before}{name}", {option for one in command.params for option in one.opts}
        if hasattr(command, "commands"):
            yield from list_commands(command, f"{before}{name} ")


@pytest.fixture
def twice(repository: Repository) -> list[str]:
    """A repository whose register got its one cascade in March; the commits of January and March."""
    first = repository.commit("2024-01-10", register__yaml=ONE)
    return [first, repository.commit("2024-03-10", "Second look", register__yaml=TWO)]


def test_what_takes_a_file_takes_its_history_and_the_page_says_which() -> None:
    """Prevents: a command that reads a register file and knows nothing of its commits, or that the docs leave out."""
    taking = {name for name, options in list_commands() if "--register" in options}
    assert taking == {name for name, options in list_commands() if "--git" in options}
    assert all({"--store"} < options for name, options in list_commands() if name in taking)
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    sentence = text.split("takes the three options for that:")[1].split(". ")[0]
    assert set(re.findall(r"`([a-z ]+)`", sentence)) == taking


@pytest.mark.usefixtures("twice")
class TestTheEngine:
    def test_of_today_and_of_a_day(self, cli: Cli) -> None:
        """Prevents: an answer from today's map to a question about February's."""
        for command, found in ((("simulate", "RISK-1"), "risks"), (("paths", "RISK-1"), "paths"),
                               (("rank", "cascades"), "items")):  # fmt: skip
            now = cli(*command, *GIT, "-f", "json").json
            assert (now["graph_id"], now["revision"]) == (None, None)
            assert [one for one in now[found] if "RISK-2" in str(one)]
            assert now == cli(*command, "--register", "register.yaml", "-f", "json").json
            before = cli(*command, *GIT, *IN_FEBRUARY, "-f", "json").json
            assert before["as_of"] == "2024-02-01"
            assert not [one for one in before[found] if "RISK-2" in str(one)]

    def test_a_risk_that_is_not_there_yet(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a question about a day that is answered by another one."""
        repository.commit("2024-05-10", register__yaml=register(1, 2, 3, 4))
        said = cli("simulate", "RISK-4", *GIT, *IN_FEBRUARY)
        assert (said.code, said.out, said.err.count("\n")) == (4, "", 1)
        assert cli("simulate", "RISK-4", *GIT).code == 0

    def test_replay_by_the_map_that_was_committed(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a replay of April's incident on the map of May."""
        guard = "mitigations:\n  - {id: MIT-1, name: Guard, blocks: [{from: RISK-1, to: RISK-2, effectiveness: 0.9}]}\n"
        repository.commit("2024-03-11", register__yaml=TWO + guard)
        repository.commit("2024-05-11", register__yaml=TWO + guard.replace("0.9", "0.5"))
        repository.write("april.yaml", review("INC-1", "2024-04-01", "1-2"))
        repository.write("june.yaml", review("INC-2", "2024-06-01", "1-2"))
        data = cli("replay", "april.yaml", "june.yaml", *GIT, "--with", "MIT-1", "-f", "json").json
        assert data["revision"] is None
        assert [one["stopped"] for one in data["incidents"]] == pytest.approx([0.9, 0.5])


class TestHistory:
    def test_a_commit_is_a_revision(self, twice: list[str], cli: Cli) -> None:
        """Prevents: two lists of what happened to a register, of which neither names the commit."""
        data = cli("history", *GIT, "-f", "json").json
        assert (data["graph_id"], data["revision"]) == (None, None)
        assert [one["commit"] for one in data["revisions"]] == twice
        assert [(one["reason"], one["edits"]) for one in data["revisions"]][1] == ("Second look", 1)
        assert [one["previous"] for one in data["revisions"]] == [None, data["revisions"][0]["digest"]]
        assert cli("history", *GIT, "-f", "json").json == data
        assert twice[1][:12] in cli("history", *GIT).out
        before = cli("history", *GIT, *IN_FEBRUARY, "-f", "json").json
        assert [one["commit"] for one in before["revisions"]] == twice[:1]

    @pytest.mark.usefixtures("twice")
    def test_what_is_not_committed_has_no_commit(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a crash, or the newest commit's name on what is not in it."""
        repository.write("register.yaml", ONE)
        newest = cli("history", *GIT, "-f", "json").json["revisions"][-1]
        assert (newest["revision"], newest["commit"], newest["author"]) == (3, None, "not committed yet")
        assert cli("history", *GIT).out.rstrip().splitlines()[-1]

    @pytest.mark.usefixtures("twice")
    def test_a_file_by_itself_has_none(self, cli: Cli) -> None:
        """Prevents: a history of one revision that was recorded whenever somebody asked."""
        said = cli("history", "--register", "register.yaml")
        assert (said.code, said.out) == (2, "")
        assert said.err == "error: register.yaml by itself has no history: add --git for that of its repository\n"


class TestExport:
    @pytest.mark.parametrize("suffix", ["yaml", "csv", "xlsx"])
    def test_a_file_becomes_another_one(self, repository: Repository, cli: Cli, suffix: str) -> None:
        """Prevents: a register that has to go through a store, or loses its head, to become a workbook."""
        head = f"{HEAD}graph_id: bakery\neffective_on: 2023-06-01\ncurrency: EUR\n"
        repository.write("register.yaml", register(1, 2, cascades="1-2", head=head))
        assert cli("export", "--register", "register.yaml", "-o", f"other.{suffix}").code == 0
        one, other = (read_registers([Path(name)]) for name in ("register.yaml", f"other.{suffix}"))
        assert (other.graph, other.graph_id, other.effective_on) == (one.graph, one.graph_id, one.effective_on)

    def test_of_a_day(self, repository: Repository, twice: list[str], cli: Cli) -> None:
        """Prevents: February's register with March's cascade in it; a file in JSON that claims a store's revision."""
        said = cli("export", *GIT, *IN_FEBRUARY, "-o", "then.yaml")
        assert said.err == f"wrote then.yaml: 3 risks and 0 cascades, as of commit {twice[0][:12]}\n"
        assert (
            read_document(repository.folder / "then.yaml").data == read_document(repository.write("1.yaml", ONE)).data
        )
        assert cli("export", *GIT, "-o", "now.json").code == 0
        said = cli("show", *GIT, "-f", "json").json
        assert (said["graph_id"], said["revision"]) == (None, None)
        assert '"graph_id": null' in (repository.folder / "now.json").read_text("utf-8")

    @pytest.mark.usefixtures("twice")
    def test_what_is_read_is_not_written(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a register whose comments are gone because somebody tidied it."""
        said = cli("export", *GIT, "-o", "./register.yaml")
        assert said.code == 2
        assert said.err == "error: register.yaml is what is read: name another file to write\n"
        assert (repository.folder / "register.yaml").read_text("utf-8") == TWO


@pytest.mark.usefixtures("twice")
class TestRefusals:
    @pytest.mark.parametrize("command", ["metrics", "changes", "gaps", "actions", "pir due", "doctor", "undo 1"])
    @pytest.mark.parametrize("option", ["--register", "--git"])
    def test_what_only_a_store_keeps(self, cli: Cli, command: str, option: str) -> None:
        """Prevents: a wrong option without a word of why it is one and what to do."""
        said = cli(*command.split(), *(("--register", "register.yaml") if option == "--register" else ("--git",)))
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
        assert "reads what only a store keeps, as incidents, actions and decisions: bring the register" in said.err
        assert f"then leave {option} out" in said.err

    @pytest.mark.parametrize("command", ["simulate RISK-1", "paths RISK-1", "rank risks", "history", "export -o x.dot"])
    def test_git_is_about_register_files(self, cli: Cli, command: str) -> None:
        """Prevents: an option that silently does nothing."""
        said = cli(*command.split(), "--git")
        assert (said.code, said.out) == (2, "")
        assert "name it with --register FILE" in said.err
