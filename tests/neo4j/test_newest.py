"""Takes the newest release of Neo4j, shows that a store there does what it does on the long-term one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from riskgraph.edits import change
from riskgraph.neighbourhood import Around
from riskgraph.queries.registry import QUESTIONS
from riskgraph.store import open_store
from riskgraph.store.doctor import examine
from tests.neo4j.server import NEWEST, OTHER, Server, UnavailableError, started
from tests.queries.test_cypher import compare, fill
from tests.store.samples import GRAPH_ID, every_kind, record

pytestmark = [
    pytest.mark.xdist_group("neo4j"),
    pytest.mark.skipif(OTHER in os.environ, reason=f"{OTHER} names the server to test on"),
]


@pytest.fixture
def newest(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server; where its Java is not at hand the test is skipped, since the long-term release is what counts."""
    try:
        with started(NEWEST) as server:
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            yield server
    except UnavailableError as error:
        pytest.skip(str(error))


def test_the_newest_release(newest: Server, record_property: Callable[[str, object], None]) -> None:
    """Prevents: Cypher or a driver call that the next long-term release will not take any more."""
    record_property("neo4j", newest.version)
    assert newest.version.startswith(NEWEST.version.rpartition(".")[0])
    with closing(open_store(newest.url, create=True, graph_id=GRAPH_ID)) as store:
        record(store, *every_kind())
        record(store, change(store.read().graph.risks["A"], {"owner": "Dev"}))
        assert examine(store) == ()
        graph, revisions = store.read().graph, store.revisions()
        part = Around(frozenset({"A"}), downstream=True)
        assert store.read(around=part).graph == part.of(graph)
    newest.clear()
    with closing(open_store(newest.url, create=True, graph_id=GRAPH_ID)) as store:
        store.restore(revisions)
        assert (store.read().graph, store.revisions()) == (graph, revisions)
    fill(newest, graph)  # Every question, on the same graph.
    assert {name for name, _ in compare(newest, graph)} == set(QUESTIONS)
