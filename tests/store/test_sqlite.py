"""The embedded store keeps the contract, as every store does; what only it can do wrong is in ``test_files.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from riskgraph.store import Store, open_store
from tests.store.contract import MakeStore, Reopen, StoreContract


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def opened(self) -> Iterator[list[tuple[Store, str]]]:
        """Every handle of a test and its URL, closed at the end."""
        stores: list[tuple[Store, str]] = []
        yield stores
        for store, _ in stores:
            store.close()

    @pytest.fixture
    def make_store(self, tmp_path: Path, opened: list[tuple[Store, str]]) -> MakeStore:
        """Each a new file."""

        def make(*, graph_id: str | None = None, clock: Callable[[], datetime] | None = None) -> Store:
            url = f"sqlite:///{tmp_path}/{len(opened)}.db"
            opened.append((open_store(url, create=True, graph_id=graph_id, clock=clock), url))
            return opened[-1][0]

        return make

    @pytest.fixture
    def reopen(self, opened: list[tuple[Store, str]]) -> Reopen:
        """Another connection to the same file."""

        def again(store: Store) -> Store:
            url = next(url for known, url in opened if known is store)
            opened.append((open_store(url), url))
            return opened[-1][0]

        return again
