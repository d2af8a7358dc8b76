"""The file of the embedded store: where there is none, another kind, a locked, full or read-only one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from riskgraph.errors import CorruptStoreError, RiskGraphError, StoreUnavailableError, UsageError
from riskgraph.store import Store, open_store
from riskgraph.store.doctor import examine
from riskgraph.store.sqlite import SqliteStore
from riskgraph.store.sqlite_file import create_file
from tests.store.samples import GRAPH_ID, every_kind, record, risk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a store of two revisions."""
    found = tmp_path / "riskgraph.db"
    with closing(open_store(f"sqlite:///{found}", create=True, graph_id=GRAPH_ID)) as store:
        record(store, *every_kind())
        record(store, risk("C"))
    return found


def run(path: Path, *statements: str) -> None:
    """Does to a store what no store does to itself."""
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def unavailable(url: str, **options: Any) -> StoreUnavailableError:
    """The error that opening a store ends in."""
    with pytest.raises(StoreUnavailableError) as caught:
        open_store(url, **options)
    assert caught.value.exit_code == 6
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "url",
    ["", "riskgraph.db", "sqlite:", "sqlite://", "sqlite:///", "sqlite://riskgraph.db", "memory://x", "memory:",
     "postgres://host/db", "file:///x.db", "sqlite:///a\0b"],
)  # fmt: skip
def test_what_names_no_store(url: str) -> None:
    """A mistyped URL is a usage error that shows the right form, not a new file of a strange name."""
    with pytest.raises(UsageError, match=r"sqlite:///riskgraph\.db"):
        open_store(url)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """A mistyped path must not look like an empty register."""
    error = unavailable(f"sqlite:///{tmp_path}/none.db")
    assert str(error) == f"{tmp_path}/none.db: no store here: riskgraph init"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Folders are the user's; we make none unasked."""
    error = unavailable(f"sqlite:///{tmp_path}/none/riskgraph.db", create=True)
    assert f"there is no folder {tmp_path}/none: make it first" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    """SQLite's own words for this help nobody."""
    assert str(unavailable(f"sqlite:///{tmp_path}", create=True)).endswith("is a folder: name the store's file")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    """What the operating system refuses is one line, too."""
    assert "cannot be opened" in str(unavailable(f"sqlite:///{tmp_path}/{'x' * 5000}", create=True))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    """Nothing can be made there, and the sentence says so."""
    tmp_path.chmod(0o500)
    try:
        unavailable(f"sqlite:///{tmp_path}/riskgraph.db", create=True)
    finally:
        tmp_path.chmod(0o700)


def test_relative_paths_and_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``?``, ``#`` and ``%`` mean something in a URI that SQLite opens; here they are part of the name."""
    monkeypatch.chdir(tmp_path)
    for name in ("plain.db", "a?mode=memory", "b#c", "d%20e", "f g", "ü.db"):
        with closing(open_store(f"sqlite:///{name}", create=True)) as store:
            record(store, risk("A"))
        assert (tmp_path / name).is_file()
        with closing(open_store(f"sqlite:///{tmp_path}/{name}")) as store:
            assert store.read().revision == 1


def test_making_leaves_one_file(path: Path) -> None:
    """A half-made file beside the store, or a journal, would be taken for something."""
    assert [found.name for found in path.parent.iterdir()] == ["riskgraph.db"]


def test_making_never_replaces(path: Path) -> None:
    """Two who make the same store at the same time get the same one."""
    create_file(path, "another")
    with closing(open_store(f"sqlite:///{path}", create=True, graph_id="another")) as store:
        assert store.graph_id == GRAPH_ID
        assert store.read().revision == 2
    assert [found.name for found in path.parent.iterdir()] == ["riskgraph.db"]


