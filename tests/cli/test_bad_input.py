"""Takes bad input of every kind, shows that each ends in one clear line and the right exit code, nothing half written.

Each case changes the folder and gives the command that meets it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.program import Cli

Case = Callable[[Path], list[str]]


def register(old: str, new: str) -> Case:
    """An import of a register in which something was replaced."""

    def prepare(folder: Path) -> list[str]:
        text = (folder / "register.yaml").read_text()
        assert old in text
        (folder / "bad.yaml").write_text(text.replace(old, new, 1))
        return ["import", "bad.yaml"]

    return prepare


def review(old: str, new: str) -> Case:
    """A diff of a review in which something was replaced."""

    def prepare(folder: Path) -> list[str]:
        text = (folder / "flour.yaml").read_text()
        assert old in text
        (folder / "bad.yaml").write_text(text.replace(old, new, 1))
        return ["diff", "bad.yaml"]

    return prepare


def raw(content: bytes, *command: str) -> Case:
    """A file of these bytes."""

    def prepare(folder: Path) -> list[str]:
        (folder / "bad.yaml").write_bytes(content)
        return [*(command or ("diff",)), "bad.yaml"]

    return prepare


def proposal(old: str, new: str) -> Case:
    """An apply of a proposal in which something was replaced."""

    def prepare(folder: Path) -> list[str]:
        text = (folder / "proposal.yaml").read_text()
        assert old in text
        (folder / "proposal.yaml").write_text(text.replace(old, new, 1))
        return ["apply", "proposal.yaml", "--accept", "derived", "--yes"]

    return prepare


def no_scale(folder: Path) -> list[str]:
    """A register with scores and no scale, for a store that has none either."""
    register("scale:\n", "x_scale:\n")(folder)
    return ["import", "bad.yaml", "--store", "sqlite:///new.db"]


def other_graph(folder: Path) -> list[str]:
    """A proposal that was made for another store's graph."""
    text = (folder / "proposal.yaml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("graph_id: "))
    (folder / "proposal.yaml").write_text(text.replace(line, "graph_id: somebody-else"))
    return ["apply", "proposal.yaml", "--yes"]


def damaged(folder: Path) -> list[str]:
    """A store whose file was overwritten in the middle."""
    content = bytearray((folder / "riskgraph.db").read_bytes())
    content[100:4000] = b"\xff" * 3900
    (folder / "riskgraph.db").write_bytes(content)
    return ["history"]


def other_kind(folder: Path) -> list[str]:
    """A database that is none of ours."""
    (folder / "riskgraph.db").unlink()
    with closing(sqlite3.connect(folder / "riskgraph.db")) as db:
        db.execute("CREATE TABLE cake (name TEXT)")
        db.commit()
    return ["import", "register.yaml"]


def read_only(folder: Path) -> list[str]:
    """A store in a folder that cannot be written, also by the administrator."""
    if os.geteuid() == 0 and Path("/proc/self").is_dir():
        return ["import", "register.yaml", "--store", "sqlite:////proc/riskgraph.db"]
    (folder / "locked").mkdir(mode=0o500)
    return ["import", "register.yaml", "--store", "sqlite:///locked/riskgraph.db"]


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, *b]\n"
CASES: dict[str, tuple[Case, int, str]] = {
    "duplicate key": (register("currency: EUR", "currency: EUR\ncurrency: USD"), 4, "has the key 'currency' twice"),
    "unknown key": (register("    owner:", "    onwer:"), 4, "unknown key 'onwer': did you mean 'owner'?"),
    "dangling id": (register("to: RISK-2, prob", "to: RISK-99, prob"), 4, "refers to risk RISK-99, which is not there"),
    "self loop": (register("to: RISK-2, prob", "to: RISK-1, prob"), 4, "cascades from RISK-1 to itself"),
    "duplicate cascade": (register("{from: RISK-4, to: R", "{from: RISK-1, to: R"), 4, "is there twice"),
    "NaN": (register("probability: 0.5", "probability: .nan"), 4, "has .nan where a number belongs"),
    "probability above one": (register("probability: 0.5", "probability: 1.5"), 4, "has to be at most 1"),
    "tag": (raw(b"incident_id: !!python/object:os.system x\n"), 4, "uses the YAML tag"),
    "alias bomb": (raw(BOMB), 4, "uses a YAML anchor or alias"),
    "depth 500": (raw(b"[" * 500 + b"]" * 500), 4, "is nested deeper than 20 levels"),
    "2 MiB file": (raw(b"incident_id: I\n" + b"# x\n" * 524288), 4, "is larger than 1 MiB"),
    "wrong encoding": (raw("incident_id: caf\xe9".encode("latin-1")), 4, "is not UTF-8"),
    "no YAML": (raw(b"incident_id: [\n"), 4, "is not YAML"),
    "empty file": (raw(b""), 4, "is no review"),
    "missing scale": (no_scale, 4, "has no scale"),
    "id that nearly exists": (review("related_risk: RISK-4", "related_risk: RISK-44"), 4, "did you mean RISK-4?"),
    "naive time": (review("04:00:00+02:00", "04:00:00"), 4, "started_at"),
    "clock-form duration": (review("3 hours", "03:00"), 4, "minutes to one reader and hours to another"),
    "another version": (register("riskgraph_register: 1", "riskgraph_register: 2"), 4, "riskgraph_register"),
    "tampered digest": (proposal("likelihood: 4", "likelihood: 5"), 4, "digest differs"),
    "other graph's proposal": (other_graph, 4, "the proposal is for graph somebody-else"),
    "damaged database file": (damaged, 6, "riskgraph.db is damaged"),
    "another database": (other_kind, 6, "riskgraph.db"),
    "read-only folder": (read_only, 6, "riskgraph.db"),
    "no file": (lambda _: ["diff", "nowhere.yaml"], 4, "nowhere.yaml: error: cannot be read: No such file"),
    "no store": (lambda _: ["gaps", "--store", "sqlite:///no.db"], 6, "no.db: no store here: riskgraph init"),
    "no such kind of store": (lambda _: ["gaps", "--store", "mysql://x"], 2, "names no store"),
    "no date": (lambda _: ["show", "--as-of", "yesterday"], 2, "--as-of: 'yesterday'"),
    "date backwards": (
        lambda _: ["apply", "proposal.yaml", "--accept", "derived", "--yes", "--effective-on", "2020-01-01"],
        2, "is before that of revision 1",
    ),
    "date in the future": (
        lambda _: ["import", "register.yaml", "--effective-on", "2999-01-01", "--store", "sqlite:///new.db"],
        2, "is in the future",
    ),
    "no folder for the output": (lambda _: ["export", "-o", "no/where.yaml"], 2, "no/where.yaml cannot be written"),
    "unknown format": (lambda _: ["diff", "oven.yaml", "--format", "xml"], 2, "'xml' is not one of"),
}  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


