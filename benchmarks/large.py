"""Takes nothing, prints the time and memory that questions to 100,000 risks and 1,000,000 cascades take.

Each question runs in a process of its own, from the arrays on, so that its peak is its own. ``python
benchmarks/large.py``; the peak is that of the whole process, Python and the arrays included (not on Windows).
``--program`` asks the command line instead: an import of register files into an embedded store, then what is asked of
that store. It takes some minutes, and 10 GB of memory.
"""

# ruff: noqa: INP001, T201 - a program by itself, which prints

from __future__ import annotations

import subprocess
import sys
import tempfile
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
COMMANDS = ("simulate R000005", "rank mitigations --top 10", "rank cascades --top 10")


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


def run_program() -> None:
    """Imports register files, and asks the store, each with the command that a person would type."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_register(Path(folder))
        print("| command | time | peak |\n|---|---|---|")
        for what in (f"import {' '.join(files)}", *COMMANDS):
            words = [*what.split(), "--store", f"sqlite:///{folder}/large.db"]
            command = [sys.executable, __file__, "--command", *words]
            done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")  # noqa: S603 - ours
            print(f"| {what.replace(f'{folder}/', '')} | {done.stdout.strip()} |", flush=True)


def write_register(folder: Path) -> list[str]:
    """Register files of the network with the level "weighted" and 200 mitigations; each is smaller than is read."""
    network = random_network(RISKS, CASCADES, "weighted")
    head = "riskgraph_register: 1\neffective_on: 2020-01-01\n"
    risks = folder / "risks.yaml"
    with risks.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{head}risks:\n")
        file.writelines(
            f"  - {{id: {id_}, name: {id_}, likelihood: {{per_year: 0.01}}, loss: 1000}}\n" for id_ in network.ids
        )
        file.write("mitigations:\n")
        file.writelines(
            f"  - {{id: M{number}, name: M{number}, status: planned, "
            f"mitigates: [{{risk: {network.ids[number * 400]}, effectiveness: 0.5}}]}}\n"
            for number in range(200)
        )
    files = [risks]
    arcs = list(zip(network.sources.tolist(), network.targets.tolist(), network.probability.tolist(), strict=True))
    for part in range(4):
        files.append(folder / f"cascades-{part}.yaml")
        with files[-1].open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{head}cascades:\n")
            file.writelines(
                f"  - {{from: {network.ids[source]}, to: {network.ids[target]}, probability: {share:.6f}}}\n"
                for source, target, share in arcs[part::4]
            )
    return [str(one) for one in files]


def run_command(words: list[str]) -> None:
    """Runs one command, and prints the seconds it took and the process's peak."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "riskgraph", *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    report(time.perf_counter() - start, children=True)


def ask(what: str, level: str) -> None:
    """Answers one question, and prints the seconds it took and the process's peak."""
    network = random_network(RISKS, CASCADES, level)
    start = time.perf_counter()
    QUESTIONS[what](network)
    report(time.perf_counter() - start, children=False)


def report(seconds: float, *, children: bool) -> None:
    """Prints the seconds, and the peak of this process or of the largest of its children."""
    import resource

    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss / unit
    print(f"{seconds:.1f} s | {peak:,.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:] == ["--program"]:
        run_program()
    elif sys.argv[1:2] == ["--command"]:
        run_command(sys.argv[2:])
    elif len(sys.argv) > 1:
        ask(*sys.argv[1:3])
    else:
        main()
