"""The proposal file: edits with reasons and decisions in, YAML that a person edits out, and back.

The digest covers the edits without their decisions and reasons, as parsed: a file may be saved again by any YAML
library.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from riskgraph.documents import MAX_REGISTER_BYTES, Document, Loc, dump_document, read_document
from riskgraph.edits import Because, Confidence, Edit, Kind, canonical, digest
from riskgraph.errors import EditError, InputError
from riskgraph.fields import Text
from riskgraph.findings import Finding
from riskgraph.model import KINDS, QUESTIONS
from riskgraph.validation import sentence, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Choice = Literal["accept", "reject", "pending"]
_IDS: Final = ("id", "from", "to", "mitigation", "risk", "indicator", "action")

_HELP: Final = """\
# Decide on each edit: accept, reject (write a reason) or pending. Then: riskgraph apply {name}
# A gap under `unanswered` is accepted, on record, by a reason.
"""


class ProposedEdit(BaseModel):
    """One edit of a proposal, with its reason and the decision on it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    op: Literal["add", "change", "remove"]
    kind: Kind
    id: Text | None = None
    from_: Text | None = Field(None, alias="from")
    to: Text | None = None
    mitigation: Text | None = None
    risk: Text | None = None
    indicator: Text | None = None
    action: Text | None = None
    set: dict[str, Any] = {}
    was: dict[str, Any] = {}
    incident: Text | None = None
    because: Because | None = None
    confidence: Confidence | None = None
    answers: tuple[Text, ...] = ()
    oneof: Text | None = None
    decision: Choice = "pending"
    reason: Text | None = None


