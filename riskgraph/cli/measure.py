"""Commands that measure the loop: metrics and changes; a history and a window in, numbers out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from riskgraph.cli import options, output, session

Since = Annotated[str | None, typer.Option(metavar="DATE", help="The first day; else the first thing known.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="The last day, in full; else today. UTC.")]


def metrics(
    since: Since = None,
    until: Until = None,
    by: Annotated[
        Literal["kind", "quarter", "category", "severity"] | None, typer.Option(help="Split the tables by this.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="NAME", help="What a metric is, and the incidents behind its number.")
    ] = None,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Measure whether the risk process learns, each number with its uncertainty."""
    from riskgraph.metrics.definitions import find_definition
    from riskgraph.metrics.measure import measure
    from riskgraph.metrics.window import find_window
    from riskgraph.report.measures import explain_data, explain_tables, metrics_data, metrics_tables

    definition = find_definition(explain) if explain is not None else None
    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    when = options.read_date(as_of, "--as-of")
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    measured = measure(history, find_window(history, first, last, session.today(when)))
    about: dict[str, Any] = {"graph_id": graph_id, "revision": history.latest}
    about |= {"as_of": options.iso(when)} if when else {}
    if definition is not None:
        output.show(
            format,
            data=lambda: explain_data(definition, measured, **about),
            tables=lambda: explain_tables(definition, measured),
        )
        return
    output.show(
        format,
        data=lambda: metrics_data(measured, **about),
        tables=lambda: metrics_tables(measured, by),
    )


def changes(
    proposals: Annotated[
        list[Path] | None, typer.Argument(metavar="PROPOSAL", help="Proposal files, to count what is pending in them.")
    ] = None,
    since: Since = None,
    until: Until = None,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List what reviews changed in the register, each change with its review, and which gaps and edits still wait."""
    from riskgraph.metrics.window import find_window
    from riskgraph.proposal.file import read_proposal
    from riskgraph.proposal.progress import measure_progress
    from riskgraph.report.envelope import envelope
    from riskgraph.report.progress import progress_tables

    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    when = options.read_date(as_of, "--as-of")
    read = [read_proposal(file) for file in proposals] if proposals else None
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    progress = measure_progress(history, find_window(history, first, last, session.today(when)), read)
    about: dict[str, Any] = {"as_of": options.iso(when)} if when else {}
    output.show(
        format,
        data=lambda: envelope("changes", graph_id=graph_id, revision=history.latest, **about, **progress.data()),
        tables=lambda: progress_tables(progress),
    )
