"""Failures: what the driver or the server reports in, one of our errors, one line without a secret, out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from riskgraph.errors import CorruptStoreError, StoreUnavailableError
from riskgraph.store.neo4j.access import DATABASE, PASSWORD, USER, Access

if TYPE_CHECKING:
    from neo4j.exceptions import DriverError, Neo4jError

_NO_AUTH: Final = "Neo.ClientError.Security.Unauthorized"
_READ_ONLY: Final = "cannot be written, the database is read-only: allow writes"
_SENTENCES: Final = {
    "Neo.ClientError.Database.DatabaseNotFound": f"has no such database: set {DATABASE} to one that it has",
    "Neo.ClientError.Security.AuthenticationRateLimit": "was asked too often with a wrong password: wait a minute",
    "Neo.ClientError.Security.CredentialsExpired": "wants a new password for this user: set one in Neo4j Browser",
    "Neo.ClientError.Security.Forbidden": "does not let this user do that: use one with the role publisher or above",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": _READ_ONLY,
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": _READ_ONLY,
    "Neo.ClientError.Cluster.NotALeader": "does not take writes: use a neo4j:// URL, which finds who does",
    "Neo.TransientError.General.OutOfDiskSpace": "cannot be written, its disk is full: make room; nothing was changed",
    "Neo.ClientError.Schema.ConstraintValidationFailed": "holds what its constraints forbid: run riskgraph doctor",
}


@contextmanager
def explained(access: Access) -> Iterator[None]:
    """Turns the errors of the driver and of the server into ours.

    Raises:
        StoreUnavailableError: the server cannot be reached, does not let us in, or cannot do what it was asked.
        CorruptStoreError: the server finds its own files damaged.
    """
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except Neo4jError as error:
        raise from_server(error, access) from error
    except DriverError as error:
        raise from_driver(error, access) from error


def from_server(error: Neo4jError, access: Access) -> StoreUnavailableError:
    """Our error for one that the server reports."""
    code = error.code or ""
    if sentence := _SENTENCES.get(code):
        return StoreUnavailableError(f"{access} {sentence}")
    if code == _NO_AUTH:
        given = f"user {access.user!r} with this password" if access.password else "anybody without a password"
        return StoreUnavailableError(f"{access} does not let in {given}: set {USER} and {PASSWORD}")
    if error.is_retryable():
        return StoreUnavailableError(f"{access} is too busy: try again ({code})")
    if code.startswith("Neo.DatabaseError"):
        message = f"{access} reports an error of its own ({code}): see its log, and run riskgraph doctor"
        return CorruptStoreError(message)
    return StoreUnavailableError(f"{access} refuses: {_line(error.message)} ({code})")


def from_driver(error: DriverError, access: Access) -> StoreUnavailableError:
    """Our error for one that the driver reports."""
    from neo4j.exceptions import IncompleteCommit, ServiceUnavailable, SessionExpired

    if isinstance(error, IncompleteCommit):
        message = f"{access} was lost while it wrote: run riskgraph history to see whether the revision is there"
        return StoreUnavailableError(message)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        scheme = access.url.partition("://")[0]
        secure = f", with TLS as {scheme}:// asks for" if "+" in scheme else ""
        return StoreUnavailableError(
            f"{access} cannot be reached: check that Neo4j runs there{secure} ({_line(error)})"
        )
    return StoreUnavailableError(f"{access} cannot be used: {_line(error)}")


def _line(what: object) -> str:
    """The first line, cut."""
    lines = str(what).strip().splitlines() or [type(what).__name__]
    return lines[0].rstrip(":")[:200]


__all__ = ["explained", "from_driver", "from_server"]
