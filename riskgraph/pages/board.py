"""The board: a history, a window and a day in, everything that a dashboard shows, measured once, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from riskgraph.metrics.actions import follow_up
from riskgraph.metrics.beyond import look_beyond
from riskgraph.metrics.measure import measure
from riskgraph.metrics.triggers import count_reviewed, list_due
from riskgraph.proposal.gaps import find_gaps
from riskgraph.proposal.progress import measure_progress

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.history import History
    from riskgraph.metrics.actions import FollowThrough
    from riskgraph.metrics.beyond import Beyond
    from riskgraph.metrics.measure import Measured
    from riskgraph.metrics.triggers import Due
    from riskgraph.metrics.window import Window
    from riskgraph.proposal.gaps import Gap
    from riskgraph.proposal.progress import Progress
    from riskgraph.statistics import Proportion


@dataclass(frozen=True)
class Board:
    """What there is to say of the loop.

    Metrics, changes and ``gaps`` are of the window. What is to be done is as of the day: actions, mitigations and
    reviews that are due wait however long ago they began.
    """

    measured: Measured
    beyond: Beyond
    progress: Progress
    follow: FollowThrough
    due: tuple[Due, ...]
    reviewed: Proportion
    gaps: tuple[Gap, ...]

    @property
    def window(self) -> Window:
        """What the metrics are about."""
        return self.measured.window

    @property
    def needed(self) -> FollowThrough:
        """The mitigations that are overdue and whose risk has materialised since, and nothing else."""
        found = tuple(one for one in self.follow.mitigations if one.overdue_days and one.incidents)
        return replace(self.follow, mitigations=found, actions=())


def survey(history: History, window: Window, today: date, seed: int = 0) -> Board:
    """All of it; the seed is that of the bootstrap."""
    measured = measure(history, window)
    begun = {one.incident.id for one in measured.judged}
    return Board(
        measured,
        look_beyond(measured, history, seed),
        measure_progress(history, window),
        follow_up(history, today),
        list_due(history.graph, today),
        count_reviewed(history.graph),
        tuple(gap for gap in find_gaps(history) if gap.incident in begun),
    )
