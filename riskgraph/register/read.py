"""Reading registers: files in, a checked graph with the place of every element out, or every problem of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskgraph.documents import MAX_REGISTER_BYTES, Document, read_document
from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place
from riskgraph.graph import HEADER, RiskGraph, title
from riskgraph.model import NODE_KINDS, Blocks, Element, Header, Indicator, Key, Mitigates, Mitigation, Risk, Watches
from riskgraph.register.model import SECTIONS, IndicatorEntry, MitigationEntry, RegisterHeader
from riskgraph.scales import scale_hint
from riskgraph.validation import closest, salvage

if TYPE_CHECKING:
    from riskgraph.register.sheets.read import Spreadsheet


@dataclass(frozen=True)
class Register:
    """What register files say.

    ``elements`` are those of the files alone, the header among them; ``graph`` is the graph that they make together
    with the one they were read against. ``effective_on`` is since when this was the organisation's view.
    """

    graph: RiskGraph
    elements: Mapping[Key, Element] = field(default_factory=dict)
    graph_id: str | None = None
    effective_on: date | None = None
    places: Mapping[Key, Place] = field(default_factory=dict)
    paths: tuple[str, ...] = ()


def is_register(document: Document) -> bool:
    """Whether a document says that it is a register."""
    return isinstance(document.data, dict) and "riskgraph_register" in document.data


def read_registers(
    paths: Sequence[Path | str],
    base: RiskGraph | None = None,
    sheets: Sequence[Spreadsheet] | None = None,
    *,
    findings: Sequence[Finding] = (),
    advance: Callable[[int], None] = lambda _: None,
) -> Register:
    """The register that files make together: YAML, workbooks, CSV files and folders of them.

    With ``base`` their edges may use its elements, and its scale counts where they have none. ``sheets`` are the
    spreadsheets among them, if they were opened before, with the ``findings`` of that; ``advance`` is told of each row
    of theirs.

    Raises:
        InputError: anything in any file is not valid; it lists every problem of every file.
    """
    from riskgraph.register.sheets.grid import is_spreadsheet

    documents: list[Document] = []
    problems = list(findings)
    for path in paths:
        if not is_spreadsheet(path):
            try:
                documents.append(read_document(path, MAX_REGISTER_BYTES, lenient=True))
            except InputError as error:
                problems += error.findings
    if any(is_spreadsheet(path) for path in paths):
        from riskgraph.register.sheets.read import open_spreadsheets, read_spreadsheets

        if sheets is None:
            sheets, unread = open_spreadsheets(paths)
            problems += unread
        read, found = read_spreadsheets(sheets, base, advance)
        documents += read
        problems += found
    return parse_registers(documents, base, problems)


def parse_registers(
    documents: Sequence[Document], base: RiskGraph | None = None, findings: Sequence[Finding] = ()
) -> Register:
    """The register that documents make together; as ``read_registers``. ``findings`` are known already."""
    reader = _Reader(base or RiskGraph(), list(findings))
    for document in documents:
        reader.read(document)
    return reader.finish(tuple(document.path for document in documents))


class _Reader:
    """Collects the elements of several files and what is wrong with them."""

    def __init__(self, base: RiskGraph, findings: list[Finding]) -> None:
        self.base, self.findings = base, findings
        self.elements: dict[Key, Element] = {}
        self.places: dict[Key, Place] = {}
        self.header: dict[str, tuple[Any, Place]] = {}
        self.invalid: set[Key] = set()
        self.has_wrong_scale = False

    def read(self, document: Document) -> None:
        data = document.data
        self.findings += document.notes
        if not isinstance(data, dict) or "riskgraph_register" not in data:
            message = "is not a register: it has to begin with riskgraph_register: 1"
            self._report("not-a-register", document.place(()), message)
            return
        own = {name: value for name, value in data.items() if name not in SECTIONS}
        header, problems = salvage(RegisterHeader, own, document, ())
        self.findings += [_with_sections(problem) for problem in problems]
        self.has_wrong_scale |= any(_is_about_scale(problem) for problem in problems)
        if header is not None:
            self._merge_header(header, document)
        for section, model in SECTIONS.items():
            entries = data.get(section)
            if entries is None:
                continue
            if not isinstance(entries, list):
                self._report(
                    "invalid-value", document.place((section,)), f"{section} has to be a list: begin each entry with -"
                )
                continue
            for index, entry in enumerate(entries):
                element, problems = salvage(model, entry, document, (section, index))
                self.findings += problems
                if element is not None:
                    self._take(element, document, (section, index))
                elif isinstance(entry, dict):  # Named, but not valid: what refers to it is not wrong as well.
                    names = model.key_fields
                    self.invalid.add((model.kind, *(str(entry.get(name)) for name in names)))

    def finish(self, paths: tuple[str, ...]) -> Register:
        header = self._header()
        merged = {**self.base.elements, **self.elements, HEADER: header}
        self._check_references(merged)
        self._check_scores(header, merged)
        if self.findings:
            ordered = tuple(sorted(set(self.findings), key=lambda finding: (finding.place, finding.rule)))
            raise InputError(str(ordered[0]), ordered)
        graph = RiskGraph.of(merged.values())
        given = {name: value for name, (value, _) in self.header.items()}
        elements = {HEADER: header, **self.elements}
        return Register(graph, elements, given.get("graph_id"), given.get("effective_on"), self.places, paths)

    def _merge_header(self, header: RegisterHeader, document: Document) -> None:
        """Take over what a header says; files that are merged have to agree."""
        extras = header.model_extra or {}
        values = {name: getattr(header, name) for name in ("graph_id", "effective_on", "scale", "currency")} | extras
        for name, value in values.items():
            if value is None:
                continue
            place = document.place((name,))
            known = self.header.setdefault(name, (value, place))
            if known[0] != value:
                fix = "import them one after the other" if name == "effective_on" else "keep one of them"
                self._report("header-differs", place, f"{name} differs from {known[1]}: {fix}")

    def _header(self) -> Header:
        """The header of the merged graph: that of the files, else of the graph before."""
        given = {name: value for name, (value, _) in self.header.items() if name not in {"graph_id", "effective_on"}}
        before = {"scale": self.base.header.scale, "currency": self.base.header.currency}
        extras = self.base.header.model_extra or {}
        return Header.model_validate({**extras, **before, **given})

    def _take(self, entry: Element, document: Document, loc: tuple[str | int, ...]) -> None:
        """Take an entry up, with its edges as elements of their own."""
        place = document.place(loc)
        if isinstance(entry, MitigationEntry):
            for number, edge in enumerate(entry.mitigates):
                mitigates = Mitigates(mitigation=entry.id, risk=edge.risk, effectiveness=edge.effectiveness)
                self._put(mitigates, document.place((*loc, "mitigates", number)))
            for number, block in enumerate(entry.blocks):
                values = {
                    "mitigation": entry.id,
                    "from": block.from_,
                    "to": block.to,
                    "effectiveness": block.effectiveness,
                }
                self._put(Blocks.model_validate(values), document.place((*loc, "blocks", number)))
        if isinstance(entry, IndicatorEntry):
            for number, risk in enumerate(entry.watches):
                self._put(Watches(indicator=entry.id, risk=risk), document.place((*loc, "watches", number)))
        self._put(_plain(entry), place)

    def _put(self, element: Element, place: Place) -> None:
        if element.key in self.elements:
            message = f"{title(element.key)} is there twice: it also stands at {self.places[element.key]}"
            self._report("duplicate", place, message)
            return
        self.elements[element.key] = element
        self.places[element.key] = place

    def _check_references(self, merged: Mapping[Key, Element]) -> None:
        ids: dict[str, Key] = {}
        for key in merged:
            if key[0] in NODE_KINDS:
                other = ids.setdefault(key[1], key)
                if other != key and key in self.places:
                    message = f"{key[1]} is the id of a {other[0]} already: give this {key[0]} another id"
                    self._report("id-taken", self.places[key], message)
        for key, element in self.elements.items():
            for needed in element.refers_to():
                if needed not in merged and needed not in self.invalid:
                    self._report("dangling-id", self.places[key], _dangling(key, needed, merged))

    def _check_scores(self, header: Header, merged: Mapping[Key, Element]) -> None:
        """A score means nothing without its scale, and no other score may change its meaning silently."""
        scale = header.scale
        for key, risk in self.elements.items():
            if isinstance(risk, Risk) and not self.has_wrong_scale:
                if isinstance(risk.likelihood, int) and not (scale and scale.likelihood):
                    self._report(
                        "scale-missing", self.places[key], f"likelihood {risk.likelihood} has no scale: {scale_hint()}"
                    )
                if risk.impact is not None and not (scale and scale.impact):
                    self._report(
                        "scale-missing", self.places[key], f"impact {risk.impact} has no scale: {scale_hint()}"
                    )
        before = self.base.header.scale
        if before is not None and scale != before:
            left = [
                risk.id
                for key, risk in merged.items()
                if isinstance(risk, Risk)
                and key not in self.elements
                and (isinstance(risk.likelihood, int) or risk.impact)
            ]
            if left:
                place = self.header["scale"][1] if "scale" in self.header else Place()
                names = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")  # noqa: PLR2004
                self._report(
                    "scale-changed",
                    place,
                    f"changing the scale needs a file with every scored risk: it lacks {names}",
                )

    def _report(self, rule: str, place: Place, message: str) -> None:
        self.findings.append(Finding(rule, "error", message, place))


def _plain(entry: Element) -> Element:
    """An entry without its nested edges."""
    data = entry.model_dump(by_alias=True, exclude={"mitigates", "blocks", "watches"}, exclude_none=True)
    match entry:
        case MitigationEntry():
            return Mitigation.model_validate(data)
        case IndicatorEntry():
            return Indicator.model_validate(data)
        case _:
            return entry


def _dangling(key: Key, needed: Key, merged: Iterable[Key]) -> str:
    """What to say of an id that is not there."""
    known = [other[1:] for other in merged if other[0] == needed[0]]
    if len(needed) == 2:  # noqa: PLR2004 - a kind and an id
        near = closest(needed[1], [ids[0] for ids in known])
        hint = f"did you mean {near}?" if near else f"add it, or name another {needed[0]}"
    else:
        hint = "add that cascade, or name another"
    return f"{title(key)} refers to {title(needed)}, which is not there: {hint}"


def _is_about_scale(problem: Finding) -> bool:
    return problem.field.split(".")[0] == "scale" or problem.message.endswith("did you mean 'scale'?")


def _with_sections(problem: Finding) -> Finding:
    """An unknown key at the top may be meant for a section."""
    key = problem.field.rsplit(".", 1)[-1]
    if problem.rule == "unknown-key" and "did you mean" not in problem.message:
        near = closest(key, SECTIONS)
        if near:
            return Finding(
                problem.rule, problem.level, f"unknown key {key!r}: did you mean {near!r}?", problem.place, key
            )
    return problem
