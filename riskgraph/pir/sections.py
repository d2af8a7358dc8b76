"""Sections of a page: a block of parsed markdown and the field it stands under in, values with their places out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from riskgraph.pir.markup import read_text, split_label, split_lines
from riskgraph.pir.page import Page
from riskgraph.pir.tables import read_record_table, read_records_table

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

    from riskgraph.documents import Loc
    from riskgraph.pir.form import Field

_LISTS: Final = frozenset({"bullet_list", "ordered_list"})
_TIMED: Final = re.compile(r"(\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(:\d{2})?\s*(?:Z|UTC|[+-]\d{2}:\d{2})?(?=\s|:|$)")
_MAIN: Final = {"timeline": "event", "immediate": "action", "short_term": "action", "process_improvements": "action"}
"""What an item of a list says where it has no label."""


def read_block(page: Page, block: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    """Reads one block that stands under a field."""
    if block.type == "hr":
        return
    match into.kind:
        case "record":
            _read_record(page, block, loc, into)
        case "records":
            _read_records(page, block, loc, into)
        case "texts":
            _read_texts(page, block, loc)
        case _:
            _read_prose(page, block, loc, into)


def _read_prose(page: Page, block: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    text = read_text(page.inline(block)) if block.type == "paragraph" else page.source(block)
    if text:
        page.extend(loc, into, f"\n\n{text}", page.place_of(block, text))


def _read_texts(page: Page, block: SyntaxTreeNode, loc: Loc) -> None:
    if block.type in _LISTS:
        for item in block.children:
            if text := _item_text(page, item):
                page.append(loc, text, page.place_of(item, text))
    elif block.type == "paragraph":
        text = read_text(page.inline(block))
        page.append(loc, text, page.place_of(block, text))
    else:
        page.note_stray(block, loc)


def _item_text(page: Page, item: SyntaxTreeNode) -> str:
    parts = (read_text(page.inline(part)) if part.type == "paragraph" else page.source(part) for part in item.children)
    return "\n\n".join(part for part in parts if part)


def _read_record(page: Page, block: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    if block.type == "paragraph":
        _read_labels(page, block, loc, into)
    elif block.type in _LISTS:
        for item in block.children:
            _read_item(page, item, loc, into)
    elif block.type == "table":
        read_record_table(page, block, loc, into)
    else:
        page.note_stray(block, loc)


def _read_item(page: Page, item: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    """An item of a list in a record: a label with its value, and further blocks of that value below it."""
    current: Field | None = None
    for part in item.children:
        if part is item.children[0] and part.type == "paragraph":
            current = _read_labels(page, part, loc, into)
        elif current is not None:
            read_block(page, part, (*loc, current.name), current)
        elif part is item.children[0]:
            page.note_stray(part, loc)


def _read_labels(page: Page, block: SyntaxTreeNode, loc: Loc, into: Field) -> Field | None:
    """Reads a paragraph of labels and values, a line each, and gives the last field."""
    current: Field | None = None
    known = False
    for number, tokens in enumerate(split_lines(page.inline(block))):
        text = read_text(tokens)
        spot = page.place_of(block, text, number)
        labelled = split_label(tokens)
        if labelled is None and number == 0 and into.find(text.partition(":")[0]) and ":" in text:
            label, _, rest = text.partition(":")
            labelled = label, rest.lstrip()
        if labelled is not None:
            label, rest = labelled
            known, current = True, page.find(into, label, spot)
            if current is not None and rest:
                after = page.lines[spot[0] - 1].find(label) + len(label)
                page.put_text((*loc, current.name), current, rest, page.place_of(block, rest, number, after))
            elif current is not None:
                page.places.setdefault((*loc, current.name), spot)
        elif current is not None:
            page.extend((*loc, current.name), current, f"\n{text}", spot)
        elif not known:
            page.note_stray(block, loc)
            return None
    return current


def _read_records(page: Page, block: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    if block.type == "table":
        read_records_table(page, block, loc, into)
    elif block.type in _LISTS:
        for item in block.children:
            _read_record_item(page, item, loc, into)
    else:
        page.note_stray(block, loc)


def _read_record_item(page: Page, item: SyntaxTreeNode, loc: Loc, into: Field) -> None:
    """An item of a list that is one record: its main text, and a list of labels below it."""
    first = item.children[0] if item.children else None
    if first is None or first.type != "paragraph":
        page.note_stray(item, loc)
        return
    text = read_text(page.inline(first))
    label = split_label(next(split_lines(page.inline(first))))
    spot = page.place_of(first, text)
    main = into.fields.get(_MAIN.get(into.name, ""))
    where = page.append(loc, {}, spot)
    if label is not None and into.find(label[0]):
        _read_labels(page, first, where, into)
    elif main is None:
        page.note_stray(first, loc)
        page.at(loc).pop()
        return
    else:
        if main.name == "event" and (timed := _TIMED.match(text)):
            page.put((*where, "time"), timed[0].strip(), spot)
            text = re.sub(r"^[\s:\u2013\u2014-]+", "", text[timed.end() :])
        if text:
            page.put((*where, main.name), text, page.place_of(first, text))
    for part in item.children[1:]:
        _read_record(page, part, where, into)


__all__ = ["read_block"]