def test_making_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems know no hard links."""

    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    with closing(open_store(f"sqlite:///{tmp_path}/riskgraph.db", create=True)) as store:
        assert examine(store) == ()
    assert [found.name for found in tmp_path.iterdir()] == ["riskgraph.db"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"risks: []\n",
        b"SQLite format 3\x00",
        b"SQLite format 3\x00" + bytes(4080),
        bytes(4096),
        b"PK\x03\x04" * 99,
    ],
)
def test_another_kind_of_file(tmp_path: Path, content: bytes) -> None:
    """A register given as the store must neither be read nor be overwritten."""
    path = tmp_path / "riskgraph.db"
    path.write_bytes(content)
    error = unavailable(f"sqlite:///{path}", create=True)
    assert isinstance(error, CorruptStoreError)
    assert "riskgraph doctor" in str(error)
    assert path.read_bytes() == content


def test_somebody_elses_database(tmp_path: Path) -> None:
    """A database with tables of the same names is not ours."""
    path = tmp_path / "riskgraph.db"
    run(path, "CREATE TABLE meta (name, value)", "CREATE TABLE revision (number, digest, body)")
    assert "is not a riskgraph store" in str(unavailable(f"sqlite:///{path}"))


def test_a_newer_format(path: Path) -> None:
    """An older riskgraph must not write into what it does not know."""
    run(path, "UPDATE meta SET value = '2' WHERE name = 'format'")
    assert "has format 2, this riskgraph reads format 1: upgrade riskgraph" in str(unavailable(f"sqlite:///{path}"))


def test_a_locked_store_is_waited_for_and_then_named(path: Path) -> None:
    """Whoever holds the lock has to be waited for; not for ever, and without a traceback."""
    with closing(SqliteStore(path, wait=0.05)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailableError, match="is locked by another process: try again"):
            store.read()
        with pytest.raises(StoreUnavailableError, match="is locked by another process: try again"):
            record(store, risk("D"), expected=2)
        other.execute("ROLLBACK")
        assert record(store, risk("D")).number == 3


@pytest.mark.parametrize(
    ("pragma", "message"),
    [("query_only = ON", "cannot be written: make the file"), ("max_page_count = 1", "disk is full: make room")],
)
def test_a_write_that_cannot_be_done(path: Path, pragma: str, message: str) -> None:
    """A full disk or a read-only file: one sentence, nothing half written, and the store goes on."""
    with closing(SqliteStore(path)) as store:
        before = store.read()
        store._db.execute(f"PRAGMA {pragma}")  # noqa: SLF001 - the honest way to a full disk without a full disk
        many = [risk(f"R{n}", "x" * 400) for n in range(200)]
        with pytest.raises(StoreUnavailableError, match=message):
            record(store, *many)
        assert store.read() == before
    with closing(SqliteStore(path)) as store:
        assert store.read() == before
        assert examine(store) == ()


def test_a_write_that_is_interrupted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a write leaves no part of it, and no lock."""
    with closing(SqliteStore(path)) as store:
        before = store.read()
        with monkeypatch.context() as patch:
            patch.setattr(store, "_replace", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                record(store, risk("D"))
        assert store.read() == before
        with closing(SqliteStore(path)) as other:
            assert record(other, risk("D")).number == 3


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_revisions_are_only_appended(path: Path) -> None:
    """Also somebody with an SQL shell is told."""
    for statement in ("DELETE FROM revision", "UPDATE revision SET body = '{}'"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
            run(path, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE node SET data = 'no json'",
        "UPDATE node SET data = '[]'",
        "UPDATE node SET data = X'ff'",
        "UPDATE node SET data = '{\"nam\":1}'",
        "DELETE FROM node",
        "DELETE FROM meta WHERE name = 'register'",
        "DELETE FROM meta WHERE name = 'graph_id'",
        "DROP TABLE edge",
        "INSERT INTO revision VALUES (3, 'sha256:0', '{}')",
        "INSERT INTO revision VALUES (3, 'sha256:0', X'00ff')",
    ],
)
def test_damage_is_one_sentence(path: Path, statement: str) -> None:
    """Whatever stands in the tables: one of our errors, which names the doctor; never a traceback."""
    run(path, statement)

    def use() -> None:
        with closing(open_store(f"sqlite:///{path}")) as store:
            store.read()
            record(store, risk("D"), expected=2)

    with pytest.raises(CorruptStoreError) as caught:
        use()
    assert "riskgraph doctor" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_closed_store(path: Path) -> None:
    """Closing twice is no mistake; using what is closed is one of ours."""
    store: Store = open_store(f"sqlite:///{path}")
    store.close()
    store.close()
    with pytest.raises(RiskGraphError, match="cannot be used"):
        store.read()
