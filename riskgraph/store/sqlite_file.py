"""The file of an embedded store: a path in, an empty store's file there, and SQLite's errors as sentences, out."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import Final
from uuid import uuid4

from riskgraph.errors import CorruptStoreError, StoreUnavailableError

APPLICATION_ID: Final = 1381190471
"""``RSKG``, by which a file is known as a store of ours; ``schema.sql`` sets it."""

FORMAT: Final = "1"

_SENTENCES: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another process: try again when that one is done",
    sqlite3.SQLITE_LOCKED: "is locked by another process: try again when that one is done",
    sqlite3.SQLITE_READONLY: "cannot be written: make the file and its folder writable",
    sqlite3.SQLITE_PERM: "cannot be written: make the file and its folder writable",
    sqlite3.SQLITE_FULL: "cannot be written, the disk is full: make room; nothing was changed",
    sqlite3.SQLITE_IOERR: "cannot be read or written, the disk reports an error",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that the file and its folder are readable and writable",
}


def exists(path: Path) -> bool:
    """Whether there is a file at a path.

    Raises:
        StoreUnavailableError: there is something else, or a folder on the way cannot be entered.
    """
    try:
        if path.is_dir():
            raise StoreUnavailableError(f"{path} is a folder: name the store's file")
        return path.exists()
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be opened: {error.strerror or error}") from error


def create_file(path: Path, graph_id: str | None = None) -> None:
    """Makes the file of an empty store, whole or not at all; one that is there by then is left as it is.

    Raises:
        StoreUnavailableError: the folder is missing or cannot be written.
    """
    folder = path.parent
    if not folder.is_dir():
        raise StoreUnavailableError(f"{path} cannot be created, there is no folder {folder}: make it first")
    aside = folder / f".{path.name}.{secrets.token_hex(8)}.new"
    try:
        with explained(path):
            _fill(aside, graph_id or str(uuid4()))
        _publish(aside, path)
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be created: {error.strerror or error}") from error
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into ours.

    Raises:
        CorruptStoreError: the file is damaged, or of another kind.
        StoreUnavailableError: it is locked, cannot be read or written, or is closed.
    """
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise StoreUnavailableError(f"{path} cannot be used here: {error}") from error
    except sqlite3.Error as error:
        # The low byte is the kind of error, the rest its variety; what came out as no text has no code.
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if sentence := _SENTENCES.get(code):
            raise StoreUnavailableError(f"{path} {sentence}") from error
        raise _damaged(path, str(error)) from error
    except (UnicodeDecodeError, MemoryError) as error:
        # SQLite's own sentence about a damaged file may not be text, and a damaged size asks for any amount.
        raise _damaged(path, "unreadable") from error


def _damaged(path: Path, what: str) -> CorruptStoreError:
    message = f"{path} is damaged, or not a riskgraph store ({what}): run riskgraph doctor, or restore a copy"
    return CorruptStoreError(message)


def _fill(path: Path, graph_id: str) -> None:
    schema = resources.files("riskgraph.store").joinpath("schema.sql").read_text("utf-8")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = EXTRA")
        db.execute("PRAGMA encoding = 'UTF-8'")
        db.executescript(f"BEGIN;\n{schema}")
        rows = (("format", FORMAT), ("graph_id", graph_id), ("register", "{}"))
        db.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", rows)
        db.execute("COMMIT")


def _publish(aside: Path, path: Path) -> None:
    """Gives the finished file its name; a link, unlike a rename, never replaces what somebody else made meanwhile."""
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    except OSError:
        if path.exists():
            return
        aside.rename(path)  # A file system without links.
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


__all__ = ["APPLICATION_ID", "FORMAT", "create_file", "exists", "explained"]
