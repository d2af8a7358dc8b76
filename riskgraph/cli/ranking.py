"""Commands that compare: rank and replay; a graph or a review and what to pretend in, what that would save out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from riskgraph.cli import options, output, pretending, session

if TYPE_CHECKING:
    from riskgraph.diff import Diff
    from riskgraph.simulation.replay import Seen


def rank(
    what: Annotated[
        Literal["mitigations", "cascades", "risks"],
        typer.Argument(metavar="mitigations|cascades|risks", help="What to rank by the loss that it avoids in a year."),
    ],
    *,
    by: Annotated[
        Literal["loss", "shortfall"],
        typer.Option(help="The expected annual loss, or the mean of the worst 5 % of years."),
    ] = "loss",
    top: Annotated[int | None, typer.Option(min=1, metavar="N", help="How many to list at most.")] = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="N", help="Also choose the best set of mitigations: at most so many, or at that --cost."),
    ] = None,
    cost: Annotated[
        str | None, typer.Option(metavar="FIELD", help="The extra field that says what a mitigation costs: x_cost.")
    ] = None,
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
    """Rank mitigations, cascades or risks by the loss that they avoid in a year, or would avoid."""
    from riskgraph.errors import UsageError
    from riskgraph.report import rankings as views
    from riskgraph.simulation.budget import choose_mitigations
    from riskgraph.simulation.changes import Switches
    from riskgraph.simulation.rank import rank_mitigations, rank_removals

    if budget is not None and what != "mitigations":
        raise UsageError(f"--budget is for mitigations, not for {what}")
    if cost is not None and budget is None:
        raise UsageError("--cost says what a --budget is spent on: add --budget")
    with pretending.read_graph(as_of, register, store, git=git) as (seen, about):
        switches = Switches(seen.graph, without=without or (), with_=with_ or (), assume=assume)
    chosen = None
    if budget is not None:
        with pretending.follow_progress("events") as progress:
            chosen = choose_mitigations(switches, budget, field=cost, by=by, seed=seed, runs=runs, progress=progress)
    with pretending.follow_progress("events") as progress:
        if what == "mitigations":
            found = rank_mitigations(switches, by=by, seed=seed, runs=runs, top=top, progress=progress)
        else:
            found = rank_removals(switches.network, what, by=by, seed=seed, runs=runs, top=top, progress=progress)
    extra = {"budget": chosen.data()} if chosen else {}
    pretending.show(
        format, "rank", about, {**views.ranking_data(found), **extra, **pretending.pretended(without, with_, assume)},
        lambda: [
            *(views.purchase_tables(chosen, seen.graph) if chosen else []), *views.ranking_tables(found, seen.graph)
        ],
    )  # fmt: skip
    pretending.say_left_out(found.left_out, "cascades", "losses", "rates", "effects")


def replay(
    pirs: options.Pirs,
    *,
    without: pretending.Without = None,
    with_: pretending.With = None,
    assume: pretending.Assume = None,
    seed: pretending.Seed = 0,
    runs: pretending.Runs = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Say how likely an incident would have been stopped, and where, with mitigations switched on or off."""
    from riskgraph.cli.reviews import match_reviews
    from riskgraph.diff import diff_match
    from riskgraph.errors import UsageError
    from riskgraph.report.envelope import envelope, newest_revision
    from riskgraph.report.rankings import replay_data, replay_tables
    from riskgraph.simulation.replay import replay_incident

    if not without and not with_:
        raise UsageError("name what to pretend: --with MITIGATION, or --without MITIGATION")
    with session.open_session(store, register, git=git) as opened:
        diffs = [diff_match(match) for match in match_reviews(pirs, opened.history)]
        now = opened.history.graph
    replays = [
        (
            one,
            replay_incident(
                _seen(one), one.match.graph, with_=with_ or (), without=without or (), now=now, assume=assume,
                seed=seed, runs=runs,
            ),
        )
        for one in diffs
    ]  # fmt: skip
    revision = newest_revision(diffs) if opened.store else None
    simulated = any(found.seed is not None for _, found in replays)
    what = ", ".join([*(f"with {one}" for one in with_ or ()), *(f"without {one}" for one in without or ())])
    output.show(
        format,
        data=lambda: envelope(
            "replay", graph_id=opened.graph_id, revision=revision, seed=seed if simulated else None,
            incidents=[replay_data(*one) for one in replays], **pretending.pretended(without, with_, assume),
        ),
        tables=lambda: replay_tables(replays, what),
    )  # fmt: skip
    left_out = max((found.left_out for _, found in replays), default=0)
    if left_out == 1:
        output.say("note: 1 cascade that nobody looked at has no probability: --assume P fills it in")
    elif left_out:
        output.say(f"note: {left_out} cascades that nobody looked at have no probability: --assume P fills them in")


def _seen(diff: Diff) -> Seen:
    """What was seen of an incident, the steps in the order of their times as far as these are known."""
    from riskgraph.simulation.replay import Seen

    match = diff.match
    timed = sorted(
        enumerate(match.steps), key=lambda one: (one[1].at is None, one[1].at.timestamp() if one[1].at else 0, one[0])
    )
    quiet = {(one.from_, one.to) for one in diff.predictions if one.verdict in {"blocked", "not_fired"}}
    return Seen(match.root, tuple(step.pair for _, step in timed), frozenset({*quiet, *match.checked}))
