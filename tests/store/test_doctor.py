"""The doctor: every change that matters, to a row or to a byte, is found; one that does not changes nothing."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from riskgraph.edits import Edit, change
from riskgraph.errors import StoreUnavailableError
from riskgraph.findings import Finding
from riskgraph.history import Decision, Revision
from riskgraph.store import open_store
from riskgraph.store.doctor import examine
from riskgraph.store.memory import MemoryStore
from riskgraph.store.sqlite import SqliteStore
from riskgraph.store.writing import decode_revision, encode_revision
from tests.store.samples import GRAPH_ID, SetClock, every_kind, record, risk


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a store with four revisions."""
    path = tmp_path_factory.mktemp("store") / "riskgraph.db"
    with closing(open_store(f"sqlite:///{path}", create=True, graph_id=GRAPH_ID, clock=SetClock())) as store:
        record(store, *every_kind(), effective_on=date(2023, 6, 1))
        owner = change(store.read().graph.risks["A"], {"owner": "Dev"}, incident="INC-1", answers=("in_register",))
        record(store, owner, risk("C", since="2022-02-02"))
        record(store, decisions=[Decision(what="gap", incident="INC-1", decision="accept", reason="known")])
        record(store, change(store.read().graph.header, {"currency": "EUR"}))
        assert examine(store) == ()
    return path.read_bytes()


@pytest.fixture
def path(sound: bytes, tmp_path: Path) -> Path:
    """A copy of it to damage."""
    found = tmp_path / "riskgraph.db"
    found.write_bytes(sound)
    return found


def findings(path: Path) -> Sequence[Finding]:
    """What the doctor finds in a file."""
    with closing(open_store(f"sqlite:///{path}")) as store:
        return examine(store)


def run(path: Path, *statements: tuple[str, Sequence[Any]] | str) -> None:
    """Changes rows as an attacker with an SQL shell would."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER IF EXISTS revision_is_not_changed")
        db.execute("DROP TRIGGER IF EXISTS revision_is_not_removed")
        for statement in statements:
            db.execute(*((statement,) if isinstance(statement, str) else statement))


def rewrite(path: Path, number: int, alter: Callable[[dict[str, Any]], object], *, seal: bool = False) -> None:
    """Alters the body of a revision, and seals it anew if asked to."""
    with closing(sqlite3.connect(path)) as db:
        body = json.loads(db.execute("SELECT body FROM revision WHERE number = ?", (number,)).fetchone()[0])
    alter(body)
    text, digest = json.dumps(body), body.get("digest")
    if seal:
        revision: Revision = decode_revision(text).sealed()
        text, digest = encode_revision(revision), revision.digest
    run(path, ("UPDATE revision SET body = ?, digest = ? WHERE number = ?", (text, digest, number)))


ROWS: list[tuple[str, str, str]] = [
    ("UPDATE node SET data = replace(data, 'Dev', 'Eve')", "store-content", "risk A differ"),
    ("UPDATE node SET data = replace(data, '\"a\"', '\"A\"')", "store-content", "risk A differ"),
    ("UPDATE node SET data = 'x' WHERE id = 'A'", "store-content", "risk A"),
    ("UPDATE edge SET data = replace(data, '0.4', '0.5')", "store-content", "cascade A -> B differ"),
    ("UPDATE block SET data = '{}'", "store-content", "blocks M on A -> B differ"),
    ("DELETE FROM block", "store-content", "blocks M on A -> B differ"),
    ("DELETE FROM node WHERE id = 'C'", "store-content", "risk C differ"),
    ("INSERT INTO node VALUES ('D', 'risk', '{\"name\":\"d\"}')", "store-content", "risk D differ"),
    ("INSERT INTO node VALUES ('D', 'risk', '{\"name\":\"d\",\"x\":1}')", "store-content", "risk D"),
    ("UPDATE meta SET value = '{}' WHERE name = 'register'", "store-content", "register differ"),
    ("UPDATE meta SET value = 'other' WHERE name = 'graph_id'", "store-graph", "revision 1 is of graph"),
    ("DELETE FROM node WHERE id = 'M'", "store-integrity", "refers to a row of node that is not there"),
    ("DELETE FROM revision WHERE number = 4", "store-content", "register differ"),
    ("DELETE FROM revision WHERE number = 2", "store-number", "revision 2 is missing: revision 3 stands"),
    ("DELETE FROM revision WHERE number = 1", "store-number", "revision 1 is missing: revision 2 stands"),
    ("UPDATE revision SET body = 'x' WHERE number = 2", "store-unreadable", "the revision after revision 1"),
    ("UPDATE revision SET digest = 'x' WHERE number = 3", "store-unreadable", "the revision after revision 2"),
    ("UPDATE revision SET number = 9 WHERE number = 4", "store-unreadable", "the revision after revision 3"),
    ("UPDATE revision SET body = CAST(X'ff' AS TEXT) WHERE number = 1", "store-unreadable", "after revision 0"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "rule", "message"), ROWS)
def test_a_changed_row_is_found(path: Path, statement: str, rule: str, message: str) -> None:
    """Rows that were changed behind the store's back are named."""
    run(path, statement)
    found = findings(path)
    assert any(finding.rule == rule and message in finding.message for finding in found), found
    assert {finding.level for finding in found} == {"error"}


