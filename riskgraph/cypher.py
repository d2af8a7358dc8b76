"""Cypher: the name of a statement in, its text with its parameters and columns out.

Every statement that is sent to Neo4j is a file of ``cypher/``, which stands beside the package in a checkout and inside
it where it is installed. A file is a header of ``//`` lines, which say what it does, and one statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PARAMETER: Final = re.compile(r"(\w+) \(([^()]*)\)")
_SUFFIX: Final = ".cypher"


@dataclass(frozen=True)
class Statement:
    """One statement: what it does, its text, the parameters that it takes and the columns that it returns."""

    name: str
    about: str
    text: str
    parameters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@cache
def read_statement(name: str) -> Statement:
    """The statement of a name such as ``read/nodes``.

    Raises:
        LookupError: there is no such file.
        ValueError: the file has no header, or no statement.
    """
    file = _folder().joinpath(*f"{name}{_SUFFIX}".split("/"))
    if not file.is_file():
        message = f"there is no statement {name!r} in cypher/"
        raise LookupError(message)
    return parse_statement(name, file.read_text("utf-8"))


def list_statements(group: str) -> tuple[str, ...]:
    """The names of the statements in a folder of ``cypher/``, in order."""
    names = (file.name for file in _folder().joinpath(group).iterdir())
    return tuple(sorted(f"{group}/{name.removesuffix(_SUFFIX)}" for name in names if name.endswith(_SUFFIX)))


def parse_statement(name: str, text: str) -> Statement:
    """The statement that a file's text holds.

    Raises:
        ValueError: there is no header, or no statement.
    """
    lines = text.splitlines()
    header = [line.removeprefix("//").strip() for line in lines if line.startswith("//")]
    body = "\n".join(line for line in lines if not line.startswith("//")).strip()
    about = [line for line in header if not line.startswith(("Parameters:", "Columns:"))]
    if not about or not body:
        message = f"cypher/{name}{_SUFFIX} needs a header of // lines and a statement"
        raise ValueError(message)
    parameters = _PARAMETER.findall(_after("Parameters:", header))
    columns = [column.strip() for column in _after("Columns:", header).split(",") if column.strip()]
    return Statement(name, " ".join(about), body, tuple(found for found, _ in parameters), tuple(columns))


def _after(word: str, header: list[str]) -> str:
    return next((line.removeprefix(word) for line in header if line.startswith(word)), "")


def _folder() -> Traversable:
    installed = resources.files("riskgraph") / "cypher"
    if installed.is_dir():
        return installed
    return Path(__file__).resolve().parent.parent / "cypher"


__all__ = ["Statement", "list_statements", "parse_statement", "read_statement"]
