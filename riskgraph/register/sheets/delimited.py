"""Delimited files: the bytes of a CSV file in any usual encoding and with any usual separator in, a grid out."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import Final

from riskgraph.register.sheets.grid import Cell, Grid, refuse

MAX_CELL: Final = 1 << 20
"""How many characters one cell may have."""
_SEPARATORS: Final = ",;\t|"
_LOOK: Final = 64
"""How many rows are looked at to find the separator."""
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORMULA: Final = frozenset("=+-@\t\r|\uff1d\uff0b\uff0d\uff20")


def parse_delimited(raw: bytes, path: Path) -> Grid:
    """The table of a CSV file, from its content.

    That is UTF-8, UTF-16 with its mark, else Windows-1252; separated by ``,`` ``;`` tab or ``|``. A ``'`` that keeps a
    text from being a formula is taken away.

    Raises:
        InputError: the file cannot be read, is too large, or is no text.
    """
    shown = str(path)
    text = _decode(shown, raw)
    separator = find_separator(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    csv.field_size_limit(MAX_CELL)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise refuse(shown, f"is no CSV file: {error}") from error
    width = max(map(len, rows), default=0)
    padded: list[list[Cell]] = [
        [*(disarmed(cell) or None for cell in row), *[None] * (width - len(row))] for row in rows
    ]
    return Grid(shown, path.name, padded)


def find_separator(text: str) -> str:
    """The separator of a CSV text: what its rows agree on, the rows as each one would split them.

    Quotes count, so a text with commas in it does not mislead. Excel's own ``sep=;`` in the first line decides.
    """
    first = text.partition("\n")[0].strip()
    if first[:4].lower() == "sep=" and first[4:]:
        return first[4]
    sample = text[: 1 << 18]
    found: dict[str, tuple[float, int]] = {}
    for separator in _SEPARATORS:
        widths = []
        try:
            for number, row in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=separator)):
                if number >= _LOOK:
                    break
                if any(row):
                    widths.append(len(row))
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        # A separator that splits nothing is none, however well its rows agree.
        found[separator] = (widths.count(usual) / len(widths) if usual > 1 else 0, usual)
    best = max(found, key=lambda separator: found[separator], default=",")
    return best if found and found[best][0] else ","


def armed(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that would be gets a ``'`` in front."""
    bare = text.lstrip("'")
    return f"'{text}" if {bare[:1], bare.lstrip()[:1]} & _FORMULA else text


def disarmed(text: str) -> str:
    """The text of which :func:`armed` made this one."""
    return text[1:] if text[:1] == "'" and armed(text[1:]) == text else text


def _decode(path: str, raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise refuse(path, f"is not {encoding}, although it begins so: save it as UTF-8") from error
    if b"\0" in raw:
        raise refuse(path, "is no text: save it as CSV in UTF-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
