"""Values: the cells of a column in, a reader of each into what a register file says, out.

What a number or a date means may show in its neighbours only, so the whole column is looked at first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from riskgraph.durations import format_duration
from riskgraph.register.sheets.dates import Order, find_order, parse_date
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.headers import OF_CONTROL, Column, is_kept
from riskgraph.register.sheets.mapping import SheetMapping
from riskgraph.register.sheets.numbers import (
    decimal_sign,
    parse_money,
    parse_number,
    parse_price,
    parse_share,
)
from riskgraph.register.sheets.periods import heading_unit, read_period
from riskgraph.register.sheets.ratings import (
    Manner,
    find_manner,
    heading_period,
    is_money,
    parse_likelihood,
    parse_score,
)
from riskgraph.register.sheets.tables import Table
from riskgraph.register.sheets.text import decode_list, decode_text, decode_value
from riskgraph.register.sheets.words import fold, says_nothing, words_of
from riskgraph.validation import closest

_TYPES: Final[Mapping[str, str]] = {
    "likelihood": "likelihood", "impact": "score", "probability": "share", "effectiveness": "share",
    "control_effectiveness": "share", "loss": "money", "loss_low": "money", "loss_high": "money",
    "threshold": "number", "delay": "period", "detects_within": "period", "escalation_within": "period",
    "since": "date", "due": "date", "implemented_on": "date", "control_due": "date", "status": "status",
    "control_status": "status", "kind": "kind", "control_kind": "kind", "aliases": "names", "tags": "list",
    "controls": "items", "mitigations": "items", "indicators": "items", "leads_to": "list", "caused_by": "list",
    "mitigates": "list", "watches": "list", "blocks": "list", "control_id": "list", "control_name": "items",
}  # fmt: skip
"""What the cells of a field are; those of all others are text."""
_LISTS: Final = frozenset({"names", "list", "items"})
_STATUSES: Final = {
    "risk": ("open", "accepted", "closed"),
    "mitigation": ("planned", "in_progress", "implemented", "failed", "retired"),
}
_KINDS: Final = ("preventive", "detective", "corrective")
_BULLET: Final = re.compile(r"(?:[-*\u2022\u00b7\u2013]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_THRESHOLD: Final = re.compile(r"(?:[<>\u2264\u2265=]+\s*)?([-+]?[\d.,' ]*\d)\s*(\D*)")


@dataclass(frozen=True)
class Reader:
    """How the cells of one column are read."""

    column: Column
    kind: str
    own: bool = False
    sign: str | None = None
    order: Order | None = None
    unit: str | None = None
    manner: Manner = "score"
    horizon: str = "1y"
    words: Mapping[str, Any] | None = None

    @property
    def field(self) -> str:
        """The field that the column fills."""
        return self.column.field

    def read(self, cell: Cell) -> Any:
        """What a cell says, as a register file writes it; None where it says nothing. Lists are of texts.

        Raises:
            ValueError: the cell is not valid here; the sentence says what to do.
        """
        type_ = _TYPES.get(self.field, "text")
        if is_kept(self.field):
            return decode_value(cell) if self.own else as_plain(cell)
        free = type_ == "text" or (self.own and type_ in _LISTS)
        if cell is None or (not free and isinstance(cell, str) and says_nothing(cell)):
            return None
        return _READ[type_](self, cell)


def make_readers(table: Table, mapping: SheetMapping) -> list[Reader]:
    """How each column of a table is read; a column whose cells say that it is another thing becomes that."""
    readers = []
    for column in table.columns:
        cells = table.cells(column)
        found = column if table.own else _retyped(column, table, cells)
        reader = Reader(found, table.kind, own=table.own)
        texts = [cell for cell in cells if isinstance(cell, str)]
        match _TYPES.get(found.field, "text"):
            case "likelihood":
                horizon = heading_period(found.heading) or mapping.horizon
                words = {fold(word): score for word, score in mapping.words.likelihood.items()}
                manner: Manner = "score" if table.own else find_manner(found.heading, cells)
                reader = replace(reader, manner=manner, horizon=horizon, words=words)
                if not found.note and (manner in {"share", "percent"} or any(text.endswith("%") for text in texts)):
                    note = f"a probability that names no time is over {horizon}"
                    reader = replace(reader, column=replace(found, note=note))
            case "score":
                reader = replace(reader, words={fold(word): score for word, score in mapping.words.impact.items()})
            case "status":
                reader = replace(reader, words={fold(word): meant for word, meant in mapping.words.status.items()})
            case "share" | "money" | "number":
                reader = replace(reader, sign="." if table.own else decimal_sign(texts))
            case "date":
                reader = replace(reader, order=find_order(cells))
            case "period":
                reader = replace(reader, unit=heading_unit(found.heading))
        readers.append(reader)
    return readers


def as_text(cell: Cell) -> str:
    """A cell as text: spaces at its ends taken away, line breaks as they are, a whole number without decimals."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004
        case datetime() | date():
            return str(as_plain(cell))
        case str():
            return cell.replace("\r\n", "\n").replace("\u00a0", " ").strip()
        case _:
            return str(as_plain(cell))


def as_plain(cell: Cell) -> Any:
    """A cell as a JSON value, for a column that is kept as it is."""
    match cell:
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
        case None | bool() | str():
            return as_text(cell) or None if isinstance(cell, str) else cell
        case float() | int():
            return int(cell) if float(cell).is_integer() else cell
        case _:
            return format_duration(cell)


