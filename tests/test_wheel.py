"""Takes the checkout, gives the wheel built from it, installed and run where no checkout is in reach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCES = ("riskgraph", "examples", "cypher", "pyproject.toml", "setup.py", "README.md", "LICENSE")


def find_compiler() -> str | None:
    """The compiler that Python was built for, where it is installed."""
    return shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])


def run(*command: str | Path, cwd: Path, path: str | None = None) -> str:
    """Run a command with nothing of this process' environment that could lead it back to the checkout."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "SYSTEMROOT", "TMPDIR"}}
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    env = {**kept, "HOME": str(home), "NO_COLOR": "1", "RISKGRAPH_AUTHOR": "tester"}
    if path is not None:
        env["PYTHONPATH"] = path
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, so that no earlier build/ folder can lend it a file."""
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    source.mkdir()
    for name in SOURCES:
        origin = CHECKOUT / name
        if origin.is_dir():
            shutil.copytree(origin, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif origin.exists():
            shutil.copy2(origin, source / name)
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check")
    run(*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", work / "out", source, cwd=work)
    (built,) = (work / "out").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel and sees this one's libraries, but not this checkout.

    The libraries come by PYTHONPATH, which unlike a site folder is searched without reading `.pth` files:
    the one of an editable install would lead back to the checkout.
    """
    place = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", place / "venv", cwd=place)
    python = place / "venv" / "bin" / "python"
    site = sysconfig.get_path("purelib", vars={"base": str(place / "venv"), "platbase": str(place / "venv")})
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check")
    run(*pip, "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=place)
    assert Path(site, "riskgraph").is_dir()
    return place


@pytest.fixture(scope="module")
def libraries() -> str:
    """The folders that the dependencies of this environment are installed in, as a search path."""
    return os.pathsep.join(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib")))


def test_the_wheel_holds_everything_that_is_not_python(wheel: Path) -> None:
    """Prevents a wheel without its data: it imports well and fails at the first demo or the first PIR."""
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        Path("riskgraph", path.relative_to(CHECKOUT)).as_posix()
        for pattern in ("examples/**/*.yaml", "cypher/**/*.cypher")
        for path in CHECKOUT.glob(pattern)
        if not any(part.startswith(".") for part in path.relative_to(CHECKOUT).parts)
    }
    assert expected, "no example found in the checkout"
    assert expected <= names
    assert {"riskgraph/py.typed", "riskgraph/matching/words.toml", "riskgraph/pages/assets/engine.js"} <= names
    assets = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "riskgraph/pages/assets").iterdir()}
    assert assets <= names


def test_the_wheel_holds_every_module_and_nothing_else(wheel: Path) -> None:
    """Prevents a subpackage that the build forgets, and tests or tools that land in people's site folder."""
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "riskgraph").rglob("*.py")}
    assert modules <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"riskgraph"}
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_the_installed_program_runs_without_the_checkout(installed: Path, libraries: str) -> None:
    """Prevents code that finds its own parts only because the checkout lies around it."""
    scripts = installed / "venv" / "bin"
    where = "import riskgraph, riskgraph.cli; print(riskgraph.__file__)"
    assert run(scripts / "python", "-c", where, cwd=installed, path=libraries).startswith(str(installed))
    version = run(scripts / "python", "-m", "riskgraph", "--version", cwd=installed, path=libraries)
    assert version == run(scripts / "riskgraph", "--version", cwd=installed, path=libraries)
    assert "0.1.0" in version


def test_the_installed_statements_are_found(installed: Path, libraries: str) -> None:
    """Prevents a package whose module of that name hides the folder with the statements, or is hidden by it."""
    code = (
        "from riskgraph.cypher import *\n"
        "for group in ('schema', 'read', 'write'):\n"
        "    print(*(read_statement(name).name for name in list_statements(group)))"
    )
    out = run(installed / "venv" / "bin" / "python", "-c", code, cwd=installed, path=libraries)
    assert {"schema/risks", "read/nodes", "write/put_risks"} <= set(out.split())


def test_the_installed_kernel_is_compiled(installed: Path, libraries: str) -> None:
    """Prevents a wheel whose simulations run in the twins, a hundred times slower, and nobody notices."""
    code = "from riskgraph.simulation.kernel import engine; print(engine().compiled)"
    out = run(installed / "venv" / "bin" / "python", "-c", code, cwd=installed, path=libraries)
    assert out.strip() == "True" or (find_compiler() is None and "CI" not in os.environ)


def test_the_installed_demo_runs_the_whole_loop(installed: Path, libraries: str) -> None:
    """Prevents a demo that reads its example from the checkout."""
    out = run(installed / "venv" / "bin" / "riskgraph", "demo", "shown", cwd=installed, path=libraries)
    assert "unmapped" in out
    assert (installed / "shown").is_dir()
