"""Commands that follow through: actions, and actions done; a store in, what is open, or a new revision, out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from riskgraph.cli import options, output, session
from riskgraph.cli.recording import record

if TYPE_CHECKING:
    from riskgraph.edits import Edit
    from riskgraph.history import History

actions = typer.Typer(help="What reviews asked for: open, overdue, done; and mitigations that are not in place.")


@actions.callback(invoke_without_command=True)
def actions_list(
    context: typer.Context,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not done.")] = False,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List actions by what is overdue, and first the mitigations that were needed and are not in place."""
    from riskgraph.metrics.actions import follow_up
    from riskgraph.report.envelope import envelope
    from riskgraph.report.follow import actions_tables

    if context.invoked_subcommand:
        return
    when = options.read_date(as_of, "--as-of")
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    follow = follow_up(history, session.today(when))
    data = follow.data()
    if only_open:
        data["actions"] = [one for one in data["actions"] if one["state"] != "done"]
    output.show(
        format,
        data=lambda: envelope(
            "actions", graph_id=graph_id, revision=history.latest, **options.as_of_data(when), **data
        ),
        tables=lambda: actions_tables(follow, only_open=only_open),
    )


@actions.command("done")
def actions_done(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="The actions that are done.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day on which it was done; else today.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why, for the history.")] = None,
    dry_run: options.DryRun = False,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Record that actions are done, by a new revision."""
    from riskgraph.errors import UsageError
    from riskgraph.fields import instant

    when = options.read_date(on, "--on")
    day = instant(when).date() if when else session.today()
    if day > session.today():
        raise UsageError(f"--on {day.isoformat()} is in the future: an action is done once it is done")
    record(
        "actions-done",
        lambda history: _mark_done(ids, day.isoformat(), history),
        lambda edits: reason or f"done: {', '.join(edit.key[1] for edit in edits)}",
        dry_run=dry_run, author=author, store=store, format=format, hint=_tell,
    )  # fmt: skip


def _mark_done(ids: list[str], day: str, history: History) -> list[Edit]:
    """The edits that mark actions as done.

    Raises:
        InputError: one of them is no action.
    """
    from riskgraph.edits import change
    from riskgraph.errors import InputError
    from riskgraph.validation import closest

    known = history.graph.actions
    edits = []
    for id_ in dict.fromkeys(ids):
        if id_ not in known:
            near = closest(id_, list(known))
            hint = f"did you mean {near}?" if near else "riskgraph actions lists them"
            raise InputError(f"there is no action {id_}: {hint}")
        edit = change(known[id_], {"done_on": day})
        if edit.set:
            edits.append(edit)
    return edits


def _tell(edits: list[Edit], history: History) -> None:
    """Says which mitigations these actions carry out and that are still not in place."""
    from riskgraph.model import Implements

    done = {edit.key[1] for edit in edits}
    for edge in history.graph.of_kind(Implements).values():
        status = history.graph.mitigations[edge.mitigation].status
        if edge.action in done and status in {"planned", "in_progress"}:
            output.say(
                f"{edge.action} carries out {edge.mitigation}, which still is {status.replace('_', ' ')}: "
                "set its status in the register and import it, once it is in place"
            )
