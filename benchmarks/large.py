"""Takes nothing, prints the time and memory that questions to 100,000 risks and 1,000,000 cascades take.

Each question runs in a process of its own, from the arrays on, so that its peak is its own. ``python
benchmarks/large.py``; the peak is that of the whole process, Python and the arrays included (not on Windows).
"""

# ruff: noqa: INP001, T201 - a program by itself, which prints

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.simulation import random_network
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.network import Network
from riskgraph.simulation.removal import removal_gains
from riskgraph.simulation.simulate import simulate

RISKS, CASCADES = 100_000, 1_000_000
LEVELS = ("weighted", "0.6")
QUESTIONS: dict[str, Callable[[Network], object]] = {
    "the arrays": lambda network: network,
    "a start: probabilities, sizes, losses; 10,000 worlds": lambda network: simulate(network, ["R000005"]),
    "the expected loss of every start, 10,000 worlds": lambda network: expected_losses(network, method="simulated"),
    "choke points, 1,000 worlds": lambda network: removal_gains(network, runs=1000),
}


def main() -> None:
    """Asks each question of each network in a process of its own."""
    print("| what | " + " | ".join(f"p {level}: time | peak" for level in LEVELS) + " |")
    print("|---|" + "---|" * 2 * len(LEVELS))
    for what in QUESTIONS:
        cells = []
        for level in LEVELS:
            command = [sys.executable, __file__, what, level]
            done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")  # noqa: S603 - ours
            cells.append(done.stdout.strip())
        print(f"| {what} | {' | '.join(cells)} |")


def ask(what: str, level: str) -> None:
    """Answers one question, and prints the seconds it took and the process's peak."""
    import resource

    network = random_network(RISKS, CASCADES, level)
    start = time.perf_counter()
    QUESTIONS[what](network)
    seconds = time.perf_counter() - start
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    print(f"{seconds:.1f} s | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.0f} MB")


if __name__ == "__main__":
    ask(*sys.argv[1:3]) if len(sys.argv) > 1 else main()
