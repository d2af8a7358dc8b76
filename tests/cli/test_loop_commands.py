"""Takes a register, reviews and a store, shows the loop: diff, audit, propose, apply, gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import Cli

APPLY = ("apply", "proposal.yaml", "--accept", "derived", "--yes")


@pytest.mark.parametrize("command", ["diff", "audit"])
def test_a_register_file_does_without_a_store(cli: Cli, folder: Path, command: str) -> None:
    """Prevents: an SRE who has to set up a store to look at one review."""
    result = cli(command, "oven.yaml", "--register", "register.yaml", "--format", "json")
    assert result.code == 0
    assert (result.json["graph_id"], result.json["revision"]) == (None, None)
    assert not (folder / "riskgraph.db").exists()


@pytest.mark.parametrize("command", ["diff", "audit"])
@pytest.mark.parametrize("format_", ["table", "json", "markdown", "csv", "github"])
def test_what_was_learned_changes_nothing(proposed: Cli, command: str, format_: str) -> None:
    """Prevents: hindsight; a review judged by what it taught."""
    before = proposed(command, "oven.yaml", "flour.yaml", "--format", format_)
    assert proposed(*APPLY).code == 0
    after = proposed(command, "oven.yaml", "flour.yaml", "--format", format_)
    assert (after.code, after.out) == (before.code, before.out)


def test_folders_of_reviews_pass_over_registers(stored: Cli) -> None:
    """Prevents: a folder with its register in it that cannot be named whole."""
    shown = stored("diff", ".", "--format", "json").json
    assert [one["incident"] for one in shown["incidents"]] == ["INC-2024-002", "INC-2024-001"]
    wrong = stored("diff", "register.yaml")
    assert wrong.code == 4
    assert "name it with --register" in wrong.err


def test_fail_on_counts_open_gaps_only(proposed: Cli, folder: Path) -> None:
    """Prevents: a build that stays red after the gap was answered."""
    for command in ("diff", "audit"):
        assert proposed(command, "oven.yaml").code == 0
        assert proposed(command, "oven.yaml", "--fail-on", "warning").code == 3
    text = (folder / "proposal.yaml").read_text()
    (folder / "proposal.yaml").write_text(text.replace("reason: ''", "reason: The budget came in May"))
    assert proposed(*APPLY).code == 0
    for command in ("diff", "audit"):
        assert proposed(command, "oven.yaml", "--fail-on", "warning").code == 0
        assert proposed(command, "oven.yaml", "--fail-on", "warning", "--register", "register.yaml").code == 3
    assert proposed("gaps", "--open", "--format", "json").json["gaps"] == []
    assert proposed("gaps", "--format", "json").json["counts"]["answered"] == 4


def test_ignored_findings_do_not_fail(stored: Cli, folder: Path) -> None:
    """Prevents: an answered finding that only check knows to be answered."""
    with (folder / "oven.yaml").open("a") as file:
        file.write("  ignore:\n    - {rule: step-unmapped, reason: Drawn in the new map}\n")
    assert stored("diff", "oven.yaml", "--fail-on", "warning").code == 0


def test_markdown_stands_alone(stored: Cli) -> None:
    """Prevents: a comment on a pull request that needs the terminal beside it."""
    shown = stored("diff", "oven.yaml", "--format", "markdown").out
    assert shown.startswith("## INC-2024-001")
    assert "step-unmapped" in shown


def test_propose_writes_a_file_or_standard_output(stored: Cli, folder: Path) -> None:
    """Prevents: a proposal that cannot be piped, or a plan mixed into its YAML."""
    piped = stored("propose", "oven.yaml")
    assert piped.out.startswith("# Decide on each edit")
    assert "+ cascade RISK-1 -> RISK-3" in piped.err
    written = stored("propose", "oven.yaml", "-o", "p.yaml")
    assert "+ cascade RISK-1 -> RISK-3" in written.out
    assert (folder / "p.yaml").read_text().endswith(piped.out[-200:])
    shown = stored("propose", "oven.yaml", "-o", "p.yaml", "--format", "json").json
    assert shown["schema"] == "riskgraph/proposal/v1"
    assert shown["base_revision"] == 1


def test_propose_does_not_throw_decisions_away(proposed: Cli, folder: Path) -> None:
    """Prevents: an hour of decisions lost to a second propose."""
    assert proposed("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    text = (folder / "proposal.yaml").read_text()
    (folder / "proposal.yaml").write_text(text.replace("decision: pending", "decision: accept", 1))
    refused = proposed("propose", "oven.yaml", "-o", "proposal.yaml")
    assert refused.code == 2
    assert "1 decision in it" in refused.err
    assert proposed("propose", "oven.yaml", "-o", "register.yaml").code == 2
    assert "Register of a bakery" in (folder / "register.yaml").read_text()
    assert proposed("propose", "oven.yaml", "-o", "proposal.yaml", "--force").code == 0


def test_apply_writes_what_is_accepted_and_then_says_so(proposed: Cli) -> None:
    """Prevents: pending edits that are written, or an apply that is written twice."""
    nothing = proposed("apply", "proposal.yaml", "--yes")
    assert nothing.code == 0
    assert "7 pending edits skipped" in nothing.err
    first = proposed("apply", "proposal.yaml", "--accept", "explicit", "--yes")
    assert (first.code, "wrote revision 2" in first.err) == (0, True)
    for more in ([], ["--accept", "explicit"], ["--effective-on", "2024-01-05"]):
        again = proposed("apply", "proposal.yaml", "--yes", *more)
        assert again.code == 0
        assert "already applied (revision 2)" in again.err
        assert again.out == ""
    assert proposed("apply", "proposal.yaml").code == 0
    assert proposed("history", "--format", "json").json["revision"] == 2
    assert "already in the graph since revision 2" in proposed("propose", "oven.yaml").err


def test_apply_asks_for_yes_where_nobody_can_be_asked(proposed: Cli) -> None:
    """Prevents: a script that writes by mistake."""
    result = proposed("apply", "proposal.yaml", "--accept", "explicit")
    assert result.code == 2
    assert "--yes" in result.err
    dry = proposed("apply", "proposal.yaml", "--accept", "explicit", "--dry-run")
    assert dry.code == 0
    assert "+ cascade RISK-1 -> RISK-3" in dry.out
    assert proposed("history", "--format", "json").json["revision"] == 1


def test_rejections_are_kept(proposed: Cli, folder: Path) -> None:
    """Prevents: the same refused edit in every proposal."""
    text = (folder / "proposal.yaml").read_text()
    head, tail = text.split("to: RISK-3", 1)
    tail = tail.replace("decision: pending", "decision: reject\n  reason: The shops bake themselves", 1)
    (folder / "proposal.yaml").write_text(f"{head}to: RISK-3{tail}")
    assert proposed("apply", "proposal.yaml", "--yes").code == 0
    assert "already applied (revision 2)" in proposed("apply", "proposal.yaml", "--yes").err
    assert proposed(*APPLY).code == 0
    assert "already applied (revision 3)" in proposed(*APPLY).err
    said = proposed("propose", "oven.yaml").err
    assert "rejected on" in said
    assert "by Test Baker: The shops bake themselves" in said


def test_rejections_alone_are_applied_once(proposed: Cli, folder: Path) -> None:
    """Prevents: a second apply that forgets that everything was decided, and in which revision."""
    text = (folder / "proposal.yaml").read_text()
    (folder / "proposal.yaml").write_text(text.replace("decision: pending", "decision: reject"))
    assert proposed("apply", "proposal.yaml", "--yes").code == 0
    again = proposed("apply", "proposal.yaml", "--yes")
    assert (again.code, again.out) == (0, "")
    assert "already applied (revision 2)" in again.err
    assert proposed("history", "--format", "json").json["revision"] == 2


def test_apply_carries_the_learning_into_the_register(proposed: Cli, folder: Path) -> None:
    """Prevents: a register file that unlearns at the next import."""
    result = proposed(*APPLY, "--write", "register.yaml")
    assert result.code == 0
    text = (folder / "register.yaml").read_text()
    assert "likelihood: 4   # agreed in the autumn" in text
    assert "threshold: 1" in text
    assert "{from: RISK-1, to: RISK-3" in text
    assert text.startswith("# Register of a bakery with three shops.\n")
    assert proposed("import", "register.yaml").err == "nothing to import\n"
    again = proposed(*APPLY, "--write", "register.yaml")
    assert "has all of it already" in again.err
    assert "not carried" not in again.err
    assert (folder / "register.yaml").read_text() == text


def test_a_later_carry_does_not_undo_the_owner(proposed: Cli, folder: Path) -> None:
    """Prevents: an old proposal that overwrites what the register's owner decided afterwards."""
    assert proposed(*APPLY).code == 0
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    (folder / "register.yaml").write_text(text.replace("likelihood: 2   #", "likelihood: 3   #"))
    assert proposed("import", "register.yaml").code == 0
    assert proposed(*APPLY, "--write", "register.yaml").code == 0
    text = (folder / "register.yaml").read_text()
    assert "likelihood: 3   #" in text
    assert "threshold: 1" in text


