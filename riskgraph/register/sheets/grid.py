"""Grids: the file of a spreadsheet in, its sheets as rows of values, with the place of every cell, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place

Cell = str | float | bool | date | datetime | time | timedelta | None
"""What a cell holds; None where it is empty. Whole numbers of workbooks are floats."""

MAPPING: Final = "riskgraph-mapping.yaml"
"""The file beside spreadsheets that says what their columns mean."""
MAX_FILE: Final = 64 << 20
SUFFIXES: Final = frozenset({".xlsx", ".csv", ".tsv"})
"""What is read as a spreadsheet."""
_OTHERS: Final = {
    ".xlsm": "holds macros, which are not read: save it as .xlsx",
    ".xls": "is of the old format: save it as .xlsx",
    ".xlsb": "is a binary workbook: save it as .xlsx",
    ".ods": "is an OpenDocument sheet: save it as .xlsx",
}


@dataclass(frozen=True)
class Grid:
    """One sheet: its rows from the first one on, each as long as the others.

    ``groups`` has the text of a cell that is merged over several columns for all of them; ``faults`` what is wrong
    with a cell that has no value to read, by row and column counted from 0.
    """

    path: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    groups: Mapping[tuple[int, int], str] = field(default_factory=dict)
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def place(self, row: int, column: int) -> Place:
        """The place of a cell, counted from 0; a column of -1 means the whole row."""
        return Place(self.path, row + 1, column + 1, sheet=self.sheet)


def is_spreadsheet(path: Path | str) -> bool:
    """Whether a file is read as a spreadsheet, or refused as one; by its name. A folder stands for its CSV files."""
    found = Path(path)
    return found.suffix.lower() in SUFFIXES or found.suffix.lower() in _OTHERS or found.is_dir()


def holds_tables(folder: Path) -> bool:
    """Whether a folder is a register of CSV files, as ``riskgraph template`` writes one."""
    return any((folder / f"{name}.csv").is_file() for name in ("register", "risks"))


def read_grids(path: Path | str) -> list[Grid]:
    """The sheets of a workbook, the one of a CSV file, or those of the CSV files in a folder.

    Raises:
        InputError: the file cannot be read, is no such file, is too large, or holds macros or a password.
        UsageError: the library that reads workbooks is not installed.
    """
    file = Path(path)
    _refuse_others(file)
    if file.is_dir():
        inside = sorted(one for one in file.iterdir() if one.suffix.lower() == ".csv" and one.is_file())
        if not inside:
            raise refuse(str(path), "is a folder without CSV files: name a file, or a folder of riskgraph template")
        return [grid for one in inside for grid in read_grids(one)]
    return parse_grids(_read_bytes(file), file)


def parse_grids(raw: bytes, path: Path) -> list[Grid]:
    """The sheets of a workbook, or the one of a CSV file, from its content; its name says what it is.

    Raises:
        InputError: it is no such file, is too large, or holds macros or a password.
        UsageError: the library that reads workbooks is not installed.
    """
    _refuse_others(path)
    if path.suffix.lower() == ".xlsx":
        from riskgraph.register.sheets.workbook import parse_workbook

        return parse_workbook(raw, path)
    from riskgraph.register.sheets.delimited import parse_delimited

    return [parse_delimited(raw, path)]


def _refuse_others(path: Path) -> None:
    if why := _OTHERS.get(path.suffix.lower()):
        raise refuse(str(path), why)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE + 1)
    except OSError as error:
        raise refuse(str(path), f"cannot be read: {error.strerror or error}", "file-unreadable") from error
    if len(raw) > MAX_FILE:
        message = f"is larger than {MAX_FILE >> 20} MiB, the most that is read: split it"
        raise refuse(str(path), message, "file-too-large")
    return raw


def refuse(path: str, message: str, rule: str = "sheet-unreadable") -> InputError:
    """The error that refuses a whole file."""
    finding = Finding(rule, "error", message, Place(path))
    return InputError(f"{path}: {message}", (finding,))
