"""Edits: every change to a graph as a value; ``apply`` gives the graph after it, and this module is their meaning.

Read from top to bottom it is the specification of what a store does: import, apply, undo and prune are all lists
of edits, and every store is tested against ``apply``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from riskgraph.errors import EditError, StaleError
from riskgraph.graph import HEADER, RiskGraph, order, title
from riskgraph.model import KINDS, NODE_KINDS, Element, Header, Key, is_absent
from riskgraph.validation import sentence

Kind = Literal[
    "register", "risk", "mitigation", "indicator", "incident", "action",
    "cascade", "mitigates", "blocks", "watches", "implements",
]  # fmt: skip
Confidence = Literal["explicit", "derived", "suggested"]


_UNTOLD: Final = frozenset(
    {"description", "text", "incident", "claims", "verdicts", "contributing_factors", "learnings", "pir_digest"}
)
"""Fields that one line about a new element leaves out."""
_LONGEST: Final = 80


class Because(BaseModel):
    """Why an edit is proposed: the PIR's field and line, and what stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    line: int = 0
    text: str = ""


class Edit(BaseModel):
    """One change to the graph.

    ``set`` has the new values; ``was`` the values they replace (for a removal: all of them). Both hold canonical
    JSON values; null stands for absent. The other fields are its provenance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    op: Literal["add", "change", "remove"]
    key: Key
    set: dict[str, Any] = {}
    was: dict[str, Any] = {}
    incident: str | None = None
    because: Because | None = None
    confidence: Confidence | None = None
    answers: tuple[str, ...] = ()
    oneof: str | None = None

    @field_validator("key")
    @classmethod
    def _names_an_element(cls, key: Key) -> Key:
        if not key or key[0] not in KINDS or len(key) != 1 + len(KINDS[key[0]].key_fields):
            message = f"{' '.join(key)!r} names no element"
            raise ValueError(message)
        return key

    @property
    def kind(self) -> str:
        """The kind of element that is changed."""
        return self.key[0]

    def data(self) -> dict[str, Any]:
        """The edit as files and digests have it: the key's ids by name, nothing absent."""
        names = KINDS[self.kind].key_fields
        provenance = self.model_dump(
            mode="json", include={"incident", "because", "confidence", "answers", "oneof"}, exclude_none=True
        )
        parts = {"set": self.set, "was": self.was, **provenance}
        return {
            "op": self.op,
            "kind": self.kind,
            **dict(zip(names, self.key[1:], strict=True)),
            **{name: value for name, value in parts.items() if value not in ([], {}, ())},
        }

    @property
    def marker(self) -> str:
        """The digest by which an applied or rejected edit is known again.

        Why it was proposed does not count, nor does the id that a new risk or indicator happened to get.
        """
        if self.op == "add" and self.kind == "incident":  # It may be recorded with fewer steps than proposed.
            return digest([self.op, *self.key])
        named = self.key if self.op != "add" or self.kind not in {"risk", "indicator"} else (self.kind,)
        return digest([self.op, *named, self.set, self.was, self.incident])


def add(element: Element, **provenance: Any) -> Edit:
    """The edit that adds an element."""
    return Edit(op="add", key=element.key, set=_fields(element), **provenance)


def change(element: Element, values: dict[str, Any], **provenance: Any) -> Edit:
    """The edit that gives an element new values; None takes a value away. Values that it has are left out."""
    new = {name: canonical(element.kind, name, value) for name, value in values.items()}
    old = _fields(element)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    return Edit(op="change", key=element.key, set=changed, was={name: old.get(name) for name in changed}, **provenance)


def remove(element: Element, **provenance: Any) -> Edit:
    """The edit that removes an element; it carries every field, so that it can be undone."""
    return Edit(op="remove", key=element.key, was=_fields(element), **provenance)


def apply(edit: Edit, graph: RiskGraph) -> RiskGraph:
    """The graph after an edit; a graph that already is as the edit wants it is returned as it is.

    Raises:
        StaleError: the element has other values than the edit expects.
        EditError: the edit names what is not there, or removes what others refer to.
    """
    return apply_all([edit], graph)


