"""Takes a server that fails, or a graph that was changed past us, shows that nothing is doubled, lost or hidden."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskgraph.edits import change, diff_graphs
from riskgraph.errors import CorruptStoreError, RevisionConflictError, StoreUnavailableError
from riskgraph.graph import RiskGraph, title
from riskgraph.history import Decision, Revision
from riskgraph.neighbourhood import Around
from riskgraph.store import Store, open_store
from riskgraph.store.doctor import examine
from riskgraph.store.repair import find_difference
from riskgraph.store.writing import utc_now
from tests.conftest import Neo4jBench
from tests.neo4j import server as servers
from tests.neo4j.proxy import Loss, Proxy
from tests.neo4j.server import Server
from tests.store.samples import HOSTILE, every_kind, record, risk
from tests.strategies import ACTIONS, INCIDENTS, INDICATORS, MITIGATIONS, RISKS, graphs

pytestmark = pytest.mark.xdist_group("neo4j")

Start = Callable[..., Server]


def port(server: Server) -> int:
    """The port of a server's URL."""
    return int(server.url.rpartition(":")[2])


def put(store: Store, id_: str, expected: int) -> Revision:
    """Adds a risk, without a look at the store before."""
    return store.write([risk(id_)], expected=expected, author="Ana", reason="test")


# Lost replies


@pytest.mark.parametrize("loss", ["reply", "request"])
def test_a_lost_commit_is_neither_doubled_nor_lost(neo4j: Server, loss: Loss) -> None:
    """Prevents: a second revision for one write, or one that is reported and not there."""
    open_store(neo4j.url, create=True).close()
    with Proxy(port(neo4j), loss) as proxy, closing(open_store(proxy.url)) as store:
        for n in range(50):
            proxy.armed = 1
            assert put(store, f"R{n}", n).number == n + 1
            assert proxy.armed == 0
        assert len(store.read().graph.risks) == 50
        assert examine(store) == ()


def test_a_commit_lost_again_and_again(neo4j: Server) -> None:
    """Prevents: an endless wait, and a line that says "failed" where the revision may be there."""
    open_store(neo4j.url, create=True).close()
    with Proxy(port(neo4j), "request") as proxy, closing(open_store(proxy.url)) as store:
        proxy.armed = 1000
        with pytest.raises(StoreUnavailableError, match="was lost while it wrote: run riskgraph history") as caught:
            put(store, "A", 0)
        assert "\n" not in str(caught.value)
        proxy.armed = 0
        assert store.revisions() == ()


def test_another_writer_comes_between(neo4j: Server) -> None:
    """Prevents: another's revision taken for one's own because number and content fit."""
    moment = utc_now()

    def clock() -> datetime:
        return moment

    with (
        closing(open_store(neo4j.url, create=True, clock=clock)) as other,
        Proxy(port(neo4j), "request") as proxy,
        closing(open_store(proxy.url, clock=clock)) as store,
    ):
        proxy.armed, proxy.meanwhile = 1, lambda: put(other, "A", 0)
        with pytest.raises(RevisionConflictError, match="made for revision 0, the store is at 1"):
            put(store, "A", 0)
        assert proxy.armed == 0
        assert len(other.revisions()) == 1


def test_another_writes_on_top_of_a_lost_reply(neo4j: Server) -> None:
    """Prevents: a conflict reported for a revision that was written, because it is not the newest any more."""
    with closing(open_store(neo4j.url, create=True)) as other, Proxy(port(neo4j)) as proxy:
        with closing(open_store(proxy.url)) as store:
            proxy.armed, proxy.meanwhile = 1, lambda: put(other, "B", 1)
            assert put(store, "A", 0).number == 1
        assert [revision.number for revision in other.revisions()] == [1, 2]
        assert examine(other) == ()


