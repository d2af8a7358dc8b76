"""The command apply: a decided proposal in; its accepted edits in the store, and in a register file if wanted, out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from riskgraph.cli import options, output, session
from riskgraph.cli.carrying import carry, write_register

if TYPE_CHECKING:
    from riskgraph.history import History, Revision
    from riskgraph.proposal.apply import Application
    from riskgraph.proposal.file import Proposal
    from riskgraph.proposal.slots import Said, Slot
    from riskgraph.store import Store


@dataclass(frozen=True)
class _Result:
    """What an apply came to, for every format."""

    graph_id: str
    latest: int
    application: Application
    revision: Revision | None
    dry_run: bool


def apply(  # noqa: PLR0917 - typer calls it by name
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proposal.")],
    accept: Annotated[
        Literal["explicit", "derived"] | None,
        typer.Option(help="Also accept pending edits that are explicit; derived accepts both kinds."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="REGISTER", help="Also carry the edits into this file, comments kept."),
    ] = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    effective_on: options.EffectiveOn = None,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Write the accepted edits of a proposal to the store.

    On a terminal every pending edit is asked about first; elsewhere --yes is needed.
    """
    from riskgraph.history import History
    from riskgraph.proposal.apply import decide
    from riskgraph.proposal.file import read_proposal

    when = options.read_date(effective_on, "--effective-on")
    proposal = decide(read_proposal(file), accept)
    with session.open_store(store) as opened:
        history = History(opened.revisions())
        # Another graph's proposal and a stale one are refused before anybody is asked about them.
        application = _plan(proposal, history, opened)
        asking = output.is_interactive() and not yes and not dry_run
        if asking and application.pending:
            proposal = _review(file, proposal, history)
            application = _plan(proposal, history, opened)
        elif not asking and not yes and not dry_run:
            _refuse_unasked(application)
        carried = carry(write, application, proposal, history) if write else None
        revision = None
        if not application.is_empty and not dry_run:
            _refuse_half_a_repair(application)
            if asking:
                output.write_aside(_text(application, sys.stderr))
            session.ask_to_write(f"write {_count(application)}?", yes=yes)
            revision = _write(opened, application, proposal, history, file, author, when)
        latest = revision.number if revision else history.latest
        if format != "table" or not (asking and revision):
            _print(_Result(opened.graph_id, latest, application, revision, dry_run), format)
    _tell(application, revision, dry_run=dry_run)
    if write and carried and not dry_run:
        write_register(write, *carried)


def _plan(proposal: Proposal, history: History, store: Store) -> Application:
    """What the proposal writes. Errors as those of the planning."""
    from riskgraph.proposal.apply import plan_apply
    from riskgraph.proposal.repair import plan_repair
    from riskgraph.store.repair import find_difference

    if proposal.repairs:
        return plan_repair(proposal, find_difference(store), history, store.graph_id)
    return plan_apply(proposal, history, store.graph_id)


def _refuse_half_a_repair(application: Application) -> None:
    """A content is adopted or restored as a whole.

    Raises:
        UsageError: an edit of a repair is pending.
    """
    from riskgraph.errors import UsageError

    if application.repair and application.pending:
        number = application.pending
        edits = f"{number} edit{'s are' if number != 1 else ' is'} pending"
        raise UsageError(f"nothing was written, {edits}: accept or reject every edit of a repair")


def _review(file: Path, proposal: Proposal, history: History) -> Proposal:
    """Asks about the pending edits, and saves each decision in the proposal's file."""
    from riskgraph.cli.deciding import review_edits
    from riskgraph.cli.writing import read_text
    from riskgraph.proposal.slots import find_slots

    original = read_text(file)
    slots = find_slots(original)

    def keep(decisions: Mapping[int, Said]) -> None:
        _save(file, original, slots, proposal, decisions)

    return review_edits(proposal, lambda one: one.edit.marker not in history.applied, keep)


def _save(
    file: Path, original: str, slots: Sequence[Slot] | None, proposal: Proposal, decisions: Mapping[int, Said]
) -> None:
    from dataclasses import replace

    from riskgraph.cli.writing import write_file
    from riskgraph.proposal.file import dump_proposal
    from riskgraph.proposal.slots import fill_slots

    if slots is not None:
        text = fill_slots(original, slots, {("edits", number): said for number, said in decisions.items()})
    else:
        edits = [
            replace(one, decision=decisions[number].choice, reason=decisions[number].reason)
            if number in decisions
            else one
            for number, one in enumerate(proposal.edits)
        ]
        text = dump_proposal(replace(proposal, edits=tuple(edits)), file.name)
    write_file(file, text)


def _refuse_unasked(application: Application) -> None:
    """Refuses to write where nobody can be asked and nobody said yes.

    Raises:
        UsageError: there is something to write or to decide.
    """
    from riskgraph.errors import UsageError

    if not application.is_empty or application.pending:
        raise UsageError("nobody can be asked here: use --yes to write what is accepted, or --dry-run to see it")


def _write(
    store: Store,
    application: Application,
    proposal: Proposal,
    history: History,
    file: Path,
    author: str | None,
    when: date | None,
) -> Revision:
    return store.write(
        application.edits,
        expected=history.latest,
        author=session.author(author),
        reason=f"apply {file.name} ({'repair' if proposal.repairs else _name(proposal.incidents)})",
        effective_on=when,
        decisions=application.decisions,
        repair=application.repair,
    )


def _print(result: _Result, format: Literal["table", "json", "markdown", "csv"]) -> None:  # noqa: A002
    from riskgraph.report.plan import plan_tables

    application = result.application
    output.show(
        format,
        data=lambda: _data(result),
        tables=lambda: plan_tables(application.edits),
        text=lambda: "" if application.is_empty else _text(application, sys.stdout),
    )


def _text(application: Application, stream: TextIO) -> str:
    from riskgraph.report.plan import plan_text

    # Why each edit was proposed was said when it was.
    return plan_text(application.edits, remarks=application.remarks, reasons=False, color=output.has_color(stream))


def _data(result: _Result) -> dict[str, Any]:
    from riskgraph.report.envelope import envelope
    from riskgraph.report.plan import plan_data

    application = result.application
    return envelope(
        "apply",
        graph_id=result.graph_id,
        revision=result.latest,
        written=result.revision.number if result.revision else None,
        dry_run=result.dry_run,
        already=list(application.already),
        pending=application.pending,
        **plan_data(application.edits),
        decisions=[decision.model_dump(mode="json") for decision in application.decisions],
        remarks=list(application.remarks),
    )


def _tell(application: Application, revision: Revision | None, *, dry_run: bool) -> None:
    if application.repair and application.is_empty and not application.pending:
        output.say(application.remarks[0])
        return
    if application.pending:
        number = application.pending
        output.say(f"{number} pending edit{'s' if number != 1 else ''} skipped: decide in the file, or use --accept")
    if revision:
        output.say(f"wrote revision {revision.number}")
    elif application.is_empty and application.already:
        output.say(f"already applied (revision {application.already[-1]})")
    elif application.is_empty:
        output.say("nothing to apply: no edit is accepted")
    elif dry_run:
        output.say("nothing was written (--dry-run)")


def _name(incidents: Sequence[str]) -> str:
    first, *others = incidents or ("no incident",)
    return f"{first} and {len(others)} more" if others else first


def _count(application: Application) -> str:
    parts = []
    for number, what in ((len(application.edits), "edit"), (len(application.decisions), "decision")):
        if number:
            parts.append(f"{number} {what}{'s' if number != 1 else ''}")
    return " and ".join(parts)
