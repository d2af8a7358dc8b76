"""Takes reviews with findings, shows which of them still count beside a baseline, an ignore, and other formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.program import Cli

CHECK = ("check", "pirs", "--baseline", "known.json")
REGISTER = ("--register", "register.yaml")


@pytest.fixture
def reviews(cli: Cli, folder: Path) -> Cli:
    """The program, in a folder with old reviews."""
    (folder / "pirs").mkdir()
    for name in ("oven", "flour"):
        (folder / f"{name}.yaml").rename(folder / "pirs" / f"{name}.yaml")
    return cli


def results(said: str) -> list[dict[str, Any]]:
    """The results of a SARIF log."""
    found: list[dict[str, Any]] = json.loads(said)["runs"][0]["results"]
    return found


def test_what_was_known_before_neither_shows_nor_counts(reviews: Cli, folder: Path) -> None:
    """Prevents: a team with two hundred old reviews that can never turn the check on."""
    assert reviews("check", "pirs", "--fail-on", "note").code == 3
    wrote = reviews(*CHECK, "--update-baseline")
    assert (wrote.code, wrote.out) == (0, "")
    assert "wrote known.json: 3 findings of check are known" in wrote.err
    later = reviews(*CHECK, "--fail-on", "note")
    assert (later.code, later.out) == (0, "")
    assert "3 findings of known.json are left out" in later.err
    moved = folder / "pirs" / "flour.yaml"
    moved.write_text(f"# A remark.\n\n{moved.read_text('utf-8')}", encoding="utf-8")
    assert reviews(*CHECK, "--fail-on", "note").code == 0
    moved.write_text(moved.read_text("utf-8").replace("owner: Manager, ", ""), encoding="utf-8")
    new = reviews(*CHECK, "--fail-on", "note")
    assert new.code == 3
    assert new.out.count("\n") == 1
    assert "[action-incomplete]" in new.out


def test_what_is_gone_is_said(reviews: Cli, folder: Path) -> None:
    """Prevents: a baseline that only grows, and one day hides a mistake that was mended long ago."""
    reviews(*CHECK, "--update-baseline")
    path = folder / "pirs" / "flour.yaml"
    path.write_text(path.read_text("utf-8") + "detection: {how_detected: A call}\n", encoding="utf-8")
    said = reviews(*CHECK)
    assert "note: 1 finding of known.json is gone: --update-baseline takes them out of it" in said.err
    assert "gone" not in reviews("check", "pirs/oven.yaml", "--baseline", "known.json").err
    reviews(*CHECK, "--update-baseline")
    assert "gone" not in reviews(*CHECK).err
    assert len(json.loads((folder / "known.json").read_text("utf-8"))["check"]) == 2


def test_each_command_has_its_own_part_and_each_file_keeps_its_own(reviews: Cli, folder: Path) -> None:
    """Prevents: an update by one command, or for one file, that forgets what others knew."""
    reviews(*CHECK, "--update-baseline")
    for command in ("audit", "diff"):
        loop = (command, "pirs", *REGISTER, "--baseline", "known.json")
        assert reviews(*loop, "--fail-on", "warning").code == 3
        assert reviews(*loop, "--update-baseline", "--fail-on", "note").code == 0
        assert reviews(*loop, "--fail-on", "note").code == 0
        assert reviews(*loop, "--format", "github").out == ""
        assert "Findings" not in reviews(*loop, "--format", "markdown").out
    before = (folder / "known.json").read_bytes()
    assert reviews("check", "pirs/oven.yaml", "--baseline", "known.json", "--update-baseline").code == 0
    assert (folder / "known.json").read_bytes() == before
    (folder / "pirs" / "flour.yaml").unlink()
    reviews("check", "pirs/oven.yaml", "--baseline", "known.json", "--update-baseline")
    assert "check" not in json.loads((folder / "known.json").read_text("utf-8"))


def test_an_error_is_never_known(reviews: Cli, folder: Path) -> None:
    """Prevents: a file that is invalid for good because it was so once."""
    path = folder / "pirs" / "oven.yaml"
    path.write_text(path.read_text("utf-8").replace("severity:", "severty:"), encoding="utf-8")
    assert reviews(*CHECK, "--update-baseline").code == 4
    assert "unknown-key" not in (folder / "known.json").read_text("utf-8")
    assert reviews(*CHECK).code == 4


def test_who_has_no_baseline_yet_is_told_how_to_get_one(reviews: Cli) -> None:
    """Prevents: a pipeline copied from the docs that ends with a file that cannot be read."""
    result = reviews(*CHECK)
    assert result.code == 4
    assert "hint: there is no known.json yet: the same command with --update-baseline writes it" in result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "known.json: error: cannot be read"),
        ("{", "known.json:2:1: error: is not YAML"),
        ("{}", "known.json:1:1: error: riskgraph_baseline: is missing"),
        ('{"riskgraph_baseline": 2}', "known.json:1:24: error: riskgraph_baseline: has to be one of 1"),
        ('{"riskgraph_baseline": 1, "chek": []}', "unknown key 'chek': did you mean 'check'?"),
        ('{"riskgraph_baseline": 1, "check": [{"fingerprint": 3}]}', "known.json:1:37: error: rule: is missing"),
    ],
)
def test_a_file_that_is_no_baseline(reviews: Cli, folder: Path, text: str | None, said: str) -> None:
    """Prevents: a mistyped name that makes everything new, or everything known."""
    if text is not None:
        (folder / "known.json").write_text(text, encoding="utf-8")
    result = reviews(*CHECK)
    assert result.code == 4
    assert said in result.err
    assert result.out == ""


def test_an_update_needs_a_file(reviews: Cli) -> None:
    """Prevents: an option that silently does nothing."""
    assert reviews("check", "pirs", "--update-baseline").code == 2


def test_a_baseline_among_the_reviews_is_no_review(reviews: Cli) -> None:
    """Prevents: a file of our own that our own check refuses."""
    reviews("check", "pirs", "--baseline", "pirs/known.yaml", "--update-baseline")
    assert reviews("check", "pirs", "--baseline", "pirs/known.yaml", "--fail-on", "note").code == 0
    assert reviews("diff", "pirs", *REGISTER).code == 0
    assert reviews("diff", "pirs/known.yaml", *REGISTER).code == 4


def test_the_repository_s_top_counts(reviews: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: annotations and alerts on files that do not exist, from a step that works in a folder below the top."""
    (folder / ".git").mkdir()
    oven = folder / "pirs" / "oven.yaml"
    oven.write_text(oven.read_text("utf-8").replace("severity: High", "severity: Hi"), encoding="utf-8")
    reviews(*CHECK, "--update-baseline")
    monkeypatch.chdir(folder / "pirs")
    assert reviews("check", "flour.yaml", "--baseline", "../known.json", "--fail-on", "note").code == 0
    assert "file=pirs/flour.yaml,line=1" in reviews("check", "flour.yaml", "--format", "github").out
    places = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in results(reviews("check", "./flour.yaml", "../pirs/oven.yaml", "--format", "sarif").out)
    }
    assert places == {"pirs/flour.yaml", "pirs/oven.yaml"}


