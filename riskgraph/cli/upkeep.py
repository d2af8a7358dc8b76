"""Commands that look after a store: doctor and copy; a store in, what is wrong with it or its like elsewhere out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.report.table import Format


def doctor(
    propose: Annotated[
        bool,
        typer.Option("--propose", help="Make what was changed past riskgraph a proposal: adopt it, or put it back."),
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write that.")] = None,
    force: options.Force = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Verify every revision, their chain and today's content; name the first bad revision."""
    from riskgraph.errors import CorruptStoreError, UsageError
    from riskgraph.report.envelope import envelope
    from riskgraph.report.findings import findings_data, findings_table
    from riskgraph.store.doctor import examine

    if propose:
        _propose_repair(out, store, format, force=force)
        return
    if out:
        raise UsageError(f"there is nothing to write to {out}: add --propose")
    with session.open_store(store) as opened:
        found = examine(opened)
        number = None if found else len(opened.revisions())
        graph_id = opened.graph_id
    said = "".join(f"{finding.message} [{finding.rule}]\n" for finding in found)
    revisions = f"{number} revision{'s' if number != 1 else ''}"
    output.show(
        format,
        data=lambda: envelope("doctor", graph_id=graph_id, revision=number, findings=findings_data(found)),
        tables=lambda: [findings_table(found)],
        text=lambda: said or f"{revisions}, chain and content agree\n",
    )
    if found:
        raise typer.Exit(CorruptStoreError.exit_code)


def _propose_repair(out: Path | None, store: str | None, format: Format, *, force: bool) -> None:  # noqa: A002
    from riskgraph.cli.loop import print_proposal, refuse_to_lose_decisions
    from riskgraph.proposal.repair import propose_repair
    from riskgraph.store.repair import find_difference

    if out:
        refuse_to_lose_decisions(out, force=force)
    with session.open_store(store) as opened:
        difference = find_difference(opened)
        proposal = propose_repair(difference, opened.graph_id)
    if difference or format != "table":
        print_proposal(proposal, out if difference else None, format)
    for what in difference.unreadable:
        output.say(f"cannot be adopted and will be put back: {what}")
    if not difference:
        output.say("content and revisions agree: there is nothing to propose")


def copy(
    url: Annotated[str, typer.Argument(metavar="URL", help="An empty store, or one that is not there yet.")],
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Copy the store with its whole history, digests unchanged, into an empty one."""
    from riskgraph.errors import CorruptStoreError, UsageError
    from riskgraph.report.envelope import envelope
    from riskgraph.report.table import Table
    from riskgraph.store.doctor import examine

    with session.open_store(store) as source:
        if found := examine(source):
            raise CorruptStoreError(f"nothing was copied: {found[0].message}; see riskgraph doctor")
        revisions, graph_id = source.revisions(), source.graph_id
    if session.store_is_there(url):
        with session.open_store(url) as there:
            if number := len(there.revisions()):
                raise UsageError(f"{url} keeps {number} revisions of its own: name an empty store")
    with session.open_store(url, create=True, graph_id=graph_id) as target:
        target.restore(revisions)
        if found := examine(target):
            raise CorruptStoreError(f"{url} is not what was copied: {found[0].message}")
    count = len(revisions)
    output.show(
        format,
        data=lambda: envelope("copy", graph_id=graph_id, revision=count, store=url),
        tables=lambda: [Table("Copied", ("store", "revisions"), ((url, count),))],
        text=lambda: f"copied {count} revision{'s' if count != 1 else ''} to {url}\n",
    )
    output.say(f"next: RISKGRAPH_STORE={url} riskgraph doctor")
