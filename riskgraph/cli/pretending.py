"""Pretending: options of what to pretend in, the graph that is asked about and what is said of the pretence out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.history import Snapshot
    from riskgraph.report.table import Format, Table
    from riskgraph.simulation.network import LeftOut

Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="ID", help="A mitigation, or a cascade FROM->TO, to pretend away; repeatable."),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="ID", help="A mitigation to pretend implemented; repeatable."),
]
Assume = Annotated[
    float | None,
    typer.Option(metavar="P", help="The probability of cascades that have none; else they count for nothing."),
]
Seed = Annotated[int, typer.Option(metavar="N", help="What chance begins with: the same seed, the same numbers.")]
Runs = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="How often to simulate what cannot be calculated: worlds, events, years; else enough of them."
    ),
]


@contextmanager
def read_graph(
    as_of: str | None,
    register: Sequence[Path] | None,
    store: str | None,
    starts: Sequence[str] = (),
    *,
    git: bool,
) -> Iterator[tuple[Snapshot, dict[str, Any]]]:
    """The graph that is asked about, and what JSON says of where it is from.

    With ``starts`` only what cascades can lead to from these risks is read, if a store has all of them today.
    """
    from riskgraph.neighbourhood import Around

    when: date | None = options.read_date(as_of, "--as-of")
    if starts and not (register or git or when):
        with session.open_store(store) as opened:
            part = opened.read(around=Around(frozenset(starts), downstream=True))
            if all(start in part.graph.risks for start in starts):
                yield part, {"graph_id": opened.graph_id, "revision": part.revision}
                return
    with session.open_session(store, register, git=git) as known:
        seen = known.read(when)
        yield seen, known.about(seen, when)


def pretended(without: Sequence[str] | None, with_: Sequence[str] | None, assume: float | None) -> dict[str, Any]:
    """What was pretended, for JSON."""
    return {"without": list(without or ()), "with": list(with_ or ()), "assume": assume}


def show(
    format: Format,  # noqa: A002 - it is the option's name
    kind: str,
    about: dict[str, Any],
    content: dict[str, Any],
    tables: Callable[[], Sequence[Table]],
) -> None:
    """A result of the engine in the format that was asked for; ``about`` is what ``read_graph`` gave."""
    from riskgraph.report.envelope import envelope

    output.show(format, data=lambda: envelope(kind, **about, **content), tables=tables)


def say_left_out(left_out: LeftOut, *kinds: str) -> None:
    """What was left out of a result, as far as these kinds go, for the person at the terminal."""
    from riskgraph.report.engine import left_out_lines

    for line in left_out_lines(left_out, *kinds):
        output.say(f"note: {line}")


@contextmanager
def follow_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that learns how much there is to do with the first report."""
    with ExitStack() as stack:
        advance: Callable[[int], None] | None = None
        before = 0

        def report(done: int, total: int) -> None:
            nonlocal advance, before
            advance = advance or stack.enter_context(output.progress(what, total))
            advance(done - before)
            before = done

        yield report
