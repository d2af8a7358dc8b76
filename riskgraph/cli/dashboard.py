"""The dashboard of report: a history and a window in, the page or its markdown, written or printed, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from riskgraph.cli.reporting import Kind


def report_dashboard(
    opened: session.Session,
    kind: Kind,
    out: Path | None,
    when: date | None,
    *,
    since: str | None,
    until: str | None,
) -> None:
    """Writes the dashboard of a history as it was known on a day.

    Raises:
        UsageError: it is asked for as a picture, or the window ends before it begins.
    """
    from riskgraph.cli.reporting import source_of
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError
    from riskgraph.metrics.window import find_window
    from riskgraph.pages.board import survey
    from riskgraph.pages.dashboard import render_dashboard, write_dashboard

    if kind not in {"html", "markdown"}:
        raise UsageError(f"there is no dashboard as {kind}: name a .html or .md file, or use --format")
    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    history, today = opened.up_to(when), session.today(when)
    board = survey(history, find_window(history, first, last, today), today)
    text = render_dashboard(board, source_of(opened, None, when)) if kind == "html" else write_dashboard(board)
    if out is None:
        output.write(text)
        return
    write_file(out, text)
    output.say(f"wrote {out}")
