"""Takes Java and Maven, prints how long the shared store takes beside the driver's own best, on a server of its own.

``python benchmarks/shared_store.py [RISKS CASCADES]``; without numbers 10,000 and 100,000. Ratios of one run count: the
machine and the server are the same for both sides.
"""

# ruff: noqa: INP001, T201 - a program by itself, which prints

from __future__ import annotations

import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from riskgraph.edits import Edit, add  # noqa: E402 - found by the line above
from riskgraph.model import Cascade, Risk  # noqa: E402
from riskgraph.neighbourhood import Around  # noqa: E402
from riskgraph.store import open_store  # noqa: E402
from tests.neo4j.server import LTS, Server, started  # noqa: E402

BATCH = 10_000
READ = """
import sys, time
if sys.argv[2] == "plain":
    sys.modules["neo4j._rust"] = None
sys.path.insert(0, sys.argv[3])
from riskgraph.store import open_store
store = open_store(sys.argv[1])
start = time.perf_counter()
store.read()
print(time.perf_counter() - start)
store.close()
"""


def main() -> None:
    """Measures and prints."""
    risks, cascades = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 1 else (10_000, 100_000)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Neo4j {LTS.version}")
    edits = _register(risks, cascades)
    with started(LTS) as server:
        os.environ.update(server.environment)
        plain = _timed(lambda: _plain_import(server, edits))
        server.clear()
        with closing(open_store(server.url, create=True)) as store:
            ours = _timed(lambda: store.write(edits, expected=0, author="bench", reason="import"))
            print(f"import of {risks} risks and {cascades} cascades: {ours:.1f} s; driver, UNWIND: {plain:.1f} s; "
                  f"ratio {ours / plain:.2f}")  # fmt: skip
            part = statistics.median(_timed(lambda: store.read(around=Around(frozenset({"R7"})))) for _ in range(9))
            whole = _timed(store.read)
            print(f"what stands around one risk: {part * 1000:.0f} ms; everything: {whole:.1f} s; "
                  f"ratio {whole / part:.0f}")  # fmt: skip
            one = add(Risk(id="NEW", name="one more"))
            print(
                f"a write of one risk: {_timed(lambda: store.write([one], expected=1, author='b', reason='r')):.1f} s"
            )
        for kind in ("plain", "rust"):
            command = [sys.executable, "-c", READ, server.url, kind, str(ROOT)]
            taken = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(3)]  # noqa: S603 - ours
            print(f"snapshot, {kind} driver: {statistics.median(taken):.1f} s")


def _register(risks: int, cascades: int) -> list[Edit]:
    """The same register for both sides."""
    chance = random.Random(1)  # noqa: S311 - no secret
    ids = [f"R{n}" for n in range(risks)]
    pairs: dict[tuple[str, str], None] = {}
    while len(pairs) < cascades:
        pairs[tuple(chance.sample(ids, 2))] = None  # type: ignore[index] # a sample of two
    found: list[Any] = [Risk(id=id_, name=f"risk {id_}", owner="Ops") for id_ in ids]
    found += [Cascade.model_validate({"from": one, "to": other, "probability": 0.1}) for one, other in pairs]
    return [add(element) for element in found]


def _plain_import(server: Server, edits: list[Edit]) -> None:
    """What the driver's manual advises: managed transactions, UNWIND, batches, an index."""
    from neo4j import GraphDatabase

    nodes = [{"id": edit.key[1], **edit.set} for edit in edits if edit.kind == "risk"]
    rows = [{"from": edit.key[1], "to": edit.key[2], "of": edit.set} for edit in edits if edit.kind == "cascade"]
    make = "UNWIND $rows AS row MERGE (n:Risk {id: row.id}) SET n = row"
    tie = "UNWIND $rows AS row MATCH (a:Risk {id: row.from}), (b:Risk {id: row.to}) MERGE (a)-[r:CASCADES_TO]->(b) SET r = row.of"  # noqa: E501 - one statement
    auth = (server.user, server.password or "")
    with GraphDatabase.driver(server.url, auth=auth, notifications_min_severity="OFF") as driver:
        driver.execute_query("CREATE CONSTRAINT plain IF NOT EXISTS FOR (n:Risk) REQUIRE n.id IS UNIQUE")
        for statement, some in ((make, nodes), (tie, rows)):
            for start in range(0, len(some), BATCH):
                driver.execute_query(statement, rows=some[start : start + BATCH])
        driver.execute_query("DROP CONSTRAINT plain")


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
