"""Takes the checkout, prints the size of the wheel, of it with all it needs, and how long a fresh install takes.

Needs a package index; pip's settings count. The share of each dependency says what is heavy.
"""

# ruff: noqa: INP001 - a program by itself

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from pathlib import Path

MEGABYTE = 1_000_000


def pip(python: Path | str, *arguments: str | Path) -> None:
    """Runs pip quietly."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", *(str(one) for one in arguments)]
    subprocess.run(command, check=True)  # noqa: S603 - ours


def main() -> None:
    """Builds, downloads, installs, and prints."""
    checkout = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pip(sys.executable, "wheel", "--no-deps", "-w", work / "wheel", checkout)
        (wheel,) = (work / "wheel").glob("*.whl")
        pip(sys.executable, "download", "--only-binary", ":all:", "-d", work / "all", wheel)
        sizes = {path.name.split("-")[0]: path.stat().st_size for path in (work / "all").iterdir()}
        venv.create(work / "fresh", with_pip=True)
        scripts = sysconfig.get_path("scripts", vars={"base": str(work / "fresh")})
        python = Path(scripts, "python.exe" if sys.platform == "win32" else "python")
        start = time.perf_counter()
        pip(python, "install", "--no-index", "--find-links", work / "all", wheel)
        taken = time.perf_counter() - start
        installed = sum(path.stat().st_size for path in (work / "fresh").rglob("*") if path.is_file())
    total = sum(sizes.values())
    print(f"the wheel            {sizes['riskgraph'] / MEGABYTE:7.2f} MB")  # noqa: T201 - a benchmark's output
    print(f"with all it needs    {total / MEGABYTE:7.1f} MB in {len(sizes)} packages")  # noqa: T201 - as above
    print(f"installed            {installed / MEGABYTE:7.1f} MB, pip's own included")  # noqa: T201 - as above
    print(f"install, downloaded  {taken:7.1f} s")  # noqa: T201 - as above
    for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:8]:
        print(f"  {name:18} {size / MEGABYTE:7.2f} MB {size / total:6.0%}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
