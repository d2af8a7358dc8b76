"""Commands that record before there is a review: incident log, indicator log, pir due; events in, a revision out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from riskgraph.edits import Edit
    from riskgraph.history import History

incident = typer.Typer(no_args_is_help=True, help="What happened, before there is a review.")
indicator = typer.Typer(no_args_is_help=True, help="What indicators did.")

Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="A CSV file of them, instead.")]


@incident.command("log")
def incident_log(  # noqa: PLR0917 - typer calls it by name
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="The incident's id, such as INC-2024-023.")] = None,
    started_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it began: 2024-02-15T03:00+01:00, or the day.")
    ] = None,
    kind: Annotated[Literal["incident", "near_miss", "external"], typer.Option(help="What it was.")] = "incident",
    risk: Annotated[str | None, typer.Option(metavar="RISK", help="The risk; none where nobody had it.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="A short name; else the risk's.")] = None,
    severity: Annotated[str | None, typer.Option(metavar="WORD", help="Critical, High, Medium or Low.")] = None,
    csv: Csv = None,
    dry_run: options.DryRun = False,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Record what materialised, a near miss or an external event; `pir due` lists what waits for its review."""
    from riskgraph.errors import UsageError
    from riskgraph.metrics.logbook import INCIDENT_COLUMNS, Row, log_incidents, read_rows

    if csv is not None:
        if id_ is not None:
            raise UsageError("name an ID or a file with --csv, not both")
        rows = read_rows(csv, INCIDENT_COLUMNS, 2)
    else:
        if id_ is None or started_at is None:
            raise UsageError("name the incident and when it began: riskgraph incident log ID --started-at TIME")
        given = {"id": id_, "started_at": started_at, "kind": kind, "risk": risk, "name": name, "severity": severity}
        rows = [Row({key: value for key, value in given.items() if value is not None})]
    record(
        "incident-log",
        lambda history: log_incidents(rows, history.graph, datetime.now(UTC)),
        lambda edits: f"log {', '.join(edit.key[1] for edit in edits)}",
        dry_run=dry_run, author=author, store=store, format=format,
    )  # fmt: skip


@indicator.command("log")
def indicator_log(
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="The indicator.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it fired: 2024-02-15T03:00+01:00, or the day.")
    ] = None,
    false_alarm: Annotated[bool, typer.Option("--false-alarm", help="It fired, and nothing was there.")] = False,
    csv: Csv = None,
    dry_run: options.DryRun = False,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Record that an indicator fired, false alarms included."""
    from riskgraph.errors import UsageError
    from riskgraph.metrics.logbook import FIRING_COLUMNS, Row, log_firings, read_rows

    if csv is not None:
        if id_ is not None:
            raise UsageError("name an ID or a file with --csv, not both")
        rows = read_rows(csv, FIRING_COLUMNS, len(FIRING_COLUMNS))
    else:
        if id_ is None or at is None:
            raise UsageError("name the indicator and when it fired: riskgraph indicator log ID --at TIME")
        rows = [Row({"indicator": id_, "at": at, "outcome": "false_alarm" if false_alarm else "alarm"})]
    record(
        "indicator-log",
        lambda history: log_firings(rows, history.graph, datetime.now(UTC)),
        lambda edits: f"log firings of {', '.join(edit.key[1] for edit in edits)}",
        dry_run=dry_run, author=author, store=store, format=format,
    )  # fmt: skip


def pir_due(
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List what happened and waits for its review: how long, why, and the risk of ours that it is about."""
    from riskgraph.metrics.triggers import count_reviewed, list_due
    from riskgraph.report.envelope import envelope
    from riskgraph.report.follow import due_tables

    when = options.read_date(as_of, "--as-of")
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    due, reviewed = list_due(history.graph, session.today(when)), count_reviewed(history.graph)
    output.show(
        format,
        data=lambda: envelope(
            "pir-due", graph_id=graph_id, revision=history.latest, **options.as_of_data(when),
            reviewed={"k": reviewed.k, "n": reviewed.n}, due=[one.data() for one in due],
        ),
        tables=lambda: due_tables(due, reviewed),
    )  # fmt: skip


def record(
    what: str,
    plan: Callable[[History], list[Edit]],
    why: Callable[[list[Edit]], str],
    *,
    dry_run: bool,
    author: str | None,
    store: str | None,
    format: Literal["table", "json", "markdown", "csv"],  # noqa: A002 - it is the option's name
    hint: Callable[[list[Edit], History], None] = lambda _edits, _history: None,
) -> None:
    """Writes what a plan makes of a history as one revision, and shows it; ``hint`` may say more before the end."""
    from riskgraph.history import History
    from riskgraph.report.envelope import envelope
    from riskgraph.report.plan import plan_data, plan_tables, plan_text, shorten

    with session.open_store(store) as opened:
        history = History(opened.revisions())
        edits = plan(history)
        written = None
        if edits and not dry_run:
            reason = shorten(why(edits))
            written = opened.write(edits, expected=history.latest, author=session.author(author), reason=reason)
        graph_id, latest = opened.graph_id, written.number if written else history.latest
    output.show(
        format,
        data=lambda: envelope(
            what, graph_id=graph_id, revision=latest, written=written.number if written else None, dry_run=dry_run,
            **plan_data(edits),
        ),
        tables=lambda: plan_tables(edits),
        text=lambda: plan_text(edits, color=output.has_color(sys.stdout)),
    )  # fmt: skip
    hint(edits, history)
    if written:
        output.say(f"wrote revision {written.number}")
    else:
        output.say("nothing was written (--dry-run)" if edits else "recorded already: there is nothing to write")
