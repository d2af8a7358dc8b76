"""Tables of a page: a table of parsed markdown and the field it stands under in, the values of its cells out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from riskgraph.pir.form import Field, fold
from riskgraph.pir.markup import read_text
from riskgraph.pir.page import Page

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

    from riskgraph.documents import Loc

_HEADERS: Final = frozenset({"", "field", "key", "item", "value", "content"})
"""What stands above a table of labels and values."""


def read_records_table(page: Page, table: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    """A row for each record, a column for each of its fields; without a row it is an empty list."""
    header, *below = _rows(table)
    heads = _texts(page, header)
    columns = [page.find(into, head, page.place_of(header, head), "column") if head else None for head in heads]
    if page.at(loc) is None:
        page.put(loc, [], page.places.get(loc, page.place_of(table)))
    for row in below:
        if any(_texts(page, row)):
            _read_row(page, row, page.append(loc, {}, page.place_of(row)), columns)


def read_record_table(page: Page, table: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    """A table of labels and values, one row below the record's fields, or a row for each question of the audit."""
    header, *below = rows = list(_rows(table))
    heads = _texts(page, header)
    if any(field.kind == "record" for field in into.fields.values()) and len(heads) > 1 and loc:
        _read_parts(page, rows, loc, into)
    elif len(heads) > 1 and len(below) == 1 and all(into.find(head) for head in heads):
        _read_row(page, below[0], loc, [into.find(head) for head in heads])
    elif all(field.kind == "records" for field in into.fields.values()):
        page.note_stray(table, loc)
    else:
        # A table needs a header, so the first field may stand in it.
        for row in below if {fold(head) for head in heads} <= _HEADERS else rows:
            _read_label(page, row, loc, into)


def _read_label(page: Page, row: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    label, value, *_ = [*_texts(page, row), ""]
    spot = page.place_of(row, label)
    if (label or value) and (found := page.find(into, label.rstrip(":"), spot)) and value:
        after = page.lines[spot[0] - 1].find("|", spot[1] + len(label) - 1)
        page.put_text((*loc, found.name), found, value, page.place_of(row, value, 0, max(after, 0)))


def _read_parts(page: Page, rows: Sequence[SyntaxTreeNode], loc: Loc, into: Field) -> None:
    """A row for each part of a record, such as a question; a column for each field of the parts."""
    header, *below = rows
    heads = _texts(page, header)[1:]
    for row in below:
        name = _texts(page, row)[0]
        part = page.find(into, name, page.place_of(row, name), "question") if name else None
        if part is not None:
            page.places.setdefault((*loc, part.name), page.place_of(row))
            columns = [page.find(part, head, page.place_of(header, head), "column") for head in heads]
            _read_row(page, row, (*loc, part.name), [None, *columns])


def _read_row(page: Page, row: SyntaxTreeNode, loc: Loc, columns: Sequence[Field | None]) -> None:
    """The cells of a row, each into the field of its column."""
    written = page.lines[row.map[0]] if row.map else ""
    after = 0
    for cell, column in zip(row.children, columns, strict=False):
        raw = "".join(child.content for child in cell.children)
        after = max(written.find(raw, after), after)
        text = read_text(page.inline(cell), cell=True)
        if column is not None and text:
            page.put_text((*loc, column.name), column, text, page.place_of(row, raw, 0, after))
        after += len(raw)


def _rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in table.children:
        yield from part.children


def _texts(page: Page, row: SyntaxTreeNode) -> list[str]:
    return [read_text(page.inline(cell), cell=True) for cell in row.children]


__all__ = ["read_record_table", "read_records_table"]
