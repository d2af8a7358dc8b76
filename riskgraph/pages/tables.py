"""Tables of pages: a report's table in, the cells that a template shows, as text and as numbers in full, out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from riskgraph.report.figures import format_cell
from riskgraph.report.table import is_numeric

if TYPE_CHECKING:
    from riskgraph.report.table import Table

SHOWN: Final = 200
"""How many rows a page shows; a manager reads fewer, and a page of a hundred thousand opens nowhere."""
_SHORT: Final = 20


@dataclass(frozen=True)
class Cell:
    """A cell: its text, and the number that it stands for, not rounded, if it is one.

    What ``is_short``, such as a date, an id or an interval, stays on one line.
    """

    text: str
    number: float | None
    is_right: bool

    @property
    def is_short(self) -> bool:
        """Whether it stays on one line."""
        return len(self.text) <= _SHORT


@dataclass(frozen=True)
class Grid:
    """A table of a page. ``hidden`` is how many rows are not shown."""

    title: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    hidden: int


def lay_out(table: Table, title: str | None = None, shown: int = SHOWN) -> Grid:
    """A report's table as a page shows it: so many rows at most, and with another title if one is given."""
    right = [is_numeric(table, column) for column in range(len(table.columns))]
    return Grid(
        table.title if title is None else title,
        tuple(Cell(head, None, side) for head, side in zip(table.columns, right, strict=True)),
        tuple(
            tuple(_cell(value, is_right=side) for value, side in zip(row, right, strict=True))
            for row in table.rows[:shown]
        ),
        table.notes,
        max(0, len(table.rows) - shown),
    )


def _cell(value: object, *, is_right: bool) -> Cell:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Cell(format_cell(value), value if is_number else None, is_right)  # type: ignore[arg-type]
