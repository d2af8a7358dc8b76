"""CSV: a graph in, one file that holds the whole register, or a file for each kind of entry, out.

In the one file the first column says what a row is: ``register``, ``risk``, ``cascade``, ``mitigation``, ``indicator``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from riskgraph.exports.source import Source
from riskgraph.register.sheets.columns import Sheet, list_sheets
from riskgraph.register.sheets.delimited import armed
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.tables import MARK

BOM: Final = "\ufeff"
"""What spreadsheet programs know UTF-8 by."""


def dump_csv(source: Source) -> str:
    """The register as one CSV file, with the columns of all kinds."""
    header, *sheets = list_sheets(source.graph, source.graph_id, source.effective_on)
    said = {str(key): value for key, value in header.rows if key != MARK}
    columns = list(dict.fromkeys(heading for sheet in sheets for heading in sheet.headings)) + [
        key for key in said if all(key not in sheet.headings for sheet in sheets)
    ]
    rows: list[Mapping[str, Cell]] = [{MARK: "register", **said}]
    for sheet in sheets:
        rows += [{MARK: sheet.kind, **dict(zip(sheet.headings, row, strict=True))} for row in sheet.rows]
    return _write([MARK, *columns], ([row.get(column) for column in (MARK, *columns)] for row in rows))


def dump_sheet(sheet: Sheet) -> str:
    """One sheet as a CSV file."""
    return _write(sheet.headings, sheet.rows)


def _write(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([armed(heading) for heading in headings])
    writer.writerows([_shown(cell) for cell in row] for row in rows)
    return BOM + text.getvalue()


def _shown(cell: Cell) -> str:
    """A cell as text; only what was text before can look like a formula."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float() | int():
            return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004
        case date():
            return cell.isoformat()
        case _:
            return armed(str(cell))
