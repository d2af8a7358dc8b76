"""Takes a store with a history, copies it both ways, and repairs one that was changed past riskgraph."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.neo4j.server import Server
from tests.program import Cli


def learn(cli: Cli) -> None:
    """Three revisions: an import, a decided proposal, and its undoing."""
    assert cli("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    assert cli("apply", "proposal.yaml", "--accept", "derived", "--yes").code == 0
    assert cli("undo", "2").code == 0


@pytest.mark.xdist_group("neo4j")
def test_a_history_goes_to_a_server_and_back(embedded: Cli, folder: Path, neo4j: Server) -> None:
    """Prevents: a move that loses who, when and why, or that changes a digest."""
    learn(embedded)
    here = embedded("history", "--format", "json")
    assert len(here.json["revisions"]) == 3
    for source, target in (("sqlite:///riskgraph.db", neo4j.url), (neo4j.url, "sqlite:///back.db")):
        copied = embedded("copy", target, "--store", source, "--format", "json")
        assert (copied.code, copied.json["schema"], copied.json["revision"]) == (0, "riskgraph/copy/v1", 3)
        assert embedded("history", "--store", target, "--format", "json").out == here.out
        assert embedded("doctor", "--store", target).out == "3 revisions, chain and content agree\n"
    exported = set()
    for store in ("sqlite:///riskgraph.db", neo4j.url, "sqlite:///back.db"):
        assert embedded("export", "-o", "out.yaml", "--store", store).code == 0
        exported.add((folder / "out.yaml").read_bytes())
    assert len(exported) == 1


def test_only_an_empty_store_takes_a_copy(embedded: Cli, folder: Path) -> None:
    """Prevents: two histories in one store; and a copy of nothing that makes a file."""
    assert embedded("copy", "sqlite:///other.db").code == 0
    again = embedded("copy", "sqlite:///other.db")
    assert (again.code, again.err.count("\n")) == (2, 1)
    assert "name an empty store" in again.err
    assert embedded("copy", "sqlite:///riskgraph.db").code == 2
    missing = embedded("copy", "sqlite:///third.db", "--store", "sqlite:///nothing.db")
    assert (missing.code, (folder / "third.db").exists()) == (6, False)
    assert embedded("copy", "ftp://somewhere").code == 2


def test_a_damaged_history_is_not_copied(embedded: Cli, folder: Path) -> None:
    """Prevents: a copy that launders what the doctor would have found."""
    with closing(sqlite3.connect(folder / "riskgraph.db")) as db, db:
        db.execute("UPDATE node SET data = replace(data, 'open', 'closed')")
    result = embedded("copy", "sqlite:///other.db")
    assert (result.code, (folder / "other.db").exists()) == (6, False)
    assert "nothing was copied: today's graph is not what revision 1 gives" in result.err


def test_the_doctor_proposes_what_was_changed_past_us(embedded: Cli, folder: Path) -> None:
    """Prevents: a content that is neither adopted nor put back; and half a repair."""
    nothing = embedded("doctor", "--propose", "-o", "repair.yaml")
    assert (nothing.code, (folder / "repair.yaml").exists()) == (0, False)
    before = embedded("show", "--format", "json").out
    with closing(sqlite3.connect(folder / "riskgraph.db")) as db, db:
        db.execute("UPDATE node SET data = json_set(data, '$.owner', 'Eve') WHERE id IN ('RISK-1', 'RISK-2')")
    assert embedded("doctor").code == 6
    proposed = embedded("doctor", "--propose", "-o", "repair.yaml", "--format", "json")
    assert proposed.code == 0
    edits = proposed.json["edits"]
    assert [(edit["op"], edit["id"], edit["set"]["owner"]) for edit in edits] == [
        ("change", "RISK-1", "Eve"),
        ("change", "RISK-2", "Eve"),
    ]
    text = (folder / "repair.yaml").read_text()
    (folder / "repair.yaml").write_text(text.replace("decision: pending", "decision: accept", 1))
    half = embedded("apply", "repair.yaml", "--yes")
    assert (half.code, "1 edit is pending" in half.err) == (2, True)
    decided = text.replace("decision: pending", "decision: accept", 1).replace("decision: pending", "decision: reject")
    (folder / "repair.yaml").write_text(decided)
    assert embedded("apply", "repair.yaml", "--yes").code == 0
    assert embedded("doctor").code == 0
    after = embedded("show", "RISK-1", "--format", "json").json
    assert after["element"]["fields"]["owner"] == "Eve"
    assert after["origin"][-1]["author"] == "Test Baker"
    assert embedded("show", "RISK-2", "--format", "json").json["element"]["fields"].get("owner") != "Eve"
    again = embedded("apply", "repair.yaml", "--yes")
    assert (again.code, "nothing to repair" in again.err) == (0, True)
    assert embedded("undo", "2").code == 0
    assert embedded("show", "--format", "json").json["risks"] == json.loads(before)["risks"]


def test_a_repair_of_yesterday_is_stale(embedded: Cli, folder: Path) -> None:
    """Prevents: adopting or undoing a change that nobody has looked at."""
    for name, owner in (("repair.yaml", "Eve"), ("", "Mallory")):
        with closing(sqlite3.connect(folder / "riskgraph.db")) as db, db:
            db.execute("UPDATE node SET data = json_set(data, '$.owner', ?) WHERE id = 'RISK-1'", (owner,))
        if name:
            assert embedded("doctor", "--propose", "-o", name).code == 0
    result = embedded("apply", "repair.yaml", "--accept", "derived", "--yes")
    assert (result.code, "changed again" in result.err) == (5, True)
    assert embedded("doctor", "-o", "x.yaml").code == 2
