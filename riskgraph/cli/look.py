"""Commands that look at a store: history, show, config; and undo, which takes a revision back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskgraph.cli import completion, options, output, session

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.edits import Edit
    from riskgraph.history import History, Revision, Snapshot
    from riskgraph.model import Element, Key

config = typer.Typer(no_args_is_help=True, help="The settings.")


def history(
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List every revision: when, by whom, why, and how many edits."""
    from riskgraph.errors import UsageError
    from riskgraph.report.envelope import history_data
    from riskgraph.report.views import history_tables

    when = options.read_date(as_of, "--as-of")
    if register and not git:
        raise UsageError(f"{register[0]} by itself has no history: add --git for that of its repository")
    with session.open_session(store, register, git=git) as opened:
        known = opened.up_to(when)
    output.show(
        format,
        data=lambda: {**history_data(known.revisions, opened.graph_id, known.commits), **options.as_of_data(when)},
        tables=lambda: history_tables(known.revisions, known.commits),
    )


def undo(
    revision: Annotated[int, typer.Argument(metavar="REV", help="The number of a revision.")],
    dry_run: options.DryRun = False,
    effective_on: options.EffectiveOn = None,
    author: options.Author = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Take the edits of a revision back, by a new one; undoing that one brings them back."""
    from riskgraph.errors import UsageError
    from riskgraph.history import History
    from riskgraph.report.envelope import envelope
    from riskgraph.report.plan import plan_data, plan_tables, plan_text

    when = options.read_date(effective_on, "--effective-on")
    with session.open_store(store) as opened:
        known = History(opened.revisions())
        if not 1 <= revision <= known.latest:
            there = f"riskgraph history lists 1 to {known.latest}" if known.latest else "the store has none yet"
            raise UsageError(f"there is no revision {revision}: {there}")
        edits: list[Edit] = []
        written: Revision | None = None
        undone_by = _undone_by(revision, known)
        if undone_by is None:
            edits = _backwards(revision, known)
            if not dry_run:
                written = opened.write(
                    edits,
                    expected=known.latest,
                    author=session.author(author),
                    reason=f"undo revision {revision}",
                    effective_on=when,
                    undoes=revision,
                )
        graph_id, latest = opened.graph_id, written.number if written else known.latest
    output.show(
        format,
        data=lambda: envelope(
            "undo", graph_id=graph_id, revision=latest, undoes=revision, dry_run=dry_run,
            written=written.number if written else None, undone_by=undone_by, **plan_data(edits),
        ),
        tables=lambda: plan_tables(edits),
        text=lambda: plan_text(edits, color=output.has_color(sys.stdout)) if undone_by is None else "",
    )  # fmt: skip
    if undone_by is not None:
        output.say(f"revision {revision} is undone already, by revision {undone_by}")
    else:
        output.say(f"wrote revision {written.number}" if written else "nothing was written (--dry-run)")


def show(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID|TEXT",
            help="An id of any kind, FROM->TO for a cascade, or a text to search names and aliases for.",
            autocompletion=completion.complete_ids,
        ),
    ] = None,
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Show what something is, why it is here, since when and by which review; without an id, list the risks."""
    from riskgraph.report.elements import found_table, risk_tables, risks_data, show_data, show_tables
    from riskgraph.report.envelope import envelope

    when = options.read_date(as_of, "--as-of")
    text = " ".join(what or ()).strip()
    with _open(text, store, register, when, git=git) as opened:
        seen = opened.read(when)
        about = opened.about(seen, when)
        if not text:
            output.show(format, data=lambda: risks_data(seen.graph, **about), tables=lambda: risk_tables(seen.graph))
            return
        key = _key(text, opened.history)
        if key is None:
            found = _search(text, seen)
            if not found:
                raise _not_found(text, opened.history)
            output.show(
                format,
                data=lambda: envelope("show", **about, text=text, found=[_brief(element) for element in found]),
                tables=lambda: [found_table(text, found)],
            )
            return
        output.show(
            format,
            data=lambda: show_data(key, opened.history, seen, **about),
            tables=lambda: show_tables(key, opened.history, seen),
        )


@config.command("show")
def config_show(
    store: options.Store = None,
    author: options.Author = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Print each setting, and where its value comes from."""
    from riskgraph.report.envelope import envelope
    from riskgraph.report.table import Table

    found = session.settings(store=store, author=author).values()
    rows = tuple((one.name, one.value, one.source) for one in found)
    listed = [{"name": one.name, "value": one.value, "source": one.source} for one in found]
    output.show(
        format,
        data=lambda: envelope("config", graph_id=None, revision=None, settings=listed),
        tables=lambda: [Table("Settings", ("setting", "value", "from"), rows)],
    )


def _undone_by(number: int, known: History) -> int | None:
    if number not in known.undone:
        return None
    return max(revision.number for revision in known.revisions if revision.undoes == number)


def _backwards(number: int, known: History) -> list[Edit]:
    """The edits that take back what a revision did, and no more: edits that changed nothing then are none of it.

    Raises:
        StaleError: what it did has been changed since, or something added since needs it.
    """
    from riskgraph.edits import apply_all, describe, diff_graphs
    from riskgraph.errors import EditError, StaleError

    edits = diff_graphs(known.at(number), known.at(number - 1))
    try:
        apply_all(edits, known.graph)
    except (StaleError, EditError) as error:
        touched = {edit.key for edit in edits}
        later = [
            f"revision {origin.revision.number} by {origin.revision.author}: {describe(origin.edit)}"
            for origin in known.walk()
            if origin.revision.number > number
            and (origin.edit.key in touched or touched & set(_needs(origin.edit, known)))
        ]
        since = f"; changed since: {'; '.join(later[:3])}" if later else ""
        raise StaleError(f"revision {number} cannot be undone, nothing was written: {error}{since}") from error
    return edits


def _needs(edit: Edit, known: History) -> Sequence[Key]:
    """What the element of an edit refers to today."""
    element = known.graph.get(edit.key)
    return element.refers_to() if element else ()


def _open(
    text: str, store: str | None, registers: Sequence[Path] | None, when: date | None, *, git: bool
) -> AbstractContextManager[session.Session]:
    """What a text needs: what stands around an id of today; else everything.

    What the incidents say of a risk or a cascade depends on all that was ever known of it, also of what is gone.
    """
    from riskgraph.model import NODE_KINDS
    from riskgraph.neighbourhood import Around

    if not text or registers or when or git:
        return session.open_session(store, registers, git=git)
    return session.open_part(store, Around(frozenset({text})), *((kind, text) for kind in NODE_KINDS if kind != "risk"))


def _ends(text: str) -> list[str]:
    return [end.strip() for end in text.replace("\u2192", "->").split("->")]


def _key(text: str, known: History) -> Key | None:
    """The element that an id, or FROM->TO, names in any revision."""
    meant = text if text in known.ids else {id_.casefold(): id_ for id_ in known.ids}.get(text.casefold())
    if meant:
        return (known.ids[meant], meant)
    ends = _ends(text)
    key = ("cascade", *ends)
    return key if len(ends) == 2 and key in known.first else None  # noqa: PLR2004 - from and to


def _search(text: str, seen: Snapshot) -> list[Element]:
    """The elements whose id, name or alias has a text in it."""
    wanted = text.casefold()
    return [
        element
        for element in seen.graph.elements.values()
        if any(wanted in str(said).casefold() for said in _said(element))
    ]


def _said(element: Element) -> list[str]:
    """What an element can be found by; edges have no name."""
    if len(element.key_fields) != 1:
        return []
    return [element.key[1], getattr(element, "name", ""), *getattr(element, "aliases", ())]


def _brief(element: Element) -> dict[str, Any]:
    return {
        "kind": element.kind,
        "id": element.key[1],
        "name": getattr(element, "name", None),
        "aliases": list(getattr(element, "aliases", ())),
    }


def _not_found(text: str, known: History) -> Exception:
    from riskgraph.errors import InputError
    from riskgraph.validation import closest

    names = {str(getattr(element, "name", "")): key for key, element in known.graph.elements.items() if len(key) > 1}
    near = closest(text, known.ids)
    if near is None and (name := closest(text, [name for name in names if name])):
        near = f"{names[name][1]} ({name})"
    hint = f"did you mean {near}?" if near else "riskgraph show lists the risks"
    return InputError(f"nothing is called {text!r}: {hint}")
