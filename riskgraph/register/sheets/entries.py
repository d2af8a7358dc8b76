"""Entries: the tables of a spreadsheet in, the register document that they are, with the cell of every value, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from riskgraph.documents import Document, Loc
from riskgraph.findings import Finding, Place
from riskgraph.register.sheets.dates import is_mangled_id
from riskgraph.register.sheets.headers import DROPPED, is_kept
from riskgraph.register.sheets.identity import Names
from riskgraph.register.sheets.numbers import parse_share
from riskgraph.register.sheets.tables import Table
from riskgraph.register.sheets.values import Reader, as_text

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph

_SECTIONS: Final = {"risk": "risks", "cascade": "cascades", "mitigation": "mitigations", "indicator": "indicators"}
_EDGE: Final = re.compile(r"(?P<ref>.+?)\s*(?:[:=(]\s*(?P<share>[\d.,]+(?:e-\d+)?\s*%?)\s*\)?)?")
_ARROW: Final = re.compile(r"\s*(?:->|=>|\u2192|\u21d2)\s*")
_NAME: Final = 500
_ROW_ONLY: Final = frozenset(
    {"controls", "mitigations", "indicators", "leads_to", "caused_by", "escalation_to", "escalation_within",
     "loss_low", "loss_high", "mitigates", "blocks", "watches", "effectiveness"}
)  # fmt: skip
"""Fields that are more than a value of their entry."""


@dataclass(frozen=True)
class SheetDocument(Document):
    """A spreadsheet as a register document, with the cell of every value."""

    cells: Mapping[Loc, Place] = field(default_factory=dict, repr=False, compare=False)

    def place(self, loc: Loc) -> Place:
        """The cell of a value, or of the nearest thing around it."""
        for end in range(len(loc), -1, -1):
            if found := self.cells.get(tuple(loc[:end])):
                return found
        return Place(self.path)


@dataclass
class Row:
    """What a row of a table says: values by field, and the place of each."""

    table: Table
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    id: str = ""
    unscaled: Collection[str] = ()

    @property
    def place(self) -> Place:
        """The place of the row."""
        return self.table.grid.place(self.number, self.table.columns[0].index)

    def place_of(self, name: str) -> Place:
        """The place of a field's cell, or of the row."""
        return self.places.get(name, self.place)