def apply_all(edits: Iterable[Edit], graph: RiskGraph) -> RiskGraph:
    """The graph after a list of edits, one after the other; all or nothing. Errors as those of ``apply``."""
    draft = _Draft(graph)
    for edit in edits:
        draft.apply(edit)
    return draft.graph()


def invert(edit: Edit) -> Edit:
    """The edit that undoes this one."""
    opposite: dict[str, Literal["add", "change", "remove"]] = {
        "add": "remove",
        "change": "change",
        "remove": "add",
    }
    return Edit(op=opposite[edit.op], key=edit.key, set=edit.was, was=edit.set)


def describe(edit: Edit) -> str:
    """One line for a person: ``~ risk RISK-023: likelihood 2 -> 4``."""
    name = title(edit.key)
    if edit.op == "change":
        changes = (f"{field} {_shown(edit.was.get(field))} -> {_shown(value)}" for field, value in edit.set.items())
        return f"~ {name}: {', '.join(changes)}"
    if edit.op == "remove":
        return f"- {name}"
    details = {field: value for field, value in edit.set.items() if field not in _UNTOLD}
    label = details.pop("name", None)
    shown = ", ".join(f"{field} {_shown(value)}" for field, value in details.items())
    return f"+ {name}" + (f" {label!r}" if label else "") + (f" ({shown})" if shown else "")


def diff_graphs(old: RiskGraph, new: RiskGraph) -> list[Edit]:
    """The edits that lead from one graph to another, in an order in which each can be applied.

    Header, removed edges, added nodes, changes, added edges, removed nodes.
    """
    removed = [remove(element) for key, element in old.elements.items() if key not in new]
    added = [add(element) for key, element in new.elements.items() if key not in old]
    changed = []
    for key, element in new.elements.items():
        before = old.get(key)
        if before is not None and before != element:
            values = dict.fromkeys(_fields(before)) | _fields(element)
            changed.append(change(before, values))
    return in_order([*removed, *added, *changed])


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in an order in which each can be applied."""

    def rank(edit: Edit) -> tuple[int, tuple[int, Key]]:
        node = edit.kind in NODE_KINDS
        if edit.key == HEADER:
            stage = 0
        elif edit.op == "remove":
            stage = 5 if node else 1
        elif edit.op == "add":
            stage = 2 if node else 4
        else:
            stage = 3
        place, key = order(edit.key)
        return stage, (-place if edit.op == "remove" else place, key)

    return sorted(edits, key=rank)


def canonical(kind: str, name: str, value: Any) -> Any:
    """A field's value in canonical form: None, or its default, where nothing is said.

    Raises:
        ValueError: the kind has no such field, or the value is not valid for it.
    """
    if name.startswith("x_"):
        return None if is_absent(value) else value
    try:
        adapter = _adapters(kind)[name]
    except KeyError:
        message = f"a {kind} has no field {name!r}"
        raise ValueError(message) from None
    if is_absent(value):
        return _defaults(kind).get(name)
    dumped = adapter.dump_python(adapter.validate_python(value), mode="json", by_alias=True, exclude_none=True)
    return None if is_absent(dumped) else dumped


def digest(data: Any) -> str:
    """The SHA-256 of canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def build(key: Key, values: dict[str, Any]) -> Element:
    """The element of a key with these values.

    Raises:
        EditError: a value is not valid.
    """
    cls = KINDS[key[0]]
    data = {name: value for name, value in values.items() if value is not None}
    try:
        return cls.model_validate({**data, **dict(zip(cls.key_fields, key[1:], strict=True))})
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{first['loc'][0]}: " if first["loc"] else ""
        message = f"{title(key)}: {where}{sentence(first)}"
        raise EditError(message) from error


