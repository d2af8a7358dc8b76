"""The connection: where a server is in, what transactions there give out, begun again where a reply is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from riskgraph.cypher import read_statement
from riskgraph.errors import StoreUnavailableError
from riskgraph.store.neo4j.access import Access
from riskgraph.store.neo4j.failures import explained

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

WAIT: Final = 15.0
"""Seconds that the driver repeats what a server could not do at once, and that a connection may take."""

TRIES: Final = 5
"""How often a write whose reply was lost, or a read that a write came between, is begun again."""

T = TypeVar("T")


class Connection:
    """A driver of one database, and what it is called in errors."""

    def __init__(self, access: Access) -> None:
        import neo4j

        # What matters is raised; without a handler of its own the driver's log would come out on stderr.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        self.access = access
        self._closed = False
        with explained(access):
            self._driver = neo4j.GraphDatabase.driver(
                access.url,
                auth=(access.user, access.password) if access.password else None,
                user_agent="riskgraph",
                connection_timeout=WAIT,
                connection_acquisition_timeout=2 * WAIT,
                max_transaction_retry_time=WAIT,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )

    def verify(self) -> None:
        """Asks the server whether it lets us in. Errors as those of :func:`explained`."""
        with explained(self.access):
            self._driver.verify_connectivity()

    def read(self, work: Callable[..., T], *args: Any, **parameters: Any) -> T:
        """What a function gives that reads in one transaction, on any member of a cluster."""
        return self._again(lambda session: session.execute_read(work, *args, **parameters))

    def write(self, work: Callable[..., T], *args: Any, **parameters: Any) -> T:
        """What a function gives that writes in one transaction; it has to be able to see that it was done before."""
        return self._again(lambda session: session.execute_write(work, *args, **parameters))

    def close(self) -> None:
        """Release the connections; a second time does nothing."""
        self._closed = True
        self._driver.close()

    def _again(self, work: Callable[[Session], T]) -> T:
        """What one transaction gives, begun again where the reply to its commit is lost.

        The driver repeats what it knows to have failed, but not this. Its bookmarks let the session see what this
        store wrote and read before, also on another member of a cluster.
        """
        from neo4j.exceptions import IncompleteCommit

        if self._closed:
            raise StoreUnavailableError(f"{self.access} cannot be used here: it was closed")
        seen = self._driver.execute_query_bookmark_manager
        with (
            explained(self.access),
            self._driver.session(database=self.access.database, bookmark_manager=seen) as session,
        ):
            for _ in range(TRIES - 1):
                with suppress(IncompleteCommit):
                    return work(session)
            return work(session)


def rows(tx: ManagedTransaction, /, name: str, **parameters: Any) -> list[list[Any]]:
    """What a statement of ``cypher/`` returns, in the order of its columns."""
    statement = read_statement(name)
    # The text is a file of ours; values are parameters.
    result = tx.run(statement.text, parameters)
    return [[record[column] for column in statement.columns] for record in result]


__all__ = ["TRIES", "WAIT", "Connection", "rows"]
