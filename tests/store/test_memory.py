"""The store in memory keeps the contract, as every store does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from riskgraph.store import Store
from riskgraph.store.memory import MemoryStore
from riskgraph.store.writing import utc_now
from tests.store.contract import MakeStore, Reopen, StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def make_store(self) -> MakeStore:
        """Each a new one."""

        def make(*, graph_id: str | None = None, clock: Callable[[], datetime] | None = None) -> Store:
            return MemoryStore(graph_id, clock or utc_now)

        return make

    @pytest.fixture
    def reopen(self) -> Reopen:
        """The same: there is no other way to it."""
        return lambda store: store
