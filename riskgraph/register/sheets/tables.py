"""Tables: a grid in, the tables found in it, each with its kind and what its columns mean, out.

A header is a row whose headings are known and say enough for an entry; titles above it, several tables in a sheet,
above each other or side by side, and headings in merged cells are taken into account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from pathlib import PurePath
from typing import Final, Literal

from riskgraph.register.sheets.grid import Cell, Grid
from riskgraph.register.sheets.text import decode_text
from riskgraph.register.sheets.words import Headings, fold, forms, headings

Kind = Literal["risk", "cascade", "mitigation", "indicator"]
KINDS: Final[tuple[Kind, ...]] = ("risk", "cascade", "mitigation", "indicator")
DROPPED: Final = "-"
"""The field of a column that is left out."""
OF_CONTROL: Final = "control_x_"
"""What the field of a column begins with that is kept with the control of a row."""
MARK: Final = "riskgraph_register"
"""What a sheet of our own begins with."""
_PARTS: Final = ("control", "risk", "mitigation", "action", "kontroll", "massnahmen")
"""What stands above headings in two rows, and makes a known one of them."""
_RATED: Final = frozenset({"likelihood", "impact", "loss", "loss_low", "loss_high"})
_AFTER: Final = "rated after controls, or for another time; a riskgraph rating is from before mitigations"
_ENOUGH: Final = 2
"""How many known headings a header has at least."""
_LOOK: Final = 50
"""How many rows below a header are looked at to see whether a column is empty."""
_LONGEST: Final = 120
"""How many characters a heading has at most."""


@dataclass(frozen=True)
class Column:
    """A column: its place and heading, the field that it fills (``x_...``: kept as it is), and why, if that is odd."""

    index: int
    heading: str
    field: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a grid: its kind, the row of its header, its columns, and the rows of its entries, from 0.

    ``sections`` has the heading across the columns that stands last above a row.
    """

    grid: Grid
    kind: Kind
    header: int
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    remarks: tuple[int, ...] = ()
    sections: Mapping[int, str] = field(default_factory=dict)
    own: bool = False

    def column(self, name: str) -> Column | None:
        """The column that fills a field."""
        return next((column for column in self.columns if column.field == name), None)

    def cells(self, column: Column) -> list[Cell]:
        """What stands in a column."""
        return [self.grid.rows[row][column.index] for row in self.rows]


@dataclass(frozen=True)
class Wanted:
    """What a person has said of the columns of a sheet: fields by folded heading, and the kind of entry."""

    fields: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None


def is_kept(name: str) -> bool:
    """Whether a field is one that nobody knows, of an entry or of the control in its row, kept as it is."""
    return name.startswith(("x_", OF_CONTROL))


def find_tables(grid: Grid, wanted: Sequence[Wanted] = (), *, own: bool = False) -> list[Table]:
    """The tables of a grid, from top to bottom; none where no row is a header."""
    found = _headers(grid, wanted)
    tables: list[Table] = []
    for number, (row, columns_of) in enumerate(found):
        end = found[number + 1][0] if number + 1 < len(found) else len(grid.rows)
        for kind, columns in columns_of:
            rows, remarks, sections = _body(grid, row, end, columns)
            tables.append(Table(grid, kind, row, columns, rows, remarks, sections, own))
    return tables


def find_mixed(grid: Grid) -> list[Table]:
    """The tables of a CSV file of our own that holds entries of all kinds: the first column says of which one."""
    known = headings()
    tables = []
    for kind in KINDS:
        columns = _columns(grid, 0, [n for n, cell in enumerate(grid.rows[0]) if n and cell], kind, Wanted(), known)
        rows = tuple(number for number, row in enumerate(grid.rows) if number and row[0] == kind)
        tables.append(Table(grid, kind, 0, columns, rows, own=True))
    return tables


def is_mixed(grid: Grid) -> bool:
    """Whether a grid is a file of our own that holds entries of all kinds."""
    return bool(grid.rows) and len(grid.rows[0]) > 1 and grid.rows[0][0] == MARK and grid.rows[0][1] != "1"


def unknown_headings(grid: Grid) -> str:
    """The texts of the row that most probably is the header of a grid in which none was found."""
    rows = sorted(enumerate(grid.rows), key=lambda item: (-sum(isinstance(cell, str) for cell in item[1]), item[0]))
    texts = [" ".join(cell.split()) for cell in (rows[0][1] if rows else ()) if isinstance(cell, str)]
    return ", ".join(texts[:12])