def test_a_broken_register_is_found_before_the_store_is_written(proposed: Cli, folder: Path) -> None:
    """Prevents: a store that learned and a file that could not."""
    (folder / "broken.yaml").write_text("risks: [")
    assert proposed(*APPLY, "--write", "broken.yaml").code == 4
    assert proposed("history", "--format", "json").json["revision"] == 1


def test_import_does_not_undo_what_a_review_taught(proposed: Cli, folder: Path) -> None:
    """Prevents: last year's spreadsheet that silently wins over the incident."""
    assert proposed(*APPLY).code == 0
    result = proposed("import", "register.yaml")
    assert (result.code, result.err) == (0, "nothing to import\n")
    assert "! risk RISK-1: likelihood" in result.out
    assert "INC-2024-001" in result.out
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    (folder / "register.yaml").write_text(text)
    assert "~ risk RISK-1: likelihood 4 -> 2" in proposed("import", "register.yaml", "--revert-learned").out


def test_a_blank_review_asks_about_the_map_of_the_day(stored: Cli, folder: Path) -> None:
    """Prevents: a review template that names cascades nobody had mapped then, or counts before it is filled in."""
    assert stored("pir", "new", "RISK-1", "--started-at", "2024-06-01T05:00+02:00", "-o", "new.yaml").code == 0
    text = (folder / "new.yaml").read_text()
    assert "RISK-2" in text
    assert "MIT-1" in text
    assert "IND-1" in text
    assert stored("check", "new.yaml").code == 0
    assert stored("pir", "new", "RISK-1", "--started-at", "2024-06-01T05:00+02:00", "-o", "new.yaml").code == 2
    early = stored("pir", "new", "RISK-1", "--started-at", "2023-06-01")
    assert early.code == 4
    assert "since revision 1" in early.err
    assert "did you mean RISK-1?" in stored("pir", "new", "RISK-11", "--started-at", "2024-06-01").err
    assert stored("pir", "new", "RISK-1", "--started-at", "2024-06-01T05:00").code == 2


@pytest.mark.parametrize("kind", ["register", "pir", "proposal"])
def test_schemas_take_the_files(proposed: Cli, folder: Path, kind: str) -> None:
    """Prevents: an editor that marks a sound file."""
    import jsonschema

    from riskgraph.documents import read_document

    schema = proposed("schema", kind).json
    jsonschema.Draft202012Validator.check_schema(schema)
    files = {"register": ["register"], "pir": ["oven", "flour"], "proposal": ["proposal"]}[kind]
    for name in files:
        jsonschema.validate(read_document(folder / f"{name}.yaml").data, schema)