@pytest.mark.parametrize("command", ["check", "diff", "audit"])
def test_every_command_with_findings_writes_sarif(reviews: Cli, folder: Path, command: str) -> None:
    """Prevents: a log that lacks what the table shows, or an ignored rule that comes back as an alert."""
    said = reviews(command, "pirs", *REGISTER, "--format", "sarif")
    assert said.code == 0
    open_ = results(said.out)
    assert open_
    rule = open_[0]["ruleId"]
    path = folder / open_[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    text = path.read_text("utf-8")
    inside = "  " if text.startswith("incident_review") else ""
    path.write_text(f"{text}{inside}ignore: [{{rule: {rule}, reason: Agreed}}]\n", encoding="utf-8")
    again = results(reviews(command, "pirs", *REGISTER, "--format", "sarif").out)
    assert len(again) == len(open_)
    suppressed = [one for one in again if "suppressions" in one]
    assert {one["ruleId"] for one in suppressed} == {rule}
    assert suppressed[0]["suppressions"] == [{"kind": "inSource", "justification": "Agreed"}]
    marks = [{one["partialFingerprints"]["riskgraph/v1"] for one in many} for many in (open_, again)]
    assert marks[0] == marks[1]


def test_invalid_input_is_in_the_log_too(reviews: Cli, folder: Path) -> None:
    """Prevents: a red build beside an empty list of alerts."""
    path = folder / "pirs" / "oven.yaml"
    path.write_text(path.read_text("utf-8").replace("severity:", "severty:"), encoding="utf-8")
    said = reviews("check", "pirs", "--format", "sarif")
    assert said.code == 4
    assert results(said.out)[0]["level"] == "error"
