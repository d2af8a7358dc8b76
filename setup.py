"""Takes the checkout's top-level data folders and the kernel's source, gives a wheel that holds them, compiled."""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

FOLDERS = ("examples", "cypher")
SUFFIXES = frozenset({".yaml", ".yml", ".md", ".csv", ".json", ".toml", ".cypher"})

KERNEL = Extension(
    "riskgraph.simulation._kernel",
    [f"riskgraph/simulation/{name}.c" for name in ("spread", "lanes", "arrivals", "close", "dominate")],
    depends=["riskgraph/simulation/draws.h"],
    optional=True,  # Without a compiler the readable twins take its place.
)
# Results are the same on every machine, so a * b + c must not be rounded once where numpy rounds it twice.
FLAGS = {
    "unix": ["-std=c99", "-O3", "-ffp-contract=off", "-fvisibility=hidden"],
    "mingw32": ["-std=c99", "-O3", "-ffp-contract=off", "-fvisibility=hidden"],
    "msvc": ["/O2", "/fp:precise"],
}


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


class BuildKernel(build_ext):
    """The build step of the kernel, which is a plain library that ctypes loads, for any version of Python."""

    def build_extension(self, ext: Extension) -> None:
        """Compile with the flags of this machine's compiler."""
        ext.extra_compile_args = FLAGS.get(self.compiler.compiler_type, [])
        super().build_extension(ext)

    def get_ext_filename(self, fullname: str) -> str:
        """Return the library's path; its name has no version of Python in it."""
        return fullname.replace(".", os.sep) + (".dll" if os.name == "nt" else ".so")

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """Return nothing: the source names what it exports, and a plain library has no module to initialise."""
        return list(ext.export_symbols)


class WheelForAnyPython(bdist_wheel):
    """The wheel's name says that it depends on the machine, but not on the version of Python."""

    def get_tag(self) -> tuple[str, str, str]:
        """Return Python, ABI and platform."""
        return "py3", "none", super().get_tag()[2]


setup(
    ext_modules=[KERNEL],
    cmdclass={"build_py": BuildWithData, "build_ext": BuildKernel, "bdist_wheel": WheelForAnyPython},
)
