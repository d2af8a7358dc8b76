"""Reading spreadsheets: paths and what is said of their columns in, register documents, or every problem, out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from riskgraph.errors import InputError, UsageError
from riskgraph.findings import Finding, Place
from riskgraph.graph import RiskGraph
from riskgraph.register.sheets.entries import Entries, SheetDocument
from riskgraph.register.sheets.grid import Cell, Grid, is_spreadsheet, read_grids
from riskgraph.register.sheets.header import decode_header, header_pairs
from riskgraph.register.sheets.identity import Names
from riskgraph.register.sheets.implied import imply
from riskgraph.register.sheets.mapping import MappingFile, SheetMapping, mapping_of, read_mapping
from riskgraph.register.sheets.tables import MARK, Table, find_mixed, find_tables, is_mixed, unknown_headings
from riskgraph.register.sheets.values import Reader, make_readers
from riskgraph.register.sheets.words import fold
from riskgraph.scales import BUILT_IN, Scale
from riskgraph.validation import closest

CHANGES = "Changes"
"""The sheet of our own workbooks that tells their history, and holds no entries."""


@dataclass(frozen=True)
class Spreadsheet:
    """A spreadsheet whose tables were found: its tables with how their columns are read, and its header, if it is ours.

    ``saved`` is the mapping that lies beside it, by the name of the file; ``unread`` are sheets without a table.
    """

    path: Path
    tables: Sequence[tuple[Table, Sequence[Reader]]]
    header: Mapping[str, tuple[Place, Cell]] = field(default_factory=dict)
    saved: Mapping[str, SheetMapping] = field(default_factory=dict)
    unread: Sequence[Grid] = ()

    @property
    def folder(self) -> Path:
        """The folder that its mapping lies in."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def rows(self) -> int:
        """How many rows there are to read."""
        return sum(len(table.rows) for table, _ in self.tables)

    @cached_property
    def mappings(self) -> Mapping[str, SheetMapping]:
        """The mapping that it is read with, by the name of the file; nothing for files of our own."""
        by_file: dict[str, list[Table]] = {}
        for table, readers in self.tables:
            if not table.own:
                read = replace(table, columns=tuple(reader.column for reader in readers))
                by_file.setdefault(Path(table.grid.path).name, []).append(read)
        return {name: mapping_of(tables, self.saved.get(name, SheetMapping())) for name, tables in by_file.items()}

    @property
    def is_new(self) -> bool:
        """Whether the mapping is another than the one that lies beside it."""
        return any(mapping != self._before.get(name) for name, mapping in self.mappings.items())

    @cached_property
    def _before(self) -> Mapping[str, SheetMapping]:
        return read_mapping(self.folder).files


def open_spreadsheet(path: Path, columns: Mapping[str, str] | None = None, scale: Scale | None = None) -> Spreadsheet:
    """A spreadsheet with the tables that are found in it.

    ``columns`` are fields by folded heading, as ``mapping.read_columns`` gives them; they count more than the mapping
    beside the file, and that more than the synonyms. ``scale`` counts more than that of the mapping.

    Raises:
        InputError: the file or the mapping cannot be read, or no table is found.
        UsageError: the library that reads workbooks is not installed.
    """
    grids = read_grids(path)
    return find_sheets(path, grids, read_mapping(path if path.is_dir() else path.parent), columns, scale)


def find_sheets(
    path: Path,
    grids: Sequence[Grid],
    mapping_file: MappingFile,
    columns: Mapping[str, str] | None = None,
    scale: Scale | None = None,
) -> Spreadsheet:
    """A spreadsheet with the tables that are found in its sheets, as :func:`open_spreadsheet` gives it.

    Raises:
        InputError: no table is found.
    """
    saved = dict(mapping_file.files)
    header = next((said for grid in grids if (said := _header(grid)) is not None), None)
    tables: list[tuple[Table, Sequence[Reader]]] = []
    unread: list[Grid] = []
    for grid in grids:
        if header is not None and (header_pairs(grid) is not None or grid.sheet == CHANGES):
            continue
        name = Path(grid.path).name
        mapping = saved.get(name, SheetMapping())
        if scale is not None:
            mapping = mapping.model_copy(update={"scale": _merged(mapping.scale, scale)})
            saved[name] = mapping
        if is_mixed(grid):
            found = find_mixed(grid)
        else:
            found = find_tables(grid, mapping.wanted(grid.sheet, columns or {}), own=header is not None)
        tables += [(table, make_readers(table, mapping)) for table in found]
        if not found and any(cell is not None for row in grid.rows for cell in row):
            unread.append(grid)
    if not tables and header is None:
        raise _without_table(path, grids)
    return Spreadsheet(path, tables, header or {}, saved, unread)


def open_spreadsheets(
    paths: Sequence[Path | str], columns: Mapping[str, str] | None = None, scale: Scale | None = None
) -> tuple[list[Spreadsheet], list[Finding]]:
    """The spreadsheets among these files, as :func:`open_spreadsheet` gives them, and why others cannot be read.

    Raises:
        UsageError: as there; a heading of ``columns`` has to be in one of them.
    """
    opened: list[Spreadsheet] = []
    findings: list[Finding] = []
    for path in map(Path, paths):
        if is_spreadsheet(path):
            try:
                opened.append(open_spreadsheet(path, columns, scale))
            except InputError as error:
                findings += error.findings
    if not findings:
        _refuse_unknown(columns or {}, [table for sheet in opened for table, _ in sheet.tables])
    return opened, findings