FILES = ("damaged database file", "another database")
"""What can be wrong with an embedded store only."""


@pytest.mark.parametrize("name", [name for name in CASES if name not in FILES])
def test_one_clear_line_and_nothing_half_written(proposed: Cli, folder: Path, name: str) -> None:
    """Prevents: a traceback, a wrong exit code, or half a result for a mistake in what was given."""
    before = proposed("history", "--format", "json").out
    _is_refused(proposed, folder, name)
    assert proposed("history", "--format", "json").out == before


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_store(embedded: Cli, folder: Path, name: str) -> None:
    """Prevents: a damaged store that is written to, or read as if it were whole."""
    _is_refused(embedded, folder, name)


def _is_refused(cli: Cli, folder: Path, name: str) -> None:
    prepare, code, said = CASES[name]
    command = prepare(folder)
    before = content(folder)
    result = cli(*command)
    lines = result.err.splitlines()
    assert result.code == code
    assert any(said in line for line in lines), result.err
    assert len(lines) == 1 or name == "missing scale"
    assert "Traceback" not in result.err
    assert result.out == ""
    assert content(folder) == before


def test_stale_proposal_says_what_changed(proposed: Cli, folder: Path) -> None:
    """Prevents: a proposal that overwrites what was written since it was made."""
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    (folder / "newer.yaml").write_text(text.replace("likelihood: 2   #", "likelihood: 3   #"))
    assert proposed("import", "newer.yaml").code == 0
    before = content(folder)
    result = proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    assert result.code == 5
    assert "revision 2 by Test Baker: ~ risk RISK-1: likelihood 2 -> 3" in result.err
    assert result.err.count("\n") == 1
    assert content(folder) == before
    (folder / "else.yaml").write_text(text.replace("name: Bread is late", "name: Bread comes late"))
    assert proposed("undo", "2").code == 0
    assert proposed("import", "else.yaml").code == 0
    assert proposed("apply", "proposal.yaml", "--accept", "derived", "--yes").code == 0


def test_lost_race_writes_nothing(proposed: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: two people who apply at once, one of whom overwrites the other."""
    from riskgraph.store.neo4j import Neo4jStore
    from riskgraph.store.sqlite import SqliteStore

    store: Any = Neo4jStore if "RISKGRAPH_STORE" in os.environ else SqliteStore
    write = store.write
    text = (folder / "register.yaml").read_text().replace("effective_on: 2024-01-01\n", "")
    (folder / "else.yaml").write_text(text.replace("name: Bread is late", "name: Bread comes late"))

    def meanwhile(self: Any, *args: object, **named: object) -> object:
        monkeypatch.setattr(store, "write", write)
        assert proposed("import", "else.yaml").code == 0
        return write(self, *args, **named)

    monkeypatch.setattr(store, "write", meanwhile)
    result = proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    assert result.code == 5
    assert "revision conflict" in result.err
    assert proposed("history", "--format", "json").json["revision"] == 2


def test_interrupted_apply_leaves_the_store_as_it_was(
    proposed: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents: half a proposal in the store after Ctrl-C."""
    import riskgraph.store.neo4j.store
    import riskgraph.store.sqlite

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = content(folder), proposed("history", "--format", "json").out
    with monkeypatch.context() as patch:
        patch.setattr(riskgraph.store.sqlite, "encode_revision", interrupt)
        patch.setattr(riskgraph.store.neo4j.store, "plan_content", interrupt)
        result = proposed("apply", "proposal.yaml", "--accept", "derived", "--yes")
    assert result.code == 130
    assert result.err == "interrupted\n"
    assert (content(folder), proposed("history", "--format", "json").out) == before
    assert proposed("doctor").code == 0


def test_a_bug_is_one_line_too(stored: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a page of traceback that hides the one sentence a person can report."""
    import riskgraph.report.views

    def fail(*_: object) -> None:
        raise ZeroDivisionError("by\nnothing")

    monkeypatch.setattr(riskgraph.report.views, "history_tables", fail)
    result = stored("history")
    assert result.code == 1
    assert result.err.startswith("error: ZeroDivisionError: by nothing: this is a bug in riskgraph; ")
    assert result.err.count("\n") == 1
    monkeypatch.setenv("RISKGRAPH_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        stored("history")
