"""Access: a server's URL and the environment in, where to connect and as whom out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from riskgraph.errors import UsageError

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""What a URL may begin with; ``+s`` asks for TLS, ``+ssc`` also takes a certificate that nobody signed."""

USER: Final = "RISKGRAPH_NEO4J_USER"
PASSWORD: Final = "RISKGRAPH_NEO4J_PASSWORD"  # noqa: S105 - the variable's name
PASSWORD_FILE: Final = "RISKGRAPH_NEO4J_PASSWORD_FILE"  # noqa: S105 - as above
DATABASE: Final = "RISKGRAPH_NEO4J_DATABASE"


@dataclass(frozen=True)
class Access:
    """Where a server is and how it is entered; without a password it is entered without authentication."""

    url: str
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)
    database: str | None = None

    def __str__(self) -> str:
        """The URL, which holds no secret, and the database where one is named."""
        return f"{self.url} (database {self.database})" if self.database else self.url


def read_access(url: str, environment: Mapping[str, str]) -> Access:
    """Where a URL leads, entered as the environment says.

    Raises:
        UsageError: the URL is none, or holds what belongs into the environment, or the password's file cannot be read.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if "@" in url:
        scheme = url.partition("://")[0]
        raise UsageError(
            f"a {scheme}:// URL must not hold a user or password, which others could read: set {USER}, and {PASSWORD} "
            f"or {PASSWORD_FILE}"
        )
    if parts.scheme not in SCHEMES or not host or port == 0:
        raise UsageError(f"{url!r} names no server: write neo4j://localhost:7687")
    if parts.path.strip("/") or parts.fragment:
        raise UsageError(
            f"{url!r} names more than a server: write neo4j://HOST:PORT, and name a database with {DATABASE}"
        )
    return Access(url, environment.get(USER) or "neo4j", _password(environment), environment.get(DATABASE) or None)


def _password(environment: Mapping[str, str]) -> str | None:
    if password := environment.get(PASSWORD):
        return password
    name = environment.get(PASSWORD_FILE)
    if not name:
        return None
    try:
        lines = Path(name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(f"{PASSWORD_FILE} names {name}, which cannot be read: {reason}") from error
    if not lines or not lines[0]:
        raise UsageError(f"{PASSWORD_FILE} names {name}, which is empty: write the password into its first line")
    return lines[0]


__all__ = ["DATABASE", "PASSWORD", "PASSWORD_FILE", "SCHEMES", "USER", "Access", "read_access"]
