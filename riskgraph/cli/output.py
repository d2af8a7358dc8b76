"""Output: results in; data on standard output, progress and hints on standard error.

Nothing here is cut off by a reader that stops reading: a closed pipe is no error.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO

import typer

if TYPE_CHECKING:
    from riskgraph.findings import Finding, Level, Sifted
    from riskgraph.report.table import Format, Table

_ESCAPE: Final = "riskgraph"
WORTH_A_BAR: Final = 50
"""From how many files on a person wants to see that something happens."""


def write(text: str) -> None:
    """Data, as it is."""
    _put(sys.stdout, text)


def say(text: str) -> None:
    """A line for a person: progress, a hint, a warning. Text from files in it is made harmless."""
    from riskgraph.report.escape import legible, terminal

    _put(sys.stderr, legible(f"{terminal(text)}\n", sys.stderr.encoding))


def write_aside(text: str) -> None:
    """Text that is harmless already, on standard error."""
    from riskgraph.report.escape import legible

    _put(sys.stderr, legible(text, sys.stderr.encoding))


def show(
    format: Format,  # noqa: A002 - it is the option's name
    *,
    data: Callable[[], dict[str, Any]],
    tables: Callable[[], Sequence[Table]],
    text: Callable[[], str] | None = None,
    findings: Sifted | None = None,
) -> None:
    """A result in the format that was asked for; ``text`` stands for the tables on a terminal."""
    match format:
        case "json":
            from riskgraph.report.envelope import to_json

            write(to_json(data()))
        case "github":
            from riskgraph.cli.sifting import seen_from_the_repository
            from riskgraph.report.findings import github

            write(github(seen_from_the_repository(findings).shown if findings else ()))
        case "sarif":
            _show_sarif(findings)
        case "table":
            from riskgraph.report.escape import legible
            from riskgraph.report.render import render

            shown = text() if text else render(tables(), "table", color=has_color(sys.stdout))
            write(legible(shown, sys.stdout.encoding))
        case _:
            from riskgraph.report.render import render

            write(render(tables(), format))


def _show_sarif(findings: Sifted | None) -> None:
    from riskgraph.cli.sifting import seen_from_the_repository
    from riskgraph.findings import Sifted
    from riskgraph.report.envelope import to_json
    from riskgraph.report.sarif import SHOWN, sarif

    log, more = sarif(seen_from_the_repository(findings or Sifted()))
    write(to_json(log))
    if more:
        say(f"warning: the log has the worst {SHOWN} findings, and {more} more do not fit into it")


def has_color(stream: TextIO) -> bool:
    """Whether to colour: not with ``NO_COLOR`` or a dumb terminal, else with ``FORCE_COLOR`` or on a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody is looking at a stream, or typing into it."""
    try:
        return stream.isatty()
    except ValueError:  # The stream is closed.
        return False


def is_interactive() -> bool:
    """Whether questions can be asked: they go to standard error and are answered on standard input."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def confirm(question: str) -> bool:
    """A person's yes or no; no is the default."""
    from riskgraph.report.escape import terminal

    return typer.confirm(terminal(question), err=True)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while a long work runs, on a terminal only; call it with how much more is done."""
    if total < WORTH_A_BAR or not is_terminal(sys.stderr) or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def leave(fail_on: Level | None, findings: Iterable[Finding]) -> None:
    """Ends with exit code 3 if a finding is as grave as was said, or graver."""
    from riskgraph.findings import is_at_least

    if fail_on and any(is_at_least(finding.level, fail_on) for finding in findings):
        raise typer.Exit(3)


def prepare() -> None:
    r"""Gives the streams their encoding.

    Into a file or a pipe data goes as UTF-8 with ``\n`` on every system, unless ``PYTHONIOENCODING`` says otherwise.
    What a terminal's encoding does not have is shown as ``\uXXXX``, which JSON reads as the same, and is no crash.
    """
    codecs.register_error(_ESCAPE, _escape)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_ESCAPE)
    if hasattr(sys.stdout, "reconfigure") and not is_terminal(sys.stdout) and not os.environ.get("PYTHONIOENCODING"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)), error.end


def _put(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Whoever read this has seen enough; the exit code still counts.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
