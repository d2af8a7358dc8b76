"""Takes a fresh process, shows what asking for help costs and says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from riskgraph import __version__

HEAVY = ("pydantic", "networkx", "numpy", "neo4j", "pyvis", "ruamel", "yaml", "scipy", "rapidfuzz", "sqlite3")
COMMANDS = (
    "demo", "init", "import", "export", "check", "pir", "diff", "audit", "propose", "apply", "gaps", "history", "undo",
    "show", "schema", "doctor", "config", "copy", "query", "comment", "metrics", "changes", "actions", "incident",
    "indicator", "simulate", "paths", "rank", "replay",
)  # fmt: skip


def start(*args: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, which also says what it imported."""
    code = (
        "import sys; from riskgraph.cli import run; code = run(sys.argv[1:]); "
        "print('MODULES', *sorted({name.split('.')[0] for name in sys.modules})); sys.exit(code)"
    )
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("args", [("--help",), ("--version",)])
def test_help_imports_nothing_heavy(args: tuple[str, ...]) -> None:
    """Prevents: a person waits for pydantic and scipy to read what the commands are."""
    done = start(*args)
    modules = done.stdout.split("MODULES", 1)[1].split()
    assert done.returncode == 0
    assert not set(HEAVY) & set(modules)


def test_help_names_every_command() -> None:
    """Prevents: a command that exists and that nobody is told of."""
    said = start("--help").stdout
    assert not [name for name in COMMANDS if f" {name} " not in said]


def test_version() -> None:
    """Prevents: a bug report that cannot say which version it is about."""
    assert start("--version").stdout.startswith(f"riskgraph {__version__}\n")


@pytest.mark.parametrize("args", [("--nonsense",), ("shwo",), ("undo", "two"), ("import",), ("schema", "csv")])
def test_misuse_is_one_line_and_2(args: tuple[str, ...]) -> None:
    """Prevents: a script that cannot tell a wrong option from a failed check."""
    done = start(*args)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_module_is_the_program() -> None:
    """Prevents: ``python -m riskgraph`` and ``riskgraph`` going apart."""
    done = subprocess.run([sys.executable, "-m", "riskgraph", "--version"], capture_output=True, text=True, check=False)
    assert done.stdout == f"riskgraph {__version__}\n"
