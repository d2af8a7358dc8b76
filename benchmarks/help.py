"""Takes nothing, prints how long ``riskgraph --help`` takes beside a bare two-command Typer app, in fresh processes.

The two take turns, so that a busy machine slows both; the median of each counts. More than 1.35 times is too much.
"""

# ruff: noqa: INP001 - a program by itself

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 21
LIMIT = 1.35

BARE = '''
import typer

app = typer.Typer()


@app.command()
def one(name: str, loud: bool = False) -> None:
    """The first command."""


@app.command()
def two(name: str, loud: bool = False) -> None:
    """The second command."""


app()
'''


def main() -> None:
    """Measures, prints, and fails above the limit."""
    checkout = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": checkout}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # An installed program's modules are compiled.
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8", newline="\n")
        commands = {
            "a bare Typer app": [sys.executable, str(bare), "--help"],
            "riskgraph": [sys.executable, "-c", "from riskgraph.cli import main; main()", "--help"],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(RUNS + 1):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
                if turn:  # The first turn writes and warms the caches of compiled modules.
                    taken[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, seconds in medians.items():
        print(f"{name:18} {seconds * 1000:6.0f} ms")  # noqa: T201 - a benchmark's output
    ratio = medians["riskgraph"] / medians["a bare Typer app"]
    print(f"ratio              {ratio:6.2f} (at most {LIMIT})")  # noqa: T201 - a benchmark's output
    if ratio > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
