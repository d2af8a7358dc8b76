"""Spreadsheets at the command line: files in; what their columns are taken for, shown, a register and a mapping out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from riskgraph.cli import output

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph
    from riskgraph.register.read import Register
    from riskgraph.register.sheets.read import Spreadsheet
    from riskgraph.report.table import Table

Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="HEADING=FIELD", help="What a column of a spreadsheet means; may be repeated."),
]
ScaleOption = Annotated[
    list[str] | None,
    typer.Option("--scale", metavar="SCALE", help="What scores in a spreadsheet mean: uk-nrr-2023, impact=1e4,5e4,..."),
]
_SAMPLE: Final = 40
"""How many characters of an example are shown."""


def open_sheets(files: Sequence[Path], columns: list[str] | None, scale: list[str] | None) -> list[Spreadsheet]:
    """The spreadsheets among the files; what their columns are taken for is shown unless that is known already.

    Raises:
        InputError: one cannot be read; with every problem of every file.
        UsageError: an option says something that is not there.
    """
    from riskgraph.errors import UsageError
    from riskgraph.register.sheets.grid import is_spreadsheet
    from riskgraph.register.sheets.mapping import read_columns, read_scale
    from riskgraph.register.sheets.read import open_spreadsheets

    if not any(is_spreadsheet(file) for file in files):
        if columns or scale:
            raise UsageError("--map and --scale are about spreadsheets: name an .xlsx or .csv file, or a folder")
        return []
    opened, findings = open_spreadsheets(files, read_columns(columns or ()), read_scale(scale or ()))
    if findings:
        from riskgraph.errors import InputError

        raise InputError(str(findings[0]), findings)
    for sheet in opened:
        _show(sheet)
    return opened


def read_files(files: Sequence[Path], sheets: Sequence[Spreadsheet], base: RiskGraph | None) -> Register:
    """The register of all files, with a bar for the rows of spreadsheets.

    Raises:
        InputError: a file is not valid; with every problem of every file.
    """
    from riskgraph.register.read import read_registers

    with output.progress("reading rows", sum(sheet.rows for sheet in sheets)) as advance:
        return read_registers(list(files), base, sheets, advance=advance)


def save_mappings(sheets: Sequence[Spreadsheet]) -> None:
    """Writes what the columns mean beside each spreadsheet, so that the next import need not ask."""
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError
    from riskgraph.register.sheets.grid import MAPPING
    from riskgraph.register.sheets.mapping import MappingFile, dump_mapping, read_mapping

    for sheet in sheets:
        if not sheet.is_new:
            continue
        before = read_mapping(sheet.folder)
        path = sheet.folder / MAPPING
        try:
            write_file(path, dump_mapping(MappingFile(files={**before.files, **sheet.mappings})))
        except UsageError as error:
            output.say(f"warning: {error}; the next import asks again")
        else:
            output.say(f"wrote {path}: the next import of {sheet.path} reads its columns in the same way")


def _show(sheet: Spreadsheet) -> None:
    """What is read from where, for a person to look at."""
    from riskgraph.report.render import render

    for grid in sheet.unread:
        output.say(f"note: {grid.place(-1, -1)} has no table of risks, cascades, mitigations or indicators: not read")
    for table, _ in sheet.tables:
        for row in table.remarks:
            place = table.grid.place(row, table.columns[0].index)
            output.say(f"note: {place} and what stands beside it is taken for a remark: not read")
    if sheet.is_new:
        output.write_aside(render(_tables(sheet), "table", color=output.has_color(sys.stderr)))
        output.say('another meaning: --map "HEADING=FIELD"; --map "HEADING=-" leaves a column out')


def _tables(sheet: Spreadsheet) -> list[Table]:
    from riskgraph.register.sheets.values import as_text
    from riskgraph.report.table import Table

    tables = []
    for table, readers in sheet.tables:
        if table.own:
            continue
        rows = []
        for reader in readers:
            cells = (as_text(cell) for cell in table.cells(reader.column) if cell is not None)
            example = " ".join(next(cells, "").split())
            shown = example if len(example) <= _SAMPLE else f"{example[: _SAMPLE - 1]}…"
            rows.append((reader.column.heading, reader.field, shown or None, reader.column.note or None))
        where = table.grid.place(table.header, -1)
        title = f"{where}: {len(table.rows)} rows, each a {table.kind}"
        tables.append(Table(title, ("column", "is read as", "for example", "because"), tuple(rows)))
    return tables
