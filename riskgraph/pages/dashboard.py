"""The dashboard: a board in, the page that a manager reads once a quarter, or the same in markdown, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.definitions import DEFINITIONS
from riskgraph.pages.cards import Figure, few, make_cards, share_figure
from riskgraph.pages.page import Source, render_page
from riskgraph.pages.quarters import chart_gaps, chart_learning, chart_metrics
from riskgraph.pages.splits import SPLITS, split_table
from riskgraph.pages.standout import name_standout
from riskgraph.pages.tables import Grid, lay_out
from riskgraph.report.beyond import beyond_tables, explain_beyond
from riskgraph.report.escape import markdown
from riskgraph.report.figures import format_interval, format_number, format_share_interval
from riskgraph.report.follow import actions_tables, due_tables
from riskgraph.report.measures import explain_tables, heading_of, metrics_tables
from riskgraph.report.plot import plot_reliability
from riskgraph.report.progress import progress_tables
from riskgraph.report.render import render
from riskgraph.report.table import Table

if TYPE_CHECKING:
    from markupsafe import Markup

    from riskgraph.metrics.unseen import Unseen
    from riskgraph.pages.board import Board
    from riskgraph.proposal.progress import Progress

_BEYOND: Final = ("claims", "unseen")
"""What has more behind its number than the section itself shows."""
_NEEDED: Final = 10
"""How many mitigations stand above everything else: more would hide the rest of the page."""
_GAPS: Final = ("incident", "question", "gap", "claim", "verdict")


@dataclass(frozen=True)
class Fact:
    """A number in a sentence: what it is of, what it rests on, and its interval."""

    title: str
    figure: Figure
    rest: str


def render_dashboard(board: Board, source: Source) -> str:
    """The page."""
    measured, beyond, progress, follow = board.measured, board.beyond, board.progress, board.follow
    first, last = board.window.data()
    heading = heading_of(measured)
    pending, fixes, improvements, *by = actions_tables(follow, only_open=True)
    _, claims, learning = beyond_tables(beyond, heading)
    return render_page(
        "dashboard.html",
        title=_title(board),
        source=source,
        scripts=("dashboard.js",),
        styles=("dashboard.css",),
        first=first,
        last=last,
        today=follow.today.isoformat(),
        standout=name_standout(board),
        needed=lay_out(_bare(actions_tables(board.needed)[0]), shown=_NEEDED) if board.needed.mitigations else None,
        cards=make_cards(measured),
        charts=[(chart, lay_out(chart.table)) for chart in chart_metrics(measured)],
        splits=[(by_, lay_out(split_table(measured, by_))) for by_ in SPLITS],
        sources={name: _source(name, board) for name in DEFINITIONS},
        claims=lay_out(claims),
        calibration=_calibration(board),
        reliability=lay_out(explain_beyond("calibration", beyond, heading)[0], "Reliability of the forecasts"),
        unseen=[*_unseen("risks", beyond.unseen_risks), *_unseen("cascades", beyond.unseen_cascades)],
        learning=lay_out(learning, "What was gained"),
        learned=chart_learning(beyond.learning),
        each_learned=lay_out(chart_learning(beyond.learning)[0].table),
        counts={**progress.counts(), **_decided(progress)},
        changes=lay_out(_bare(progress_tables(progress)[0]), "Each change and its review"),
        gaps=_gaps(board),
        open_gaps=lay_out(_open_gaps(board)),
        action_counts=follow.count(),
        pending=lay_out(pending),
        by=[lay_out(table) for table in by],
        actions=[lay_out(table) for table in (fixes, improvements)],
        due=lay_out(_bare(due_tables(board.due, board.reviewed)[0])),
        reviewed=board.reviewed,
    )


def write_dashboard(board: Board) -> str:
    """The same in markdown: the sentence, what is overdue and needed, and every table of the command line."""
    measured, heading = board.measured, heading_of(board.measured)
    tables = [
        *(actions_tables(board.needed)[:1] if board.needed.mitigations else ()),
        *metrics_tables(measured),
        *beyond_tables(board.beyond, heading),
        *metrics_tables(measured, "quarter"),
        *progress_tables(board.progress),
        _open_gaps(board),
        *actions_tables(board.follow, only_open=True),
        *due_tables(board.due, board.reviewed),
    ]
    return f"# {_title(board)}\n\n{markdown(name_standout(board))}\n\n{render(tables, 'markdown')}"


def _title(board: Board) -> str:
    first, last = board.window.data()
    return f"Does the loop learn? {first} to {last}"


def _source(name: str, board: Board) -> tuple[Any, list[Grid]]:
    """Where a number comes from: its definition, and everything that counts for it."""
    definition = DEFINITIONS[name]
    tables = explain_tables(definition, board.measured)[1:]
    if name in _BEYOND:
        tables += explain_beyond(name, board.beyond, definition.title)
    return definition, [lay_out(table) for table in tables]


def _calibration(board: Board) -> Markup | None:
    from markupsafe import Markup

    calibration = board.beyond.calibration
    if calibration.brier is None:
        return None
    return Markup(plot_reliability(calibration, inline="reliability"))  # noqa: S704 - numbers of ours, escaped there


def _unseen(of: str, unseen: Unseen) -> list[Fact]:
    data = unseen.data()
    total = data["total"]
    sightings, kind = ("incidents", "a risk") if of == "risks" else ("steps", "a cascade")
    chances = (
        ("next_is_unwritten", "that nobody has written down", "were of one seen just once and not in the register"),
        ("next_is_new", "never seen before", "were of one seen just once"),
    )
    return [
        *(
            Fact(
                f"The next of the {sightings} is of {kind} {what}",
                share_figure(data[name]),
                f"{data[name]['k']} of {data[name]['n']} {sightings} {why}; "
                f"95 % interval {format_share_interval(data[name]['interval']) or 'none'}",
            )
            for name, what, why in chances
        ),
        Fact(
            f"How many {of} there are at least",
            Figure(few(unseen.n) if total is None else format_number(total), total),
            f"{unseen.seen} seen in {unseen.n} {sightings}; 95 % interval {format_interval(unseen.interval) or 'none'}",
        ),
    ]


def _bare(table: Table) -> Table:
    """A table without its notes, which the page says in another way."""
    return replace(table, notes=())


def _decided(progress: Progress) -> dict[str, int]:
    return {f"proposed edits {name}": count for name, count in progress.decisions.items() if count is not None}


def _gaps(board: Board) -> tuple[Any, Grid]:
    chart = chart_gaps(board.progress)
    return chart, lay_out(chart.table)


def _open_gaps(board: Board) -> Table:
    rows = tuple(
        (one.incident, one.question.replace("_", " "), one.gap, one.claim, one.verdict)
        for one in board.gaps
        if one.is_open
    )
    said = f"{len(rows)} of {len(board.gaps)} gaps are open"
    return Table("Gaps that are open", _GAPS, rows, (said,), "What the loop left open")
