"""The store on a server keeps the contract, as every store does; what only it can do wrong is in ``tests/neo4j``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from riskgraph.store import Store, open_store
from tests.neo4j.server import OTHER, Server
from tests.store.contract import MakeStore, Reopen, StoreContract

pytestmark = pytest.mark.xdist_group("neo4j")


def test_the_server_says_what_it_is(neo4j: Server, record_property: Callable[[str, object], None]) -> None:
    """Prevents: a run that nobody can tell apart from one on another release."""
    record_property("neo4j", neo4j.version)
    assert neo4j.version.startswith("5.26.") or OTHER in os.environ


class TestNeo4jStore(StoreContract):
    @pytest.fixture
    def opened(self) -> Iterator[list[Store]]:
        """Every handle of a test, closed at the end."""
        stores: list[Store] = []
        yield stores
        for store in stores:
            store.close()

    @pytest.fixture
    def make_store(self, neo4j: Server, opened: list[Store]) -> MakeStore:
        """Each in the one database, emptied."""

        def make(*, graph_id: str | None = None, clock: Callable[[], datetime] | None = None) -> Store:
            neo4j.clear()
            opened.append(open_store(neo4j.url, create=True, graph_id=graph_id, clock=clock))
            return opened[-1]

        return make

    @pytest.fixture
    def reopen(self, neo4j: Server, opened: list[Store]) -> Reopen:
        """Another driver on the same database."""

        def again(_: Store) -> Store:
            opened.append(open_store(neo4j.url))
            return opened[-1]

        return again