def read_spreadsheets(
    sheets: Sequence[Spreadsheet], base: RiskGraph | None = None, advance: Callable[[int], None] = lambda _: None
) -> tuple[list[SheetDocument], list[Finding]]:
    """The register documents of spreadsheets, which may name each other's risks, and what is wrong with their cells.

    With ``base`` they may name its elements, and entries without an id that have the name of one of those are it.
    ``advance`` is told of each row that was read.
    """
    graph = base or RiskGraph()
    names = Names(graph)
    findings: list[Finding] = []
    collected: list[Entries] = []
    for sheet in sheets:
        entries = Entries(str(sheet.path), names, graph, findings)
        _read_header(sheet, entries)
        scales = _scales(sheet, entries, graph)
        for table, readers in sheet.tables:
            likelihood, impact = (bool(scales and getattr(scales, part)) for part in ("likelihood", "impact"))
            missing = {name for name, there in (("likelihood", likelihood), ("impact", impact)) if not there}
            unscaled = [reader for reader in readers if reader.field in missing and _has_score(table, reader)]
            findings += [_unscaled(table, reader) for reader in unscaled]
            entries.take(table, readers, advance, {reader.field for reader in unscaled})
        collected.append(entries)
    for entries in collected:
        for row in entries.settle():
            imply(entries, row)
    return [entries.document() for entries in collected], findings


def _header(grid: Grid) -> dict[str, tuple[Place, Cell]] | None:
    """What a sheet of our own says of the register; None where the sheet does not say that."""
    if is_mixed(grid):
        names = [str(cell) for cell in grid.rows[0]]
        row = next((number for number, cells in enumerate(grid.rows) if cells[0] == "register"), None)
        if row is None:
            return {}
        cells = grid.rows[row]
        return {names[n]: (grid.place(row, n), cell) for n, cell in enumerate(cells) if n and cell is not None}
    pairs = header_pairs(grid)
    return None if pairs is None else {name: (grid.place(row, 1), cell) for name, (row, cell) in pairs.items()}


def _read_header(sheet: Spreadsheet, entries: Entries) -> None:
    """Take over what the header sheet says, or the scale of the mapping."""
    scale = next((mapping.scale for mapping in sheet.saved.values() if mapping.scale), None)
    if scale is not None:
        entries.header["scale"] = scale.model_dump(mode="json", exclude_none=True)
    for name, (place, cell) in sheet.header.items():
        try:
            read = decode_header([(name, cell)])
        except ValueError as error:
            entries.report(place, f"{name}: {error}")
            continue
        for key, value in read.items():
            if key == "scale":
                entries.header[key] = {**entries.header.get(key, {}), **value}
            else:
                entries.header[key] = value
            entries.places[key,] = place


def _scales(sheet: Spreadsheet, entries: Entries, base: RiskGraph) -> Scale | None:
    """The scale that counts for a file: its own, else the graph's."""
    given = entries.header.get("scale")
    if not given:
        return base.header.scale
    before = base.header.scale.model_dump(mode="json", exclude_none=True) if base.header.scale else {}
    if not sheet.header and set(before) - set(given):
        entries.header["scale"] = given = {**before, **given}
    try:
        return Scale.model_validate(given)
    except ValueError:
        return Scale.model_construct(likelihood="pmbok", impact=None)


def _unscaled(table: Table, reader: Reader) -> Finding:
    """The one problem of a column of scores without a scale, instead of one for each of its cells."""
    if reader.field == "likelihood":
        how = f"--scale NAME, built in are {', '.join(BUILT_IN)}, or four bounds a year, --scale likelihood=0.1,1,4,24"
    else:
        how = "four bounds in money, --scale impact=10000,50000,250000,1000000"
    message = f"{reader.column.heading} has scores and no scale: say what they mean with {how}"
    return Finding("scale-missing", "error", message, table.grid.place(table.header, reader.column.index))


def _has_score(table: Table, reader: Reader) -> bool:
    for cell in table.cells(reader.column):
        try:
            if isinstance(reader.read(cell), int):
                return True
        except ValueError:
            continue
    return False


def _merged(before: Scale | None, scale: Scale) -> Scale:
    """A scale over another one."""
    known = before.model_dump(mode="json", exclude_none=True) if before else {}
    return Scale.model_validate({**known, **scale.model_dump(mode="json", exclude_none=True)})


def _without_table(path: Path, grids: Sequence[Grid]) -> InputError:
    findings = []
    for grid in grids:
        seen = unknown_headings(grid)
        message = "no table was found: risks need a column with their name, cascades need from and to; "
        message += (
            f"say which column is which, as in --map '{seen.split(', ')[0]}=name' (there are: {seen})"
            if seen
            else "it is empty"
        )
        findings.append(Finding("no-table", "error", message, Place(grid.path, sheet=grid.sheet)))
    if not findings:
        findings = [Finding("no-table", "error", "has no visible sheet", Place(str(path)))]
    return InputError(str(findings[0]), findings)


def _refuse_unknown(columns: Mapping[str, str], tables: Sequence[Table]) -> None:
    """Refuses a heading that no table has."""
    there: dict[str, str] = {}
    for table in tables:
        for column in table.columns:
            there[fold(column.heading)] = column.heading
            there.setdefault(fold(str(table.grid.rows[table.header][column.index])), column.heading)
    for heading in columns:
        if heading not in there:
            near = closest(heading, list(there))
            hint = f"did you mean {there[near]!r}?" if near else f"there are {', '.join(sorted(set(there.values())))}"
            raise UsageError(f"--map: no column has the heading {heading!r}: {hint}")


__all__ = ["MARK", "Spreadsheet", "open_spreadsheet", "read_spreadsheets"]
