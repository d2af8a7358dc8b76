"""Takes repositories with a register in them, shows that reviews are judged by what was committed before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.git.conftest import HEAD, Repository, register, review
from tests.program import Cli

ONE = register(1, 2, 3)
TWO = register(1, 2, 3, cascades="1-2")
THREE = register(1, 2, 3, 4, cascades="1-2 2-3")
GIT = ("--register", "register.yaml", "--git")


def verdicts(cli: Cli, *arguments: object) -> dict[str, tuple[str, Any, Any]]:
    """The verdict on the one step of each review, whether that is sealed, and by which commit."""
    said = cli("diff", *arguments, "--format", "json")
    assert said.code == 0, said.err
    return {
        one["incident"]: (one["steps"][0]["verdict"], one["sealed"], one.get("commit"))
        for one in json.loads(said.out)["incidents"]
    }


class TestHistory:
    def test_a_review_is_judged_by_what_was_committed_before(self, repository: Repository, cli: Cli) -> None:
        """Prevents: hindsight, by a cascade that was committed after the incident, or in the very pull request."""
        first = repository.commit("2024-01-10", register__yaml=ONE)
        second = repository.commit("2024-03-10", register__yaml=TWO)
        for number, day in enumerate(("2023-12-31", "2024-02-01", "2024-03-10", "2024-04-01"), 1):
            repository.write(f"pirs/{number}.yaml", review(f"INC-{number}", day, "1-2"))
        assert verdicts(cli, "pirs", *GIT) == {
            "INC-1": ("unknown", None, None),
            "INC-2": ("unmapped", True, first),
            "INC-3": ("mapped", True, second),
            "INC-4": ("mapped", True, second),
        }
        assert f"sealed by commit {second[:12]}" in cli("diff", "pirs/4.yaml", *GIT).out
        audited = cli("audit", "pirs/2.yaml", *GIT, "--format", "markdown").out
        assert audited.count(f"sealed by commit {first[:12]}") == 2

    def test_the_author_of_a_commit_and_its_subject_are_the_revision_s(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a history that names the bot that merged, or nobody."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.commit("2024-03-10", "Oven: second cascade, as agreed", register__yaml=TWO)
        said = json.loads(cli("show", "RISK-1->RISK-2", *GIT, "--format", "json").out)
        origin = said["origin"][0]
        assert (origin["revision"], origin["author"]) == (2, "Änne Baker <anne@example.org>")
        assert origin["reason"] == "Oven: second cascade, as agreed"
        assert origin["recorded_at"] == "2024-03-10T12:00:00Z" or origin["recorded_at"].startswith("2024-03-10T12:00")

    def test_every_commit_counts_even_one_that_only_changed_a_remark(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a seal that names an older commit than the one that was current."""
        repository.commit("2024-01-10", register__yaml=ONE)
        remark = repository.commit("2024-02-10", register__yaml=f"# Agreed.\n{ONE}")
        repository.commit("2024-02-12", other__txt="no register")
        repository.write("pir.yaml", review("INC-1", "2024-02-20", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"] == ("unmapped", True, remark)

    def test_names_of_long_ago_are_followed(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a register that is new because somebody moved it into a folder."""
        repository.commit("2024-01-10", risks__yaml=TWO)
        (repository.folder / "risk").mkdir()
        repository.git("mv", "risks.yaml", "risk/register.yaml")
        repository.commit("2024-06-10")
        repository.write("pir.yaml", review("INC-1", "2024-02-20", "1-2"))
        assert verdicts(cli, "pir.yaml", "--register", "risk/register.yaml", "--git")["INC-1"][0] == "mapped"

    def test_a_copy_is_no_rename(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a second register that is old because it began as a copy of the first."""
        repository.commit("2024-01-10", risks__yaml=TWO)
        repository.commit("2024-06-10", register__yaml=TWO)
        repository.write("pir.yaml", review("INC-1", "2024-02-20", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"] == ("unknown", None, None)

    def test_merges_count_when_they_are_merged(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a cascade from a branch that nobody had agreed to when the incident began."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.git("checkout", "--quiet", "-b", "side")
        repository.commit("2024-02-01", register__yaml=TWO)
        repository.git("checkout", "--quiet", "main")
        repository.commit("2024-02-02", other__txt="x")
        repository.git("merge", "--quiet", "--no-ff", "-m", "Merge the cascade", "side", at="2024-05-01")
        repository.write("a.yaml", review("INC-1", "2024-03-01", "1-2"))
        repository.write("b.yaml", review("INC-2", "2024-06-01", "1-2"))
        found = verdicts(cli, "a.yaml", "b.yaml", *GIT)
        assert (found["INC-1"][0], found["INC-2"][0]) == ("unmapped", "mapped")

    def test_several_files_make_one_register(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a file that is read as it is today beside one as it was then."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.commit("2024-03-10", more__yaml=register(5, cascades="1-5", head="riskgraph_register: 1\n"))
        repository.commit("2024-05-10", register__yaml=TWO)
        repository.write("a.yaml", review("INC-1", "2024-02-01", "1-5"))
        repository.write("b.yaml", review("INC-2", "2024-04-01", "1-5"))
        repository.write("c.yaml", review("INC-3", "2024-04-01", "1-2"))
        found = verdicts(cli, "a.yaml", "b.yaml", "c.yaml", *GIT, "--register", "more.yaml")
        assert [found[f"INC-{n}"][0] for n in (1, 2, 3)] == ["new_risk", "mapped", "unmapped"]


class TestNotes:
    def test_a_shallow_clone_says_what_it_does_not_know(
        self, repository: Repository, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Prevents: a build with the newest commit only, whose declared date makes hindsight of it."""
        repository.commit("2024-01-10", register__yaml=ONE.replace("scale:", "effective_on: 2023-06-01\nscale:"))
        newest = repository.commit(
            "2024-03-10", register__yaml=TWO.replace("scale:", "effective_on: 2023-06-01\nscale:")
        )
        repository.write("a.yaml", review("INC-1", "2023-09-01", "1-2"))
        assert verdicts(cli, "a.yaml", *GIT)["INC-1"][:2] == ("unmapped", False)
        clone = tmp_path / "clone"
        repository.git("clone", "--quiet", "--depth", "1", repository.folder.as_uri(), str(clone))
        monkeypatch.chdir(clone)
        (clone / "a.yaml").write_text(review("INC-1", "2024-02-01", "1-2"), encoding="utf-8")
        (clone / "b.yaml").write_text(review("INC-2", "2024-04-01", "1-2"), encoding="utf-8")
        assert verdicts(cli, "a.yaml", "b.yaml", *GIT) == {
            "INC-1": ("unknown", None, None),
            "INC-2": ("mapped", True, newest),
        }
        said = cli("diff", "a.yaml", *GIT).err
        assert f"note: the clone is shallow: what was recorded before commit {newest[:12]} of 2024-03-10" in said

    def test_a_declared_date_counts_once(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a date that stays in the file's head and makes every later commit as old as the first."""
        dated = HEAD.replace("scale:", "effective_on: 2023-06-01\nscale:")
        repository.commit("2024-01-10", register__yaml=register(1, 2, head=dated))
        repository.commit("2024-03-10", register__yaml=register(1, 2, cascades="1-2", head=dated))
        repository.write("a.yaml", review("INC-1", "2023-09-01", "1-2"))
        repository.write("b.yaml", review("INC-2", "2024-02-01", "1-2"))
        assert [one[:2] for one in verdicts(cli, "a.yaml", "b.yaml", *GIT).values()] == [
            ("unmapped", False),
            ("unmapped", True),
        ]

    @pytest.mark.parametrize(("day", "why"), [("2030-01-01", "in its future"), ("2023-01-01", "before that of")])
    def test_a_date_that_cannot_be_says_so(self, repository: Repository, cli: Cli, day: str, why: str) -> None:
        """Prevents: revisions whose order is not that of their dates."""
        repository.commit("2024-01-10", register__yaml=ONE)
        dated = TWO.replace("scale:", f"effective_on: {day}\nscale:")
        commit = repository.commit("2024-03-10", register__yaml=dated)
        repository.write("pir.yaml", review("INC-1", "2024-04-01", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"] == ("mapped", True, commit)
        assert f"note: commit {commit[:12]}: effective_on {day} is {why}" in cli("diff", "pir.yaml", *GIT).err

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("risks: [", "is not YAML"),
            (register(1, cascades="1-9"), "refers to risk RISK-9"),
            ("just: a file\n", "is not a register"),
            ("", "is not a register"),
        ],
    )
    def test_a_commit_that_is_no_register_is_skipped(
        self, repository: Repository, cli: Cli, text: str, said: str
    ) -> None:
        """Prevents: a year of history that is lost to one bad day, or a bad day that nobody hears of."""
        first = repository.commit("2024-01-10", register__yaml=ONE)
        bad = repository.commit("2024-02-10", register__yaml=text)
        repository.commit("2024-05-10", register__yaml=TWO)
        repository.write("pir.yaml", review("INC-1", "2024-03-01", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"] == ("unmapped", True, first)
        note = cli("diff", "pir.yaml", *GIT).err
        assert f"note: commit {bad[:12]} is skipped: register.yaml" in note
        assert said in note

    def test_a_removal_is_skipped(self, repository: Repository, cli: Cli) -> None:
        """Prevents: an incident between a slip and its repair, of which every risk would be new."""
        first = repository.commit("2024-01-10", register__yaml=TWO)
        repository.git("rm", "--quiet", "register.yaml")
        gone = repository.commit("2024-02-10")
        repository.commit("2024-05-10", register__yaml=TWO)
        repository.write("pir.yaml", review("INC-1", "2024-03-01", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"] == ("mapped", True, first)
        assert f"commit {gone[:12]} is skipped: it removed register.yaml" in cli("diff", "pir.yaml", *GIT).err

    def test_dates_that_go_backwards(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a commit that claims to be older than what it was built on."""
        repository.commit("2024-03-10", register__yaml=ONE)
        early = repository.commit("2024-01-10", register__yaml=TWO)
        repository.write("a.yaml", review("INC-1", "2024-02-01", "1-2"))
        repository.write("b.yaml", review("INC-2", "2024-04-01", "1-2"))
        assert [one[0] for one in verdicts(cli, "a.yaml", "b.yaml", *GIT).values()] == ["unknown", "mapped"]
        assert f"note: dates go backwards at commit {early[:12]}" in cli("diff", "a.yaml", *GIT).err

    def test_what_is_not_committed_counts_from_now(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a cascade that the author of the review has just typed in, as a prediction."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.write("register.yaml", TWO)
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        said = cli("diff", "pir.yaml", *GIT)
        assert "unmapped" in said.out
        assert "note: register.yaml: the working copy differs from the newest commit" in said.err
        assert json.loads(cli("show", *GIT, "--format", "json").out)["counts"]["cascade"] == 1
        repository.write("register.yaml", f"# A remark.\n{ONE}".replace("\n", "\r\n"))
        assert "working copy" not in cli("diff", "pir.yaml", *GIT).err


class TestRefusals:
    def test_there_is_no_git(self, repository: Repository, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        """Prevents: a traceback on a machine without git."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        monkeypatch.setenv("PATH", str(repository.folder))
        said = cli("diff", "pir.yaml", *GIT)
        assert (said.code, said.err) == (6, "error: there is no git here: install it, or leave --git away\n")

    def test_files_without_a_history(
        self, repository: Repository, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Prevents: a file that nobody committed, judged as if it had always been there."""
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        repository.write("register.yaml", ONE)
        said = cli("diff", "pir.yaml", *GIT)
        assert said.code == 4
        assert said.err.startswith("register.yaml: error: is in no commit: git add and commit it")
        repository.commit("2024-01-10", other__txt="x")
        repository.git("rm", "--quiet", "--cached", "register.yaml")
        repository.commit("2024-01-11", fresh__yaml=ONE)
        repository.write("new.yaml", ONE)
        assert cli("diff", "pir.yaml", "--register", "new.yaml", "--git").code == 4
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
        (tmp_path / "register.yaml").write_text(ONE, encoding="utf-8")
        said = cli("diff", "pir.yaml", "--register", tmp_path / "register.yaml", "--git")
        assert said.code == 4
        assert "is in no git repository" in said.err
        assert "is no file, and no commit has it" in cli("show", "--register", "nope.yaml", "--git").err
        assert said.err.count("\n") == 1

    def test_git_is_about_register_files(self, cli: Cli, repository: Repository) -> None:
        """Prevents: an option that silently does nothing."""
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        for command in (["diff", "pir.yaml"], ["check", "pir.yaml"], ["show"]):
            said = cli(*command, "--git")
            assert said.code == 2
            assert "name it with --register FILE" in said.err

    def test_two_repositories_are_no_history(self, repository: Repository, cli: Cli, tmp_path: Path) -> None:
        """Prevents: commits of two repositories in one order that nobody made."""
        repository.commit("2024-01-10", register__yaml=ONE)
        other = Repository(tmp_path / "other")
        other.folder.mkdir()
        other.git("init", "--quiet")
        other.commit("2024-01-10", more__yaml=register(9))
        said = cli("show", *GIT, "--register", other.folder / "more.yaml")
        assert said.code == 4
        assert "is in another repository than register.yaml" in said.err

    def test_a_working_copy_that_is_not_valid(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a typing mistake that is judged by the commit before it, without a word."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.write("register.yaml", ONE.replace("likelihood: 2", "likelyhood: 2"))
        for command in (["show"], ["check"]):
            said = cli(*command, *GIT) if command != ["check"] else cli("check", "register.yaml", "--git")
            assert said.code == 4
            assert "did you mean 'likelihood'" in said.out + said.err


class TestStrangers:
    def test_nothing_that_a_repository_names_is_run(self, repository: Repository, cli: Cli, tmp_path: Path) -> None:
        """Prevents: a cloned repository that runs a program of its own on the reader's machine."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        trap, mark = tmp_path / "trap.sh", tmp_path / "mark"
        trap.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", encoding="utf-8")
        trap.chmod(0o755)
        for key in ("core.pager", "pager.log", "diff.external", "core.fsmonitor", "gpg.program", "diff.x.textconv",
                    "diff.x.command", "core.editor", "core.sshCommand", "core.gitProxy", "credential.helper",
                    "filter.x.smudge", "filter.x.clean", "filter.x.process"):  # fmt: skip
            repository.git("config", key, str(trap))
        for key, value in (
            ("log.showSignature", "true"),
            ("core.hooksPath", str(tmp_path)),
            ("diff.relative", "true"),
            ("log.diffMerges", "off"),
            ("diff.renames", "false"),
            ("alias.log", f"!{trap}"),
            ("alias.cat-file", f"!{trap}"),
        ):
            repository.git("config", key, value)
        repository.write(".gitattributes", "*.yaml diff=x filter=x\n")
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"][0] == "unmapped"
        assert not mark.exists()

    @pytest.mark.parametrize("name", ["-x.yaml", ":(top)a.yaml", "a b.yaml", "é.yaml", "*.yaml", "--all", 'a"b.yaml'])
    def test_names_are_names(self, repository: Repository, cli: Cli, name: str) -> None:
        """Prevents: a file's name that git takes for an option or a pattern."""
        repository.write(name, TWO)
        repository.write("decoy.yaml", ONE)
        repository.commit("2024-01-10")
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        assert verdicts(cli, "pir.yaml", f"--register=./{name}", "--git")["INC-1"][:2] == ("mapped", True)

    def test_a_subject_is_only_text(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a commit whose message steers the terminal, or the reading of the log."""
        repository.commit("2024-01-10", "\x01\x1b[2J [link=x]y[/link] ::error::z", register__yaml=TWO)
        said = cli("show", "RISK-1->RISK-2", *GIT)
        assert said.code == 0
        assert "\x1b" not in said.out
        assert "\\u001b[2J" in said.out

    def test_a_subject_in_another_encoding(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a crash on the commit of somebody whose machine was set up in 1998."""
        repository.write("register.yaml", TWO)
        (repository.folder / "message").write_bytes("Größe der Öfen".encode("latin-1"))
        repository.git("add", "register.yaml")
        repository.git("commit", "--quiet", "-F", "message")
        said = cli("show", "RISK-1->RISK-2", *GIT, "--format", "json")
        assert json.loads(said.out)["origin"][0]["reason"].endswith("fen")

    def test_a_date_that_no_calendar_has(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a forged commit that ends the program."""
        repository.commit("2024-01-10", register__yaml=ONE)
        repository.write("register.yaml", TWO)
        repository.git("add", "register.yaml")
        repository.git("commit", "--quiet", "-m", "Far", at="@9999999999999 +0000")
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"][:2] == ("unmapped", True)

    def test_a_link_in_a_commit_is_no_register(self, repository: Repository, cli: Cli) -> None:
        """Prevents: a file whose content is the target of a link."""
        repository.write("real.yaml", ONE)
        (repository.folder / "register.yaml").symlink_to("real.yaml")
        repository.commit("2024-01-10")
        assert cli("show", *GIT).code == 0

    def test_a_hook_s_variables_do_not_lead_elsewhere(
        self, repository: Repository, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Prevents: a hook in which git answers for the repository that is committed to."""
        repository.commit("2024-01-10", register__yaml=TWO)
        repository.write("pir.yaml", review("INC-1", "2024-02-01", "1-2"))
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
            monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
        assert verdicts(cli, "pir.yaml", *GIT)["INC-1"][0] == "mapped"


def test_a_bare_repository_with_a_year_of_history_and_six_reviews(
    repository: Repository, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents: a server without a working copy, or a pipeline without a store, that cannot judge a year of reviews."""
    commits = []
    for month in range(1, 13):
        pairs = " ".join(f"{number}-{number + 1}" for number in range(1, month))
        text = register(*range(1, 14), cascades=pairs)
        commits.append(repository.commit(f"2024-{month:02}-15", f"Review of month {month}", register__yaml=text))
    for month in range(2, 13, 2):
        # The cascade of a month is committed on its 15th: the odd ones come before that, the even ones after it.
        day = 10 if month % 4 else 20
        step = f"{month - 1}-{month}"
        repository.write(f"pirs/INC-{month}.yaml", review(f"INC-{month}", f"2024-{month:02}-{day}", step))
    repository.write("pirs/.hidden/INC-9.yaml", review("INC-9", "2024-02-20", "1-2"))
    repository.write("pirs/notes.txt", "no review")
    repository.commit("2025-01-01", "Six reviews")
    bare = tmp_path / "risk.git"
    repository.git("clone", "--quiet", "--bare", str(repository.folder), str(bare))
    pirs = tmp_path / "pirs"
    shutil.copytree(repository.folder / "pirs", pirs)
    shutil.rmtree(repository.folder)
    monkeypatch.chdir(tmp_path)
    expected = {
        f"INC-{month}": ("mapped", True, commits[month - 1])
        if month % 4 == 0
        else ("unmapped", True, commits[month - 2])
        for month in range(2, 13, 2)
    }
    assert verdicts(cli, "pirs", "--register", "risk.git/register.yaml", "--git") == expected
    assert verdicts(cli, "risk.git/pirs", "--register", "risk.git/register.yaml", "--git") == expected
    assert list(verdicts(cli, "risk.git/pirs/INC-4.yaml", "--register", "risk.git/register.yaml", "--git")) == ["INC-4"]
    for missing in ("risk.git/pirs/none.yaml", "risk.git/none"):
        said = cli("diff", missing, "--register", "risk.git/register.yaml", "--git")
        assert (said.code, said.err.count("\n")) == (4, 1)
        assert f"{missing}: error: cannot be read" in said.err
    for command in (["audit"], ["check"], ["propose"]):
        said = cli(*command, "pirs", "--register", "risk.git/register.yaml", "--git")
        assert said.code == 0, said.err
    assert "no commit has it" in cli("diff", "pirs", "--register", "risk.git/other.yaml", "--git").err
    assert not (tmp_path / "riskgraph.db").exists()
