"""Takes URLs, variables and errors of the driver, shows where a store is sought and what a person is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.errors import CorruptStoreError, StoreUnavailableError, UsageError
from riskgraph.store import open_store
from riskgraph.store.neo4j.access import Access, read_access
from riskgraph.store.neo4j.failures import explained

SECRET = "s3cret-word"  # noqa: S105 - to be looked for


@pytest.mark.parametrize("scheme", ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"])
def test_the_environment_says_as_whom(scheme: str) -> None:
    """Prevents: credentials that have to stand in a URL, and so in shell histories and logs."""
    url = f"{scheme}://graph.example.org:7687"
    assert read_access(url, {}) == Access(url, "neo4j", None, None)
    names = {"RISKGRAPH_NEO4J_USER": "ana", "RISKGRAPH_NEO4J_PASSWORD": SECRET, "RISKGRAPH_NEO4J_DATABASE": "risks"}
    access = read_access(url, names)
    assert (access.user, access.password, access.database) == ("ana", SECRET, "risks")
    assert SECRET not in f"{access} {access!r}"


def test_a_password_comes_from_a_file(tmp_path: Path) -> None:
    """Prevents: a secret mounted as a file whose last line end becomes part of it."""
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    assert read_access("bolt://h", {"RISKGRAPH_NEO4J_PASSWORD_FILE": str(file)}).password == SECRET
    for text in ("", "\n"):
        file.write_text(text)
        with pytest.raises(UsageError, match="is empty"):
            read_access("bolt://h", {"RISKGRAPH_NEO4J_PASSWORD_FILE": str(file)})
    with pytest.raises(UsageError, match="cannot be read"):
        read_access("bolt://h", {"RISKGRAPH_NEO4J_PASSWORD_FILE": str(tmp_path)})


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (f"neo4j://ana:{SECRET}@h:7687", "must not hold a user or password"),
        (f"bolt+s://:{SECRET}@h", "must not hold"),
        (f"neo4j+x://ana:{SECRET}@h", "must not hold|names no store|names no server"),
        ("neo4j://", "names no server"),
        ("neo4j://h:port", "names no server"),
        ("neo4j://h:70000", "names no server"),
        ("neo4j://[::1", "names no server"),
        ("neo4jx://h", "names no server"),
        ("neo4j://h/risks", "name a database with RISKGRAPH_NEO4J_DATABASE"),
    ],
)
def test_urls_that_are_refused(url: str, message: str) -> None:
    """Prevents: a password that is printed, and a mistyped URL that waits for a server."""
    with pytest.raises(UsageError, match=message) as caught:
        open_store(url)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


CODES = (
    ("Neo.ClientError.Security.Unauthorized", "does not let in user 'ana' with this password", StoreUnavailableError),
    ("Neo.ClientError.Database.DatabaseNotFound", "has no such database", StoreUnavailableError),
    ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "the database is read-only", StoreUnavailableError),
    ("Neo.ClientError.Cluster.NotALeader", "use a neo4j:// URL|too busy", StoreUnavailableError),
    ("Neo.TransientError.Transaction.DeadlockDetected", "too busy: try again", StoreUnavailableError),
    ("Neo.DatabaseError.General.UnknownError", "an error of its own", CorruptStoreError),
    ("Neo.ClientError.Statement.SyntaxError", "refuses: first line", StoreUnavailableError),
)


@pytest.mark.parametrize(("code", "message", "error"), CODES)
def test_errors_of_the_server_are_one_line(code: str, message: str, error: type[StoreUnavailableError]) -> None:
    """Prevents: a traceback, or a page of the server's own words, where one line says what to do."""
    from neo4j.exceptions import Neo4jError

    access = Access("bolt://h", "ana", SECRET)
    # Version 6 of the driver has put this aside for itself.
    make = getattr(Neo4jError, "_hydrate_neo4j", None) or Neo4jError.hydrate  # type: ignore[attr-defined]
    made = make(code=code, message="first line\nsecond line")
    with pytest.raises(error, match=message) as caught, explained(access):
        raise made
    assert caught.value.exit_code == 6
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
