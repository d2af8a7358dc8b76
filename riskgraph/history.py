"""History: revisions in, the graph at any of them, or as it was known at any time, out.

A prediction is read from the graph as recorded before the incident began. ``History.as_of`` is that rule's home.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from riskgraph.edits import Edit, apply_all, build, digest
from riskgraph.fields import Moment, instant
from riskgraph.graph import RiskGraph
from riskgraph.model import NODE_KINDS, Element, Key
from riskgraph.neighbourhood import Around

_COMMIT: Final = 12


class Decision(BaseModel):
    """What a person decided without a change to the graph: an edit rejected, or a gap accepted, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: Literal["edit", "gap"]
    incident: str
    decision: Literal["reject", "accept"]
    reason: str = ""
    marker: str = ""
    title: str = ""
    question: str = ""
    gap: str = ""


class Revision(BaseModel):
    """One write: its edits and decisions, who, when and why; sealed by its digest, chained by ``previous``.

    ``effective_on`` is the declared date, or None where the clock counts. ``undoes`` is the number of the revision
    that this one undoes. ``digest`` covers everything else in here, ``previous`` included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    graph_id: str
    recorded_at: AwareDatetime
    effective_on: Moment | None = None
    author: str
    reason: str
    edits: tuple[Edit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    undoes: int | None = None
    previous: str | None = None
    digest: str = ""

    @property
    def effective(self) -> datetime:
        """The instant from which this revision was the organisation's view."""
        return instant(self.effective_on or self.recorded_at)

    def sealed(self) -> Revision:
        """This revision with its digest."""
        return self.model_copy(update={"digest": self.seal()})

    def about(self, keys: Collection[Key]) -> Revision:
        """This revision with its edits of these elements only; its digest is still that of the whole."""
        return self.model_copy(update={"edits": tuple(edit for edit in self.edits if edit.key in keys)})

    def seal(self) -> str:
        """The digest that its content has."""
        content = self.model_dump(mode="json", exclude={"digest", "edits"})
        content["recorded_at"] = instant(self.recorded_at).isoformat()
        return digest({**content, "edits": [edit.data() for edit in self.edits]})


@dataclass(frozen=True)
class Snapshot:
    """The graph as known at a time, and how well that is known.

    ``revision`` is the number of the revision it rests on (0: none had been written). ``recorded_at`` is when that one
    was written, ``commit`` which commit that was, where the history is a repository's. ``declared`` are the elements
    that are in it only because of their ``since``.
    """

    graph: RiskGraph = field(default_factory=RiskGraph)
    revision: int = 0
    as_of: datetime | None = None
    recorded_at: datetime | None = None
    declared: frozenset[Key] = frozenset()
    commit: str | None = None

    def around(self, part: Around | None) -> Snapshot:
        """This snapshot with a part of its graph only; with all of it where no part is named."""
        return self if part is None else replace(self, graph=part.of(self.graph))

    @property
    def is_known(self) -> bool:
        """Whether anything was recorded or declared before that time."""
        return self.revision > 0 or bool(self.declared)

    def is_sealed(self, keys: Iterable[Key] = ()) -> bool | None:
        """Whether the clock, not a declared date, vouches that this was known; None where nothing was."""
        if not self.is_known:
            return None
        if self.recorded_at is None or (self.as_of is not None and instant(self.recorded_at) > self.as_of):
            return False
        return not any(key in self.declared for key in keys)


@dataclass(frozen=True)
class Origin:
    """Where something in the graph comes from: the revision and the edit that put it there."""

    revision: Revision
    edit: Edit


