"""Text in cells of our own sheets: values in, text that reads back as the same value out.

A cell cannot hold an empty text, spaces at an end, control characters, or a text beside the number that looks like it.
Such a text stands in double quotes, as JSON writes it; everything else stands as it is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_EXACT: Final = 10**15
"""Whole numbers up to here are exact in every spreadsheet program, which keeps 15 digits."""
_UNWRITABLE: Final = frozenset("\ufffe\uffff")


def encode_text(text: str) -> str:
    """A text as a cell holds it."""
    return text if _is_plain(text) else quote(text)


def decode_text(cell: str) -> str:
    """The text of which :func:`encode_text` made this cell."""
    if cell.startswith('"') and cell.endswith('"') and len(cell) > 1:
        try:
            return str(json.loads(cell, strict=False))
        except ValueError:
            return cell
    return cell


def encode_list(items: Sequence[str]) -> str:
    """Several texts as one cell holds them: separated by ``;``, or a list of JSON."""
    joined = "; ".join(items)
    if all(items) and _is_plain(joined) and not joined.startswith("[") and decode_list(joined) == list(items):
        return joined
    return _escaped(json.dumps(list(items), ensure_ascii=False))


def decode_list(cell: str) -> list[str]:
    """The texts of which :func:`encode_list` made this cell; also the lines of a cell that a person wrote."""
    if cell.startswith("["):
        try:
            found = json.loads(cell, strict=False)
        except ValueError:
            found = None
        if isinstance(found, list) and all(isinstance(item, str) for item in found):
            return found
    return [item.strip() for item in re.split(r"[;\n]", cell) if item.strip()]


def encode_value(value: Any) -> str | float | bool:
    """Any JSON value, such as an extra property's, as a cell holds it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, float):
        return encode_number(value) if not value.is_integer() else repr(value)
    if isinstance(value, str):
        return value if _is_plain(value) and isinstance(decode_value(value), str) else quote(value)
    return _escaped(json.dumps(value, ensure_ascii=False))


def decode_value(cell: object) -> Any:
    """The value of which :func:`encode_value` made this cell."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < _EXACT else cell
    if not isinstance(cell, str):
        return cell
    if cell[:1] in {'"', "[", "{"} or cell in {"true", "false"} or _NUMBER.fullmatch(cell):
        try:
            return json.loads(cell, strict=False, parse_constant=str)
        except ValueError:
            return cell
    return cell


def encode_number(value: float) -> float | str:
    """A number as a cell holds it: as text where a workbook, which keeps 16 digits, would change it."""
    return value if float(f"{value:.16G}") == value and abs(value) < 1e300 else repr(value)  # noqa: PLR2004


def _is_plain(text: str) -> bool:
    """Whether a cell can hold a text as it is."""
    if not text or text != text.strip() or text.startswith('"'):
        return False
    if text.isascii() and text.isprintable():
        return True
    return not any(char in _UNWRITABLE or (char != "\n" and unicodedata.category(char) == "Cc") for char in text)


def quote(text: str) -> str:
    """A text in double quotes, which every cell can hold."""
    return _escaped(json.dumps(text, ensure_ascii=False))


def _escaped(text: str) -> str:
    """JSON in which what no cell can hold is escaped."""
    hidden = (char in _UNWRITABLE or unicodedata.category(char) == "Cc" for char in text)
    return "".join(f"\\u{ord(char):04x}" if is_hidden else char for char, is_hidden in zip(text, hidden, strict=True))
