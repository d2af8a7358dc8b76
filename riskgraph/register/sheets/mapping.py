"""Mappings: what the columns, scores and words of a spreadsheet mean, as a file beside it in, checked values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from riskgraph.documents import Document, dump_document, read_document
from riskgraph.errors import InputError, UsageError
from riskgraph.register.sheets.grid import MAPPING
from riskgraph.register.sheets.headers import DROPPED, KINDS, Kind, Wanted, is_kept
from riskgraph.register.sheets.tables import Table
from riskgraph.register.sheets.words import fold, headings
from riskgraph.scales import BUILT_IN, Scale
from riskgraph.validation import closest, sentence, validate

_BOUNDS: Final = 4


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableMapping(_Part):
    """What the columns of one table mean: fields by heading; ``x_...`` keeps a column, ``-`` leaves it out."""

    sheet: str
    kind: Kind
    columns: dict[str, str]


class WordLists(_Part):
    """What words in cells mean, besides the usual ones."""

    likelihood: dict[str, Literal[1, 2, 3, 4, 5]] = {}
    impact: dict[str, Literal[1, 2, 3, 4, 5]] = {}
    status: dict[str, str] = {}


class SheetMapping(_Part):
    """What one file means. ``horizon`` is the time that a probability without one is over."""

    tables: tuple[TableMapping, ...] = ()
    scale: Scale | None = None
    horizon: str = "1y"
    words: WordLists = WordLists()

    def wanted(self, sheet: str, given: Mapping[str, str]) -> list[Wanted]:
        """What is said of the columns of a sheet, here and by ``given``, fields by folded heading, which wins."""
        of_sheet = [table for table in self.tables if table.sheet == sheet]
        known = [
            Wanted({fold(heading): meant for heading, meant in table.columns.items()} | dict(given), table.kind)
            for table in of_sheet
        ]
        return [*known, Wanted(given)]


class MappingFile(_Part):
    """The file ``riskgraph-mapping.yaml``: what each spreadsheet of its folder means, by the file's name."""

    riskgraph_mapping: Literal[1] = 1
    files: dict[str, SheetMapping] = {}


def read_mapping(folder: Path) -> MappingFile:
    """The mapping file of a folder; an empty one where there is none.

    Raises:
        InputError: it is not valid; with every problem and its line.
    """
    path = folder / MAPPING
    return parse_mapping(read_document(path)) if path.is_file() else MappingFile()


def parse_mapping(document: Document) -> MappingFile:
    """The mapping file that a document is.

    Raises:
        InputError: it is not valid; with every problem and its line.
    """
    value, findings = validate(MappingFile, document.data, document, ())
    if value is None:
        raise InputError(str(findings[0]), findings)
    for name, mapping in value.files.items():
        for number, table in enumerate(mapping.tables):
            for heading, meant in table.columns.items():
                if problem := unknown_field(meant, (table.kind,)):
                    place = document.place(("files", name, "tables", number, "columns", heading))
                    raise InputError(f"{place}: {heading}: {problem}")
    return value


def dump_mapping(mapping: MappingFile) -> str:
    """The text of a mapping file."""
    data = mapping.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return dump_document({"riskgraph_mapping": 1, **data})


def mapping_of(tables: Sequence[Table], before: SheetMapping) -> SheetMapping:
    """The mapping that the tables of one file were read with."""
    found = tuple(
        TableMapping(
            sheet=table.grid.sheet,
            kind=table.kind,
            columns={column.heading: column.field for column in table.columns},
        )
        for table in tables
    )
    return before.model_copy(update={"tables": found})


def read_columns(texts: Sequence[str]) -> dict[str, str]:
    """What ``--map HEADING=FIELD`` says: fields by folded heading. ``HEADING=-`` leaves a column out.

    Raises:
        UsageError: a text is not of that form, or there is no such field.
    """
    found: dict[str, str] = {}
    for text in texts:
        heading, separator, meant = text.rpartition("=")
        heading, meant = heading.strip(), meant.strip()
        if not separator or not heading or not meant:
            raise UsageError(f"--map {text!r}: write HEADING=FIELD, as in --map 'Eintritt=likelihood'")
        if problem := unknown_field(meant, KINDS):
            raise UsageError(f"--map {text!r}: {problem}")
        found[fold(heading)] = meant
    return found


def unknown_field(meant: str, kinds: Sequence[Kind]) -> str:
    """What is wrong with the name of a field; nothing, where it is one."""
    fields = {name for kind in kinds for name in headings().names[kind]}
    if meant in fields or is_kept(meant) or meant == DROPPED:
        return ""
    near = closest(meant, fields)
    hint = (
        f"did you mean {near}?" if near else f"there are {', '.join(sorted(fields))}, x_... to keep and - to leave out"
    )
    return f"there is no field {meant!r}: {hint}"


def read_scale(texts: Sequence[str]) -> Scale | None:
    """The scale that ``--scale`` declares: ``uk-nrr-2023``, ``likelihood=0.1,1,4,24`` a year, ``impact=...`` in money.

    Raises:
        UsageError: a text is none of these.
    """
    if not texts:
        return None
    data: dict[str, Any] = {}
    for text in texts:
        value: Any
        name, separator, bounds = text.partition("=")
        if not separator:
            name, value = "likelihood", text
        elif name == "likelihood" and bounds in BUILT_IN:
            value = bounds
        else:
            value = {"loss" if name == "impact" else "per_year": _bounds(text, bounds)}
        if name not in {"likelihood", "impact"} or name in data:
            raise UsageError(f"--scale {text!r}: {_SCALE_HINT}")
        data[name] = value
    try:
        return Scale.model_validate(data)
    except ValidationError as error:
        raise UsageError(f"--scale: {sentence(error.errors()[0])}: {_SCALE_HINT}") from error


_SCALE_HINT: Final = (
    f"write the name of a built-in likelihood scale ({', '.join(BUILT_IN)}), or four rising bounds, "
    "likelihood=0.1,1,4,24 a year, impact=10000,50000,250000,1000000 in money"
)


def _bounds(text: str, bounds: str) -> list[float]:
    try:
        found = [float(bound) for bound in bounds.split(",")]
    except ValueError:
        found = []
    if len(found) != _BOUNDS:
        raise UsageError(f"--scale {text!r}: {_SCALE_HINT}")
    return found
