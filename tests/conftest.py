"""Takes the environment, gives the suite's hypothesis profile, and a Neo4j server to the tests that ask for one."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings

from riskgraph.store import Store, open_store
from tests.neo4j.server import OTHER, Server, UnavailableError, running

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


CONTRACT = re.compile(r"tests/store/test_\w+\.py::Test(\w+)Store::")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says on how many stores the contract was kept, and on which Neo4j."""
    passed = [report for report in terminalreporter.stats.get("passed", ()) if report.when == "call"]
    counts = Counter(found[1] for report in passed if (found := CONTRACT.search(report.nodeid)))
    versions = sorted({str(value) for report in passed for name, value in report.user_properties if name == "neo4j"})
    if counts:
        said = ", ".join(f"{count} on {store}" for store, count in sorted(counts.items()))
        terminalreporter.write_line(f"store contract: {said}; Neo4j {' and '.join(versions) or 'not used'}")


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Server]:
    """One server for all tests of a process; without one they are skipped, but in CI, or where one is named, fail."""
    try:
        with running() as server:
            yield server
    except UnavailableError as error:
        if os.environ.get("CI") or OTHER in os.environ:
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def neo4j(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, its database empty, entered as the environment says."""
    for name, value in neo4j_server.environment.items():
        monkeypatch.setenv(name, value)
    neo4j_server.clear()
    return neo4j_server


@dataclass(frozen=True)
class Neo4jBench:
    """An empty store on the server, and a way to ask the server past it: ``ask(statement, parameters)`` gives rows."""

    store: Store
    ask: Callable[[str, dict[str, Any]], list[dict[str, Any]]]


@pytest.fixture
def neo4j_store(neo4j: Server) -> Iterator[Neo4jBench]:
    """A store on the server, empty; mark the test ``xdist_group("neo4j")``, there is one database only."""
    store = open_store(neo4j.url, create=True)
    yield Neo4jBench(store, lambda statement, parameters: neo4j.ask(statement, **parameters))
    store.close()
