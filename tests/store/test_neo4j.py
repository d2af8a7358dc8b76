"""The store on a server keeps the contract, as every store does; what only it can do wrong is in ``tests/neo4j``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from riskgraph.store import Store, open_store
from tests.neo4j.server import Server
from tests.store.contract import MakeStore, Reopen, StoreContract

pytestmark = pytest.mark.xdist_group("neo4j")


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
