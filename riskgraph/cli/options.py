"""Options that several commands share: what a person types in, checked values out."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from riskgraph.cli import completion

Pirs = Annotated[list[Path], typer.Argument(metavar="PIR", help="Review files, or folders of them.")]
Store = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The store: sqlite:///FILE or neo4j://HOST. Else RISKGRAPH_STORE, riskgraph.toml, riskgraph.db.",
    ),
]
Author = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who writes. Else RISKGRAPH_AUTHOR, riskgraph.toml, git's user, the login name."),
]
Register = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="A register file to read instead of a store; may be repeated."),
]
Git = Annotated[
    bool, typer.Option("--git", help="Take the register's history from its git repository: a commit is a revision.")
]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="The graph as it was known on that day, UTC.")]
EffectiveOn = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Since when this is the organisation's view, if earlier than now."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the output file, whatever is in it.")]
Format = Annotated[Literal["table", "json", "markdown", "csv"], typer.Option("--format", "-f", help="How to print.")]
FindingsFormat = Annotated[
    Literal["table", "json", "markdown", "csv", "github", "sarif"],
    typer.Option("--format", "-f", help="How to print; github gives annotations, sarif a log for code scanning."),
]
FailOn = Annotated[
    Literal["error", "warning", "note"] | None,
    typer.Option(help="Exit with 3 if there is a finding that grave or graver."),
]
Baseline = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Findings that were known before: they neither show nor count.")
]
UpdateBaseline = Annotated[
    bool, typer.Option("--update-baseline", help="Make what is found now known, in the file of --baseline.")
]
RiskId = Annotated[str, typer.Argument(metavar="RISK", autocompletion=completion.complete_risks)]


def read_date(text: str | None, option: str) -> date | datetime | None:
    """The date, or the time with its zone, that an option was given.

    Raises:
        UsageError: the text is neither.
    """
    from riskgraph.errors import UsageError
    from riskgraph.fields import parse_moment

    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def as_of_data(when: date | None) -> dict[str, Any]:
    """What JSON says of the date that was asked for; nothing where none was."""
    return {"as_of": when.isoformat()} if when else {}
