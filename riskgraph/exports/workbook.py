"""Workbooks: a graph in, an XLSX file with tables, pick lists and its changes out; the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from riskgraph.errors import InputError, UsageError
from riskgraph.exports.changes import list_changes
from riskgraph.exports.source import Source
from riskgraph.register.sheets.columns import HEADER, NAMES, Sheet, list_sheets
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.words import column_notes

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST: Final = 32_767
"""How many characters a cell of a workbook holds."""
_LONGEST_HEADING: Final = 255
_SPARE: Final = 1000
"""For how many rows below the last one pick lists are there as well."""
_WIDTHS: Final = (8, 60)
_CLOCK: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook has no zones; a fixed time keeps its bytes
_PICKS: Final = {
    ("risk", "status"): ["open", "accepted", "closed"],
    ("mitigation", "status"): ["planned", "in_progress", "implemented", "failed", "retired"],
    ("mitigation", "kind"): ["preventive", "detective", "corrective"],
}
_RISKS: Final = frozenset({("cascade", "from"), ("cascade", "to")})


def dump_workbook(source: Source) -> bytes:
    """The register as a workbook, with a sheet of what changed by which review.

    Raises:
        InputError: a value is longer than a cell can hold.
        UsageError: the library that writes workbooks is not installed.
    """
    sheets = list_sheets(source.graph, source.graph_id, source.effective_on)
    changes = [list_changes(source.revisions)] if source.revisions else []
    return write_workbook([*sheets, *changes])


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of a workbook of these sheets, the header sheet last but for the changes.

    Raises:
        InputError: a value is longer than a cell can hold.
        UsageError: the library is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise UsageError('writing .xlsx needs one more package: pip install "riskgraph[sheets]"') from error
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(content, options)
    workbook.set_properties({"title": "Risk register", "created": _CLOCK})
    formats = {
        "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "text": workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "other": workbook.add_format({"valign": "top"}),
    }
    for sheet in _ordered(sheets):
        _write(workbook, sheet, formats)
    workbook.close()
    return content.getvalue()


def _ordered(sheets: Sequence[Sheet]) -> Iterable[Sheet]:
    """The entries come first: they are what a person opens the file for."""
    return sorted(sheets, key=lambda sheet: [*NAMES.values(), HEADER].index(sheet.name) if sheet.kind else len(sheets))


def _write(workbook: Workbook, sheet: Sheet, formats: dict[str, Any]) -> None:
    worksheet = workbook.add_worksheet(sheet.name)
    for column, heading in enumerate(sheet.headings):
        _put(worksheet, (0, column), heading, formats, sheet)
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _put(worksheet, (number, column), cell, formats, sheet)
    last = max(1, len(sheet.rows))
    if all(len(heading) <= _LONGEST_HEADING for heading in sheet.headings):
        columns = [{"header": heading} for heading in sheet.headings]
        look = {"name": sheet.name, "columns": columns, "style": "Table Style Light 9"}
        worksheet.add_table(0, 0, last, len(columns) - 1, look)
    worksheet.freeze_panes(1, 1 if sheet.fields else 0)
    for column, width in enumerate(_widths(sheet)):
        text = not sheet.fields or _is_text(sheet, column)
        worksheet.set_column(column, column, width, formats["text" if text else "other"])
    for column, name in enumerate(sheet.fields):
        if note := column_notes().get((sheet.kind, name)):
            worksheet.write_comment(0, column, note, {"x_scale": 2, "visible": False})
        if rule := _rule(sheet.kind, name):
            worksheet.data_validation(1, column, last + _SPARE, column, rule)


def _rule(kind: str, name: str) -> dict[str, Any] | None:
    """The pick list of a column; what is not in it may be written all the same, after a question."""
    if picks := _PICKS.get((kind, name)):
        return {"validate": "list", "source": picks, "error_type": "warning"}
    if (kind, name) in _RISKS:
        return {"validate": "list", "source": f"={NAMES['risk']}!$A$2:$A$10000", "error_type": "warning"}
    if kind == "risk" and name == "impact":
        return {"validate": "list", "source": [1, 2, 3, 4, 5], "error_type": "warning"}
    return None


def _put(worksheet: Worksheet, at: tuple[int, int], cell: Cell, formats: dict[str, Any], sheet: Sheet) -> None:
    match cell:
        case None:
            return
        case bool():
            worksheet.write_boolean(*at, cell)
        case float() | int():
            worksheet.write_number(*at, cell, formats["other"])
        case date():
            worksheet.write_datetime(*at, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001
        case _:
            text = str(cell)
            if len(text) > _LONGEST:
                where = f"{sheet.name}, row {at[0] + 1}, {sheet.headings[at[1]]}"
                message = (
                    f"{where}: {len(text):,} characters are more than a cell holds ({_LONGEST:,}): export to .yaml"
                )
                raise InputError(message)
            worksheet.write_string(*at, text, formats["text"])


def _is_text(sheet: Sheet, column: int) -> bool:
    """Whether a new cell of a column should keep what is typed as it is: ids above all."""
    return sheet.fields[column] in {"id", "from", "to", "name", "mitigates", "blocks", "watches", "delay"}


def _widths(sheet: Sheet) -> list[float]:
    """How wide each column is for what it holds."""
    low, high = _WIDTHS
    widths = []
    for column, heading in enumerate(sheet.headings):
        shown = [len(line) for row in sheet.rows for line in str(row[column] or "").split("\n")]
        widths.append(float(min(high, max([low, len(heading) + 4, *(length + 2 for length in shown)]))))
    return widths
