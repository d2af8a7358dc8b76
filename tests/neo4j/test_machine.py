"""All stores against a dict, Neo4j among them: the state machine of ``tests/store``, with fewer and shorter runs."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import settings

from riskgraph.store import Store, open_store
from tests.neo4j.server import Server
from tests.store.samples import GRAPH_ID
from tests.store.test_machine import StoreMachine

pytestmark = pytest.mark.xdist_group("neo4j")


class ServerMachine(StoreMachine):
    """The server's database is emptied before each run."""

    names = ("memory", "sqlite", "neo4j")
    server: ClassVar[Server]

    def __init__(self) -> None:
        self.server.clear()
        super().__init__()

    def opened(self, name: str) -> Store:
        """A store by its kind."""
        if name == "neo4j":
            return open_store(self.server.url, create=True, graph_id=GRAPH_ID, clock=lambda: self.clock.now)
        return super().opened(name)


@pytest.fixture(autouse=True)
def _server(neo4j: Server) -> None:
    """The server that every run uses."""
    ServerMachine.server = neo4j


TestServerMachine = ServerMachine.TestCase
TestServerMachine.settings = settings(settings.default, max_examples=10, stateful_step_count=20)
