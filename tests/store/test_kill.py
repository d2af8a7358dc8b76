"""A hundred kills of a writing process: nothing that was acknowledged is lost, and nothing is half there.

A writer is killed in three ways, at moments drawn from a seed, none of them by the clock: by its parent, some way
after it printed a number; by the system, inside the write that makes a file larger than a limit; and at a step of
SQLite's own machine.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from riskgraph.history import History
from riskgraph.store import open_store
from riskgraph.store.doctor import examine

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and limits are those of POSIX")

WRITER = Path(__file__).with_name("writer.py")
ROOT = WRITER.parents[2]
WAYS = ("parent", "size", "step")


def killed(path: Path, way: str, chance: random.Random) -> int:
    """Runs a writer until it is killed, and gives the last number that it acknowledged; 0 where there was none."""
    number = {"parent": 0, "size": chance.randint(1, 30_000), "step": chance.randint(1, 6000)}[way]
    process = subprocess.Popen(
        [sys.executable, str(WRITER), str(path), way, str(number)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    lines: list[bytes] = []
    with process:
        if way == "parent":
            lines = [process.stdout.readline() for _ in range(chance.randint(1, 3))]
            for _ in range(chance.randint(0, 300_000)):  # Burns a drawn part of the next write.
                pass
            process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
    assert process.returncode < 0, f"the writer was not killed but ended with {process.returncode}"
    whole = [line for line in lines if line.endswith(b"\n")]
    return int(whole[-1]) if whole else 0


@pytest.mark.parametrize("batch", range(4))
def test_kills_lose_nothing(tmp_path: Path, batch: int) -> None:
    """A person who read "revision 12" finds revision 12, whole, whatever happened next."""
    path = tmp_path / "riskgraph.db"
    open_store(f"sqlite:///{path}", create=True).close()
    chance = random.Random(batch)  # noqa: S311 - the same moments at every run
    before = torn = 0
    for turn in range(25):
        acknowledged = killed(path, WAYS[turn % 3], chance)
        torn += len(list(tmp_path.iterdir())) > 1
        with closing(open_store(f"sqlite:///{path}")) as store:
            assert examine(store) == ()
            newest = store.read().revision
            assert newest >= max(acknowledged, before)
            assert newest <= max(acknowledged, before) + 1, "a revision that nobody was told of, and then another"
            graph = store.read().graph
            assert graph.risks.keys() == {f"R{number}" for number in range(newest)}
            assert len(graph.cascades) == max(newest - 1, 0)
            assert History(store.revisions()).graph == graph
        before = newest
    assert torn > 5, "the kills fell between the writes: this test shows nothing"
