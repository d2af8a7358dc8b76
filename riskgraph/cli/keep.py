"""Commands that keep the graph: init, import and export; register files in, a store's revisions out, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TextIO

import typer

from riskgraph.cli import options, output, session, sheets

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.history import History, Revision
    from riskgraph.imports import ImportPlan
    from riskgraph.register.read import Register
    from riskgraph.store import Store

TOO_MUCH: Final = 0.3
"""The share of the graph of which an import does not remove more unasked."""

_TOML: Final = """\
# Settings of riskgraph for this folder and those below it.
# A flag counts first (--store, --author), then the environment (RISKGRAPH_STORE, RISKGRAPH_AUTHOR), then this file.

# Where the graph is kept. A path counts from this file's folder and stays inside it.
store = "sqlite:///riskgraph.db"

# Who writes, if it is not the user of git or of this machine.
# author = "Risk Lead"
"""


def init(
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Create a store, and a commented riskgraph.toml, in this folder; a server is made ready as often as one likes."""
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError
    from riskgraph.report.envelope import envelope
    from riskgraph.report.table import Table
    from riskgraph.settings import DEFAULT_STORE, FILE

    toml = Path(FILE)
    named = session.settings(store=store)["store"]
    # A riskgraph.toml further up is about another folder.
    url = DEFAULT_STORE if named.source.endswith(FILE) else named.value
    path = session.store_path(url)
    if path is not None and toml.exists():
        raise UsageError(f"{toml} is there already: this folder is set up, go on with riskgraph import")
    if path is not None and path.exists():
        raise UsageError(f"the store {path} is there already: go on with riskgraph import")
    with session.open_store(url, create=True) as opened:
        graph_id, revision = opened.graph_id, len(opened.revisions(about=()))
    own = path is not None and not path.is_absolute() and ".." not in path.parts
    text = _TOML.replace(DEFAULT_STORE, url) if own else _TOML.replace("store =", "# store =")
    created = [str(path or url)]
    if not toml.exists():
        write_file(toml, text)
        created.insert(0, str(toml))
    output.show(
        format,
        data=lambda: envelope("init", graph_id=graph_id, revision=revision, created=created, store=url),
        tables=lambda: [Table("Created", ("file",), tuple((name,) for name in created))],
        text=lambda: "".join(f"created {name}\n" for name in created),
    )
    output.say("next: riskgraph import register.yaml, or riskgraph demo to see it all")


def import_(  # noqa: PLR0917 - typer calls it by name
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Register files, .yaml, .xlsx or .csv, or folders of CSV files."),
    ],
    prune: Annotated[bool, typer.Option("--prune", help="Also remove what the files do not have.")] = False,
    revert_learned: Annotated[
        bool, typer.Option("--revert-learned", help="Also undo what reviews taught, where the files say otherwise.")
    ] = False,
    map_: sheets.Map = None,
    scale: sheets.ScaleOption = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    effective_on: options.EffectiveOn = None,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Bring register files into the store: adds and updates, and shows the edits."""
    from riskgraph.imports import plan_import

    when = options.read_date(effective_on, "--effective-on")
    url = session.store_url(store)
    history, graph_id = _stored(url)
    opened_sheets = sheets.open_sheets(files, map_, scale)
    register = sheets.read_files(files, opened_sheets, history.graph if history.latest else None)
    _refuse_other_graph(register, graph_id)
    plan = plan_import(register, history, prune=prune, revert_learned=revert_learned)
    asking = output.is_interactive() and not yes and not dry_run
    shown_id = graph_id or register.graph_id
    if asking and plan.edits:
        output.write_aside(_text(plan, sys.stderr))
    if prune and not yes and not dry_run:
        _refuse_too_much(plan, asking=asking)
    if not plan.edits or dry_run:
        _print(plan, format, graph_id=shown_id, revision=history.latest, dry_run=dry_run)
        output.say("nothing to import" if not plan.edits else "nothing was written (--dry-run)")
        return
    when = when or _new_date(register, history)
    _warn_without_date(history, dated=when is not None)
    meant = "is this how the columns are meant, and " if any(sheet.is_new for sheet in opened_sheets) else ""
    session.ask_to_write(f"{meant}write {len(plan.edits)} edits?", yes=yes)
    by, why = session.author(author), f"import {', '.join(file.name for file in files)}"

    def write(into: Store) -> Revision:
        return into.write(plan.edits, expected=history.latest, author=by, reason=why, effective_on=when)

    if not history.latest:
        # A store is only made for a revision that it will take.
        with session.open_store("memory://") as rehearsal:
            write(rehearsal)
    with session.open_store(url, create=True, graph_id=register.graph_id) as opened:
        revision, graph_id = write(opened), opened.graph_id
    if format != "table" or not asking:
        _print(plan, format, graph_id=graph_id, revision=revision.number, dry_run=dry_run)
    output.say(f"wrote revision {revision.number}")
    sheets.save_mappings(opened_sheets)


def export(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to write; the suffix says what.")],
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
) -> None:
    """Write the graph to a file: .yaml, .xlsx, .csv, .graphml, .mmd (Mermaid), .dot, .json or .cypher."""
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError
    from riskgraph.exports.formats import FORMATS
    from riskgraph.exports.source import Source

    dump = FORMATS.get(out.suffix.lower())
    if dump is None:
        there = f"{out}: there is no export to {out.suffix or 'a file without a suffix'!r}"
        raise UsageError(f"{there}: use one of {', '.join(FORMATS)}")
    if any(out.resolve() == file.resolve() for file in register or ()):
        raise UsageError(f"{out} is what is read: name another file to write")
    when = options.read_date(as_of, "--as-of")
    with session.open_session(store, register, git=git) as opened:
        seen = opened.read(when)
        revisions = opened.history.revisions[: seen.revision]
        # The date of a first import says nothing of what has been learned since.
        declared = revisions[-1].effective_on if revisions else None
        graph_id = opened.graph_id or (revisions[-1].graph_id if revisions else "") or None
        number = seen.revision if opened.store else None
        # A file by itself has no history to tell.
        content = dump(Source(seen.graph, graph_id, number, declared, when, revisions if git or opened.store else ()))
    write_file(out, content)
    said = f"{len(seen.graph.risks)} risks and {len(seen.graph.cascades)} cascades"
    output.say(f"wrote {out}: {said}{_origin(number, seen.commit)}")


def _origin(revision: int | None, commit: str | None) -> str:
    from riskgraph.history import short_commit

    if revision is not None:
        return f", as of revision {revision}"
    return f", as of commit {short_commit(commit)}" if commit else ""


def _stored(url: str) -> tuple[History, str | None]:
    """The history in a store, and its graph's id; no id where nothing was written yet."""
    from riskgraph.history import History

    if not session.store_is_there(url):
        return History(), None
    with session.open_store(url) as opened:
        revisions = opened.revisions()
        return History(revisions), opened.graph_id if revisions else None


