"""Tables: what a result says in, titled columns and rows with notes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

Format = Literal["table", "json", "markdown", "csv", "github", "sarif"]
Row = tuple[object, ...]

WIDTH: Final = 100
"""The width of a table where there is no terminal to ask."""


@dataclass(frozen=True)
class Table:
    """A table: cells are text, numbers (also ``Money`` and ``Span``) or None.

    Tables of one ``group`` stand under one heading. ``keys`` are name and value of columns that only CSV shows, in
    front, since it has no headings; there, tables of the same columns become one. ``spare`` are columns that a terminal
    too narrow for the table leaves out, the first of them first.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    group: str = ""
    keys: tuple[tuple[str, object], ...] = ()
    spare: tuple[str, ...] = ()

    def without(self, column: str) -> Table:
        """The table without one of its columns."""
        kept = [index for index, name in enumerate(self.columns) if name != column]
        rows = tuple(tuple(row[index] for index in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[index] for index in kept), rows=rows)


def is_numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers only, as far as it holds anything."""
    cells = [row[column] for row in table.rows if row[column] is not None]
    return bool(cells) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
