"""Takes a folder with a register, shows what init, import, export, history, undo, show and doctor do with a store."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from tests.program import Cli


def test_init_writes_a_store_and_settings_once(cli: Cli, folder: Path) -> None:
    """Prevents: a second init that empties what is there, or a first one that already is a revision."""
    assert cli("init").out == "created riskgraph.toml\ncreated riskgraph.db\n"
    assert cli("history", "--format", "json").json["revisions"] == []
    again = cli("init")
    assert (again.code, "is there already" in again.err) == (2, True)
    (folder / "riskgraph.toml").unlink()
    again = cli("init")
    assert (again.code, "is there already" in again.err) == (2, True)


@pytest.mark.parametrize("command", ["history", "show", "gaps", "doctor", "diff oven.yaml", "export -o x.yaml"])
def test_no_store_is_said_and_none_is_made(cli: Cli, folder: Path, command: str) -> None:
    """Prevents: an empty store where a person stood in the wrong folder."""
    result = cli(*command.split())
    assert result.code == 6
    assert "no store here: riskgraph init" in result.err
    assert not (folder / "riskgraph.db").exists()


def test_import_shows_its_edits_and_is_idempotent(anywhere: Cli, folder: Path) -> None:
    """Prevents: a second import of the same file that makes a revision."""
    first = anywhere("import", "register.yaml")
    assert first.code == 0
    assert "+ risk RISK-1 'Oven fails'" in first.out
    assert first.out.endswith("to add, 1 to change, 0 to remove, 0 kept\n")
    assert first.err == "wrote revision 1\n"
    second = anywhere("import", "register.yaml")
    assert (second.code, second.err) == (0, "nothing to import\n")
    text = (folder / "register.yaml").read_text().replace("name: Bread is late", "name: Bread comes late")
    (folder / "register.yaml").write_text(text.replace("effective_on: 2024-01-01\n", ""))
    assert "~ risk RISK-2: name Bread is late -> Bread comes late\n" in anywhere("import", "register.yaml").out


def test_import_without_a_date_warns(anywhere: Cli, folder: Path) -> None:
    """Prevents: a person who wonders why every verdict is unknown."""
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    (folder / "register.yaml").write_text(text)
    assert "--effective-on" in anywhere("import", "register.yaml").err


def test_flag_outranks_the_date_in_the_file(anywhere: Cli) -> None:
    """Prevents: a declared date that a person corrected on the command line and that stays."""
    anywhere("import", "register.yaml", "--effective-on", "2023-11-01")
    (revision,) = anywhere("history", "--format", "json").json["revisions"]
    assert revision["effective_on"] == "2023-11-01"
    assert revision["author"] == "Test Baker"


def test_dry_run_leaves_no_trace(cli: Cli, folder: Path) -> None:
    """Prevents: a store that exists because somebody looked."""
    before = sorted(folder.iterdir())
    result = cli("import", "register.yaml", "--dry-run")
    assert result.code == 0
    assert "+ risk RISK-1" in result.out
    assert sorted(folder.iterdir()) == before


def test_prune_of_much_needs_yes(stored: Cli, folder: Path) -> None:
    """Prevents: a truncated file that empties the register."""
    lines = "riskgraph_register: 1\nrisks:\n  - {id: RISK-3, name: Shops run empty, impact: 3}\n"
    (folder / "short.yaml").write_text(lines)
    refused = stored("import", "short.yaml", "--prune")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert stored("history", "--format", "json").json["revision"] == 1
    done = stored("import", "short.yaml", "--prune", "--yes")
    assert done.code == 0
    assert [risk["id"] for risk in stored("show", "--format", "json").json["risks"]] == ["RISK-3"]


def test_new_store_takes_over_the_graph_id(cli: Cli, folder: Path) -> None:
    """Prevents: a register that is another graph after it moved to a new store."""
    cli("import", "register.yaml")
    cli("export", "-o", "one.yaml")
    graph_id = cli("history", "--format", "json").json["graph_id"]
    assert f"graph_id: {graph_id}\n" in (folder / "one.yaml").read_text()
    cli("import", "one.yaml", "--store", "sqlite:///two.db")
    assert cli("history", "--store", "sqlite:///two.db", "--format", "json").json["graph_id"] == graph_id
    cli("export", "-o", "two.yaml", "--store", "sqlite:///two.db")
    assert (folder / "two.yaml").read_bytes() == (folder / "one.yaml").read_bytes()
    cli("init", "--store", "sqlite:///three.db")
    assert cli("import", "one.yaml", "--store", "sqlite:///three.db").code == 0
    assert cli("history", "--store", "sqlite:///three.db", "--format", "json").json["graph_id"] == graph_id


def test_export_says_which_suffixes_there_are(stored: Cli) -> None:
    """Prevents: YAML in a file called register.docx."""
    result = stored("export", "-o", "register.docx")
    assert result.code == 2
    assert ".yaml" in result.err


def test_export_as_of_is_the_register_of_that_day(proposed: Cli, folder: Path) -> None:
    """Prevents: hindsight in a register that is said to be of last year."""
    proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    proposed("export", "-o", "then.yaml", "--as-of", "2024-02-01")
    proposed("export", "-o", "now.yaml")
    assert "to: RISK-3" not in (folder / "then.yaml").read_text()
    assert "to: RISK-3" in (folder / "now.yaml").read_text()


def test_export_keeps_a_link_and_replaces_its_target(stored: Cli, folder: Path) -> None:
    """Prevents: a shared register behind a link that turns into a private copy."""
    (folder / "shared").mkdir()
    (folder / "shared" / "real.yaml").write_text("old")
    (folder / "link.yaml").symlink_to("shared/real.yaml")
    assert stored("export", "-o", "link.yaml").code == 0
    assert (folder / "link.yaml").is_symlink()
    assert "RISK-1" in (folder / "shared" / "real.yaml").read_text()


def test_undo_takes_back_and_brings_back(proposed: Cli) -> None:
    """Prevents: an undo that undoes more, less, or twice."""
    proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    assert proposed("show", "RISK-1->RISK-3").code == 0
    dry = proposed("undo", "2", "--dry-run")
    assert "- cascade RISK-1 -> RISK-3" in dry.out
    assert proposed("undo", "2").code == 0
    gone = proposed("show", "RISK-1->RISK-3")
    assert "it is gone since revision 3" in gone.out
    again = proposed("undo", "2")
    assert again.code == 0
    assert "undone already, by revision 3" in again.err
    assert proposed("undo", "3").code == 0
    back = proposed("show", "RISK-1->RISK-3", "--format", "json").json
    assert back["element"]["fields"]["to"] == "RISK-3"


def test_undo_refuses_what_was_changed_since(stored: Cli, folder: Path) -> None:
    """Prevents: an undo that throws away what somebody else wrote in between."""
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    for name in ("Oven breaks", "Oven stands still"):
        (folder / "register.yaml").write_text(text.replace("name: Oven fails", f"name: {name}"))
        assert stored("import", "register.yaml").code == 0
    result = stored("undo", "2")
    assert result.code == 5
    assert "revision 3 by Test Baker" in result.err
    assert stored("undo", "9").code == 2
    assert stored("history", "--format", "json").json["revision"] == 3


def test_an_empty_store_says_that_it_is_empty(cli: Cli) -> None:
    """Prevents: a first user who takes the zeros of an empty store for answers."""
    cli("init")
    for command in (("show",), ("rank", "risks"), ("metrics",), ("query", "cycles")):
        assert "note: nothing is in the store yet: riskgraph import FILE\n" in cli(*command).err
    assert "there is no revision 1: the store has none yet" in cli("undo", "1").err
    cli("import", "register.yaml")
    assert "nothing is in the store" not in cli("show").err


def test_show_tells_where_something_comes_from(proposed: Cli) -> None:
    """Prevents: an edge of which nobody knows who put it there and why."""
    proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    shown = proposed("show", "RISK-1->RISK-3", "--format", "json").json
    (origin,) = shown["origin"]
    assert origin["revision"] == 2
    assert origin["edit"]["incident"] == "INC-2024-001"
    assert "INC-2024-001" in proposed("show", "RISK-3").out
    assert proposed("show", "INC-2024-001").code == 0


def test_show_searches_and_suggests(stored: Cli) -> None:
    """Prevents: a person who has to know the id to find a risk."""
    assert [one["id"] for one in stored("show", "bread", "--format", "json").json["found"]] == ["RISK-2"]
    assert stored("show", "risk-2", "--format", "json").json["element"]["ids"] == ["RISK-2"]
    missing = stored("show", "RISK-11")
    assert missing.code == 4
    assert "did you mean RISK-1?" in missing.err
    listed = stored("show", "--format", "json").json
    assert listed["counts"]["risk"] == 4


def test_show_as_of_does_not_know_later_things(proposed: Cli) -> None:
    """Prevents: hindsight in what a person looks up."""
    proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    then = proposed("show", "RISK-1", "--as-of", "2024-02-01", "--format", "json").json
    assert then["as_of"] == "2024-02-01"
    assert then["element"]["fields"]["likelihood"] == 2
    assert proposed("show", "RISK-1", "--format", "json").json["element"]["fields"]["likelihood"] == 4


def test_doctor(embedded: Cli, folder: Path) -> None:
    """Prevents: a store that was changed by hand and counts as sound."""
    assert embedded("doctor").out == "1 revision, chain and content agree\n"
    with sqlite3.connect(folder / "riskgraph.db") as db:
        db.execute("DROP TRIGGER revision_is_not_changed")
        db.execute("UPDATE revision SET body = replace(body, 'Oven fails', 'Oven fnils')")
    db.close()
    result = embedded("doctor", "--format", "json")
    assert result.code == 6
    assert [one["rule"] for one in result.json["findings"]] == ["store-digest"]
    assert "revision 1" in embedded("doctor").out


@pytest.mark.parametrize(
    "command",
    [
        "import register.yaml", "check oven.yaml", "diff oven.yaml flour.yaml", "audit oven.yaml", "gaps", "history",
        "propose oven.yaml -o other.yaml", "apply proposal.yaml --yes", "undo 1 --dry-run", "show", "show RISK-1",
        "show oven", "doctor", "config show",
    ],
)  # fmt: skip
def test_json_is_one_object_that_says_what_it_is(proposed: Cli, command: str) -> None:
    """Prevents: a script that finds prose between its brackets, or no word of which graph it is about."""
    result = proposed(*command.split(), "--format", "json")
    assert result.code == 0
    assert result.json["schema"].startswith("riskgraph/")
    assert {"graph_id", "revision"} <= result.json.keys()


@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
@pytest.mark.parametrize("command", ["diff oven.yaml", "audit oven.yaml", "gaps", "history", "show", "show RISK-1"])
def test_other_formats_say_something(proposed: Cli, command: str, format_: str) -> None:
    """Prevents: a format that a command accepts and does not have."""
    result = proposed(*command.split(), "--format", format_)
    assert result.code == 0
    assert result.out.strip()


def test_a_new_store_takes_over_the_graph(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was exported is the same graph in another store, also in one that init made; a third graph is refused."""
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "there")
    (tmp_path / "there" / "r.yaml").write_text(
        "riskgraph_register: 1\ngraph_id: g-1\neffective_on: 2023-06-01\nrisks: [{id: A, name: a}]\n"
    )
    assert cli("init").code == 0
    assert cli("import", "r.yaml").code == 0
    assert json.loads(cli("history", "--format", "json").out)["graph_id"] == "g-1"
    (tmp_path / "there" / "other.yaml").write_text("riskgraph_register: 1\ngraph_id: g-2\nrisks: [{id: A, name: a}]\n")
    assert cli("import", "other.yaml").code == 4