# Servers that are not there, or do not let us in


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a second server, again and again in one home, the one before killed."""
    if servers.OTHER in os.environ:
        pytest.skip("another's server is not killed")
    release = replace(servers.LTS, heap=servers.NEWEST.heap)  # Both servers share 1 GiB.
    running: list[Server] = []

    def again(more: str = "") -> Server:
        for server in running:
            servers.kill(server)
        try:
            java, jars = servers.find_java(release), servers.fetch_jars(release)
            running.append(servers.start(java, jars, tmp_path / "home", release, more))
        except servers.UnavailableError as error:
            pytest.skip(str(error))
        for name, value in running[-1].environment.items():
            monkeypatch.setenv(name, value)
        return running[-1]

    yield again
    for server in running:
        servers.kill(server)


def test_a_server_killed_in_the_middle_of_a_write(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: half a revision after a crash, or one that was acknowledged and is gone."""
    monkeypatch.setattr("riskgraph.store.neo4j.connection.WAIT", 1.0)
    server = start()
    dying = False

    def clock() -> datetime:
        if dying:
            servers.kill(server)
        return utc_now()

    with closing(open_store(server.url, create=True, clock=clock)) as store:
        record(store, *every_kind())
        dying = True  # Once it has locked and read, and before it writes.
        with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
            put(store, "C", 1)
        assert "\n" not in str(caught.value)
    with closing(open_store(start().url)) as store:
        assert (len(store.revisions()), len(store.read().graph)) == (1, 8)
        assert examine(store) == ()
        record(store, risk("C"))


def test_a_database_that_is_read_only(start: Start) -> None:
    """Prevents: a page of Java where one line says what to do; and a reader who is shut out with the writers."""
    with closing(open_store(start().url, create=True)) as store:
        record(store, *every_kind())
    with closing(open_store(start("server.databases.read_only=neo4j\n").url)) as store:
        with pytest.raises(StoreUnavailableError, match="the database is read-only: allow writes") as caught:
            record(store, risk("C"))
        assert (caught.value.exit_code, "\n" in str(caught.value)) == (6, False)
        assert (len(store.revisions()), len(store.read().graph)) == (1, 8)


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a minute of silence, or a page of traceback, where no server runs."""
    monkeypatch.setenv("RISKGRAPH_NEO4J_PASSWORD", "s3cret-word")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        url = f"neo4j://127.0.0.1:{probe.getsockname()[1]}"
    _refused(url, "cannot be reached: check that Neo4j runs there")


def test_a_wrong_password(neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a password in an error, or an error that does not say where it is set."""
    if not neo4j.password:
        pytest.skip("the server asks for no password")
    monkeypatch.setenv("RISKGRAPH_NEO4J_PASSWORD", "s3cret-word")
    _refused(neo4j.url, "does not let in user 'neo4j' with this password: set RISKGRAPH_NEO4J_USER and")
    monkeypatch.delenv("RISKGRAPH_NEO4J_PASSWORD")
    _refused(neo4j.url, "does not let in anybody without a password")


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s", "bolt+ssc"])
def test_no_tls_where_tls_is_asked(neo4j: Server, scheme: str) -> None:
    """Prevents: a connection that falls back to plain text."""
    _refused(neo4j.url.replace("bolt", scheme), rf"with TLS as {scheme.replace('+', '.')}:// asks for")