def _refuse_other_graph(register: Register, graph_id: str | None) -> None:
    """Refuses a file that says that it is of another graph.

    Raises:
        InputError: it is.
    """
    from riskgraph.errors import InputError

    if graph_id and register.graph_id and register.graph_id != graph_id:
        message = (
            f"{register.paths[0]} is of graph {register.graph_id}, this store keeps {graph_id}: "
            "name its store with --store, or take graph_id out of the file"
        )
        raise InputError(message)


def _refuse_too_much(plan: ImportPlan, *, asking: bool) -> None:
    """Refuses to remove much of the graph, or asks.

    Raises:
        UsageError: nobody can be asked.
    """
    from riskgraph.errors import UsageError

    if plan.removed_share <= TOO_MUCH:
        return
    share = f"{plan.removed_share:.0%} of the graph would be removed"
    if not asking:
        raise UsageError(f"{share}: use --yes if that is meant, --dry-run to see it")
    if not output.confirm(f"{share}; is that meant?"):
        output.say("nothing was written")
        raise typer.Exit(0)


def _new_date(register: Register, history: History) -> date | None:
    """The date that a file declares; one that was declared before says nothing of what has changed since."""
    when = register.effective_on
    if when is not None and any(revision.effective_on == when for revision in history.revisions):
        output.say(f"effective_on {when.isoformat()} was imported before: what has changed since counts from now")
        return None
    return when


def _warn_without_date(history: History, *, dated: bool) -> None:
    if not dated and not history.latest:
        output.say(
            "warning: without a date this counts from now, and earlier incidents will be `unknown`: "
            "declare since when it was your view with --effective-on DATE, or effective_on in the file"
        )


def _print(plan: ImportPlan, format: Any, *, graph_id: str | None, revision: int, dry_run: bool) -> None:  # noqa: A002
    from riskgraph.report.envelope import envelope
    from riskgraph.report.plan import plan_data, plan_tables

    output.show(
        format,
        data=lambda: envelope(
            "import", graph_id=graph_id, revision=revision, dry_run=dry_run, **plan_data(plan.edits, plan.kept)
        ),
        tables=lambda: plan_tables(plan.edits, plan.kept),
        text=lambda: _text(plan, sys.stdout),
    )


def _text(plan: ImportPlan, stream: TextIO) -> str:
    from riskgraph.report.plan import plan_text

    return plan_text(plan.edits, plan.kept, color=output.has_color(stream))
