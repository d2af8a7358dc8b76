"""Headers: a row of headings in, what the column below each of them means, and why, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal

from riskgraph.register.sheets.grid import Grid
from riskgraph.register.sheets.text import decode_text
from riskgraph.register.sheets.words import Headings, fold, forms, headings

Kind = Literal["risk", "cascade", "mitigation", "indicator"]
KINDS: Final[tuple[Kind, ...]] = ("risk", "cascade", "mitigation", "indicator")
DROPPED: Final = "-"
"""The field of a column that is left out."""
OF_CONTROL: Final = "control_x_"
"""What the field of a column begins with that is kept with the control of a row."""
ENOUGH: Final = 2
"""How many known headings a header has at least, where nobody said what a heading means."""
FALLBACK: Final = "no column has a name, so the description is it"
_PARTS: Final = ("control", "risk", "mitigation", "action", "kontroll", "massnahmen")
"""What stands above headings in two rows, and makes a known one of them."""
_RATED: Final = frozenset({"likelihood", "impact", "loss", "loss_low", "loss_high"})
_AFTER: Final = "rated after controls, or for another time; a riskgraph rating is from before mitigations"
_BEST: Final = -1000
"""What a heading that says that it is about ratings before controls is better by."""


@dataclass(frozen=True)
class Column:
    """A column: its place and heading, the field that it fills (``x_...``: kept as it is), and why, if that is odd."""

    index: int
    heading: str
    field: str
    note: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a person has said of the columns of a sheet: fields by folded heading, and the kind of entry."""

    fields: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None


def is_kept(name: str) -> bool:
    """Whether a field is one that nobody knows, of an entry or of the control in its row, kept as it is."""
    return name.startswith(("x_", OF_CONTROL))


@lru_cache(maxsize=1 << 14)
def is_heading(text: str) -> bool:
    """Whether a text is a heading of any kind of table."""
    known = headings()
    return any(
        form in fields or _without_group(form, known)[0] in fields
        for form in forms(text)
        for fields in known.fields.values()
    ) or any(f"{group} {fold(text)}" in fields for group in _PARTS for fields in known.fields.values())


def says_enough(kind: Kind, columns: Sequence[Column]) -> bool:
    """Whether the columns are enough for an entry of a kind."""
    fields = {column.field for column in columns}
    return {"from", "to"} <= fields if kind == "cascade" else "name" in fields


def match_columns(grid: Grid, row: int, indexes: Sequence[int], kind: Kind, said: Wanted) -> tuple[Column, ...]:
    """What each column of a header means for one kind of entry; of several for one field the best has it."""
    known = headings()
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
        matched[number] = (replace(column, field="name", note=FALLBACK), rank)
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
            return Column(index, label, meant), 2 * _BEST
    fields = known.fields[kind]
    above = _moment(group, known)
    tried = [(fold(labels[0]), labels[0]), *((form, heading) for form in forms(heading))]
    for form, label in tried:
        rest, moment = _without_group(form, known)
        name, rank = fields.get(form) or fields.get(rest, ("", 0))
        if not name or (moment and form not in fields and name not in _RATED):
            continue
        moment = (moment or above) if name in _RATED else ""
        shown = labels[0] if moment and moment == above else label
        if moment == "after":
            return Column(index, shown, "", _AFTER), 0
        return Column(index, shown, name), rank + (_BEST if moment else 0)
    return Column(index, labels[0] if above else heading, ""), 0


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
    if sum(cell is not None for cell in above) < ENOUGH:  # A title.
        return ""
    while index >= 0 and above[index] is None:
        index -= 1
    text = above[index] if index >= 0 else None
    return " ".join(text.split()) if isinstance(text, str) and text != grid.rows[row][index] else ""