@dataclass(frozen=True)
class History:
    """All revisions of a graph, in order, and what can be read from them.

    ``commits`` has the commit of each revision that is one, by its number.
    """

    revisions: Sequence[Revision] = ()
    _graphs: dict[int, RiskGraph] = field(default_factory=dict, repr=False, compare=False)
    commits: Mapping[int, str] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        """The number of the newest revision; 0 where there is none."""
        return len(self.revisions)

    @property
    def graph(self) -> RiskGraph:
        """The graph of today."""
        return self.at(self.latest)

    def recorded_at(self, revision: Revision) -> datetime | None:
        """When a store or a repository recorded a revision; None for register files, which are read when they are."""
        return revision.recorded_at if revision.graph_id or self.commits else None

    def at(self, number: int) -> RiskGraph:
        """The graph after a revision; after revision 0 it is empty."""
        if number not in self._graphs:
            start = max((known for known in self._graphs if known < number), default=0)
            graph = self._graphs.get(start, RiskGraph())
            edits = [edit for revision in self.revisions[start:number] for edit in revision.edits]
            self._graphs[number] = apply_all(edits, graph)
        return self._graphs[number]

    def snapshot(self) -> Snapshot:
        """The graph of today as a snapshot."""
        last = self.revisions[-1] if self.revisions else None
        recorded = last.recorded_at if last else None
        return Snapshot(self.graph, self.latest, recorded_at=recorded, commit=self.commits.get(self.latest))

    def as_of(self, when: date, incident: str | None = None) -> Snapshot:
        """The graph as known at a time.

        That is the last revision that was effective by then, without what was identified later (``since``), and
        with what was identified by then and first recorded later, as first recorded.

        What the review of ``incident`` taught was not known when it began, whatever date it was given: of what was
        recorded with that or after it only ``since`` counts.
        """
        moment = instant(when)
        number = 0
        for revision in self.revisions[: self._taught.get(incident, self.latest + 1) - 1]:
            if revision.effective <= moment:
                number = revision.number
        base = self.at(number)
        later = {key for key, element in base.elements.items() if _is_later(element, moment)}
        declared = {key: element for key, element in self._declared(moment, number).items() if key not in base}
        graph = base
        if later or declared:
            kept = {key: one for key, one in base.elements.items() if key not in later}
            graph = RiskGraph.of(whole({**kept, **declared}).values())
        recorded = self.revisions[number - 1].recorded_at if number else None
        used = frozenset(key for key in declared if key in graph)
        return Snapshot(graph, number, moment, recorded, used, self.commits.get(number))

    def _declared(self, moment: datetime, number: int) -> dict[Key, Element]:
        """What was first recorded after revision ``number`` and identified by ``moment``, as first recorded.

        Edges of such a mitigation or indicator come along as far as they were recorded together with it.
        """
        found: dict[Key, Element] = {}
        for key, origin in self._dated.items():
            if origin.revision.number > number:
                element = build(key, origin.edit.set)
                if not _is_later(element, moment):
                    found[key] = element
        for key, origin in self.first.items() if found else ():
            if key[0] in {"mitigates", "blocks", "watches"} and origin.revision.number > number:
                owner = ("indicator" if key[0] == "watches" else "mitigation", key[1])
                if owner in found and self.first[owner].revision.number == origin.revision.number:
                    found[key] = build(key, origin.edit.set)
        return found

    @cached_property
    def first(self) -> Mapping[Key, Origin]:
        """Where each element that ever was came from the first time."""
        found: dict[Key, Origin] = {}
        for origin in self.walk():
            if origin.edit.op == "add":
                found.setdefault(origin.edit.key, origin)
        return found

    @cached_property
    def _taught(self) -> Mapping[str | None, int]:
        """The first revision with an edit of each incident's review."""
        found: dict[str | None, int] = {}
        for origin in self.walk():
            if origin.edit.incident:
                found.setdefault(origin.edit.incident, origin.revision.number)
        return found

    @cached_property
    def _dated(self) -> Mapping[Key, Origin]:
        """What was first recorded with the date on which it was identified."""
        return {key: origin for key, origin in self.first.items() if origin.edit.set.get("since") is not None}

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Every node id that any revision had, with its kind."""
        return {key[1]: key[0] for key in self.first if key[0] in NODE_KINDS}

    def walk(self) -> Iterator[Origin]:
        """Every edit with its revision, oldest first."""
        for revision in self.revisions:
            for edit in revision.edits:
                yield Origin(revision, edit)

    def of(self, key: Key) -> list[Origin]:
        """Everything that ever happened to one element, oldest first."""
        return [origin for origin in self.walk() if origin.edit.key == key]

    @cached_property
    def undone(self) -> frozenset[int]:
        """The numbers of the revisions that were undone and not redone."""
        undone: set[int] = set()
        for revision in reversed(self.revisions):
            if revision.undoes is not None and revision.number not in undone:
                undone.add(revision.undoes)
        return frozenset(undone)

    @cached_property
    def applied(self) -> Mapping[str, Origin]:
        """The edits of proposals that stand today, by their marker."""
        return {
            origin.edit.marker: origin
            for origin in self.walk()
            if origin.edit.incident and origin.revision.number not in self.undone
        }

    @cached_property
    def decisions(self) -> Mapping[tuple[str, ...], tuple[Revision, Decision]]:
        """What was decided last: by ("edit", marker), or by ("gap", incident, question, gap)."""
        found: dict[tuple[str, ...], tuple[Revision, Decision]] = {}
        for revision in self.revisions:
            if revision.number not in self.undone:
                for decision in revision.decisions:
                    found[subject(decision)] = (revision, decision)
        return found

    def learned(self) -> Mapping[tuple[Key, str], dict[str, Origin]]:
        """What reviews taught and the owner has not changed since: for each field, the values replaced.

        The inner key is the canonical JSON of a replaced value. An element that a review added has the field "".
        """
        from json import dumps

        found: dict[tuple[Key, str], dict[str, Origin]] = {}
        for origin in self.walk():
            edit = origin.edit
            taught = bool(edit.incident) and origin.revision.number not in self.undone
            if edit.op == "change":
                for name in edit.set:
                    if taught:
                        found.setdefault((edit.key, name), {})[dumps(edit.was.get(name), sort_keys=True)] = origin
                    else:
                        found.pop((edit.key, name), None)
            elif edit.op == "add" and taught:
                found[edit.key, ""] = {"null": origin}
            elif edit.op == "remove":
                for known in [known for known in found if known[0] == edit.key]:
                    del found[known]
        return found


def subject(decision: Decision) -> tuple[str, ...]:
    """What a decision is about."""
    if decision.what == "edit":
        return ("edit", decision.marker)
    return ("gap", decision.incident, decision.question, decision.gap)


def short_commit(commit: str) -> str:
    """The id of a commit as it is shown: long enough to be unique in any repository."""
    return commit[:_COMMIT]


def first_revision(graph: RiskGraph, effective_on: date | None, recorded_at: datetime, **about: Any) -> Revision:
    """The revision that a register file is by itself, for reading it without a store."""
    from riskgraph.edits import diff_graphs

    values = {"graph_id": "", "author": "", "reason": "register file", **about}
    edits = tuple(diff_graphs(RiskGraph(), graph))
    return Revision(number=1, recorded_at=recorded_at, effective_on=effective_on, edits=edits, **values).sealed()


def _is_later(element: Element, moment: datetime) -> bool:
    since = getattr(element, "since", None)
    return since is not None and instant(since) > moment


def whole(elements: dict[Key, Element]) -> dict[Key, Element]:
    """These elements without those that refer to what is missing, however far that goes."""
    kept = elements
    while True:
        rest = {key: element for key, element in kept.items() if all(needed in kept for needed in element.refers_to())}
        if len(rest) == len(kept):
            return rest
        kept = rest


__all__ = [
    "Decision", "History", "Origin", "Revision", "Snapshot", "first_revision", "short_commit", "subject", "whole",
]  # fmt: skip
