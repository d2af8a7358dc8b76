"""The form of a review as headings and labels: the model of a review in, its fields by the words of a page out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from riskgraph.pir.model import PirFile
from riskgraph.validation import closest

FieldKind = Literal["text", "number", "texts", "record", "records"]

_TITLES: Final = {
    "incident_id": "Incident ID",
    "id": "ID",
    "checked_not_affected": "Checked, not affected",
    "process_level_learning": "Process-level learning",
}
_ALIASES: Final = {
    "was_this_in_our_register": "in_register",
    "was_probability_accurate": "probability_accurate",
    "did_we_see_the_cascades": "cascades_predicted",
    "did_mitigation_work": "mitigation_worked",
    "did_indicators_fire_in_time": "indicators_fired",
    "did_escalation_work": "escalation_worked",
    "action_items": "actions",
    "due_date": "due",
    "gap": "gap_type",
    "lessons_learned": "learnings",
    "process_improvement": "process_improvements",
    "root_cause_analysis": "root_cause",
    "time_zone": "timezone",
    "what_went_wrong": "what_to_improve",
    "who": "owner",
    "deadline": "due",
}
"""Headings and labels that people write for a field: the audit's questions as the method asks them, and few others."""
_COLUMNS: Final = {"what": ("action", "event"), "when": ("due", "time")}
"""The same for words that mean one field of an action, and another of a timeline."""
_LIKENESS: Final = 80
"""How alike, from 0 to 100, an unknown word has to be to be one that was misspelt."""


@dataclass(frozen=True)
class Field:
    """A field of a review: its name in files, what it holds, the fields of its record or records, what to write.

    ``words`` are the only values that a file may have there, if it is only these.
    """

    name: str
    kind: FieldKind
    fields: Mapping[str, Field] = field(default_factory=dict)
    hint: str = ""
    words: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How a page names it: ``Incident ID``, ``Short term``."""
        return _TITLES.get(self.name, self.name.replace("_", " ").capitalize())

    def find(self, label: str) -> Field | None:
        """The field of this one that a heading or label names, in any case and with any punctuation."""
        word = fold(label)
        names = (word, _ALIASES.get(word, ""), *_COLUMNS.get(word, ()))
        return next((self.fields[name] for name in names if name in self.fields), None)

    def near(self, label: str) -> Field | None:
        """The field of this one that a misspelt heading or label was probably meant to name."""
        found = closest(fold(label), list(self.fields), _LIKENESS)
        return self.fields[found] if found else None


def fold(label: str) -> str:
    """A heading or label as the name of a field: lower case, one ``_`` for whatever stands between its words."""
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")


def _build(name: str, annotation: Any, hint: str = "") -> Field:
    inner = _without(annotation)
    repeated = get_origin(inner) is tuple
    if repeated:
        inner = _without(get_args(inner)[0])
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        fields = {
            (info.alias or key): _build(info.alias or key, info.annotation, info.description or "")
            for key, info in inner.model_fields.items()
        }
        return Field(name, "records" if repeated else "record", fields, hint or inspect.getdoc(inner) or "")
    if repeated:
        return Field(name, "texts", hint=hint)
    words = get_args(inner) if get_origin(inner) is Literal else ()
    return Field(name, "number" if inner in {int, float} else "text", hint=hint, words=words)


def _without(annotation: Any) -> Any:
    """A type without None and without what annotates it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        kinds = [part for part in get_args(annotation) if part is not type(None)]
        if type(None) not in get_args(annotation) or len(kinds) != 1:
            return annotation
        annotation = kinds[0]


def _nested(form: Field) -> Iterator[tuple[str, tuple[Field, Field]]]:
    for outer in form.fields.values():
        if outer.kind == "record":
            for inner in outer.fields.values():
                if inner.name not in form.fields:
                    yield inner.name, (outer, inner)


FORM: Final = _build("", PirFile)
"""A review, as one record."""

INNER: Final[Mapping[str, tuple[Field, Field]]] = {
    name: found for name, found in _nested(FORM) if [other for other, _ in _nested(FORM)].count(name) == 1
}
"""Fields one level down whose name says by itself where they belong, such as ``immediate``; each with its section."""


def find_inner(label: str) -> tuple[Field, Field] | None:
    """The field one level down that a heading names wherever it stands, behind its section."""
    word = fold(label)
    return INNER.get(word) or INNER.get(_ALIASES.get(word, ""))
