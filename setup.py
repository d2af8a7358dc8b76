"""Takes the checkout's top-level data folders, gives a wheel that holds them inside the package."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("examples", "cypher")
SUFFIXES = frozenset({".yaml", ".yml", ".md", ".csv", ".json", ".toml", ".cypher"})


def list_data() -> list[Path]:
    """Return the data files to ship, sorted, relative to the checkout; hidden and generated files are not."""
    return sorted(
        path
        for folder in FOLDERS
        for path in Path(folder).rglob("*")
        if path.is_file() and path.suffix in SUFFIXES and not any(part.startswith(".") for part in path.parts)
    )


class BuildWithData(build_py):
    """The build step that also copies `examples/` to `riskgraph/examples/`, and `cypher/` likewise.

    A symlink inside the package would do the same in a checkout and be dropped from a wheel without a word.
    """

    def run(self) -> None:
        """Copy the modules, then the data; an editable install reads the data from the checkout."""
        super().run()
        if self.editable_mode:
            return
        for source in list_data():
            target = Path(self.build_lib, "riskgraph", source)
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT001, FBT002 - setuptools' signature
        """Return what the step writes, so that an installer records it."""
        copied = [] if self.editable_mode else [str(Path(self.build_lib, "riskgraph", p)) for p in list_data()]
        return [*super().get_outputs(include_bytecode), *copied]

    def get_source_files(self) -> list[str]:
        """Return what the step reads, so that a source distribution holds it."""
        return [*super().get_source_files(), *map(str, list_data())]


setup(cmdclass={"build_py": BuildWithData})