def test_a_database_that_is_not_there(neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a mistyped name that looks like a server that is down."""
    monkeypatch.setenv("RISKGRAPH_NEO4J_DATABASE", "risks")
    _refused(neo4j.url, r"\(database risks\) has no such database: set RISKGRAPH_NEO4J_DATABASE")


def test_a_store_that_was_never_made(neo4j: Server) -> None:
    """Prevents: commands on an empty database that answer "no risks"."""
    _refused(neo4j.url, "no store here: riskgraph init")
    neo4j.ask("CREATE (:Risk {id: 'theirs'})")
    _refused(neo4j.url, "has 1 nodes with labels of ours and no graph of ours: name an empty database", create=True)


def test_a_graph_of_a_newer_format(neo4j: Server) -> None:
    """Prevents: an old program that writes over what it does not understand."""
    open_store(neo4j.url, create=True).close()
    neo4j.ask("MATCH (g:RiskGraph) SET g.format = '2'")
    for create in (False, True):
        _refused(neo4j.url, "has format 2, this riskgraph reads format 1: upgrade riskgraph", create=create)


def test_a_store_that_is_there_keeps_its_identity(neo4j: Server) -> None:
    """Prevents: a second init that makes the graph another one."""
    with closing(open_store(neo4j.url, create=True)) as first:
        record(first, risk("A"))
        with closing(open_store(neo4j.url, create=True, graph_id="another")) as second:
            assert second.graph_id == first.graph_id
            assert second.read() == first.read()
        assert len(neo4j.ask("MATCH (g:RiskGraph) RETURN g")) == 1


def test_a_closed_store_says_so(neo4j_store: Neo4jBench) -> None:
    """Prevents: the driver's own words for a mistake of ours."""
    neo4j_store.store.close()
    neo4j_store.store.close()
    with pytest.raises(StoreUnavailableError, match="cannot be used here: it was closed"):
        neo4j_store.store.read()


# Changes by hand

BY_HAND = (
    ("MATCH (n:Risk {id: 'A'}) SET n.likelihood = 5", "risk A"),
    ("MATCH (n:Risk {id: 'A'}) REMOVE n.owner", "risk A"),
    ("CREATE (:Risk {id: 'C', name: 'c', status: 'open'})", "risk C"),
    ("MATCH (:Indicator)-[r:WATCHES]->() DELETE r", "watches I -> B"),
    ("MATCH (b:Risk {id: 'B'}), (a:Risk {id: 'A'}) CREATE (b)-[:CASCADES_TO]->(a)", "cascade B -> A"),
    ("MATCH (g:RiskGraph) SET g.currency = 'EUR'", "register"),
)


@pytest.mark.parametrize(("statement", "what"), BY_HAND)
def test_a_change_by_hand_stops_writes_and_is_named(neo4j_store: Neo4jBench, statement: str, what: str) -> None:
    """Prevents: a change without who, when and why that becomes part of the graph with the next write."""
    store = neo4j_store.store
    record(store, *every_kind())
    neo4j_store.ask(statement, {})
    with pytest.raises(CorruptStoreError, match=rf"was changed past riskgraph \({what}\)") as caught:
        record(store, risk("Z"))
    assert "\n" not in str(caught.value)
    assert len(store.revisions()) == 1
    (finding,) = examine(store)
    assert (finding.rule, what in finding.message) == ("store-content", True)


@pytest.mark.parametrize(("statement", "what"), BY_HAND)
@pytest.mark.parametrize("adopted", [True, False])
def test_a_change_by_hand_is_adopted_or_put_back(
    neo4j_store: Neo4jBench, statement: str, what: str, *, adopted: bool
) -> None:
    """Prevents: a store that nobody can write any more because somebody clicked in Browser."""
    store = neo4j_store.store
    record(store, *every_kind())
    before = store.read().graph
    neo4j_store.ask(statement, {})
    difference = find_difference(store)
    assert [title(edit.key) for edit in difference.edits] == [what]
    edits = list(difference.edits) if adopted else []
    decision = Decision(what="edit", incident="", decision="reject", reason="by mistake", marker="m")
    record(store, *edits, decisions=[decision], repair=True)
    assert (store.read().graph == before) is not adopted
    assert not find_difference(store)
    assert examine(store) == ()
    record(store, risk("Z"))


UNREADABLE = (
    ("MATCH (n:Risk {id: 'A'}) SET n.likelihood = 'often'", "risk A has a value"),
    ("MATCH (a:Risk {id: 'A'}), (b:Risk {id: 'B'}) CREATE (a)-[:CASCADES_TO]->(b)", "cascade A -> B is there twice"),
    ("CREATE (:Mitigation {id: 'A', name: 'm'})", "mitigation A has the id of risk A"),
    ("MATCH (n:Risk {id: 'A'}) SET n:Indicator", "risk A is also a indicator"),
    ("MATCH (m:Mitigation), (b:Risk {id: 'B'}) CREATE (m)-[:BLOCKS {cascade_from: 'Q'}]->(b)", "blocks M on Q -> B"),
    ("MATCH (m:Mitigation), (b:Risk {id: 'B'}) CREATE (m)-[:BLOCKS]->(b)", "lacks an end"),
    ("CREATE (:Risk {name: 'no id'})", "a risk has no id"),
)


@pytest.mark.parametrize(("statement", "what"), UNREADABLE)
def test_what_is_no_graph_is_put_back(neo4j_store: Neo4jBench, statement: str, what: str) -> None:
    """Prevents: a store that can be neither read nor repaired."""
    store = neo4j_store.store
    record(store, *every_kind())
    before = store.read().graph
    neo4j_store.ask(statement, {})
    with pytest.raises(CorruptStoreError, match="doctor --propose"):
        record(store, risk("Z"))
    difference = find_difference(store)
    assert what in " ".join(difference.unreadable)
    decision = Decision(what="edit", incident="", decision="reject", reason="unreadable", marker="m")
    record(store, decisions=[decision], repair=True)
    assert store.read().graph == before
    assert examine(store) == ()


DAMAGE = (
    ("MATCH (r:Revision {number: 1}) SET r.body = replace(r.body, 'Ana', 'Eve')", "store-digest"),
    ("MATCH (r:Revision {number: 2}) SET r.body = 'x'", "store-unreadable"),
    ("MATCH (r:Revision {number: 1}) DETACH DELETE r", "store-number"),
    ("MATCH (r:Revision {number: 2}) DETACH DELETE r", "store-content"),
    ("MATCH (g:RiskGraph) REMOVE g.content", "store-"),
    ("MATCH (n:Risk {id: 'A'}) SET n.color = 'red'", "store-content"),
    ("DROP CONSTRAINT riskgraph_risk_id", "store-integrity"),
)


@pytest.mark.parametrize(("statement", "rule"), DAMAGE)
def test_the_doctor_finds_damage(neo4j_store: Neo4jBench, statement: str, rule: str) -> None:
    """Prevents: a damaged history that nobody notices."""
    record(neo4j_store.store, *every_kind())
    record(neo4j_store.store, risk("C"))
    neo4j_store.ask(statement, {})
    found = examine(neo4j_store.store)
    assert found
    assert found[0].rule.startswith(rule)
    assert all("\n" not in finding.message for finding in found)


# Values


def test_two_hundred_hostile_values(neo4j_store: Neo4jBench) -> None:
    """Prevents: text that becomes part of a statement, or comes back as another."""
    texts = [f"{one}{other}" for n, one in enumerate(HOSTILE) for other in HOSTILE[n : n + 5]][:200]
    assert len(texts) == 200
    edits = [risk(f"R{n}", text, owner=text, tags=[text], **{f"x_{text}": text}) for n, text in enumerate(texts)]
    record(neo4j_store.store, *edits, author=texts[0], reason=texts[1])
    assert neo4j_store.store.read().graph == RiskGraph.of(_built(neo4j_store.store))
    kept = neo4j_store.ask("MATCH (n:Risk) RETURN n.owner AS owner, n.tags AS tags", {})
    assert sorted(row["owner"] for row in kept) == sorted(texts)
    assert examine(neo4j_store.store) == ()


def test_any_graph_is_turned_into_any_other(neo4j_store: Neo4jBench) -> None:
    """Prevents: statements that do something else on a server than their plan says."""
    store = neo4j_store.store

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given])
    @given(graphs())
    def turn(wanted: RiskGraph) -> None:
        if edits := diff_graphs(store.read().graph, wanted):
            record(store, *edits)
        assert store.read().graph == wanted

    turn()
    assert examine(store) == ()


