"""Writing: what a writer asks for, the newest revision and today's graph in, the next revision and its graph out.

Every store calls :func:`next_revision` inside its transaction, so that all of them take and refuse the same. It
also has the text form in which revisions and elements are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from riskgraph.edits import Edit, apply_all, build, change
from riskgraph.errors import EditError, RevisionConflictError, UsageError
from riskgraph.fields import instant, parse_moment
from riskgraph.graph import HEADER, RiskGraph, title
from riskgraph.history import Decision, Revision
from riskgraph.model import Element, Key

Clock = Callable[[], datetime]

Rows = list[tuple[Key, Element | str]]
"""What a store's content holds: each key with its element, or with the reason why that cannot be read."""


def utc_now() -> datetime:
    """The clock of every store that is not given another one."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Entry:
    """What a writer asks to be recorded, and the revision that it was made for."""

    edits: tuple[Edit, ...]
    expected: int
    author: str
    reason: str
    effective_on: date | None = None
    decisions: tuple[Decision, ...] = ()
    undoes: int | None = None


def next_revision(
    entry: Entry, latest: Revision | None, graph: RiskGraph, graph_id: str, now: datetime
) -> tuple[Revision, RiskGraph]:
    """The revision that records an entry after ``latest``, and the graph after it. Nothing is written here.

    Edits that change nothing are left out, unless they carry an incident: those say that a proposal was applied.

    Raises:
        RevisionConflictError: the newest revision is not the expected one.
        StaleError, EditError: an edit does not fit the graph, or holds what cannot be kept as text.
        UsageError: there is nothing to write, or its effective date is not one that it can have.
    """
    number = latest.number if latest else 0
    if entry.expected != number:
        message = f"revision conflict: made for revision {entry.expected}, the store is at {number}; read it again"
        raise RevisionConflictError(message)
    if entry.undoes is not None and not 1 <= entry.undoes <= number:
        raise UsageError(f"there is no revision {entry.undoes} to undo: the newest is {number}")
    _refuse_half_characters(entry)
    wanted = tuple(_plain(edit) for edit in entry.edits)
    after = apply_all(wanted, graph)
    edits = tuple(_that_change(wanted, graph))
    if not edits and not entry.decisions and entry.undoes is None:
        raise UsageError("there is nothing to write: the graph already is as these edits want it")
    # A clock that was set back would make a later revision effective before an earlier one.
    recorded_at = max(instant(now), instant(latest.recorded_at)) if latest else instant(now)
    revision = Revision(
        number=number + 1,
        graph_id=graph_id,
        recorded_at=recorded_at,
        effective_on=_effective_on(entry.effective_on, latest, recorded_at),
        author=entry.author,
        reason=entry.reason,
        edits=edits,
        decisions=entry.decisions,
        undoes=entry.undoes,
        previous=latest.digest if latest else None,
    )
    return revision.sealed(), after


def refuse_to_restore(latest: int) -> None:
    """Refuses to restore a history over another one.

    Raises:
        RevisionConflictError: there are revisions already.
    """
    if latest:
        raise RevisionConflictError(f"the store has {latest} revisions of its own: name an empty one")


def encode_revision(revision: Revision) -> str:
    """A revision as JSON."""
    return encode(revision.model_dump(mode="json", exclude_defaults=True))


def decode_revision(text: str, about: Collection[Key] | None = None) -> Revision:
    """The revision that a text holds; with ``about`` its edits of these elements only.

    Raises:
        LookupError, ValueError, TypeError: the text holds no revision.
    """
    data = json.loads(text)
    if about is not None and "edits" in data:
        data["edits"] = [edit for edit in data["edits"] if tuple(edit["key"]) in about]
    return Revision.model_validate(data)


def encode_element(element: Element) -> str:
    """An element as JSON, without its ids."""
    return encode({name: value for name, value in element.data().items() if name not in element.key_fields})


def decode_element(key: Key, text: str) -> Element:
    """The element of a key whose values a text holds.

    Raises:
        ValueError, EditError: the text does not hold such values.
    """
    values = json.loads(text)
    if not isinstance(values, dict):
        raise TypeError(f"{title(key)} is kept as {type(values).__name__}")
    return build(key, values)


def encode(data: Any) -> str:
    """Plain data as JSON without spaces; the keys keep their order, in which people see them."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _effective_on(declared: date | None, latest: Revision | None, recorded_at: datetime) -> date | None:
    """The declared date, checked: not in the future, and not before that of the revision before."""
    if declared is None:
        return None
    try:
        moment = instant(parse_moment(declared))
    except ValueError as error:
        raise UsageError(f"the effective date {error}") from error
    if moment > recorded_at:
        message = f"the effective date {declared.isoformat()} is in the future: leave it out or give one up to today"
        raise UsageError(message)
    if latest and moment < latest.effective:
        before = (latest.effective_on or latest.effective).isoformat()
        message = (
            f"the effective date {declared.isoformat()} is before that of revision {latest.number} ({before}): "
            f"leave it out, and give what was identified earlier a `since: {declared.isoformat()}`"
        )
        raise UsageError(message)
    return declared


def _that_change(edits: tuple[Edit, ...], graph: RiskGraph) -> Iterator[Edit]:
    """The edits with an effect, reduced to it, so that their inverse undoes what happened and no more."""
    now = dict(graph.elements)
    for edit in edits:
        before = now.get(edit.key)
        after = _after(edit, before)
        now.pop(edit.key, None)
        if after is not None:
            now[edit.key] = after
        if edit.incident is not None:
            yield edit
        elif before != after:
            yield _reduced(edit, before)


def _after(edit: Edit, before: Element | None) -> Element | None:
    if edit.op == "remove":
        return None
    if edit.op == "add" and before is not None and edit.key != HEADER:
        return before
    kept = before.data() if before is not None and edit.op == "change" else {}
    return build(edit.key, {**kept, **edit.set})


def _reduced(edit: Edit, before: Element | None) -> Edit:
    if before is None or edit.op == "remove":
        return edit
    now = before.data()
    if edit.op == "add":  # Of the header, which is always there: as the change that it is.
        return change(before, dict.fromkeys(now) | edit.set)
    changed = {name: value for name, value in edit.set.items() if now.get(name) != value}
    if len(changed) == len(edit.set):
        return edit
    return edit.model_copy(update={"set": changed, "was": {name: now.get(name) for name in changed}})


def _refuse_half_characters(entry: Entry) -> None:
    """Refuses what UTF-8 cannot hold, before anything is written."""
    for name, value in (("author", entry.author), ("reason", entry.reason)):
        if not _is_text(value):
            raise UsageError(f"the {name} has half a character (a lone surrogate): write it anew")
    for decision in entry.decisions:
        if not _is_text(encode(decision.model_dump())):
            raise UsageError("a decision has half a character (a lone surrogate): write it anew")


def _plain(edit: Edit) -> Edit:
    """An edit as it will be read again: of plain values, which its writer holds no part of."""
    try:
        text = encode(edit.model_dump())
    except (TypeError, ValueError, RecursionError) as error:
        raise EditError(f"{title(edit.key)} has a value that a file cannot hold: {error}") from error
    if not _is_text(text):
        raise EditError(f"{title(edit.key)} has half a character (a lone surrogate): write it anew")
    return Edit.model_validate(json.loads(text))


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


__all__ = [
    "Clock",
    "Entry",
    "Rows",
    "decode_element",
    "decode_revision",
    "encode_element",
    "encode_revision",
    "next_revision",
    "refuse_to_restore",
    "utc_now",
]
