"""Changes: revisions in, a table of what changed and by which review out, for the last sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from riskgraph.edits import describe
from riskgraph.history import Revision
from riskgraph.register.sheets.columns import Sheet
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.read import CHANGES


def list_changes(revisions: Sequence[Revision]) -> Sheet:
    """Every edit of every revision, the newest first; without a clock, so the same history gives the same sheet."""
    rows: list[tuple[Cell, ...]] = []
    for revision in reversed(revisions):
        effective = revision.effective_on.isoformat() if revision.effective_on else None
        for edit in revision.edits:
            because = f"{edit.because.field}: {edit.because.text}".rstrip(": ") if edit.because else revision.reason
            rows.append(
                (float(revision.number), effective, describe(edit), edit.incident, because or None, revision.author)
            )
    headings = ("Revision", "Effective on", "Change", "Review", "Because", "Author")
    return Sheet("", CHANGES, headings, tuple(rows))