def _headers(grid: Grid, wanted: Sequence[Wanted]) -> list[tuple[int, list[tuple[Kind, tuple[Column, ...]]]]]:
    """The rows that are headers, with the tables that begin there."""
    found: list[tuple[int, list[tuple[Kind, tuple[Column, ...]]]]] = []
    scores: list[float] = []
    named = frozenset(heading for said in wanted for heading in said.fields)
    for row, cells in enumerate(grid.rows):
        texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST]
        if sum(is_heading(text) or (bool(named) and fold(text) in named) for text in texts) < _ENOUGH:
            continue
        segments = _segments(grid, row)
        single = [best for part in segments if (best := _best(grid, row, part, wanted))]
        whole = _best(grid, row, [index for part in segments for index in part], wanted)
        if whole is None:
            continue
        # Tables side by side repeat what one table has once.
        several = len(segments) > 1 and len(single) == len(segments)
        chosen = single if several else [whole]
        score = sum(one[0] for one in chosen)
        filled = sum(len(part) for part in segments)
        if found and row == found[-1][0] + 1:
            if score > scores[-1]:  # A header in two rows: the lower one has the headings, the upper one groups them.
                found[-1], scores[-1] = (row, [one[1:] for one in chosen]), score
            continue
        if found and score * 2 < filled:
            continue
        found.append((row, [one[1:] for one in chosen]))
        scores.append(score)
    return found


@lru_cache(maxsize=1 << 14)
def is_heading(text: str) -> bool:
    """Whether a text is a heading of any kind of table."""
    known = headings()
    return any(
        form in fields or _without_group(form, known)[0] in fields
        for form in forms(text)
        for fields in known.fields.values()
    ) or any(f"{group} {fold(text)}" in fields for group in _PARTS for fields in known.fields.values())


def _segments(grid: Grid, row: int) -> list[list[int]]:
    """The filled columns of a row, split where a column without heading has nothing below either."""
    parts: list[list[int]] = [[]]
    below = list(takewhile(lambda cells: any(cell is not None for cell in cells), grid.rows[row : row + _LOOK]))
    for index, cell in enumerate(grid.rows[row]):
        if cell is not None:
            parts[-1].append(index)
        elif parts[-1] and all(other[index] is None for other in below):
            parts.append([])
    return [part for part in parts if part]


def _best(
    grid: Grid, row: int, indexes: Sequence[int], wanted: Sequence[Wanted]
) -> tuple[float, Kind, tuple[Column, ...]] | None:
    """How well a row is a header, of what, and its columns; None where it is none."""
    cells = [grid.rows[row][index] for index in indexes]
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) < _ENOUGH:
        return None
    known = headings()
    options: list[tuple[float, Kind, tuple[Column, ...]]] = []
    sheet = fold(PurePath(grid.sheet).stem if grid.sheet.lower().endswith((".csv", ".tsv")) else grid.sheet)
    for said in wanted or (Wanted(),):
        for kind in KINDS if said.kind is None else (said.kind,):
            columns = _columns(grid, row, indexes, kind, said, known)
            meant = {column.field for column in columns if not is_kept(column.field)} - {DROPPED}
            score = float(len(meant))
            if score < _ENOUGH or not _says_enough(kind, columns):
                continue
            score += 2.5 * (sheet in known.sheets[kind]) - any(column.note == _FALLBACK for column in columns)
            if said.kind is not None:
                score += 2 * sum(fold(column.heading) in said.fields for column in columns)
            options.append((score, kind, columns))
    return max(options, key=lambda option: option[0], default=None)


_FALLBACK: Final = "no column has a name, so the description is it"


def _says_enough(kind: Kind, columns: Sequence[Column]) -> bool:
    fields = {column.field for column in columns}
    return {"from", "to"} <= fields if kind == "cascade" else "name" in fields


