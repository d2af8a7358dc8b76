"""Commands of the engine: simulate and paths; a graph and what to pretend in, how far it goes and which way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from riskgraph.cli import completion, options, pretending

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph

RiskIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="RISK", help="What happens; several together.", autocompletion=completion.complete_risks),
]


def simulate(
    risks: RiskIds = None,
    *,
    year: Annotated[bool, typer.Option("--year", help="A year of all risks instead, each by its likelihood.")] = False,
    without: pretending.Without = None,
    with_: pretending.With = None,
    assume: pretending.Assume = None,
    seed: pretending.Seed = 0,
    runs: pretending.Runs = None,
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Say how far it would go if risks happened: what falls with them, how likely, how fast, how dear."""
    from riskgraph.errors import UsageError
    from riskgraph.report import engine as views
    from riskgraph.simulation.exceedance import simulate_year
    from riskgraph.simulation.network import compile_network
    from riskgraph.simulation.simulate import simulate as run

    if bool(risks) == year:
        raise UsageError("name the risks that happen, or --year for a year of all of them: riskgraph show lists them")
    # What is pretended may be named wrongly, and the right name may be anywhere.
    near = () if without or with_ else risks or ()
    with pretending.read_graph(as_of, register, store, near, git=git) as (seen, about):
        starts = [find_risk(text, seen.graph) for text in risks or ()]
        network = compile_network(seen.graph, without=without or (), with_=with_ or (), assume=assume)
    pretence = pretending.pretended(without, with_, assume)
    if year:
        with pretending.follow_progress("events") as progress:
            whole = simulate_year(network, seed=seed, runs=runs, progress=progress)
        pretending.show(
            format,
            "simulate",
            about,
            {**views.year_data(whole), **pretence},
            lambda: views.year_tables(whole, seen.graph),
        )
        pretending.say_left_out(whole.left_out, "cascades", "losses", "rates", "effects")
        return
    with pretending.follow_progress("worlds") as progress:
        found = run(network, starts, seed=seed, runs=runs, progress=progress)
    pretending.show(
        format, "simulate", about, {**views.simulation_data(found), **pretence},
        lambda: views.simulation_tables(found, seen.graph),
    )  # fmt: skip
    pretending.say_left_out(found.left_out, "cascades", "losses", "delays", "effects")


def paths(
    from_: Annotated[
        str, typer.Argument(metavar="FROM", help="Where it begins.", autocompletion=completion.complete_risks)
    ],
    to: Annotated[
        str | None,
        typer.Argument(metavar="TO", help="Where it leads; without it, anywhere.",
                       autocompletion=completion.complete_risks),
    ] = None,
    *,
    top: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="How many paths at most.")] = 10,
    without: pretending.Without = None,
    with_: pretending.With = None,
    assume: pretending.Assume = None,
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:  # fmt: skip
    """List the most probable ways from one risk to another, or the best one to each risk that it can reach."""
    from riskgraph.report.engine import paths_data, paths_tables
    from riskgraph.simulation.network import compile_network
    from riskgraph.simulation.paths import find_paths

    near = () if without or with_ or to else (from_,)  # As in simulate.
    with pretending.read_graph(as_of, register, store, near, git=git) as (seen, about):
        ends = [find_risk(text, seen.graph) for text in (from_, to) if text is not None]
        network = compile_network(seen.graph, without=without or (), with_=with_ or (), assume=assume)
    found = find_paths(network, *ends, top=top)
    left_out = network.left_out_from(ends[:1])
    content = paths_data(found, left_out=left_out.cascades)
    title = f"Paths from {ends[0]}{f' to {ends[1]}' if to else ''}"
    named = {"from": ends[0], "to": ends[1] if to else None}
    pretending.show(
        format, "paths", about, {**named, **content, **pretending.pretended(without, with_, assume)},
        lambda: paths_tables(found, title),
    )  # fmt: skip
    pretending.say_left_out(left_out, "cascades", "effects")


def find_risk(text: str, graph: RiskGraph) -> str:
    """The risk that an id names; capitals do not matter.

    Raises:
        InputError: there is none.
    """
    from riskgraph.errors import InputError
    from riskgraph.graph import with_article
    from riskgraph.validation import closest

    if text in graph.risks:
        return text
    for id_ in graph.risks:
        if id_.casefold() == text.casefold():
            return id_
    other = next((key[0] for key in graph.elements if len(key) > 1 and key[1:] == (text,)), None)
    near = closest(text, list(graph.risks))
    hint = f"did you mean {near}?" if near else "riskgraph show lists the risks"
    if other:
        raise InputError(f"{text} is {with_article(other)}, not a risk: riskgraph show lists the risks")
    raise InputError(f"there is no risk {text!r}: {hint}")
