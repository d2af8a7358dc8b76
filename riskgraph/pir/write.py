"""Writing a review: the plain data of one in, a page of markdown that reads back as the same out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from riskgraph.pir.form import FORM, Field
from riskgraph.pir.markup import write_cell, write_text

_HEADED: Final = frozenset({"risk_process_audit", "actions", "learnings"})
"""Sections whose fields have headings of their own."""
_OPTIONAL: Final = frozenset({"answers"})
"""Columns that a table has only where a row fills them in."""


def dump_markdown(data: Mapping[str, Any], hints: Mapping[str, str] | None = None) -> str:
    """The page of a review: its data as a file has it, without the wrapper.

    What is blank is left out; white space around texts and control characters are not kept. ``hints`` are comments
    for the reader of the source: under the name of a section, or under ``""`` for the whole page.
    """
    hints = hints or {}
    blocks = ["# Incident review", *_comment(hints.get(""))]
    if facts := list(_labels(FORM, data, "text")):
        blocks.append("\n".join(facts))
    for field in FORM.fields.values():
        if field.kind != "text":
            blocks += _section(field, data.get(field.name), hints.get(field.name))
    return "\n\n".join(blocks) + "\n"


def _section(field: Field, value: Any, hint: str | None, level: int = 2) -> Iterator[str]:
    """The blocks of a section; none where nothing is in it."""
    body = list(_body(field, value, level))
    if body:
        yield f"{'#' * level} {field.title}"
        yield from _comment(hint)
        yield from body


def _body(field: Field, value: Any, level: int) -> Iterator[str]:
    if field.kind == "records" and isinstance(value, list):
        yield _table(field, value)
    elif field.kind == "record" and isinstance(value, dict):
        if field.name in _HEADED:
            for part in field.fields.values():
                yield from _section(part, value.get(part.name), None, level + 1)
        elif labels := list(_labels(field, value)):
            yield "\n".join(labels)
    elif field.kind == "texts" and isinstance(value, list):
        if items := [f"- {write_text(text, '  ')}" for item in value if (text := _text(item))]:
            yield "\n".join(items)
    elif text := _text(value):
        yield write_text(text)


def _labels(field: Field, data: Mapping[str, Any], kind: str | None = None) -> Iterator[str]:
    """The fields of a record as a list of labels and values."""
    for part in field.fields.values():
        value = data.get(part.name)
        if kind is not None and part.kind != kind:
            continue
        if part.kind == "texts" and isinstance(value, list):
            items = [f"  - {write_text(text, '    ')}" for item in value if (text := _text(item))]
            if items:
                yield "\n".join([f"- **{part.title}:**", *items])
        elif text := _text(value):
            yield f"- **{part.title}:** {write_text(text, '  ')}"


def _table(field: Field, rows: list[Any]) -> str:
    columns = [
        part
        for part in field.fields.values()
        if part.name not in _OPTIONAL or any(row.get(part.name) for row in rows if isinstance(row, dict))
    ]
    lines = [[part.title for part in columns], ["---"] * len(columns)]
    lines += [[_cell(row.get(part.name)) for part in columns] for row in rows if isinstance(row, dict)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(write_cell(_text(item)) for item in value)
    return write_cell(_text(value))


def _text(value: Any) -> str:
    """A value as it was written; nothing for what is blank or has parts."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(getattr(value, "text", value)).strip()


def _comment(text: str | None) -> Iterator[str]:
    """A comment, which no text in it ends and no blank line cuts in two."""
    if text:
        yield f"<!-- {text.replace('-->', '->').strip()} -->"


__all__ = ["dump_markdown"]
