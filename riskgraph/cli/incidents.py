"""The reviews of report: review files and a history in, the page or its markdown out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.cli import session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from riskgraph.audit.audit import Audit
    from riskgraph.cli.reporting import Kind
    from riskgraph.findings import Sifted
    from riskgraph.pages.page import Source


def show_reviews(opened: session.Session, kind: Kind, pirs: Sequence[Path], source: Source) -> str:
    """What reviews show of the map.

    Raises:
        InputError: a review is not valid, or an incident is reviewed twice.
        UsageError: it is asked for as a picture.
    """
    from riskgraph.audit.audit import audit_diff
    from riskgraph.cli.loop import read_diffs, refuse_repeated
    from riskgraph.errors import UsageError
    from riskgraph.pages.incident import incident_page
    from riskgraph.pages.markdown import reviews_markdown
    from riskgraph.proposal.propose import propose_edits

    if kind not in {"html", "markdown"}:
        raise UsageError(f"there is no {kind} of reviews: name a .html or .md file, or use --format")
    diffs = read_diffs(pirs, opened.history)
    refuse_repeated(diffs)
    audits = [audit_diff(one, opened.history) for one in diffs]
    if kind == "markdown":
        return reviews_markdown(audits, propose_edits(audits, opened.history, opened.graph_id), source)
    return incident_page(audits, [_find(one) for one in audits], opened.history, source, session.today())


def _find(audit: Audit) -> Sifted:
    """What ``diff`` and ``audit`` find in a review, without what it says to ignore."""
    from riskgraph.cli.reviews import without_ignored

    diff = audit.diff
    return without_ignored([*diff.match.findings, *diff.findings(), *audit.findings()], diff.match.pir)