def test_an_edited_file_may_keep_its_date(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header still says since when it was the view; what changed since counts from now, and is not backdated."""
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "there")
    text = "riskgraph_register: 1\neffective_on: 2023-06-01\nrisks:\n  - {id: A, name: a}\n"
    path = tmp_path / "there" / "r.yaml"
    path.write_text(text)
    assert cli("import", "r.yaml").code == 0
    path.write_text(text + "  - {id: B, name: b}\n")
    again = cli("import", "r.yaml")
    assert (again.code, "counts from now" in again.err) == (0, True)
    path.write_text(text.replace("2023-06-01", "2023-05-01") + "  - {id: C, name: c}\n")
    backwards = cli("import", "r.yaml")
    assert (backwards.code, "since" in backwards.err) == (2, True)
    revisions = json.loads(cli("history", "--format", "json").out)["revisions"]
    assert [revision["effective_on"] for revision in revisions] == ["2023-06-01", None]


@pytest.mark.parametrize("command", [
    ("show", "RISK-1"), ("show", "RISK-1", "--format", "json"), ("report", "-o", "map.html"),
])  # fmt: skip
def test_a_register_file_says_the_same_on_any_day(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Prevents a page in git that differs each time it is built, by the moment at which a file was read."""
    said = set()
    for year in (2030, 2031):
        monkeypatch.setattr("riskgraph.cli.session.datetime", _stopped(year))
        result = cli(*command, "--register", "register.yaml")
        assert result.code == 0, result.err
        said.add(result.out or (folder / "map.html").read_text("utf-8"))
    assert len(said) == 1


def _stopped(year: int) -> type[datetime]:
    """A clock that shows the first moment of a year."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(year, 1, 1, tzinfo=tz)

    return Clock