def _columns(
    grid: Grid, row: int, indexes: Sequence[int], kind: Kind, said: Wanted, known: Headings
) -> tuple[Column, ...]:
    """What each column of a header means for one kind of entry; of several for one field the best has it."""
    matched: list[tuple[Column, int]] = []
    for index in indexes:
        written = str(grid.rows[row][index])
        if (key := decode_text(written)) != written and key.startswith("x_"):
            matched.append((Column(index, key, key), 0))
            continue
        heading = " ".join(written.split())
        matched.append(_match(index, heading, _group(grid, row, index), kind, said, known))
    best: dict[str, int] = {}
    for number, (column, rank) in enumerate(matched):
        if column.field and (column.field not in best or rank < matched[best[column.field]][1]):
            best[column.field] = number
    if kind != "cascade" and "name" not in best and "description" in best:
        number = best.pop("description")
        column, rank = matched[number]
        matched[number] = (replace(column, field="name", note=_FALLBACK), rank)
        best["name"] = number
    taken: dict[str, int] = {}
    columns = []
    for number, (column, _) in enumerate(matched):
        if column.field == DROPPED or is_kept(column.field) or best.get(column.field) == number:
            chosen = column
        else:
            other = matched[best[column.field]][0].heading if column.field else ""
            note = f"{column.field} is read from {other!r}" if column.field else column.note
            chosen = replace(column, field=f"x_{column.heading.removeprefix('x_')}", note=note)
        if is_kept(chosen.field):
            taken[chosen.field] = taken.get(chosen.field, 0) + 1
            if taken[chosen.field] > 1:
                chosen = replace(chosen, field=f"{chosen.field} {taken[chosen.field]}")
        columns.append(chosen)
    return tuple(columns)


def _match(index: int, heading: str, group: str, kind: Kind, said: Wanted, known: Headings) -> tuple[Column, int]:
    """What one heading means, and how well the word fits: the lower, the better."""
    labels = [f"{group} {heading}", heading] if group else [heading]
    for label in labels:
        if (meant := said.fields.get(fold(label))) is not None:
            return Column(index, label, meant), -1
    fields = known.fields[kind]
    grouped = fields.get(fold(labels[0]))
    if grouped:
        return Column(index, labels[0], grouped[0]), grouped[1]
    moment = _moment(group, known)
    for form in forms(heading):
        rest, own = (form, moment) if form in fields else _without_group(form, known)
        name, rank = fields.get(rest, ("", 0))
        if not name or (own and form not in fields and name not in _RATED):
            continue
        label = labels[0] if form in fields and own else heading
        if name in _RATED and own == "after":
            return Column(index, label, "", _AFTER), 0
        before = name in _RATED and own == "before"
        return Column(index, label if before else heading, name), rank - 1000 * before
    return Column(index, labels[0] if moment else heading, ""), 0


def _moment(group: str, known: Headings) -> str:
    """Whether what stands above headings means ratings ``before`` or ``after`` controls, if either."""
    folded = fold(group)
    if folded in known.before | known.after:
        return "before" if folded in known.before else "after"
    return _without_group(folded, known)[1]


def _without_group(form: str, known: Headings) -> tuple[str, str]:
    """A heading without a word such as ``residual`` around it, and whether that is ``before`` or ``after``."""
    for moment, words in (("after", known.after), ("before", known.before)):
        for word in words:
            if form.startswith(f"{word} "):
                return form.removeprefix(f"{word} "), moment
            if form.endswith(f" {word}"):
                return form.removesuffix(f" {word}"), moment
    return form, ""


def _group(grid: Grid, row: int, index: int) -> str:
    """What stands above several headings: in a merged cell, or in a cell with empty ones behind it."""
    if not row:
        return ""
    if merged := grid.groups.get((row - 1, index)):
        return " ".join(merged.split())
    above = grid.rows[row - 1]
    if sum(cell is not None for cell in above) < _ENOUGH:  # A title.
        return ""
    while index >= 0 and above[index] is None:
        index -= 1
    text = above[index] if index >= 0 else None
    return " ".join(text.split()) if isinstance(text, str) and text != grid.rows[row][index] else ""


def _body(
    grid: Grid, header: int, end: int, columns: Sequence[Column]
) -> tuple[tuple[int, ...], tuple[int, ...], dict[int, str]]:
    """The rows of a table's entries, its remarks, and the heading of a section that each row is below.

    A remark is one cell alone after a gap; one that is merged across columns heads the rows that follow it.
    """
    indexes = [column.index for column in columns]
    rows: list[int] = []
    remarks: list[int] = []
    sections: dict[int, str] = {}
    above: tuple[int, str] | None = None
    gap = False
    for row in range(header + 1, end):
        filled = [index for index in indexes if grid.rows[row][index] is not None or (row, index) in grid.faults]
        alone = len(filled) == 1 and len(indexes) > 1
        if not filled:
            gap = True
        elif alone and (row, filled[0]) in grid.groups:
            if above and above[1] not in sections.values():
                remarks.append(above[0])
            above = (row, " ".join(grid.groups[row, filled[0]].split()))
        elif alone and gap:
            remarks.append(row)
        else:
            gap = False
            rows.append(row)
            if above:
                sections[row] = above[1]
    if above and above[1] not in sections.values():
        remarks.append(above[0])
    return tuple(rows), tuple(sorted(remarks)), sections
