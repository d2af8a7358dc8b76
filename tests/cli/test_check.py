"""Takes files with and without mistakes, shows what check lists and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.cli import checking
from tests.program import Cli


def test_sound_files_end_with_0_and_a_count(cli: Cli) -> None:
    """Prevents: a check in a build that fails for notes on style."""
    result = cli("check", "register.yaml", "oven.yaml", "flour.yaml")
    assert result.code == 0
    assert result.err.startswith("checked 3 files: 0 errors, 0 warnings, ")
    assert "flour.yaml:1:1: note: detection is missing" in result.out


def test_every_problem_of_every_file_is_listed(cli: Cli, folder: Path) -> None:
    """Prevents: one mistake a run."""
    (folder / "a.yaml").write_text((folder / "oven.yaml").read_text().replace("severity:", "severty:"))
    (folder / "b.yaml").write_text((folder / "flour.yaml").read_text().replace("duration: 3 hours", "duration: 03:00"))
    (folder / "c.yaml").write_text("riskgraph_proposal: 1\nedits: 3\n")
    (folder / "d.yaml").write_text("hello: world\n")
    (folder / "e.yaml").write_text(
        (folder / "register.yaml").read_text().replace("to: RISK-2, prob", "to: RISK-22, prob")
    )
    result = cli("check", "a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml", "missing.yaml")
    assert result.code == 4
    for said in (
        "a.yaml:5:3: error: unknown key 'severty': did you mean 'severity'? [unknown-key]",
        "b.yaml:4:11: error: duration: '03:00' is",
        "c.yaml:1:1: error: digest: is missing",
        "d.yaml:1:1: error: is no register, review or proposal",
        "e.yaml:19:5: error: cascade RISK-1 -> RISK-22 refers to risk RISK-22",
        "missing.yaml: error: cannot be read",
    ):
        assert said in result.out


def test_ids_are_looked_up_in_a_review_with_other_mistakes(cli: Cli, folder: Path) -> None:
    """Prevents: a mistyped id that shows only when the other mistakes of its file are mended."""
    text = (folder / "flour.yaml").read_text().replace("id: MIT-2", "id: MIT-3").replace("severity:", "severty:")
    (folder / "typo.yaml").write_text(text.replace("duration: 3 hours", "duration: 03:00"))
    result = cli("check", "register.yaml", "typo.yaml")
    assert result.code == 4
    for said in ("unknown key 'severty'", "duration: '03:00' is", "there is no mitigation MIT-3: did you mean MIT-1?"):
        assert said in result.out
    assert result.err.startswith("checked 2 files: 3 errors, 0 warnings")


def test_a_comma_outside_quotes_is_explained(cli: Cli, folder: Path) -> None:
    """Prevents: a writer who is told to remove half of their sentence, where YAML wants it in quotes."""
    (folder / "comma.yaml").write_text(
        (folder / "flour.yaml").read_text() + "response: {followed_protocol: Yes, but it took two hours}\n"
    )
    said = "unknown key 'but it took two hours': if it belongs to the text before it, put that text in quotes"
    assert said in cli("check", "comma.yaml").out


def test_registers_beside_reviews_know_the_ids(cli: Cli, folder: Path) -> None:
    """Prevents: a mistyped id that is only found after the incident was recorded."""
    (folder / "typo.yaml").write_text((folder / "flour.yaml").read_text().replace("id: MIT-2", "id: MIT-3"))
    assert cli("check", "typo.yaml").code == 0
    for args in (("register.yaml", "typo.yaml"), ("typo.yaml", "--register", "register.yaml")):
        result = cli("check", *args)
        assert result.code == 4
        assert "there is no mitigation MIT-3: did you mean MIT-1?" in result.out
    cli("init")
    cli("import", "register.yaml")
    assert cli("check", "typo.yaml").code == 4


def test_a_misspelt_key_does_not_hide_an_unknown_id(cli: Cli, folder: Path) -> None:
    """Prevents: a second run, also of another command, that finds what the first could have said."""
    (folder / "typo.yaml").write_text((folder / "flour.yaml").read_text().replace("id: MIT-2", "id: MIT-3"))
    text = (folder / "typo.yaml").read_text()
    (folder / "both.yaml").write_text(text.replace("duration:", "duraton:") + "kind: incident\nkind: incident\n")
    said = ("did you mean 'duration'?", "there is no mitigation MIT-3", "has the key 'kind' twice")
    checked = cli("check", "both.yaml", "--register", "register.yaml")
    compared = cli("diff", "both.yaml", "typo.yaml", "--register", "register.yaml")
    assert (checked.code, compared.code) == (4, 4)
    for message in said:
        assert message in checked.out
        assert message in compared.err
    assert "typo.yaml" in compared.err


def test_ignored_rules_are_left_out(cli: Cli, folder: Path) -> None:
    """Prevents: a note that a team has answered, again in every build."""
    text = (folder / "flour.yaml").read_text()
    assert "[section-missing]" in cli("check", "flour.yaml").out
    (folder / "flour.yaml").write_text(f"{text}ignore:\n  - {{rule: section-missing, reason: Small incident}}\n")
    assert "[section-missing]" not in cli("check", "flour.yaml").out


def test_fail_on(cli: Cli) -> None:
    """Prevents: a team that wants no notes and cannot say so."""
    assert cli("check", "flour.yaml", "--fail-on", "warning").code == 0
    assert cli("check", "flour.yaml", "--fail-on", "note").code == 3


def test_folders_stand_for_the_yaml_below_them(cli: Cli, folder: Path) -> None:
    """Prevents: a check of a folder that follows a link out of it, or skips what lies deeper."""
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "oven.yaml").rename(folder / "deep" / "er" / "oven.yml")
    (folder / "deep" / "notes.txt").write_text("no review")
    (folder / "deep" / "out.yaml").symlink_to(folder / "flour.yaml")
    assert cli("check", "deep").err.startswith("checked 1 file:")
    assert cli("check", ".").err.startswith("checked 3 files:")


def test_github_annotations(cli: Cli, folder: Path) -> None:
    """Prevents: a problem in a pull request that nobody sees at its line."""
    (folder / "a.yaml").write_text((folder / "oven.yaml").read_text().replace("severity:", "severty:"))
    result = cli("check", "a.yaml", "--format", "github")
    assert result.out.startswith("::error file=a.yaml,line=5,col=3,title=unknown-key::")


def test_two_reviews_of_one_incident_are_noted(cli: Cli, folder: Path) -> None:
    """Prevents: a copied review whose id nobody changed."""
    (folder / "copy.yaml").write_text((folder / "flour.yaml").read_text())
    assert "INC-2024-002 is reviewed in flour.yaml as well" in cli("check", "flour.yaml", "copy.yaml").out
    assert cli("propose", "flour.yaml", "copy.yaml", "--register", "register.yaml").code == 4


def test_many_files_give_what_one_by_one_gives(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: findings lost, doubled or in another order where several processes read."""
    (folder / "many").mkdir()
    text = (folder / "flour.yaml").read_text()
    for number in range(7):
        changed = text.replace("INC-2024-002", f"INC-2024-{number + 10}")
        (folder / "many" / f"{number}.yaml").write_text(changed.replace("MIT-2", "MIT-3") if number == 3 else changed)
    alone = cli("check", "many", "--register", "register.yaml", "--format", "json")
    monkeypatch.setattr(checking, "MANY", 2)
    monkeypatch.setattr(checking, "_CHUNK", 3)
    shared = cli("check", "many", "--register", "register.yaml", "--format", "json")
    assert shared.code == alone.code == 4
    assert shared.json == alone.json


def test_text_from_files_does_not_steer_the_terminal(cli: Cli, folder: Path) -> None:
    """Prevents: a review that clears the screen of whoever checks it."""
    (folder / "evil.yaml").write_text('incident_id: "INC-1\\e[2J"\nrelated_risk: RISK-1\ndate: 2024-01-01\n')
    result = cli("check", "evil.yaml")
    assert "\x1b" not in result.out + result.err
    assert "\\u001b[2J" in result.out or "\\x1b[2J" in result.out
