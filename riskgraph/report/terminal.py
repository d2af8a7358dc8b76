"""Terminal tables: tables in, aligned and wrapped text out. rich lays out; it never reads markup from data."""

from __future__ import annotations

import os
import sys
from io import StringIO
from textwrap import wrap
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.report.escape import disarm_commands, terminal
from riskgraph.report.figures import format_cell
from riskgraph.report.table import WIDTH, Table, is_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_NARROWEST: Final = 20
_SHORT: Final = 14
_LEAST: Final = 9
_WORDS: Final = (40, 24, 16)
"""Words up to so many letters are not broken, the first of these that leaves room for all columns."""
_GAP: Final = 3
_STYLED: Final = frozenset({"verdict", "agrees", "level", "state", "decision", "change"})
_STYLES: Final = {
    **dict.fromkeys(("NO", "error", "unmapped", "new_risk", "failed", "not_in_place", "silent", "-", "reject"), "red"),
    **dict.fromkeys(("warning", "indirect", "reversed", "open", "partially", "too late", "~", "!", "no"), "yellow"),
    **dict.fromkeys(("mapped", "yes", "answered", "blocked", "held", "+", "accept"), "green"),
    **dict.fromkeys(("unknown", "not_applicable", "pending", "note"), "dim"),
}
"""Colour only repeats what a word or sign says."""


def default_width() -> int:
    """The width of the terminal: ``COLUMNS``, else what the terminal says, else ``WIDTH``."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or WIDTH if sys.__stdout__ else WIDTH
    except (OSError, ValueError):
        return WIDTH


def render_terminal(tables: Sequence[Table], *, color: bool, width: int | None) -> str:
    """The text of tables for a terminal."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out, width=max(width or default_width(), _NARROWEST), force_terminal=color, no_color=not color,
        color_system="standard" if color else None, legacy_windows=False, markup=False, highlight=False, emoji=False,
        _environ={},
    )  # fmt: skip
    group = ""
    for number, table in enumerate(tables):
        if number:
            console.print()
        if table.group and table.group != group:
            _print_line(console, table.group, "bold underline")
            console.print()
        group = table.group
        _print_table(console, table)
    return disarm_commands("".join(f"{line.rstrip()}\n" for line in out.getvalue().split("\n")))


def _print_table(console: Console, table: Table) -> None:
    if table.title:
        _print_line(console, table.title, "bold")
    shown = _fitting(table, console.width)
    if shown:
        _print_grid(console, shown, _widths(shown))
    elif table.rows:
        _print_records(console, table)
        console.print()
    elif table.columns:
        _print_line(console, "  none", "dim")
    for note in table.notes:
        _print_line(console, note, "")
    if shown and shown is not table:
        left_out = ", ".join(name for name in table.columns if name not in shown.columns)
        _print_line(console, f"left out, the terminal is too narrow: {left_out}", "")


def _fitting(table: Table, width: int) -> Table | None:
    """The table with as many columns as fit, of those that may be left out; None where the others do not fit."""
    shown = table if table.rows else None
    for column in (*table.spare, None):
        if shown is None or _least(shown) <= width:
            break
        shown = shown.without(column) if column else None
    return shown


def _least(table: Table) -> int:
    """How narrow a table can be."""
    return sum(_narrowest(table)) + _GAP * (len(table.columns) - 1)


def _narrowest(table: Table) -> list[int]:
    """The widths below which a short column, or the words of a long one's heading, would be broken."""
    heads = (max(map(len, terminal(column).split()), default=0) for column in table.columns)
    return [
        width if width <= _SHORT else max(_LEAST, min(head, _SHORT))
        for width, head in zip(_widths(table), heads, strict=True)
    ]


def _print_grid(console: Console, table: Table, widths: list[int]) -> None:
    """Rows and columns; a short column is never broken, a long one wraps, between short words where there is room."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim")
    for index, (column, width) in enumerate(zip(table.columns, _fit(table, widths, console.width), strict=True)):
        justify: Literal["left", "right"] = "right" if is_numeric(table, index) else "left"
        header = "\n".join(wrap(terminal(column), widths[index]))
        grid.add_column(Text(header), justify=justify, overflow="fold", width=width)
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        grid.add_row(*(Text(terminal(format_cell(cell)), style=_style(name, cell)) for name, cell in cells))
    console.print(grid)


def _fit(table: Table, widths: list[int], room: int) -> list[int]:
    """The widths of columns in so much room: those with little text give way first, words are whole if they fit."""
    room -= _GAP * (len(widths) - 1)
    least, words = _narrowest(table), [_longest_word(table, index) for index in range(len(widths))]
    for longest in _WORDS:
        whole = [
            min(width, max(one, min(word, longest))) for width, one, word in zip(widths, least, words, strict=True)
        ]
        if sum(whole) <= room:
            least = whole
            break
    fitted = [min(width, max(room, one)) for width, one in zip(widths, least, strict=True)]
    texts = [sum(len(format_cell(row[index])) for row in table.rows) for index in range(len(fitted))]
    while sum(fitted) > room:
        giving = [index for index, width in enumerate(fitted) if width > least[index]]
        fitted[min(giving, key=lambda index: texts[index] / fitted[index])] -= 1
    return fitted


def _print_records(console: Console, table: Table) -> None:
    """A row below the other, a cell a line: for terminals too narrow for the columns. Empty cells are left out."""
    for number, row in enumerate(table.rows):
        if number:
            console.print()
        for name, cell in zip(table.columns, row, strict=True):
            if cell is not None:
                _print_line(console, f"{name}: {format_cell(cell)}", _style(name, cell))


def _widths(table: Table) -> list[int]:
    return [_width(table, index) for index in range(len(table.columns))]


def _width(table: Table, column: int) -> int:
    """How wide a column would like to be: as its longest cell, or the longest word of its heading."""
    from rich.cells import cell_len

    texts = [*table.columns[column].split(), *(format_cell(row[column]) for row in table.rows)]
    return max([1, *(cell_len(terminal(text)) for text in texts)])


def _longest_word(table: Table, column: int) -> int:
    """How wide a column has to be for its longest word, such as the time behind a date."""
    from rich.cells import cell_len

    words = (word for row in table.rows for word in terminal(format_cell(row[column])).split())
    return max((cell_len(word) for word in words), default=1)


def _style(column: str, cell: object) -> str:
    return _STYLES.get(cell, "") if column in _STYLED and isinstance(cell, str) else ""


def _print_line(console: Console, text: str, style: str) -> None:
    from rich.text import Text

    console.print(Text(terminal(text), style=style, overflow="fold"))
