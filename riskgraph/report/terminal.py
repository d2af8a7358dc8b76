"""Terminal tables: tables in, aligned and wrapped text out. rich lays out; it never reads markup from data."""

from __future__ import annotations

import os
import sys
from io import StringIO
from typing import TYPE_CHECKING, Final

from riskgraph.report.escape import disarm_commands, terminal
from riskgraph.report.figures import format_cell
from riskgraph.report.table import WIDTH, Table, is_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_NARROWEST: Final = 20
_ROOMY: Final = 60
_SHORT: Final = 14
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
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    if table.title:
        _print_line(console, table.title, "bold")
    if table.rows:
        grid = Grid(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim")
        for index, column in enumerate(table.columns):
            right = is_numeric(table, index)
            grid.add_column(
                Text(terminal(column)),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=console.width >= _ROOMY and _longest(table, index) <= _SHORT,
                min_width=min(max(map(len, column.split()), default=1), _SHORT),
            )
        for row in table.rows:
            cells = zip(table.columns, row, strict=True)
            grid.add_row(*(Text(terminal(format_cell(cell)), style=_style(name, cell)) for name, cell in cells))
        console.print(grid)
    elif table.columns:
        console.print(Text("  none", style="dim"))
    for note in table.notes:
        _print_line(console, note, "")


def _longest(table: Table, column: int) -> int:
    return max((len(format_cell(row[column])) for row in table.rows), default=0)


def _style(column: str, cell: object) -> str:
    return _STYLES.get(cell, "") if column in _STYLED and isinstance(cell, str) else ""


def _print_line(console: Console, text: str, style: str) -> None:
    from rich.text import Text

    console.print(Text(terminal(text), style=style, overflow="fold"))
