"""Workbooks: an XLSX file that nobody vouches for in, its visible sheets as grids out.

A workbook is a zip file of XML. Each part is unpacked here, up to a limit, and looked through; the library that reads
cells is given those parts and nothing else, so what it sees is what was checked.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from html import unescape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from riskgraph.errors import UsageError
from riskgraph.register.sheets.grid import Cell, Grid, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_UNPACKED: Final = 128 << 20
MAX_CELLS: Final = 2_000_000
"""How many cells a workbook may have, and how large the area of one sheet from its first to its last may be."""
MAX_TEXT: Final = 256 << 20
"""How many characters all cells may show together; cells share texts, so a small file can show many."""

_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?workbook\.xml(?:\.rels)?|xl/sharedStrings\.xml|xl/styles\.xml"
    r"|xl/worksheets/(?:_rels/)?[^/]+"
)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_CELL: Final = re.compile(rb"<(?:\w+:)?c(?=[\s>/])")
_ATTRIBUTES: Final = re.compile(rb"[^<>]*")
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW: Final = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="(\d{1,7})"')
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v>[^<]|is>|t[ >])")
_INDEX: Final = re.compile(rb'\bt="s"[^<>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})')
_SHARED: Final = re.compile(rb"<(?:\w+:)?si(?=[\s>/])")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE: Final = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_workbook(raw: bytes, path: Path) -> list[Grid]:
    """The visible sheets of a workbook, from its content; of formulas the value that the workbook was saved with.

    Raises:
        InputError: it is no workbook, is protected, has macros, or is larger than is read.
        UsageError: the library is not installed.
    """
    shown = str(path)
    parts = _unpack(shown, raw)
    faults = _check(shown, parts)
    calamine = _calamine()
    try:
        with calamine.load_workbook(io.BytesIO(_pack(parts))) as workbook:
            visible = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return [_grid(shown, workbook.get_sheet_by_name(name), faults.get(name, {})) for name in visible]
    except (calamine.CalamineError, ValueError) as error:
        raise refuse(shown, f"is no workbook that can be read: {error}") from error


def _calamine() -> Any:
    try:
        import python_calamine
    except ImportError as error:
        raise UsageError('reading .xlsx needs one more package: pip install "riskgraph[sheets]"') from error
    return python_calamine


def _unpack(path: str, raw: bytes) -> dict[str, bytes]:
    """The parts that hold cells, unpacked."""
    if raw.startswith(_OLE):
        raise refuse(path, "is protected with a password, or of the old format: save it as .xlsx without a password")
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
                raise refuse(path, "holds macros, which are not read: save it as .xlsx without them")
            wanted = [member for member in members if _PARTS.fullmatch(member.filename)]
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise refuse(path, f"unpacks to more than {MAX_UNPACKED >> 20} MiB, the most that is read: split it")
            for member in wanted:
                with archive.open(member) as part:
                    parts[member.filename] = part.read(left)
                left -= len(parts[member.filename])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise refuse(path, f"is no workbook: {error}") from error
    if "xl/workbook.xml" not in parts:
        raise refuse(path, "is no workbook: it has no list of sheets")
    if any(_DOCTYPE.search(part) for part in parts.values()):
        raise refuse(path, "declares XML entities, which no spreadsheet program writes: save it anew")
    return parts


def _pack(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _check(path: str, parts: Mapping[str, bytes]) -> dict[str, dict[tuple[int, int], str]]:
    """What is wrong with cells, by sheet, row and column; refuses what would fill the memory when read."""
    names = _sheet_names(parts)
    lengths = [len(text) for text in _SHARED.split(parts.get("xl/sharedStrings.xml", b""))[1:]]
    cells, shared = 0, Counter[int]()
    faults: dict[str, dict[tuple[int, int], str]] = {}
    for part, content in parts.items():
        if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
            continue
        cells += sum(1 for _ in islice(_CELL.finditer(content), MAX_CELLS + 1))
        if cells > MAX_CELLS:
            raise refuse(path, f"has more than {MAX_CELLS:,} cells, the most that is read: split it")
        sheet = names.get(part, part)
        found, last = _look_through(content)
        if (last[0] + 1) * (last[1] + 1) > MAX_CELLS:
            where = Grid(path, sheet, ()).place(*last)
            raise refuse(path, f"has a sheet that reaches to {where.cell}: delete what is far from the tables")
        faults[sheet] = found
        shared.update(int(index) for index in _INDEX.findall(content))
    if sum(lengths[index] * count for index, count in shared.items() if index < len(lengths)) > MAX_TEXT:
        raise refuse(path, f"shows more than {MAX_TEXT >> 20} million characters, the most that is read: split it")
    return faults


def _look_through(content: bytes) -> tuple[dict[tuple[int, int], str], tuple[int, int]]:
    """The cells of a sheet that have a formula and no value, or an error for a value; and the farthest cell."""
    faults: dict[tuple[int, int], str] = {}
    row = column = -1
    last_row = last_column = 0
    first, *cells = _CELL.split(content)
    following = _last_row(first)
    for cell in cells:
        if following is not None:
            row, column = following, -1
        attributes = _ATTRIBUTES.match(cell)
        head = attributes.group() if attributes else b""
        column += 1
        if reference := _REFERENCE.search(head):
            row, column = int(reference[2]) - 1, _column(reference[1])
        last_row, last_column = max(last_row, row), max(last_column, column)
        if b't="e"' in head:
            faults[row, column] = "shows an error: correct its formula"
        elif b"<f" in cell and not _VALUE.search(cell):
            faults[row, column] = "has a formula without a value: open and save it in a spreadsheet program once"
        following = _last_row(cell) if b"row" in cell else None
    return faults, (last_row, last_column)


def _last_row(text: bytes) -> int | None:
    found = _ROW.findall(text)
    return int(found[-1]) - 1 if found else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _sheet_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The names of sheets by the parts they are in."""
    targets = {
        found.get("Id", ""): posixpath.normpath(posixpath.join("/xl", found.get("Target", ""))).lstrip("/")
        for found in map(_attributes, _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")))
    }
    sheets = map(_attributes, _SHEET.findall(parts["xl/workbook.xml"]))
    return {targets.get(found.get("r:id", ""), ""): found.get("name", "") for found in sheets}


def _attributes(text: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(text.decode("utf-8", "replace"))
    return {name: unescape(double or single) for name, double, single in found}


def _grid(path: str, sheet: Any, faults: Mapping[tuple[int, int], str]) -> Grid:
    """A sheet with merged cells filled in: the value of one that spans rows stands in each of them."""
    rows: list[list[Cell]] = [
        [None if value == "" else value for value in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    groups: dict[tuple[int, int], str] = {}
    height, width = len(rows), max(map(len, rows), default=0)
    room = MAX_CELLS
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= height or left >= width:
            continue
        value = rows[top][left]
        below, beside = min(bottom + 1, height), min(right + 1, width)
        room -= (below - top) * (beside - left)
        if room < 0:
            raise refuse(path, "has more merged cells than can be read: take the merging away")
        for row in range(top, below):
            rows[row][left] = value
            if right > left and isinstance(value, str):
                groups |= {(row, column): value for column in range(left, beside)}
    return Grid(path, sheet.name, rows, groups, faults)
