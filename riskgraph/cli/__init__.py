"""The command line: what a person types in, exit code out; each command is in the module of its group."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from riskgraph.cli import (
    applying,
    asking,
    demo,
    engine,
    failure,
    files,
    following,
    keep,
    look,
    loop,
    measure,
    output,
    ranking,
    recording,
    reporting,
    template,
    upkeep,
)

app = typer.Typer(
    name="riskgraph",
    help="A risk register kept as a graph, in which every incident is a test of it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

_START, _LOOP, _LOOK = "Start", "The loop", "Look and repair"
_ENGINE = "How far it would go"
app.command(rich_help_panel=_START)(demo.demo)
app.command(rich_help_panel=_START)(keep.init)
app.command("import", rich_help_panel=_START)(keep.import_)
app.command(rich_help_panel=_START)(keep.export)
app.command(rich_help_panel=_START)(template.template)
app.command(rich_help_panel=_LOOP)(files.check)
app.add_typer(files.pir, name="pir", rich_help_panel=_LOOP)
files.pir.command("due")(recording.pir_due)
files.pir.command("bias")(measure.pir_bias)
app.add_typer(recording.incident, name="incident", rich_help_panel=_LOOP)
app.add_typer(recording.indicator, name="indicator", rich_help_panel=_LOOP)
app.command(rich_help_panel=_LOOP)(loop.diff)
app.command(rich_help_panel=_LOOP)(loop.audit)
app.command(rich_help_panel=_LOOP)(loop.propose)
app.command(rich_help_panel=_LOOP)(applying.apply)
app.command(rich_help_panel=_LOOP)(loop.gaps)
app.command(rich_help_panel=_LOOP)(loop.comment)
app.command(rich_help_panel=_LOOP)(measure.metrics)
app.command(rich_help_panel=_LOOP)(measure.changes)
app.add_typer(following.actions, name="actions", rich_help_panel=_LOOP)
app.command(rich_help_panel=_ENGINE)(engine.simulate)
app.command(rich_help_panel=_ENGINE)(engine.paths)
app.command(rich_help_panel=_ENGINE)(ranking.rank)
app.command(rich_help_panel=_ENGINE)(ranking.replay)
app.command(rich_help_panel=_LOOK)(look.show)
app.command(rich_help_panel=_LOOK)(reporting.report)
app.command(rich_help_panel=_LOOK)(asking.query)
app.command(rich_help_panel=_LOOK)(look.history)
app.command(rich_help_panel=_LOOK)(look.undo)
app.command(rich_help_panel=_LOOK)(upkeep.doctor)
app.command(rich_help_panel=_LOOK)(upkeep.copy)
app.command(rich_help_panel=_LOOK)(files.schema)
app.add_typer(look.config, name="config", rich_help_panel=_LOOK)


def _print_version(wanted: bool) -> None:
    if wanted:
        from riskgraph import __version__

        output.write(f"riskgraph {__version__}\n")
        raise typer.Exit(0)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run(argv: Sequence[str]) -> int:
    """Runs one command line and gives its exit code; every failure is one line on standard error."""
    output.prepare()
    try:
        code = app(list(argv), prog_name="riskgraph", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - this is where every error ends
        return failure.explain(error)
    if code == failure.INTERRUPTED:  # typer has turned the interruption into a code.
        return failure.explain(KeyboardInterrupt())
    return code if isinstance(code, int) else 0


def main() -> None:
    """The program ``riskgraph``."""
    sys.exit(run(sys.argv[1:]))


__all__ = ["app", "main", "run"]
