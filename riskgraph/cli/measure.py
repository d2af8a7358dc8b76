"""Commands that measure the loop: metrics and changes; a history and a window in, numbers out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.history import History
    from riskgraph.metrics.learning import Strength
    from riskgraph.metrics.window import Window

Since = Annotated[str | None, typer.Option(metavar="DATE", help="The first day; else the first thing known.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="The last day, in full; else today. UTC.")]


def metrics(  # noqa: PLR0917 - typer calls it by name
    since: Since = None,
    until: Until = None,
    by: Annotated[
        Literal["kind", "quarter", "category", "severity"] | None, typer.Option(help="Split the tables by this.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="NAME", help="What a metric is, and the incidents behind its number.")
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="How often each rate, cascade, mitigation and indicator was tried.")
    ] = False,
    prior_events: Annotated[
        float,
        typer.Option(min=0.01, metavar="N", help="With --evidence: the occurrences that an expert's rate counts for."),
    ] = 1.0,
    prior_trials: Annotated[
        float,
        typer.Option(
            min=0.01, metavar="N", help="With --evidence: the trials that an expert's probability counts for."
        ),
    ] = 2.0,
    external_weight: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="P", help="With --evidence: what a trial elsewhere counts for."),
    ] = 0.2,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw how reliable forecasts are, as SVG.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="The seed of the bootstrap.")] = 0,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Measure whether the risk process learns, each number with its uncertainty."""
    from riskgraph.cli.writing import write_file
    from riskgraph.errors import UsageError
    from riskgraph.metrics.actions import follow_up
    from riskgraph.metrics.beyond import look_beyond
    from riskgraph.metrics.definitions import find_definition
    from riskgraph.metrics.learning import Strength
    from riskgraph.metrics.measure import measure
    from riskgraph.metrics.window import find_window
    from riskgraph.proposal.progress import measure_progress
    from riskgraph.report.beyond import beyond_tables, explain_beyond
    from riskgraph.report.follow import count_table
    from riskgraph.report.measures import explain_data, explain_tables, heading_of, metrics_data, metrics_tables
    from riskgraph.report.plot import plot_reliability
    from riskgraph.report.progress import waiting_tables

    if sum([evidence, explain is not None, by is not None]) > 1:
        raise UsageError("--by, --explain and --evidence each print something else: take one of them")
    if plot is not None and (evidence or plot.suffix.lower() != ".svg"):
        raise UsageError(f"{plot}: the plot is an SVG of the metrics: name a file such as reliability.svg")
    definition = find_definition(explain) if explain is not None else None
    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    when = options.read_date(as_of, "--as-of")
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    window = find_window(history, first, last, session.today(when))
    about: dict[str, Any] = {"graph_id": graph_id, "revision": history.latest}
    about |= options.as_of_data(when)
    if evidence:
        _show_evidence(history, window, Strength(prior_trials, prior_events, external_weight), about, format)
        return
    measured = measure(history, window)
    beyond = look_beyond(measured, history, seed)
    if plot is not None:
        write_file(plot, plot_reliability(beyond.calibration))
        output.say(f"wrote {plot}")
    if definition is not None:
        more = beyond.data().get(definition.name)
        output.show(
            format,
            data=lambda: explain_data(definition, measured, more, **about),
            tables=lambda: [
                *explain_tables(definition, measured),
                *(explain_beyond(definition.name, beyond, definition.title) if more is not None else ()),
            ],
        )
        return
    progress, follow = measure_progress(history, window), follow_up(history, session.today(when))
    output.show(
        format,
        data=lambda: metrics_data(
            measured, **about, seed=seed, gaps_by_quarter=progress.gaps, decisions=progress.decisions,
            actions={**follow.count(), "mitigations_overdue": follow.count_overdue()}, **beyond.data(),
        ),
        tables=lambda: [
            *metrics_tables(measured, by),
            *(() if by else waiting_tables(progress, heading_of(measured))),
            *(() if by else [count_table(follow, heading_of(measured))]),
            *(() if by else beyond_tables(beyond, heading_of(measured))),
        ],
    )  # fmt: skip


def _show_evidence(
    history: History,
    window: Window,
    strength: Strength,
    about: dict[str, Any],
    format: options.Format,  # noqa: A002
) -> None:
    """What the incidents of the window say of each number, and how often it was tried."""
    from riskgraph.metrics.denominators import count_challenges, count_firings
    from riskgraph.metrics.learning import learn_cascades, learn_risks
    from riskgraph.report.beyond import evidence_data, evidence_tables
    from riskgraph.report.envelope import envelope

    rates = list(learn_risks(history, window, strength).values())
    cascades = list(learn_cascades(history, window, strength).values())
    challenges, firings = count_challenges(history.graph, window), count_firings(history.graph, window)
    prior = {"events": strength.events, "trials": strength.trials, "external_weight": strength.external}
    output.show(
        format,
        data=lambda: envelope(
            "evidence", **about, window=window.data(), prior=prior,
            **evidence_data(rates, cascades, challenges, firings),
        ),
        tables=lambda: evidence_tables(rates, cascades, challenges, firings, window),
    )  # fmt: skip


def changes(
    proposals: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PROPOSAL", help="Proposal files or folders, to count what is pending in them."),
    ] = None,
    since: Since = None,
    until: Until = None,
    as_of: options.AsOf = None,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """List what reviews changed in the register, each change with its review, and which gaps and edits still wait."""
    from riskgraph.cli.reviews import read_proposals
    from riskgraph.metrics.window import find_window
    from riskgraph.proposal.progress import measure_progress
    from riskgraph.report.envelope import envelope
    from riskgraph.report.progress import progress_tables

    first, last = options.read_date(since, "--since"), options.read_date(until, "--until")
    when = options.read_date(as_of, "--as-of")
    read = read_proposals(proposals) if proposals else None
    with session.open_session(store) as opened:
        history = opened.up_to(when)
        graph_id = opened.graph_id
    progress = measure_progress(history, find_window(history, first, last, session.today(when)), read)
    output.show(
        format,
        data=lambda: envelope(
            "changes", graph_id=graph_id, revision=history.latest, **options.as_of_data(when), **progress.data()
        ),
        tables=lambda: progress_tables(progress),
    )


def pir_bias(
    pirs: options.Pirs,
    fail_on: options.FailOn = None,
    format: options.FindingsFormat = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Note where reviews look at people, or at one cause, instead of the system; documents are judged, not authors."""
    from riskgraph.cli.reviews import read_reviews, without_ignored
    from riskgraph.findings import join
    from riskgraph.pir.bias import audit_bias, count_bias
    from riskgraph.report.envelope import envelope
    from riskgraph.report.findings import findings_data, findings_table
    from riskgraph.report.table import Table

    read = read_reviews(pirs)
    found = join(without_ignored(audit_bias(pir), pir) for pir in read)
    counted, columns = count_bias(read), ("rule", "reviews", "of", "incidents")
    rows = tuple((rule, len(incidents), len(read), ", ".join(incidents) or None) for rule, incidents in counted.items())
    output.show(
        format,
        data=lambda: envelope(
            "bias", graph_id=None, revision=None, reviews=len(read), rules=counted, findings=findings_data(found.shown)
        ),
        tables=lambda: [findings_table(found.shown), Table("Reviews by rule", columns, rows)],
        findings=found,
    )
    output.leave(fail_on, found.shown)
