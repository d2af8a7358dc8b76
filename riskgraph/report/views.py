"""Views: diffs, audits, proposals, gaps and revisions in, the tables that show them to people out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from riskgraph.fields import instant
from riskgraph.history import short_commit
from riskgraph.report.figures import Span, format_interval, format_moment, format_number, format_proportion
from riskgraph.report.plan import PLAN_COLUMNS, count_line, edit_row
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from riskgraph.audit.audit import Audit
    from riskgraph.audit.question import Question
    from riskgraph.diff import Diff
    from riskgraph.history import Revision
    from riskgraph.proposal.file import Proposal
    from riskgraph.proposal.gaps import Gap

_AGREES: Final = {True: "yes", False: "NO", None: None}
_SEALED: Final = {
    True: "sealed: recorded before the start, by the clock",
    False: "declared: what this rests on has a declared date, not the clock's",
    None: "unknown: nothing was recorded before the start: import with --effective-on or `since`",
}
_STEPS: Final = ("from", "to", "verdict", "at", "delay", "mapped delay", "probability", "path")
_PREDICTIONS: Final = ("from", "to", "verdict", "probability", "95 % interval", "blocked by")
_DIGEST: Final = 12


def diff_tables(diffs: Sequence[Diff]) -> list[Table]:
    """Two tables an incident: what happened against the map, and what the map predicted.

    The notes of the second say recall, surprise, and how well the prediction is vouched for. With several incidents a
    last table sums up.
    """
    from riskgraph.diff import FLOOR, recall_of

    tables = []
    for diff in diffs:
        group, keys = _heading(diff), (("incident", diff.match.pir.incident_id),)
        steps = tuple(
            (
                result.step.from_,
                result.step.to,
                result.verdict,
                format_moment(result.step.at),
                Span.of(result.delay),
                Span.of(result.mapped_delay),
                result.probability,
                " -> ".join(result.path) if result.verdict == "indirect" else None,
            )
            for result in diff.steps
        )
        new = list(dict.fromkeys(end for result in diff.steps for end in result.new))
        notes = [f"not in the register then: {', '.join(new)}"] if new else []
        tables.append(Table("What happened", _STEPS, steps, tuple(notes), group, keys))
        predictions = tuple(
            (
                one.from_,
                one.to,
                one.verdict,
                one.probability,
                format_interval(one.interval),
                ", ".join(one.blocked_by) or None,
            )
            for one in diff.predictions
        )
        notes = [f"recall {format_proportion(diff.recall)}"]
        if diff.recall.n or diff.surprise_bits:
            floor = f"a step that was not mapped counts as {FLOOR:g}"
            notes.append(f"surprise {format_number(diff.surprise_bits)} bits ({floor})")
        notes.append(say_sealed(diff))
        tables.append(Table("What the map predicted", _PREDICTIONS, predictions, tuple(notes), group, keys))
    if len(diffs) > 1:
        tables.append(_recall_table(diffs, format_proportion(recall_of(diffs))))
    return tables


def audit_tables(audits: Sequence[Audit]) -> list[Table]:
    """Two tables an incident: the six questions, and the evidence of each verdict; then one over all of them."""
    tables = []
    for audit in audits:
        group, keys = _heading(audit.diff), (("incident", audit.diff.match.pir.incident_id),)
        questions = tuple(_question_row(question) for question in audit.questions.values())
        columns = ("question", "claim", "verdict", "agrees", "gap", "gap from")
        contradicted = [name for name, question in audit.questions.items() if question.agrees is False]
        notes = (f"the evidence contradicts the review on {', '.join(contradicted)}",) if contradicted else ()
        tables.append(Table("The six questions", columns, questions, notes, group, keys))
        evidence = tuple(
            (question.question, evidence.text, evidence.source)
            for question in audit.questions.values()
            for evidence in question.result.evidence
        )
        notes = (say_sealed(audit.diff),)
        tables.append(Table("Evidence", ("question", "evidence", "source"), evidence, notes, group, keys))
    if len(audits) > 1:
        tables.append(_overview(audits))
    return tables


def proposal_tables(proposal: Proposal) -> list[Table]:
    """The plan of a proposal, the gaps that it leaves open, and the remarks on what was left out."""
    edits = [decided.edit for decided in proposal.edits]
    rows: tuple[Row, ...] = tuple(
        (*edit_row(decided.edit), decided.decision, decided.reason or None) for decided in proposal.edits
    )
    columns: tuple[str, ...] = (*PLAN_COLUMNS, "decision", "reason")
    tables = [Table("Proposed edits", columns, rows, (count_line(edits), *proposal.remarks))]
    first = proposal.incidents[0] if proposal.incidents else None
    if proposal.unanswered:
        rows = tuple((gap.incident or first, gap.question, gap.gap, gap.reason or None) for gap in proposal.unanswered)
        columns = ("incident", "question", "gap", "reason")
        notes = ("no edit answers these; a reason written in the proposal accepts the gap, on record",)
        tables.append(Table("Unanswered gaps", columns, rows, notes))
    return tables


def gaps_tables(gaps: Sequence[Gap]) -> list[Table]:
    """Every gap with its state and what answered it, open ones first; a note counts them."""
    ordered = sorted(gaps, key=lambda gap: not gap.is_open)
    rows = tuple(
        (
            gap.incident,
            gap.gap,
            gap.question,
            gap.claim,
            gap.verdict,
            "open" if gap.is_open else "answered",
            "; ".join(f"{answer.kind} in revision {answer.revision}: {answer.text}" for answer in gap.answered_by)
            or None,
        )
        for gap in ordered
    )
    is_open = sum(gap.is_open for gap in gaps)
    columns = ("incident", "gap", "question", "claim", "verdict", "state", "answered by")
    return [Table("Gaps", columns, rows, (f"{is_open} open, {len(gaps) - is_open} answered",))]


def history_tables(revisions: Iterable[Revision], commits: Mapping[int, str] | None = None) -> list[Table]:
    """The revisions, oldest first; authors without address, digests shortened, or the commits in their place."""
    rows = tuple(
        (
            revision.number,
            instant(revision.recorded_at).strftime("%Y-%m-%d %H:%M"),
            format_moment(revision.effective_on),
            revision.author.split(" <")[0],
            revision.reason,
            len(revision.edits),
            len(revision.decisions),
            revision.undoes,
            (short_commit(commits[revision.number]) if revision.number in commits else None)
            if commits
            else revision.digest.removeprefix("sha256:")[:_DIGEST],
        )
        for revision in revisions
    )
    columns = ("revision", "recorded (UTC)", "effective", "author", "reason", "edits", "decisions", "undoes")
    sealed = "commit" if commits else "digest"
    spare = ("decisions", *(() if commits else ("digest",)), "effective", "undoes")
    return [Table("History", (*columns, sealed), rows, spare=spare)]


def _heading(diff: Diff) -> str:
    pir = diff.match.pir
    parts = [f"{pir.incident_id}{f': {pir.title}' if pir.title else ''}", pir.kind.replace("_", " ")]
    return ", ".join([*parts, f"root {_root(diff)}", f"as of {format_moment(pir.started_at)}"])


def say_sealed(diff: Diff) -> str:
    """How well it is known what the map was."""
    commit = diff.match.snapshot.commit
    if diff.sealed and commit:
        return f"sealed by commit {short_commit(commit)}: recorded before the start, on the commit's date"
    return _SEALED[diff.sealed]


def _root(diff: Diff) -> str:
    risk = diff.match.graph.risks.get(diff.match.root)
    return f"{diff.match.root} ({risk.name})" if risk else diff.match.root


def _recall_table(diffs: Sequence[Diff], total: str) -> Table:
    rows = tuple(
        (diff.match.pir.incident_id, diff.recall.k, diff.recall.n, diff.recall.value, diff.surprise_bits)
        for diff in diffs
    )
    columns = ("incident", "mapped", "steps", "recall", "surprise bits")
    missed = [
        f"{result.step.from_} -> {result.step.to} ({result.verdict.replace('_', ' ')} in {diff.match.pir.incident_id})"
        for diff in diffs
        for result in diff.steps
        if result.verdict not in {"mapped", "unknown"}
    ]
    notes = [f"recall {total}", *([f"not mapped: {', '.join(missed)}"] if missed else [])]
    return Table("", columns, rows, tuple(notes), "All incidents together")


def _overview(audits: Sequence[Audit]) -> Table:
    """The verdicts of several incidents; what the evidence contradicts is marked."""
    rows = tuple(
        (
            audit.diff.match.pir.incident_id,
            *(f"{one.verdict}{' (!)' if one.agrees is False else ''}" for one in audit.questions.values()),
        )
        for audit in audits
    )
    columns = ("incident", "register", "probability", "cascades", "mitigation", "indicators", "escalation")
    contradicted = sum(one.agrees is False for audit in audits for one in audit.questions.values())
    notes = [f"(!) {contradicted} claim{'' if contradicted == 1 else 's'} contradicted by the evidence"]
    for outcome, words in (("failed", "mitigations that failed"), ("not_in_place", "mitigations not in place")):
        found = [
            f"{item['id']} in {audit.diff.match.pir.incident_id}"
            for audit in audits
            for item in audit.questions["mitigation_worked"].result.items
            if item["outcome"] == outcome
        ]
        if found:
            notes.append(f"{words}: {', '.join(found)}")
    return Table("", columns, rows, tuple(notes), "All incidents together")


def _question_row(question: Question) -> Row:
    agrees = _AGREES[question.agrees]
    return question.question, question.claim, question.verdict, agrees, question.gap, question.gap_from