def test_any_part_of_any_graph_is_read(neo4j_store: Neo4jBench) -> None:
    """Prevents: a neighbourhood that lacks an edge, or holds one too many, where the whole graph does not."""
    store = neo4j_store.store
    ids = st.frozensets(st.sampled_from([*RISKS, *MITIGATIONS, *INDICATORS, *INCIDENTS, *ACTIONS]), max_size=2)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given])
    @given(graphs(), st.lists(st.tuples(ids, st.booleans()), min_size=3, max_size=3))
    def look(wanted: RiskGraph, parts: list[tuple[frozenset[str], bool]]) -> None:
        if edits := diff_graphs(store.read().graph, wanted):
            record(store, *edits)
        for some, downstream in parts:
            around = Around(some, downstream)
            assert store.read(around=around).graph == around.of(wanted)

    look()


def test_a_value_is_taken_away(neo4j_store: Neo4jBench) -> None:
    """Prevents: a property that stays in Neo4j although it is absent."""
    record(neo4j_store.store, risk("A", owner="Ops", x_region="EU"))
    a = neo4j_store.store.read().graph.risks["A"]
    record(neo4j_store.store, change(a, {"owner": None, "x_region": None}))
    (row,) = neo4j_store.ask("MATCH (n:Risk) RETURN properties(n) AS found", {})
    assert row["found"] == {"id": "A", "name": "a risk", "status": "open"}


def _built(store: Store) -> Any:
    from riskgraph.edits import build

    return [build(edit.key, edit.set) for edit in store.revisions()[0].edits]


def _refused(url: str, message: str, *, create: bool = False) -> None:
    with pytest.raises(StoreUnavailableError, match=message) as caught:
        open_store(url, create=create)
    assert caught.value.exit_code == 6
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
