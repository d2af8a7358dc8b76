"""The draft of a proposal: wanted edits in, the edits that are new today and remarks on the others out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from riskgraph.edits import Because, Edit, add, change, describe
from riskgraph.graph import title
from riskgraph.matching.ids import folded
from riskgraph.matching.observed import resolve
from riskgraph.model import NODE_KINDS
from riskgraph.pir.review import field_name

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.documents import Loc
    from riskgraph.edits import Confidence
    from riskgraph.graph import RiskGraph
    from riskgraph.history import Decision, History, Revision
    from riskgraph.model import Element, Key

_NUMBERED: Final = re.compile(r"(.*?)(\d+)$")
_PREFIXES: Final = {"risk": "RISK-", "indicator": "IND-"}


def tell_rejection(edit: Edit, revision: Revision, decision: Decision) -> str:
    """The remark that an edit was rejected before: when, by whom and why."""
    reason = f": {decision.reason}" if decision.reason else ""
    when = revision.recorded_at.date().isoformat()
    return f"rejected on {when} by {revision.author.split(' <')[0]}{reason} ({describe(edit)})"


class Draft:
    """Collects edits against today's graph, so that nothing is proposed that is there, applied or rejected."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.graph: RiskGraph = history.graph
        self.edits: list[Edit] = []
        self.remarks: list[str] = []
        self.new_risks: dict[str, str] = {}
        self.refused: set[str] = set()
        self._taken: set[str] = set(history.ids)
        self._choices = 0

    def because(self, audit: Audit, loc: Loc, text: str | None = None) -> Because:
        """Why an edit is proposed: a field of the review, its line, and what stands there."""
        pir = audit.diff.match.pir
        said = text if text is not None else pir.text(*loc) or ""
        return Because(field=field_name(loc), line=pir.place(*loc).line, text=" ".join(said.split()))

    def add(self, element: Element, audit: Audit, loc: Loc, confidence: Confidence, **more: Any) -> bool:
        """Propose to add an element; True if it is, or will be, there."""
        known = self.graph.get(element.key)
        if known is not None:
            self._remark_known(element.key, audit)
            return True
        return self._put(add(element, **self._provenance(audit, loc, confidence, more)))

    def change(
        self,
        element: Element,
        values: dict[str, Any],
        audit: Audit,
        loc: Loc,
        confidence: Confidence,
        **more: Any,
    ) -> bool:
        """Propose to change an element of today's graph; True if it has, or will have, these values."""
        edit = change(element, values, **self._provenance(audit, loc, confidence, more))
        if not edit.set:
            self._remark_known(element.key, audit, tuple(values))
            return True
        return self._put(edit)

    def risk_id(self, text: str) -> str | None:
        """The id that an end of a step has today or in this draft; None where it has none yet."""
        id_ = resolve(text, self.graph)
        if id_ in self.graph.risks:
            return id_
        return self.new_risks.get(folded(text))

    def name_risk(self, text: str, like: str | None) -> str:
        """The id that a new risk gets: the one it is written with, else the next of its kind."""
        known = self.history.first.get(("risk", text))
        if known is None:
            return self.new_risks.setdefault(folded(text), self.next_id("risk", like))
        return self.new_risks.setdefault(folded(text), text)

    def next_id(self, kind: str, like: str | None = None) -> str:
        """The prefix of ``like``, else of most ids of the kind, and the highest number ever used plus one."""
        numbered = [found for id_ in sorted(self._taken) if (found := _NUMBERED.match(id_))]
        own = _NUMBERED.match(like) if like and like in self._taken else None
        if own:
            prefix = own[1]
        else:
            of_kind = [found[1] for found in numbered if self.history.ids.get(found[0]) == kind]
            common = Counter(of_kind).most_common()
            prefix = min((name for name, n in common if n == common[0][1]), default=_PREFIXES[kind])
        used = [found for found in numbered if found[1] == prefix]
        number = max((int(found[2]) for found in used), default=0) + 1
        width = max((len(found[2]) for found in used if found[2].startswith("0")), default=0)
        id_ = f"{prefix}{number:0{width or (1 if used else 3)}d}"
        self._taken.add(id_)
        return id_

    def choice(self, audit: Audit) -> str:
        """The name of the next set of alternatives of which at most one may be accepted."""
        self._choices += 1
        return f"{audit.diff.match.pir.incident_id}-choice-{self._choices}"

    def remark(self, text: str) -> None:
        """Note something that is no edit."""
        if text not in self.remarks:
            self.remarks.append(text)

    def _provenance(self, audit: Audit, loc: Loc, confidence: Confidence, more: dict[str, Any]) -> dict[str, Any]:
        text = more.pop("text", None)
        because = self.because(audit, loc, text)
        incident = audit.diff.match.pir.incident_id
        return {"incident": incident, "because": because, "confidence": confidence, **more}

    def _put(self, edit: Edit) -> bool:
        """Take an edit up, unless it was applied, rejected or is here already."""
        if any((known.op, known.key, known.set) == (edit.op, edit.key, edit.set) for known in self.edits):
            return True
        if applied := self.history.applied.get(edit.marker):
            self.remark(f"already applied in revision {applied.revision.number}: {describe(edit)}")
            return True
        decided = self.history.decisions.get(("edit", edit.marker))
        if decided and decided[1].decision == "reject":
            self.remark(tell_rejection(edit, *decided))
            if edit.op == "add" and edit.kind in NODE_KINDS:
                self.refused.add(edit.key[1])
            return False
        if edit.op == "add" and not self.refused.isdisjoint(edit.key[1:]):
            self.remark(f"left out, since it needs what was rejected: {describe(edit)}")
            return False
        self.edits.append(edit)
        return True

    def _remark_known(self, key: Key, audit: Audit, fields: tuple[str, ...] = ()) -> None:
        """Say since which revision something is in the graph."""
        origins = self.history.of(key)
        named = [origin for origin in origins if not fields or set(fields) & set(origin.edit.set)]
        if named:
            origin = named[-1] if fields else named[0]
            what = f" ({', '.join(fields)})" if fields else ""
            incident = audit.diff.match.pir.incident_id
            self.remark(
                f"{incident}: {title(key)}{what} is already in the graph since revision {origin.revision.number}"
            )
