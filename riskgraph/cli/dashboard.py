"""The dashboard of report: a history and a window in, the page or its markdown out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.cli import options, session

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.cli.reporting import Kind


def show_dashboard(opened: session.Session, kind: Kind, when: date | None, since: str | None, until: str | None) -> str:
    """The dashboard of a history as it was known on a day, over a window.

    Raises:
        UsageError: it is asked for as a picture, or the window ends before it begins.
    """
    from riskgraph.errors import UsageError
    from riskgraph.metrics.window import find_window
    from riskgraph.pages.board import survey
    from riskgraph.pages.dashboard import render_dashboard, write_dashboard
    from riskgraph.pages.page import Source

    if kind not in {"html", "markdown"}:
        raise UsageError(f"there is no dashboard as {kind}: name a .html or .md file, or use --format")
    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    history, today = opened.up_to(when), session.today(when)
    board = survey(history, find_window(history, first, last, today), today)
    if kind == "markdown":
        return write_dashboard(board)
    revision = history.latest if opened.store else None
    return render_dashboard(board, Source(opened.graph_id, revision, when.isoformat() if when else None))