BODIES: list[tuple[int, Callable[[dict[str, Any]], object], bool, str, str]] = [
    (1, lambda body: body.update(author="Eve"), False, "store-digest", "revision 1 was changed"),
    (2, lambda body: body.update(reason="because"), False, "store-digest", "revision 2 was changed"),
    (1, lambda body: body.update(effective_on="2020-01-01"), False, "store-digest", "revision 1 was changed"),
    (1, lambda body: body.pop("effective_on"), False, "store-digest", "revision 1 was changed"),
    (2, lambda body: body.update(recorded_at="2020-01-01T00:00:00Z"), False, "store-digest", "revision 2 was changed"),
    (2, lambda body: body["edits"][0]["set"].update(owner="Eve"), False, "store-digest", "revision 2 was changed"),
    (2, lambda body: body["edits"][0].pop("incident"), False, "store-digest", "revision 2 was changed"),
    (2, lambda body: body["edits"].pop(), False, "store-digest", "revision 2 was changed"),
    (3, lambda body: body["decisions"][0].update(reason="x"), False, "store-digest", "revision 3 was changed"),
    (4, lambda body: body.update(undoes=2), False, "store-digest", "revision 4 was changed"),
    (2, lambda body: body.update(author="Eve"), True, "store-chain", "revision 3 was not written after"),
    (4, lambda body: body.update(previous="sha256:0"), True, "store-chain", "revision 4 was not written after"),
    (4, lambda body: body.update(graph_id="x"), True, "store-graph", "revision 4 is of graph x"),
    (4, lambda body: body.update(effective_on="2020-01-01"), True, "store-time", "revision 4 is effective before"),
    (4, lambda body: body["edits"].clear(), True, "store-content", "register differ"),
    (4, lambda body: body["edits"].append({"op": "remove", "key": ["risk", "A"]}), True, "store-replay", "revision 4"),
    (2, lambda body: body.update(number=3), False, "store-unreadable", "the revision after revision 1"),
    (2, lambda body: body.update(extra=3), False, "store-unreadable", "the revision after revision 1"),
    (2, lambda body: body["edits"][0]["key"].append("B"), False, "store-unreadable", "after revision 1"),
]


@pytest.mark.parametrize(("number", "alter", "seal", "rule", "message"), BODIES)
def test_a_changed_revision_is_found(
    path: Path,
    number: int,
    alter: Callable[[dict[str, Any]], object],
    seal: bool,  # noqa: FBT001 - a column of the table
    rule: str,
    message: str,
) -> None:
    """History that was rewritten is found, even where the digest was made to fit."""
    rewrite(path, number, alter, seal=seal)
    found = findings(path)
    assert any(finding.rule == rule and message in finding.message for finding in found), found


def test_the_first_bad_revision_is_the_only_one_named(path: Path) -> None:
    """What follows from a bad revision would bury it."""
    rewrite(path, 2, lambda body: body.update(author="Eve"))
    rewrite(path, 3, lambda body: body.update(author="Eve"))
    run(path, "UPDATE revision SET body = 'x' WHERE number = 4")
    assert [finding.rule for finding in findings(path)] == ["store-digest"]


@pytest.mark.parametrize("seed", range(8))
def test_every_flipped_bit_is_found_or_harmless(sound: bytes, tmp_path: Path, seed: int) -> None:
    """SQLite alone reads most flipped bits without a word; with a clean bill of health all data has to be equal."""
    path = tmp_path / "riskgraph.db"
    path.write_bytes(sound)
    with closing(open_store(f"sqlite:///{path}")) as store:
        expected = (store.graph_id, store.read(), store.revisions())
    chance = random.Random(seed)  # noqa: S311 - the same bits at every run
    used = [n for n, byte in enumerate(sound) if byte]
    for _ in range(150):
        place = chance.choice(used)
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            with closing(SqliteStore(path)) as store:
                if not examine(store):
                    assert (store.graph_id, store.read(), store.revisions()) == expected, place
        except StoreUnavailableError:
            continue


def test_a_store_without_a_file_is_examined() -> None:
    """The doctor asks no more of a store than its protocol has."""
    store = MemoryStore(GRAPH_ID, SetClock())
    record(store, *every_kind())
    assert examine(store) == ()
    first = store.revisions()[0]
    first.edits[0].set["name"] = "changed"
    assert [finding.rule for finding in examine(store)] == ["store-digest"]


def test_damage_does_not_hide_what_was_sound(path: Path) -> None:
    """A damaged content table is no reason to lose the history: it is all in the revisions."""
    run(path, "DELETE FROM node")
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert [revision.number for revision in store.revisions()] == [1, 2, 3, 4]
        edits: tuple[Edit, ...] = store.revisions()[0].edits
        assert len(edits) == 8
