"""Matching: a review and the graph as known at its start in, what the review says of that graph out.

Every name and id of the review is resolved here, once. Diff and audit read nothing else, so that they give the same
answer whatever was learned since.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from riskgraph.durations import find_duration
from riskgraph.errors import InputError
from riskgraph.fields import ID_PATTERN
from riskgraph.findings import Finding
from riskgraph.graph import with_article
from riskgraph.matching.ids import Vocabulary, closest_id, find_ids, folded, id_shape, plain
from riskgraph.matching.instructions import read_occurrences
from riskgraph.matching.observed import Evidence, Match, ObservedStep, Source, names_of
from riskgraph.matching.text import read_text
from riskgraph.pir.review import field_name

if TYPE_CHECKING:
    from riskgraph.documents import Loc
    from riskgraph.history import History, Snapshot
    from riskgraph.matching.text import Reading, TextStep
    from riskgraph.pir.review import Entry, Pir

PROSE: Final[tuple[tuple[str, ...], ...]] = (
    ("risk_process_audit", "cascades_predicted", "unexpected_cascades"),
    ("risk_process_audit", "cascades_predicted", "action"),
)
"""The fields, besides the timeline, whose prose yields steps."""

_ROOT: Final = re.compile(rf"\s*({ID_PATTERN})\s*(?::\s*(.*?))?\s*$", re.DOTALL)
_ANY_ID: Final = re.compile(r"[A-Za-z]+[-_.]?\d+$")


def match_pir(pir: Pir, history: History) -> Match:
    """The match of a review with the graph as known at its start.

    Raises:
        InputError: a structured field names an id that no revision has; carries the notes as well.
    """
    return _Matcher(pir, history.as_of(pir.started_at, pir.incident_id), history.ids).match()


class _Matcher:
    """The rules of matching one review; ``match`` is the way in."""

    def __init__(self, pir: Pir, snapshot: Snapshot, ids: Mapping[str, str]) -> None:
        self.pir, self.snapshot, self.ids = pir, snapshot, ids
        self.names = names_of(snapshot.graph)
        self.shapes = {id_shape(known) for known in ids} - {None}
        self.errors: list[Finding] = []
        self.notes: list[Finding] = []
        self.steps: dict[tuple[str, str], ObservedStep] = {}
        self.checked: dict[tuple[str, str], None] = {}
        self.loose: list[tuple[str, Loc]] = []
        self.hints: list[tuple[str, Loc]] = []
        self.root = self._root()
        risks = frozenset(known for known, kind in ids.items() if kind == "risk")
        root_id = frozenset({self.root} if _ANY_ID.match(self.root) else ())
        self.vocabulary = Vocabulary(risks, frozenset(ids) - risks, self.names, root_id)

    def match(self) -> Match:
        pir = self.pir
        if pir.observed is not None:
            self._read_structured()
        elif pir.is_english:
            self._read_prose()
        else:
            self._read_hints()
        for pair in pir.checked:
            self.checked.setdefault((self._end(pair.from_, pair.loc), self._end(pair.to, pair.loc)))
        mitigations = {answer.id: answer for answer in pir.mitigations if self._is(answer.id, "mitigation", answer.loc)}
        indicators = {answer.id: answer for answer in pir.indicators if self._is(answer.id, "indicator", answer.loc)}
        self._compare_prose()
        if self.errors:
            raise InputError(str(self.errors[0]), (*self.errors, *self.notes))
        checked = tuple(pair for pair in self.checked if pair not in self.steps)
        return Match(
            pir, self.snapshot, self.root, tuple(self.steps.values()), checked, mitigations, indicators,
            self._occurrences(), tuple(self.loose), tuple(self.hints), tuple(self.notes),
        )  # fmt: skip

    def _root(self) -> str:
        """The root risk: an id, or the name of one that is new."""
        written = " ".join(self.pir.related_risk.split())
        found = _ROOT.match(plain(written))
        token = found[1] if found else written
        rest = written[found.start(2) : found.end(2)] if found and found[2] else None
        if token.upper() == "NEW" and (found or written.upper() == "NEW"):
            cause = self.pir.text("root_cause", "immediate_cause")
            said = rest or cause or self.pir.title or f"Root of {self.pir.incident_id}"
            name = " ".join(said.split())[:500]
            return self._named(name, ("related_risk",)) or name if rest else name
        if self.ids.get(token) == "risk":
            return token
        if named := self._named(written, ("related_risk",)):
            return named
        if not self.ids and _ANY_ID.match(token):
            return token  # Nothing was ever recorded: the shape of this register's ids is not known.
        self._is(token, "risk", ("related_risk",), or_name=True)
        return written

    def _end(self, text: str | None, loc: Loc) -> str:
        """One end of a structured pair."""
        if text is None:
            return self.root
        id_ = plain(text)
        if self.ids.get(id_) == "risk" or id_ == self.root:
            return id_
        if named := self._named(text, loc):
            return named
        self._is(id_, "risk", loc, or_name=True)
        return text

    def _named(self, text: str, loc: Loc) -> str | None:
        """The risk that has a name or alias, with a note where others have it as well."""
        found = self.names.get(folded(text))
        risks = self.snapshot.graph.risks.values() if found else ()
        sharing = [one.id for one in risks if folded(text) in {folded(name) for name in (one.name, *one.aliases)}]
        if len(sharing) > 1:
            others = ", ".join(sharing[1:])
            message = f"{text} is {sharing[0]}, which counts, and also {others}: write the id of the one that is meant"
            self._note("name-shared", loc, message, level="warning")
        return found

    def _is(self, text: str, kind: str, loc: Loc, *, or_name: bool = False) -> bool:
        """Whether an id is one of this kind; what only looks like one is an error."""
        known = self.ids.get(text)
        if known == kind:
            return True
        shape = id_shape(text)
        if known is None and or_name and (shape is None or shape not in self.shapes):
            return False
        if known is not None:
            message = f"{text} is {with_article(known)}, not {with_article(kind)}"
        else:
            near = closest_id(text, [known for known, its in self.ids.items() if its == kind])
            hint = f"did you mean {near}?" if near else f"add it to the register, or write the {kind}'s name"
            message = f"there is no {kind} {text}: {hint}"
        self.errors.append(Finding("unknown-id", "error", message, self.pir.place(*loc), field_name(loc)))
        return False

    def _read_structured(self) -> None:
        for observed in self.pir.observed or ():
            from_, to = self._end(observed.from_, observed.loc), self._end(observed.to, observed.loc)
            if from_ == to:
                message = f"a cascade from {to} to itself is no step: name another risk"
                self.errors.append(Finding("self-loop", "error", message, self.pir.place(*observed.loc)))
                continue
            text = observed.evidence or "listed as observed"
            self._add(from_, to, observed.at, "structured", observed.loc, text, joined=True)

    def _read_prose(self) -> None:
        for loc in PROSE:
            if text := self.pir.text(*loc):
                reading = self._read(text, loc)
                for step in reading.steps:
                    self._add(step.from_ or self.root, step.to, None, "prose", loc, text, joined=step.joined)
                self.loose += [(clause, loc) for clause in reading.loose]
        for entry in self._entries():
            entry_loc: Loc = ("timeline", entry.index, "event")
            for step in self._read(entry.event, entry_loc, timeline=True).steps:
                self._add_timed(step, entry.at, entry_loc, entry.event)

    def _entries(self) -> list[Entry]:
        """The timeline without what happened before the start, which is background."""
        return [entry for entry in self.pir.timeline if entry.at is None or entry.at >= self.pir.started_at]

    def _prose(self) -> list[Loc]:
        """The places of the prose that may tell of steps."""
        return [*PROSE, *(("timeline", entry.index, "event") for entry in self._entries())]

    def _read_hints(self) -> None:
        """Risks named in a language whose words of cause and negation are not known: they only suggest."""
        message = f"prose in {self.pir.language} is not read for steps: list them under observed_cascades"
        self._note("language-not-read", ("language",), message)
        for loc in self._prose():
            for mention in find_ids(plain(self.pir.text(*loc) or ""), self.vocabulary)[0]:
                if mention.id != self.root and mention.id not in {known for known, _ in self.hints}:
                    self.hints.append((mention.id, loc))

    def _add_timed(self, step: TextStep, at: datetime | None, loc: Loc, text: str) -> None:
        """A step of the timeline; one that is known already only gets its time."""
        if not step.joined:
            known = [pair for pair in self.steps if pair[1] == step.to]
            for from_, to in known:
                self._add(from_, to, at, self.steps[from_, to].source, loc, text, joined=True)
            if known:
                return
        self._add(step.from_ or self.root, step.to, at, "timeline", loc, text, joined=step.joined)

    def _read(self, text: str, loc: Loc, *, timeline: bool = False) -> Reading:
        reading = read_text(text, self.vocabulary, self.root, timeline=timeline)
        for pair in reading.checked:
            self.checked.setdefault((pair.from_ or self.root, pair.to))
        for token in reading.unknown:
            near = closest_id(token, self.ids)
            hint = f"did you mean {near}?" if near else "it is in no revision of the register"
            self._note("unknown-id-in-prose", loc, f"there is no {token}: {hint}", level="warning")
        return reading

    def _add(
        self, from_: str, to: str, at: datetime | None, source: Source, loc: Loc, text: str, *, joined: bool
    ) -> None:
        if from_ == to:
            return
        evidence = Evidence(text, f"{self.pir.place(*loc)} {field_name(loc)}")
        known = self.steps.get((from_, to))
        if known is None:
            self.steps[from_, to] = ObservedStep(from_, to, at, source, joined, loc, (evidence,))
        elif evidence not in known.evidence:
            moment = known.at if known.at is not None else at
            self.steps[from_, to] = ObservedStep(
                from_,
                to,
                moment,
                known.source,
                known.joined or joined,
                known.loc,
                (*known.evidence, evidence),
            )

    def _compare_prose(self) -> None:
        """Notes where prose and structured fields, or review and register, do not say the same."""
        if self.pir.observed is not None:
            ends = {end for pair in (*self.steps, *self.checked) for end in pair} | {self.root}
            for loc in self._prose():
                reading = read_text(self.pir.text(*loc) or "", self.vocabulary, self.root)
                for mention in reading.mentions:
                    if mention not in ends:
                        message = f"{mention} is named here and in no step of observed_cascades"
                        self._note("id-in-no-step", loc, message)
        loc = ("risk_process_audit", "probability_accurate", "original_score")
        written = re.search(r"\bP\s*=\s*(\d+)\b", self.pir.text(*loc) or "")
        risk = self.snapshot.graph.risks.get(self.root)
        if written and risk and isinstance(risk.likelihood, int) and int(written[1]) != risk.likelihood:
            message = f"the review says P={written[1]}, the register had {risk.likelihood}: the register counts"
            self._note("score-differs", loc, message)

    def _occurrences(self) -> tuple[int, timedelta] | None:
        if self.pir.occurrences:
            return self.pir.occurrences
        text = self.pir.text("risk_process_audit", "probability_accurate", "actual_frequency")
        found = read_occurrences(text) if text else None
        period = find_duration(found[1]) if found else None
        return (found[0], period) if found and period else None

    def _note(self, rule: str, loc: Loc, message: str, level: Literal["warning", "note"] = "note") -> None:
        place = self.pir.place(*loc)
        self.notes.append(Finding(rule, level, message, place, field_name(loc), self.pir.incident_id))
