"""Progress for readers: what the loop changed in a window in, the tables of ``changes`` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.edits import describe
from riskgraph.model import PHASES
from riskgraph.report.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.proposal.progress import Progress


def progress_tables(progress: Progress) -> list[Table]:
    """Each change with its review, the gaps by quarter and phase, and what became of what was proposed."""
    first, last = progress.window.data()
    heading = f"What the loop changed from {first} to {last}"
    rows = tuple(
        (
            one.revision.effective.date().isoformat(), one.revision.number, one.what, describe(one.edit),
            one.edit.incident, one.pir,
        )
        for one in progress.changes
    )  # fmt: skip
    counts = ", ".join(f"{count} {name}" for name, count in progress.counts().items())
    changes = Table("Changes", ("on", "revision", "what", "change", "incident", "review"), rows, (counts,), heading)
    return [changes, *waiting_tables(progress, heading)]


def waiting_tables(progress: Progress, heading: str) -> list[Table]:
    """The gaps by quarter and phase, and what became of what was proposed."""
    gaps = tuple(
        (quarter, *(_open_of(counted) for counted in phases.values())) for quarter, phases in progress.gaps.items()
    )
    known = {name: count for name, count in progress.decisions.items() if count is not None}
    notes = () if "pending" in known else ("pending: riskgraph changes FILE... counts them in proposal files",)
    return [
        Table("Open gaps of all, by the quarter of their incident", ("quarter", *PHASES.values()), gaps, (), heading),
        Table("Proposed edits", tuple(known), (tuple(known.values()),), notes, heading),
    ]


def _open_of(counted: Mapping[str, int]) -> str | None:
    n = sum(counted.values())
    return f"{counted['open']} of {n}" if n else None