class Unanswered(BaseModel):
    """A gap that no edit answers; a reason accepts it, on record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Literal[QUESTIONS]  # type: ignore[valid-type]
    gap: Text
    incident: Text | None = None
    reason: Text | None = None


class ProposalFile(BaseModel):
    """A riskgraph proposal: edits that reviews suggest, for a person to decide on.

    ``repairs`` is there where the edits were made past riskgraph and the doctor found them: the digest of all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    riskgraph_proposal: Literal[1]
    graph_id: Text | None = None
    base_revision: int | None = None
    digest: Text
    incident: Text | tuple[Text, ...]
    repairs: Text | None = None
    edits: tuple[ProposedEdit, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()


@dataclass(frozen=True)
class Decided:
    """An edit and the decision on it."""

    edit: Edit
    decision: Choice = "pending"
    reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """Edits to decide on, the gaps they leave, and remarks on what was left out."""

    graph_id: str | None
    base_revision: int | None
    incidents: tuple[str, ...]
    edits: tuple[Decided, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    remarks: tuple[str, ...] = ()
    repairs: str | None = None

    @property
    def digest(self) -> str:
        """The digest of the edits' content."""
        return digest([_content(decided.edit) for decided in self.edits])

    def data(self) -> dict[str, Any]:
        """The form of the file and of JSON."""
        single = len(self.incidents) == 1
        return {
            "riskgraph_proposal": 1,
            "graph_id": self.graph_id,
            "base_revision": self.base_revision,
            "digest": self.digest,
            "incident": self.incidents[0] if single else list(self.incidents),
            **({"repairs": self.repairs} if self.repairs else {}),
            "edits": [_edit_data(decided, without_incident=single) for decided in self.edits],
            "unanswered": [_gap_data(gap, without_incident=single) for gap in self.unanswered],
        }


def proposal_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a proposal file, generated from the model."""
    schema = ProposalFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "riskgraph proposal"}


def dump_proposal(proposal: Proposal, name: str = "proposal.yaml") -> str:
    """The text of a proposal file."""
    remarks = "".join(f"# {_on_one_line(remark)}\n" for remark in proposal.remarks)
    return _HELP.format(name=name) + remarks + dump_document(proposal.data())


def _on_one_line(text: str) -> str:
    """A text that may stand in a comment, where YAML has no escapes."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))


def is_proposal(document: Document) -> bool:
    """Whether a document says that it is a proposal."""
    return isinstance(document.data, dict) and "riskgraph_proposal" in document.data


def read_proposal(path: Path | str) -> Proposal:
    """The proposal in a file.

    Raises:
        InputError: the file is not valid, or its edits are not those that its digest was made of; with places.
    """
    document = read_document(path, MAX_REGISTER_BYTES)
    if not isinstance(document.data, dict) or {"riskgraph_proposal", "edits"}.isdisjoint(document.data):
        message = "is no proposal: name a file that riskgraph propose wrote"
        finding = Finding("unknown-format", "error", message, document.place(()))
        raise InputError(str(finding), (finding,))
    file, findings = validate(ProposalFile, document.data, document, ())
    if file is None:
        raise InputError(str(findings[0]), findings)
    incidents = (file.incident,) if isinstance(file.incident, str) else file.incident
    edits = []
    for number, proposed in enumerate(file.edits):
        loc: Loc = ("edits", number)
        edit = _edit(proposed, incidents, document, loc, findings)
        if edit:
            edits.append(Decided(edit, proposed.decision, proposed.reason or ""))
    findings += _alternatives(file.edits, document)
    if findings:
        raise InputError(str(findings[0]), findings)
    first = incidents[0] if incidents else None
    gaps = tuple(gap if gap.incident else gap.model_copy(update={"incident": first}) for gap in file.unanswered)
    proposal = Proposal(file.graph_id, file.base_revision, incidents, tuple(edits), gaps, repairs=file.repairs)
    if proposal.digest != file.digest:
        message = (
            "the edits are not those that were proposed (digest differs): change only `decision` and `reason`, "
            "or run propose again"
        )
        finding = Finding("proposal-digest", "error", message, document.place(("digest",)))
        raise InputError(str(finding), (finding,))
    return proposal


def _edit(
    proposed: ProposedEdit, incidents: Sequence[str], document: Document, loc: Loc, findings: list[Finding]
) -> Edit | None:
    """The edit of an entry, with its values in canonical form."""

    def problem(message: str, *where: str | int) -> None:
        findings.append(Finding("proposal-edit", "error", message, document.place((*loc, *where))))

    given = {name: value for name in _IDS if (value := getattr(proposed, "from_" if name == "from" else name))}
    names = KINDS[proposed.kind].key_fields
    if set(given) != set(names):
        needed, there = (", ".join(ids) or "nothing" for ids in (names, given))
        problem(f"a {proposed.kind} is named by {needed}; this edit has {there}")
        return None
    if incidents and proposed.incident and proposed.incident not in incidents:
        problem(f"{proposed.incident} is not an incident of this proposal", "incident")
    values: dict[str, dict[str, Any]] = {"set": {}, "was": {}}
    for part, target in values.items():
        for name, value in getattr(proposed, part).items():
            try:
                target[name] = canonical(proposed.kind, name, value)
            except ValueError as error:
                message = sentence(error.errors()[0]) if isinstance(error, ValidationError) else str(error)
                problem(f"{name}: {message}", part, name)
    return Edit(
        op=proposed.op,
        key=(proposed.kind, *(given[name] for name in names)),
        incident=proposed.incident or (incidents[0] if incidents else None),
        because=proposed.because,
        confidence=proposed.confidence,
        answers=proposed.answers,
        oneof=proposed.oneof,
        **values,
    )


def _alternatives(proposed: Sequence[ProposedEdit], document: Document) -> Iterable[Finding]:
    """Two accepted edits of one ``oneof``."""
    chosen: dict[str, int] = {}
    for number, entry in enumerate(proposed):
        if entry.oneof and entry.decision == "accept":
            if entry.oneof in chosen:
                place = document.place(("edits", number, "decision"))
                message = f"two alternatives of {entry.oneof} are accepted: accept one of them"
                yield Finding("proposal-oneof", "error", message, place)
            chosen[entry.oneof] = number


def _content(edit: Edit) -> dict[str, Any]:
    """What the digest covers of an edit: instants count, not the zone they are written in."""
    return {name: _in_utc(value) for name, value in edit.data().items()}


def _in_utc(value: Any) -> Any:
    from riskgraph.fields import instant, parse_moment

    if isinstance(value, dict):
        return {name: _in_utc(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_utc(inner) for inner in value]
    if isinstance(value, str) and len(value) > 10 and value[4:5] == "-" and value[10:11] in {"T", " "}:  # noqa: PLR2004
        try:
            return instant(parse_moment(value)).isoformat()
        except ValueError:
            return value
    return value


def _edit_data(decided: Decided, *, without_incident: bool) -> dict[str, Any]:
    data = decided.edit.data()
    if without_incident:
        data.pop("incident", None)
    data["decision"] = decided.decision
    if decided.reason:
        data["reason"] = decided.reason
    return data


def _gap_data(gap: Unanswered, *, without_incident: bool) -> dict[str, Any]:
    data = {"question": gap.question, "gap": gap.gap, "incident": gap.incident, "reason": gap.reason or ""}
    if without_incident:
        del data["incident"]
    return data


__all__ = [
    "Decided", "EditError", "Proposal", "ProposalFile", "ProposedEdit", "Unanswered", "dump_proposal", "is_proposal",
    "read_proposal",
]  # fmt: skip
