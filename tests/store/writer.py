"""A process to kill: a store's path and a way to die in, the number of each revision that it wrote out."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from riskgraph.edits import Edit
from riskgraph.store.sqlite import SqliteStore


def die_at_size(path: Path, growth: int) -> None:
    """Lets the system kill this process inside the write that makes a file larger than now by so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and would get an error instead.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = path.stat().st_size + growth
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def die_at_step(store: SqliteStore, step: int) -> None:
    """Kills this process at a step of SQLite's machine, somewhere between the begin and the end of a transaction."""
    left = step

    def count() -> int:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    store._db.set_progress_handler(count, 1)  # noqa: SLF001 - nothing else sees these moments


def main(path: Path, way: str, number: int) -> None:
    """Writes until it is killed; each revision adds a risk and a cascade to the one before."""
    store = SqliteStore(path)
    newest = store.read().revision
    if way == "size":
        die_at_size(path, number)
    elif way == "step":
        die_at_step(store, number)
    while True:
        edits = [Edit(op="add", key=("risk", f"R{newest}"), set={"name": f"risk {newest}", "description": "x" * 900})]
        if newest:
            edits.append(Edit(op="add", key=("cascade", f"R{newest - 1}", f"R{newest}"), set={"probability": 0.5}))
        newest = store.write(edits, expected=newest, author="writer", reason="kill test").number
        sys.stdout.write(f"{newest}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
