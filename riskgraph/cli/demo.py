"""The command demo: a folder in; the shipped example there, and the whole loop run on it before the reader, out."""

from __future__ import annotations

import io
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from riskgraph.cli import output

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Run = Callable[[Sequence[str]], int]

EXAMPLE: Final = "data-platform"
_STORE: Final = "RISKGRAPH_STORE"
_HEAD: Final = 9
_EXCERPTS: Final = {"diff": (24, 16), "audit": (34, 12), "show": (60, 0), "gaps": (40, 0)}
"""How many lines of a command's output are shown, from its beginning and from its end; else ``_HEAD`` and 1."""
_STEPS: Final = (
    ("A store, and the register as it was agreed before the incidents.", ("init",), ("import", "register.yaml")),
    ("What happened, against what was mapped at the time.", ("diff", "pirs")),
    ("The six questions, each with the evidence beside the author's own answer.", ("audit", "pirs")),
    ("What the register should learn, with reasons, for a person to decide on.",
     ("propose", "pirs", "-o", "proposal.yaml")),
    ("Take what is explicit or follows from evidence; suggestions stay for a person.",
     ("apply", "proposal.yaml", "--accept", "derived", "--yes")),
)  # fmt: skip
_PAGES: Final = (
    ("report", "-o", "map.html"),
    ("report", "pirs", "-o", "incidents.html"),
    ("report", "--dashboard", "-o", "loop.html"),
    ("report", "--review", "proposal.yaml", "-o", "review.html"),
)
_SHOWN: Final = {
    "map.html": "the cascade map: search, click, switch mitigations, ask what if",
    "incidents.html": "predicted against actual, incident by incident",
    "loop.html": "whether the loop learns, for a manager",
    "review.html": "what is still to be decided",
}


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or new folder.")] = Path("riskgraph-demo"),
) -> None:
    """Run the whole loop on an example, in a folder of its own; a server that RISKGRAPH_STORE names has to be empty."""
    from riskgraph.cli import run

    server = _server()
    _copy(_example(), folder)
    output.write(f"The example is in {folder}. Every command below runs there, as you would type it.\n")
    with chdir(folder), _own_store(server):
        seen: dict[tuple[str, ...], str] = {}
        for title, *commands in _STEPS:
            _say(title)
            for command in commands:
                seen[command] = _run(command, run)
        _say("The same diff once more: it reads the map of the day, so what was learned since changes nothing.")
        _compare(("diff", "pirs"), seen, run)
        _say("A cascade that nobody had mapped is in the graph now, with its origin.")
        _run(("show", _learned_cascade()), run)
        _say("What is still open.")
        _run(("gaps", "--open"), run)
        _run(("history",), run)
        _say("Pages that work offline: to explore, to mail, to print.")
        for command in _PAGES:
            _run(command, run)
    output.write(_ending(folder, server or "riskgraph.db"))


def _server() -> str | None:
    """The server that RISKGRAPH_STORE names; an embedded store of the reader's is none of the example's.

    Raises:
        UsageError: it keeps a graph already.
    """
    from riskgraph.cli import session
    from riskgraph.errors import UsageError

    url = os.environ.get(_STORE)
    if not url or session.store_path(url) is not None:
        return None
    if session.store_is_there(url):
        with session.open_store(url) as there:
            if there.revisions():
                raise UsageError(f"{url} keeps a graph already: unset {_STORE}, or name an empty store")
    return url


@contextmanager
def _own_store(server: str | None) -> Iterator[None]:
    """The example never goes into the store that the reader works with."""
    named = os.environ.pop(_STORE, None)
    if server is not None:
        os.environ[_STORE] = server
    try:
        yield
    finally:
        os.environ.pop(_STORE, None)
        if named is not None:
            os.environ[_STORE] = named


def _run(command: Sequence[str], run: Run) -> str:
    """Runs a command and shows it as typed, with its output; gives what it wrote to standard output."""
    typed = f"\n$ riskgraph {shlex.join(command)}\n"
    output.write(typed)
    printed = _capture(command, run)
    output.write(_excerpt(printed, *_EXCERPTS.get(command[0], (_HEAD, 1))))
    return printed


def _excerpt(printed: str, head: int, tail: int) -> str:
    """The beginning and the end of a long output."""
    lines = printed.splitlines(keepends=True)
    cut = len(lines) - head - tail
    if cut <= 1:
        return printed
    return "".join([*lines[:head], f"    ... {cut} more lines ...\n", *lines[len(lines) - tail :]])


def _compare(command: tuple[str, ...], seen: dict[tuple[str, ...], str], run: Run) -> None:
    output.write(f"\n$ riskgraph {shlex.join(command)}\n")
    again = _capture(command, run)
    if again == seen[command]:
        output.write("unchanged: byte for byte the output above\n")
    else:
        output.write(again)
        output.say("error: the diff changed after the apply: this is a bug in riskgraph")
        raise typer.Exit(1)


def _capture(command: Sequence[str], run: Run) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        code = run(command)
    if code:
        output.write(out.getvalue())
        raise typer.Exit(code)
    return out.getvalue()


def _learned_cascade() -> str:
    """The first cascade that a review put into the graph."""
    from riskgraph.cli.session import open_session

    with open_session(None) as opened:
        learned = [key for key, origin in opened.history.first.items() if key[0] == "cascade" and origin.edit.incident]
    return "->".join(learned[0][1:])


def _example() -> Traversable:
    """The example's folder: in the installed package, else in the checkout.

    Raises:
        UsageError: it was not installed.
    """
    from importlib.resources import files

    from riskgraph.errors import UsageError

    installed = files("riskgraph").joinpath("examples", EXAMPLE)
    checkout = Path(__file__).parents[2] / "examples" / EXAMPLE
    for found in (installed, checkout):
        if found.is_dir():
            return found
    raise UsageError("the example is not installed: install riskgraph again, or run it from a checkout")


def _copy(source: Traversable, folder: Path) -> None:
    """Copies the example into a new or empty folder.

    Raises:
        UsageError: the folder has something in it, or cannot be written.
    """
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: name a new folder")
        for path, text in _texts(source, Path()):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_file(target, text)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}") from error


def _texts(source: Traversable, below: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = below / entry.name
        found += _texts(entry, path) if entry.is_dir() else [(path, entry.read_text("utf-8"))]
    return found


def _say(title: str) -> None:
    output.write(f"\n# {title}\n")


def _ending(folder: Path, store: str) -> str:
    width = max(len(str(folder / name)) for name in _SHOWN)
    pages = "\n".join(f"  {folder / name!s:{width}}  {what}" for name, what in _SHOWN.items())
    return f"""
{folder} now has the example's register and reviews, riskgraph.toml and proposal.yaml; the store is {store}.
Open these in a browser, map.html first:

{pages}

Try, in that folder:

  riskgraph show                        the risks
  riskgraph apply proposal.yaml         decide on the suggestions that were left, one by one
  riskgraph undo 2                      take the learning back
  riskgraph export -o learned.yaml      the register with what was learned
"""
