"""Rendering: tables in, text for a terminal, markdown or CSV out; the same input gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskgraph.report import escape
from riskgraph.report.figures import format_cell
from riskgraph.report.table import Row, Table, is_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence


def render(
    tables: Sequence[Table],
    format: Literal["table", "markdown", "csv"],  # noqa: A002 - it is the option's name
    *,
    color: bool = False,
    width: int | None = None,
) -> str:
    """The text of tables; it ends with a line feed.

    ``width`` and ``color`` count for terminal tables only; without a width it is that of the terminal (``COLUMNS``
    first), or ``WIDTH`` where standard output is none.
    """
    match format:
        case "csv":
            text = _render_csv(tables)
        case "markdown":
            text = _render_markdown(tables)
        case "table":
            from riskgraph.report.terminal import render_terminal

            text = render_terminal(tables, color=color, width=width)
    return text.rstrip("\n") + "\n"


def _render_csv(tables: Sequence[Table]) -> str:
    """Blocks separated by an empty line, one for each set of columns; titles and notes are not data."""
    blocks: dict[tuple[str, ...], list[Row]] = {}
    for table in tables:
        names, values = tuple(name for name, _ in table.keys), tuple(value for _, value in table.keys)
        blocks.setdefault((*names, *table.columns), []).extend((*values, *row) for row in table.rows)
    return "\n".join("".join(_csv_line(row) for row in (columns, *rows)) for columns, rows in blocks.items())


def _csv_line(row: Row) -> str:
    return ",".join(escape.csv_cell(cell) for cell in row) + "\n"


def _render_markdown(tables: Sequence[Table]) -> str:
    parts: list[str] = []
    group = ""
    for table in tables:
        if table.group and table.group != group:
            parts.append(f"## {escape.markdown(table.group)}\n")
        group = table.group
        if table.title:
            parts.append(f"{'###' if group else '##'} {escape.markdown(table.title)}\n")
        if table.rows:
            numeric = [is_numeric(table, column) for column in range(len(table.columns))]
            lines = [
                _markdown_row([escape.markdown(column) for column in table.columns]),
                _markdown_row(["---:" if right else "---" for right in numeric]),
                *(_markdown_row([_markdown_cell(cell) for cell in row]) for row in table.rows),
            ]
            parts.append("\n".join(lines) + "\n")
        elif table.columns:
            parts.append("None.\n")
        if table.notes:
            parts.append("".join(f"- {escape.markdown(note)}\n" for note in table.notes))
    return "\n".join(parts)


def _markdown_cell(cell: object) -> str:
    return "-" if cell is None else escape.markdown(format_cell(cell))


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
