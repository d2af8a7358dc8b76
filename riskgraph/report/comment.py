"""Comments: audits, a proposal and what answers gaps in; one comment for a pull request, in markdown, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from riskgraph.diff import recall_of
from riskgraph.report.figures import format_proportion
from riskgraph.report.plan import count_line
from riskgraph.report.render import render
from riskgraph.report.table import Table
from riskgraph.report.views import diff_tables, proposal_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riskgraph.audit.audit import Audit
    from riskgraph.proposal.file import Proposal
    from riskgraph.proposal.gaps import Answer

    Gap = tuple[str, str]  # An incident and a question.

LIMIT: Final = 65_000
"""How many characters a comment may have; GitHub takes 65,536."""
MARK: Final = "<!-- riskgraph -->"
"""The first line, by which a workflow finds the comment that it wrote before."""
_ROWS: Final = (1000, 100, 30, 10, 4)
_CELL: Final = 300


def comment_text(audits: Sequence[Audit], proposal: Proposal, answers: Mapping[Gap, Sequence[Answer]]) -> str:
    """What reviews show of the map: predicted against actual, gaps open and answered, and the proposed edits.

    ``answers`` is what answers a gap, by incident and question. The text stays below ``LIMIT``: tables get shorter,
    then reviews that do not fit are counted.
    """
    edits = [decided.edit for decided in proposal.edits]
    proposed = Counter((edit.incident or "", question) for edit in edits for question in edit.answers)
    gaps = [_gaps(audit, answers, proposed) for audit in audits]
    reviews = [[*diff_tables([audit.diff]), table] for audit, table in zip(audits, gaps, strict=True)]
    head, last = _summary(audits, proposal, gaps), proposal_tables(proposal)
    for rows in _ROWS:
        text = _text([head, *(table for review in reviews for table in review), *last], rows)
        if len(text) <= LIMIT:
            return text
    fitting = len(audits)
    while len(text) > LIMIT and fitting:
        fitting = fitting * 3 // 4
        left_out = Table("", (), (), (f"{len(audits) - fitting} more reviews do not fit here: run riskgraph diff",))
        shown = [table for review in reviews[:fitting] for table in review]
        text = _text([head, *shown, replace(left_out, group="More"), *last], _ROWS[-1])
    return text if len(text) <= LIMIT else f"{text[:LIMIT].rpartition(chr(10))[0]}\n"


def _summary(audits: Sequence[Audit], proposal: Proposal, gaps: Sequence[Table]) -> Table:
    states = [str(row[-1]) for table in gaps for row in table.rows]
    is_open = sum(state == "open" for state in states)
    notes = (
        f"cascades predicted: {format_proportion(recall_of([audit.diff for audit in audits]))}",
        f"gaps: {len(states)}, of which {is_open} open, {len(states) - is_open} answered or with a proposed answer",
        f"proposed edits: {count_line([decided.edit for decided in proposal.edits])}",
    )
    return Table(f"riskgraph: {len(audits)} review{'' if len(audits) == 1 else 's'}", (), (), notes)


def _gaps(audit: Audit, answers: Mapping[Gap, Sequence[Answer]], proposed: Mapping[Gap, int]) -> Table:
    """The gaps of one incident: open, answered, or with edits that would answer them."""
    group = diff_tables([audit.diff])[0].group
    incident = audit.diff.match.pir.incident_id
    columns = ("question", "review says", "evidence says", "gap", "state")
    rows = tuple(
        (one.question, one.claim, one.verdict, one.gap, _state((incident, one.question), answers, proposed))
        for one in audit.questions.values()
        if one.gap
    )
    return Table("Gaps", columns, rows, (), group)


def _state(gap: Gap, answers: Mapping[Gap, Sequence[Answer]], proposed: Mapping[Gap, int]) -> str:
    if known := answers.get(gap):
        return f"answered in revision {known[-1].revision}: {known[-1].text}"
    if number := proposed.get(gap):
        return f"{number} proposed edit{'' if number == 1 else 's'} would answer it"
    return "open"


def _text(tables: Sequence[Table], rows: int) -> str:
    return f"{MARK}\n{render([_shorter(table, rows) for table in tables], 'markdown')}"


def _shorter(table: Table, rows: int) -> Table:
    """A table with the first rows only, and no cell or note that is longer than a few lines."""
    more = len(table.rows) - rows
    notes = [*((f"and {more} more",) if more > 0 else ()), *table.notes[:rows]]
    return replace(
        table,
        title=_cut(table.title),
        group=_cut(table.group),
        rows=tuple(tuple(_cut(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows[:rows]),
        notes=tuple(_cut(note) for note in notes),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[:_CELL].rstrip()}\N{HORIZONTAL ELLIPSIS}"
