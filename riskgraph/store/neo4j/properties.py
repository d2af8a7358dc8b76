"""Properties: an element or a revision in, what Neo4j keeps of it for a person to read out; and back to the bit.

Words, numbers and lists of words are kept as they are. What has parts, such as a likelihood over a horizon, is JSON in
the property of its name. So are extra fields together, in ``extra``, unless Neo4j can hold them by themselves. Ids of
edges are their ends; what an incident showed, and which incident raised an action, are edges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from riskgraph.edits import build
from riskgraph.graph import evidence
from riskgraph.history import Revision
from riskgraph.model import KINDS, Element, Incident, Key
from riskgraph.store.writing import encode

EVIDENCE: Final = frozenset({"risk", "reached", "checked", "tested", "signalled"})
"""Fields of an incident that are edges."""

_PARTED: Final = frozenset({"scale", "likelihood", "loss", "escalation", "occurrences", "claims", "verdicts"})
_PLAIN: Final = re.compile(r"x_[A-Za-z0-9_]{1,60}")
_LARGEST: Final = 2**63
_EXTRA: Final = "extra"
_NAMES: Final = "extra_names"

Edge = tuple[str, str, Mapping[str, Any]]
"""The edge of an incident as it is read: its type, the id at its end, its properties."""


def to_properties(element: Element) -> dict[str, Any]:
    """What Neo4j keeps of an element."""
    own = set(element.key_fields) if len(element.key_fields) > 1 else set()
    if element.kind == "incident":
        own |= EVIDENCE
    elif element.kind == "action":
        own.add("incident")
    data = {name: value for name, value in element.data().items() if name not in own}
    extras = {name: value for name, value in data.items() if name.startswith("x_")}
    kept = {name: encode(value) if isinstance(value, dict) else value for name, value in data.items()}
    kept = {name: value for name, value in kept.items() if name not in extras}
    kept |= {name: value for name, value in extras.items() if _is_plain(name, value)}
    if others := {name: value for name, value in extras.items() if not _is_plain(name, value)}:
        kept[_EXTRA] = encode(others)
    if len(extras) > 1:  # Neo4j keeps no order, and files are written in this one.
        kept[_NAMES] = list(extras)
    if element.kind == "blocks":
        kept["cascade_from"] = element.key[2]
    return kept


def to_element(key: Key, properties: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> Element:
    """The element of which Neo4j keeps these properties; ``more`` are its fields that are edges.

    Raises:
        ValueError, EditError: they are not those of such an element.
    """
    names = {*KINDS[key[0]].names(), _EXTRA, _NAMES}
    ids = {"id", "cascade_from"} if key[0] == "blocks" else {"id"}
    found = {name: _read(name, value) for name, value in properties.items() if name not in ids}
    extras = {name: value for name, value in found.items() if name not in names} | found.pop(_EXTRA, {})
    order = [*found.pop(_NAMES, ()), *sorted(extras)]
    fields = {name: value for name, value in found.items() if name not in extras}
    return build(key, {**fields, **{name: extras[name] for name in order if name in extras}, **(more or {})})


def to_edges(incident: Incident) -> Iterable[Edge]:
    """The edges of an incident; steps and checks have their place in the row."""
    for place, (type_, target, attributes) in enumerate(evidence(incident)):
        yield type_, target, {"place": place, **attributes}


def from_edges(edges: Iterable[Edge]) -> dict[str, Any]:
    """The fields of an incident that are edges.

    Raises:
        ValueError: it has two roots.
    """
    fields: dict[str, Any] = {}
    lists: dict[str, list[dict[str, Any]]] = {"reached": [], "checked": [], "tested": [], "signalled": []}
    for type_, target, properties in sorted(edges, key=_place):
        values = {name: _read(name, value) for name, value in properties.items() if name != "place"}
        match type_:
            case "MATERIALIZED":
                if "risk" in fields:
                    message = f"two risks are its root, {fields['risk']} and {target}"
                    raise ValueError(message)
                fields["risk"] = target
            case "REACHED" | "CHECKED":
                lists[type_.lower()].append({"from": values.pop("cascade_from", None), "to": target, **values})
            case "TESTED":
                lists["tested"].append({"mitigation": target, **values})
            case _:
                lists["signalled"].append({"indicator": target, **values})
    return fields | {name: value for name, value in lists.items() if value}


def revision_properties(revision: Revision, attempt: str) -> dict[str, Any]:
    """A revision for a person to read; ``body`` and ``edit_bodies`` are what counts.

    Each edit is a text of its own, so that the server gives those of some elements without the others.
    """
    edits = [edit.model_dump(mode="json", exclude_defaults=True) for edit in revision.edits]
    return {
        "number": revision.number,
        "recorded_at": revision.recorded_at.isoformat(),
        "effective_on": revision.effective_on.isoformat() if revision.effective_on else None,
        "author": revision.author,
        "reason": revision.reason,
        "edits": len(revision.edits),
        "undoes": revision.undoes,
        "previous": revision.previous,
        "digest": revision.digest,
        "attempt": attempt,
        "body": encode(revision.model_dump(mode="json", exclude_defaults=True, exclude={"edits"})),
        "edit_keys": [" ".join(edit.key) for edit in revision.edits],
        "edit_bodies": [encode(edit) for edit in edits],
    }


def to_revision(body: str, edits: Sequence[str]) -> Revision:
    """The revision of which Neo4j keeps this body, with these of its edits.

    Raises:
        LookupError, ValueError, TypeError: the texts hold none.
    """
    return Revision.model_validate({**json.loads(body), "edits": [json.loads(edit) for edit in edits]})


def _is_plain(name: str, value: Any) -> bool:
    """Whether Neo4j holds an extra field as it is."""
    if not _PLAIN.fullmatch(name):
        return False
    return isinstance(value, str | float) or (isinstance(value, int) and -_LARGEST <= value < _LARGEST)


def _place(edge: Edge) -> tuple[str, float, str]:
    """Where an edge stands; one drawn by hand has no place and comes last."""
    place = edge[2].get("place")
    return edge[0], place if isinstance(place, int) else float("inf"), str(edge[1])


def _read(name: str, value: Any) -> Any:
    if isinstance(value, str) and (name in _PARTED or name == _EXTRA):
        try:
            return json.loads(value)
        except ValueError:
            message = f"{name} {value[:40]!r} is no JSON"
            raise ValueError(message) from None
    # A date that somebody set by hand has a type of its own.
    return value.iso_format() if hasattr(value, "iso_format") else value


__all__ = [
    "EVIDENCE", "Edge", "from_edges", "revision_properties", "to_edges", "to_element", "to_properties", "to_revision",
]  # fmt: skip