class _Draft:
    """A graph under change: elements, and how often each is referred to."""

    def __init__(self, graph: RiskGraph) -> None:
        self.elements = dict(graph.elements)
        self.references = Counter(key for element in self.elements.values() for key in element.refers_to())
        self.ids = {key[1]: key[0] for key in self.elements if key[0] in NODE_KINDS}

    def graph(self) -> RiskGraph:
        return RiskGraph(MappingProxyType(dict(sorted(self.elements.items(), key=lambda item: order(item[0])))))

    def apply(self, edit: Edit) -> None:
        current = self.elements.get(edit.key)
        match edit.op:
            case "add":
                self._add(edit, current)
            case "change":
                self._change(edit, current)
            case "remove":
                self._remove(edit, current)

    def _add(self, edit: Edit, current: Element | None) -> None:
        if current is not None and current.key != HEADER:
            if _fields(current) != _without_null(edit.set) and build(edit.key, edit.set) != current:
                raise _stale(edit, "is there already, with other values")
            return
        kind = self.ids.get(edit.key[1], edit.kind) if edit.kind in NODE_KINDS else edit.kind
        if kind != edit.kind:
            message = f"{edit.key[1]} is the id of a {kind} already: give the {edit.kind} another id"
            raise EditError(message)
        self._put(build(edit.key, edit.set))

    def _change(self, edit: Edit, current: Element | None) -> None:
        if current is None:
            raise _stale(edit, "is not there any more")
        now = _fields(current)
        for name, value in edit.set.items():
            if now.get(name) not in (value, edit.was.get(name)):
                raise _stale(edit, f"has {name} {_shown(now.get(name))}, not {_shown(edit.was.get(name))}")
        self._put(build(edit.key, {**now, **edit.set}))

    def _remove(self, edit: Edit, current: Element | None) -> None:
        if current is None:
            return
        if self.references[edit.key]:
            users = [title(key) for key, element in self.elements.items() if edit.key in element.refers_to()]
            refer = "refers" if len(users) == 1 else "refer"
            message = f"{title(edit.key)} cannot be removed: {', '.join(users[:3])} {refer} to it; close it instead"
            raise EditError(message)
        if _fields(current) != _without_null(edit.was):
            raise _stale(edit, "has other values than those to be removed")
        if edit.key == HEADER:  # There always is one; without values it says nothing.
            self._put(Header())
            return
        self.references.subtract(current.refers_to())
        del self.elements[edit.key]
        self.ids.pop(edit.key[1], None) if edit.kind in NODE_KINDS else None

    def _put(self, element: Element) -> None:
        for needed in element.refers_to():
            if needed not in self.elements:
                message = f"{title(element.key)} refers to {title(needed)}, which is not there"
                raise EditError(message)
        if before := self.elements.get(element.key):
            self.references.subtract(before.refers_to())
        self.references.update(element.refers_to())
        self.elements[element.key] = element
        if element.kind in NODE_KINDS:
            self.ids[element.key[1]] = element.kind


def _fields(element: Element) -> dict[str, Any]:
    """The canonical values of an element, without its ids."""
    return {name: value for name, value in element.data().items() if name not in element.key_fields}


def _without_null(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _stale(edit: Edit, what: str) -> StaleError:
    message = f"{title(edit.key)} {what}"
    return StaleError(message, (message,))


def _shown(value: Any) -> str:
    """A value in a few words: fractions to three digits, lists of parts as their number, long texts cut."""
    match value:
        case None:
            return "not set"
        case float():
            return f"{value:.3g}"
        case [dict(), *_]:
            return str(len(value))
        case str():
            text = value
        case _:
            text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3].rstrip() + "..."


@cache
def _adapters(kind: str) -> dict[str, TypeAdapter[Any]]:
    """How to read and write each field of a kind by itself."""
    fields = KINDS[kind].model_fields
    adapters = {}
    for name, info in fields.items():
        annotation: Any = info.annotation
        for extra in info.metadata:
            annotation = Annotated[annotation, extra]
        if info.discriminator:
            annotation = Annotated[annotation, Field(discriminator=info.discriminator)]
        adapters[info.alias or name] = TypeAdapter(annotation)
    return adapters


@cache
def _defaults(kind: str) -> dict[str, Any]:
    """What each field of a kind is where nothing is said; only words, since empty parts are absent."""
    fields = KINDS[kind].model_fields.items()
    return {info.alias or name: info.default for name, info in fields if isinstance(info.default, str)}
