"""Tables: a grid in, the tables found in it, each with its kind and what its columns mean, out.

A header is a row whose headings are known and say enough for an entry; titles above it, several tables in a sheet,
above each other or side by side, and headings in merged cells are taken into account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import PurePath
from typing import Final

from riskgraph.register.sheets.grid import Cell, Grid
from riskgraph.register.sheets.headers import (
    DROPPED,
    ENOUGH,
    FALLBACK,
    KINDS,
    Column,
    Kind,
    Wanted,
    is_heading,
    is_kept,
    match_columns,
    says_enough,
)
from riskgraph.register.sheets.words import fold, headings

MARK: Final = "riskgraph_register"
"""What a sheet of our own begins with."""
_LOOK: Final = 50
"""How many rows below a header are looked at to see whether a column is empty."""
_LONGEST: Final = 120
"""How many characters a heading has at most."""


@dataclass(frozen=True)
class Table:
    """A table of a grid: its kind, the row of its header, its columns, and the rows of its entries, from 0.

    ``sections`` has the heading across the columns that stands last above a row.
    """

    grid: Grid
    kind: Kind
    header: int
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    remarks: tuple[int, ...] = ()
    sections: Mapping[int, str] = field(default_factory=dict)
    own: bool = False

    def column(self, name: str) -> Column | None:
        """The column that fills a field."""
        return next((column for column in self.columns if column.field == name), None)

    def cells(self, column: Column) -> list[Cell]:
        """What stands in a column."""
        return [self.grid.rows[row][column.index] for row in self.rows]


def find_tables(grid: Grid, wanted: Sequence[Wanted] = (), *, own: bool = False) -> list[Table]:
    """The tables of a grid, from top to bottom; none where no row is a header."""
    found = _headers(grid, wanted)
    tables: list[Table] = []
    for number, (row, columns_of) in enumerate(found):
        end = found[number + 1][0] if number + 1 < len(found) else len(grid.rows)
        for kind, columns in columns_of:
            whole = columns + (_nameless(grid, row, end, columns) if len(columns_of) == 1 else ())
            rows, remarks, sections = _body(grid, row, end, columns)
            tables.append(Table(grid, kind, row, whole, rows, remarks, sections, own))
    return tables


def find_mixed(grid: Grid) -> list[Table]:
    """The tables of a CSV file of our own that holds entries of all kinds: the first column says of which one."""
    tables = []
    indexes = [number for number, cell in enumerate(grid.rows[0]) if number and cell]
    for kind in KINDS:
        columns = match_columns(grid, 0, indexes, kind, Wanted())
        rows = tuple(number for number, row in enumerate(grid.rows) if number and row[0] == kind)
        tables.append(Table(grid, kind, 0, columns, rows, own=True))
    return tables


def is_mixed(grid: Grid) -> bool:
    """Whether a grid is a file of our own that holds entries of all kinds."""
    return bool(grid.rows) and len(grid.rows[0]) > 1 and grid.rows[0][0] == MARK and grid.rows[0][1] != "1"


def unknown_headings(grid: Grid) -> str:
    """The texts of the row that most probably is the header of a grid in which none was found."""
    rows = sorted(enumerate(grid.rows), key=lambda item: (-sum(isinstance(cell, str) for cell in item[1]), item[0]))
    texts = [" ".join(cell.split()) for cell in (rows[0][1] if rows else ()) if isinstance(cell, str)]
    return ", ".join(texts[:12])


def _headers(grid: Grid, wanted: Sequence[Wanted]) -> list[tuple[int, list[tuple[Kind, tuple[Column, ...]]]]]:
    """The rows that are headers, with the tables that begin there."""
    found: list[tuple[int, list[tuple[Kind, tuple[Column, ...]]]]] = []
    scores: list[float] = []
    named = frozenset(heading for said in wanted for heading in said.fields)
    for row, cells in enumerate(grid.rows):
        texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST]
        if sum(map(is_heading, texts)) < ENOUGH and not any(fold(text) in named for text in texts if named):
            continue
        segments = _segments(grid, row)
        single = [best for part in segments if (best := _best(grid, row, part, wanted))]
        whole = _best(grid, row, [index for part in segments for index in part], wanted)
        if whole is None:
            continue
        # Tables side by side repeat what one table has once.
        several = len(segments) > 1 and len(single) == len(segments)
        chosen = single if several else [whole]
        score = sum(one[0] for one in chosen)
        filled = sum(len(part) for part in segments)
        if found and row == found[-1][0] + 1:
            if score > scores[-1]:  # A header in two rows: the lower one has the headings, the upper one groups them.
                found[-1], scores[-1] = (row, [one[1:] for one in chosen]), score
            continue
        if found and score * 2 < filled:
            continue
        found.append((row, [one[1:] for one in chosen]))
        scores.append(score)
    return found


def _segments(grid: Grid, row: int) -> list[list[int]]:
    """The filled columns of a row, split where a column without heading has nothing below either."""
    parts: list[list[int]] = [[]]
    below = list(takewhile(lambda cells: any(cell is not None for cell in cells), grid.rows[row : row + _LOOK]))
    for index, cell in enumerate(grid.rows[row]):
        if cell is not None:
            parts[-1].append(index)
        elif parts[-1] and all(other[index] is None for other in below):
            parts.append([])
    return [part for part in parts if part]


def _best(
    grid: Grid, row: int, indexes: Sequence[int], wanted: Sequence[Wanted]
) -> tuple[float, Kind, tuple[Column, ...]] | None:
    """How well a row is a header, of what, and its columns; None where it is none."""
    known = headings()
    options: list[tuple[float, Kind, tuple[Column, ...]]] = []
    sheet = fold(PurePath(grid.sheet).stem if grid.sheet.lower().endswith((".csv", ".tsv")) else grid.sheet)
    for said in wanted or (Wanted(),):
        for kind in KINDS if said.kind is None else (said.kind,):
            columns = match_columns(grid, row, indexes, kind, said)
            meant = {column.field for column in columns if not is_kept(column.field)} - {DROPPED}
            score = float(len(meant))
            said_of = sum(fold(column.heading) in said.fields for column in columns)
            if (score < ENOUGH and not said_of) or not says_enough(kind, columns):
                continue
            score += 2.5 * (sheet in known.sheets[kind]) - any(column.note == FALLBACK for column in columns)
            score += 2 * said_of * (said.kind is not None)
            options.append((score, kind, columns))
    return max(options, key=lambda option: option[0], default=None)


def _nameless(grid: Grid, header: int, end: int, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns that have cells and no heading; nothing is lost, so they get the name of the column."""
    known = {column.index for column in columns}
    used = {
        index
        for row in range(header + 1, end)
        for index, cell in enumerate(grid.rows[row])
        if cell is not None and index not in known
    }
    names = {index: f"Column {grid.place(-1, index).cell}" for index in sorted(used)}
    return tuple(Column(index, name, f"x_{name}", "it has no heading") for index, name in names.items())


def _body(
    grid: Grid, header: int, end: int, columns: Sequence[Column]
) -> tuple[tuple[int, ...], tuple[int, ...], dict[int, str]]:
    """The rows of a table's entries, its remarks, and the heading of a section that each row is below.

    A remark is one cell alone after a gap; one that is merged across columns heads the rows that follow it.
    """
    indexes = [column.index for column in columns]
    rows: list[int] = []
    remarks: list[int] = []
    sections: dict[int, str] = {}
    above: tuple[int, str] | None = None
    gap = False
    for row in range(header + 1, end):
        filled = [index for index in indexes if grid.rows[row][index] is not None or (row, index) in grid.faults]
        alone = len(filled) == 1 and len(indexes) > 1
        if not filled:
            gap = True
        elif alone and (row, filled[0]) in grid.groups:
            if above and above[1] not in sections.values():
                remarks.append(above[0])
            above = (row, " ".join(grid.groups[row, filled[0]].split()))
        elif alone and gap:
            remarks.append(row)
        else:
            gap = False
            rows.append(row)
            if above:
                sections[row] = above[1]
    if above and above[1] not in sections.values():
        remarks.append(above[0])
    return tuple(rows), tuple(sorted(remarks)), sections