class Entries:
    """Collects the rows of the tables of one file as the entries of a register."""

    def __init__(self, path: str, names: Names, base: RiskGraph, findings: list[Finding]) -> None:
        self.path, self.names, self.base, self.findings = path, names, base, findings
        self.rows: list[Row] = []
        self.header: dict[str, Any] = {}
        self.places: dict[Loc, Place] = {}
        self.entries: dict[str, list[dict[str, Any]]] = {section: [] for section in _SECTIONS.values()}
        self.known: dict[tuple[str, str], int] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.currencies: dict[str, Place] = {}

    def report(self, place: Place, message: str, rule: str = "invalid-value") -> None:
        """Note a problem."""
        self.findings.append(Finding(rule, "error", message, place))

    def take(
        self, table: Table, readers: Sequence[Reader], advance: Callable[[int], None], unscaled: Collection[str] = ()
    ) -> None:
        """Read the rows of a table, and enter their ids and names; of ``unscaled`` fields no score is taken over."""
        for number in table.rows:
            row = Row(table, number, unscaled=unscaled)
            for reader in readers:
                if reader.field != DROPPED:
                    self._read(row, reader)
            if row.values and (table.kind == "cascade" or self._identify(row)):
                self.rows.append(row)
            advance(1)

    def _read(self, row: Row, reader: Reader) -> None:
        index, name = reader.column.index, reader.field
        grid = row.table.grid
        place = grid.place(row.number, index)
        cell = grid.rows[row.number][index]
        if fault := grid.faults.get((row.number, index)):
            if not is_kept(name):
                self.report(place, f"{reader.column.heading}: {fault}")
            return
        if name in {"id", "control_id"} and is_mangled_id(cell):
            message = f"{as_text(cell)!r} is a date that a spreadsheet program made of an id: format the column as text"
            self.report(place, f"{message}, and type the id again")
            return
        try:
            value = reader.read(cell)
        except ValueError as error:
            self.report(place, f"{reader.column.heading}: {error}")
            return
        if value is None or value == []:
            return
        if name in {"loss", "loss_low", "loss_high"}:
            value, currency = value
            if currency:
                self.currencies.setdefault(currency, place)
        if name == "threshold":
            value, unit = value
            if unit and "unit" not in row.values:
                row.values["unit"] = unit
        row.values[name] = value
        row.places[name] = place

    def _identify(self, row: Row) -> bool:
        """Give a row its id; a row that only adds to the one above gets that one's."""
        kind = row.table.kind
        raw, name = str(row.values.get("id", "")), str(row.values.get("name", ""))
        if not row.table.own and len(name) > _NAME:
            row.values.setdefault("description", name)
            row.values["name"] = name = shorten(name)
        if not raw and not name:
            above = self.rows[-1] if self.rows and self.rows[-1].table is row.table else None
            if kind == "risk" and above and any(field_.startswith(("control", "mitigations")) for field_ in row.values):
                row.id = above.id
                return True
            if any(problem.place == row.place_of(name_) for problem in self.findings for name_ in ("id", "name")):
                return False
            self.report(row.place, "has neither id nor name: add one, or delete the row", "missing-key")
            return False
        if row.table.own and (not raw or not name):
            self.report(row.place, f"{'name' if raw else 'id'}: is missing: add it", "missing-key")
            return False
        try:
            row.id = self.names.enter(kind, raw, name)
        except ValueError as error:
            self.report(row.place_of("id"), str(error))
            return False
        return True

    def settle(self) -> list[Row]:
        """Make the entries, now that every id is known; the rows that may say something of others than their own."""
        implied: list[Row] = []
        for row in self.rows:
            if row.table.kind == "cascade":
                self._cascade(row)
            else:
                self._node(row)
                implied += [] if row.table.own else [row]
        return implied

    def document(self) -> SheetDocument:
        """The document of all entries."""
        self._currency()
        data: dict[str, Any] = {"riskgraph_register": 1, **self.header}
        data |= {section: entries for section, entries in self.entries.items() if entries}
        return SheetDocument(self.path, data, cells=self.places)

    def _cascade(self, row: Row) -> None:
        entry = {name: value for name, value in row.values.items() if name not in {"from", "to"}}
        for end in ("from", "to"):
            if end not in row.values:
                if not any(finding.place == row.place_of(end) for finding in self.findings):
                    self.report(row.place, f"{end}: is missing: write the id of a risk", "missing-key")
                return
            try:
                entry[end] = self.names.find("risk", str(row.values[end]))
            except ValueError as error:
                self.report(row.place_of(end), f"{end}: {error}")
                return
        self.pairs.add((entry["from"], entry["to"]))
        self.put("cascades", {"from": entry.pop("from"), "to": entry.pop("to"), **entry}, row.places, row.place)

    def _node(self, row: Row) -> None:
        kind = row.table.kind
        values = row.values
        if kind == "risk" and row.number in row.table.sections:
            values.setdefault("category", row.table.sections[row.number])
        entry: dict[str, Any] = {"id": row.id}
        entry |= {
            name: value
            for name, value in values.items()
            if name != "id" and name not in _ROW_ONLY and not name.startswith("control_")
            if not (name in row.unscaled and isinstance(value, int))
        }
        if kind == "risk":
            self._loss(row, entry)
            escalation = {"to": values.get("escalation_to"), "within": values.get("escalation_within")}
            if given := {name: value for name, value in escalation.items() if value is not None}:
                entry["escalation"] = given
        if row.table.own and kind != "risk":
            entry |= self._own_edges(row)
        known = self.known.get((kind, row.id))
        before = self.entries[_SECTIONS[kind]][known] if known is not None else None
        if before is None or row.table.own or not _repeats(entry, before):
            places = {name: place for name, place in row.places.items() if name not in _ROW_ONLY or name in entry}
            number = self.put(_SECTIONS[kind], entry, places, row.place)
            self.known.setdefault((kind, row.id), number)

    def _loss(self, row: Row, entry: dict[str, Any]) -> None:
        """A loss with a low and a high end is a range; one without a most likely value is a problem."""
        low, high = row.values.get("loss_low"), row.values.get("loss_high")
        if low is None and high is None:
            return
        if low is None or high is None or "loss" not in entry:
            missing = "loss_low" if low is None else "loss_high" if high is None else "loss"
            place = row.place_of("loss_low" if low is not None else "loss_high")
            message = "a range of losses needs a lowest, a most likely and a highest value"
            self.report(place, f"{message}: add {missing.replace('loss_', 'the ')}, or take the others away")
            return
        entry["loss"] = {"low": low, "likely": entry["loss"], "high": high}

    def _own_edges(self, row: Row) -> dict[str, Any]:
        """The edges in a row of our own sheets, as the file format nests them."""
        found: dict[str, Any] = {}
        for name in ("mitigates", "blocks", "watches"):
            edges = [edge for text in row.values.get(name, ()) if (edge := self.edge(row, name, text))]
            if edges:
                found[name] = [edge["risk"] for edge in edges] if name == "watches" else edges
        return found

    def edge(self, row: Row, name: str, text: str) -> dict[str, Any] | None:
        """One edge of a list in a cell: ``RISK-1``, ``RISK-1: 70 %``, ``RISK-1 -> RISK-2: 0.9``."""
        found = _EDGE.fullmatch(text)
        whole = self.names.is_known("risk", text) or not found or not found["share"]
        reference = text if whole or not found else found["ref"]
        ends = _ARROW.split(reference) if name == "blocks" else [reference]
        names = ("from", "to") if name == "blocks" else ("risk",)
        if len(ends) != len(names):
            self.report(row.place_of(name), f"{text!r} is no cascade: write it as RISK-1 -> RISK-2")
            return None
        try:
            edge: dict[str, Any] = {of: self.names.find("risk", end) for of, end in zip(names, ends, strict=True)}
            return edge if whole or not found else edge | {"effectiveness": parse_share(found["share"])}
        except ValueError as error:
            self.report(row.place_of(name), str(error))
            return None

    def put(self, section: str, entry: dict[str, Any], places: Mapping[str, Place], place: Place) -> int:
        """Add an entry, and give its number in its section."""
        number = len(self.entries[section])
        self.entries[section].append(entry)
        self.places[section, number] = place
        for name, of_name in places.items():
            self.places[section, number, name] = of_name
        return number

    def _currency(self) -> None:
        """The currency that amounts name is the register's, unless it has another."""
        said = self.header.get("currency") or self.base.header.currency
        for currency, place in sorted(self.currencies.items()):
            if said is None and len(self.currencies) == 1:
                self.header["currency"] = currency
                self.places["currency",] = place
            elif currency != said:
                known = (
                    f"the register is in {said}" if said else f"others are in {min(set(self.currencies) - {currency})}"
                )
                self.report(place, f"is in {currency}, {known}: a register has one currency")


def _repeats(entry: Mapping[str, Any], before: dict[str, Any]) -> bool:
    """Whether an entry says again what one says that is there already, which then takes over what else it keeps."""
    if any(before.get(name) != value for name, value in entry.items() if not is_kept(name)):
        return False
    for name, value in entry.items():
        if is_kept(name) and before.setdefault(name, value) != value:
            several = before[name] if isinstance(before[name], list) else [before[name]]
            before[name] = several if value in several else [*several, value]
    return True


def shorten(name: str) -> str:
    """A name that is as long as a name may be: its first line, or less."""
    if len(name) <= _NAME:
        return name
    first = name.split("\n", maxsplit=1)[0]
    return first if len(first) <= _NAME else f"{first[: _NAME - 1].rstrip()}\u2026"