def split_items(text: str, *, commas: bool) -> list[str]:
    """The items of a list in a cell: separated by ``;`` or lines, else by commas if wanted; quotes keep one together.

    Bullets and numbers in front of an item are taken away.
    """
    joined = ";".join(line.strip() for line in text.split("\n") if line.strip())
    found = next(csv.reader([joined], delimiter=";", skipinitialspace=True), [])
    if commas and len(found) == 1:
        found = next(csv.reader([joined], skipinitialspace=True), [])
    items = (_BULLET.sub("", item.strip(), count=1).strip() for item in found)
    return [item for item in items if item and not says_nothing(item)]


def _retyped(column: Column, table: Table, cells: Sequence[Cell]) -> Column:
    """The column as what its cells show it to be."""
    texts = [as_text(cell) for cell in cells if cell is not None]
    texts = [text for text in texts if not says_nothing(text)]
    if not texts:
        return column
    if column.field == "impact" and table.column("loss") is None and is_money(cells):
        return replace(column, field="loss", note="its cells are amounts of money")
    if column.field in {"mitigations", "controls"}:
        strategies = words_of("strategies")
        if all(fold(text) in strategies for text in texts):
            return _kept(column, "its cells name no mitigation")
    tried: dict[str, Callable[[str], object]] = {
        "share": parse_share,
        "number": lambda text: _THRESHOLD.fullmatch(text) or parse_number(text),
    }
    parse = tried.get(_TYPES.get(column.field, "text"))
    if parse and not any(_works(parse, text) for text in texts):
        return _kept(column, "its cells are words, and no numbers")
    return column


def _kept(column: Column, note: str) -> Column:
    prefix = OF_CONTROL if column.field.startswith("control_") else "x_"
    return replace(column, field=prefix + column.heading, note=note)


def _works(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _read_text(reader: Reader, cell: Cell) -> Any:
    if reader.own and isinstance(cell, str):
        return decode_text(cell)
    return as_text(cell) or None


def _read_likelihood(reader: Reader, cell: Cell) -> Any:
    return parse_likelihood(cell, reader.manner, reader.horizon, reader.words)


def _read_score(reader: Reader, cell: Cell) -> Any:
    return parse_score(cell, reader.words)


def _read_share(reader: Reader, cell: Cell) -> Any:
    text = as_text(cell)
    try:
        share = cell if isinstance(cell, float) else parse_share(text, reader.sign)
    except ValueError:
        raise ValueError(f"{text!r} is no probability or share: write '25 %' or 0.25") from None
    if not 0 <= share <= 1:
        raise ValueError(f"{text} is more than 100 % or less than 0: write '25 %' or 0.25")
    return share


def _read_money(reader: Reader, cell: Cell) -> Any:
    if isinstance(cell, float):
        return (cell, None)
    return (parse_money if reader.own else parse_price)(as_text(cell), reader.sign)


def _read_number(reader: Reader, cell: Cell) -> Any:
    if isinstance(cell, float) and not isinstance(cell, bool):
        return (cell, "")
    text = as_text(cell)
    if reader.own:
        return (float(parse_number(text, ".")), "")
    found = _THRESHOLD.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no number: write it as 1234.5")
    return (float(parse_number(found[1], reader.sign)), found[2].strip())


def _read_period(reader: Reader, cell: Cell) -> Any:
    return read_period(cell, reader.unit)


def _read_date(reader: Reader, cell: Cell) -> Any:
    return parse_date(cell, reader.order)


def _read_status(reader: Reader, cell: Cell) -> Any:
    kind = "mitigation" if reader.field == "control_status" else reader.kind
    return _read_word(reader, as_text(cell), _STATUSES[kind], ("status", kind))


def _read_kind(reader: Reader, cell: Cell) -> Any:
    return _read_word(reader, as_text(cell), _KINDS, ("kind",))


def _read_word(reader: Reader, text: str, allowed: Sequence[str], path: tuple[str, ...]) -> str:
    folded = fold(text)
    meant = (reader.words or {}).get(folded) or (text if text in allowed else words_of(*path).get(folded))
    if meant in allowed:
        return str(meant)
    near = closest(text, allowed)
    hint = f"did you mean {near}?" if near else f"write {', '.join(allowed[:-1])} or {allowed[-1]}"
    what = f"a {path[-1]}'s status" if path[0] == "status" else "a kind of mitigation"
    said = ", or say in the mapping's `words` which one it is" if path[0] == "status" else ""
    raise ValueError(f"{text!r} is not {what}: {hint}{said}")


def _read_list(reader: Reader, cell: Cell) -> Any:
    if reader.own and isinstance(cell, str):
        return decode_list(cell)
    return split_items(as_text(cell), commas=True)


def _read_items(reader: Reader, cell: Cell) -> Any:
    return decode_list(cell) if reader.own and isinstance(cell, str) else split_items(as_text(cell), commas=False)


_READ: Final[Mapping[str, Callable[[Reader, Cell], Any]]] = {
    "text": _read_text,
    "likelihood": _read_likelihood,
    "score": _read_score,
    "share": _read_share,
    "money": _read_money,
    "number": _read_number,
    "period": _read_period,
    "date": _read_date,
    "status": _read_status,
    "kind": _read_kind,
    "names": _read_items,
    "list": _read_list,
    "items": _read_items,
}
