"""Windows: two days, or what a history holds, in, the span that a metric is about and its quarters out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from riskgraph.durations import YEAR
from riskgraph.errors import UsageError
from riskgraph.fields import instant

if TYPE_CHECKING:
    from riskgraph.history import History

_DAY = timedelta(days=1)
_MONTHS = 3


@dataclass(frozen=True)
class Window:
    """From one moment to another, as they were given; a day at the end counts in full, UTC.

    ``start`` is the first instant, ``end`` the first that is past it.
    """

    since: date
    until: date

    @property
    def start(self) -> datetime:
        """The first instant."""
        return instant(self.since)

    @property
    def end(self) -> datetime:
        """The first instant that is past the window."""
        return instant(self.until) + (timedelta() if isinstance(self.until, datetime) else _DAY)

    @property
    def years(self) -> float:
        """Its length in years of 365.25 days."""
        return (self.end - self.start) / YEAR

    def holds(self, moment: date) -> bool:
        """Whether a moment lies in it."""
        return self.start <= instant(moment) < self.end

    def data(self) -> list[str]:
        """The JSON form: from and to."""
        return [self.since.isoformat(), self.until.isoformat()]

    def quarters(self) -> dict[str, tuple[datetime, datetime]]:
        """Every quarter of it, such as ``2024-Q1``, with the part of it that lies in the window."""
        found = {}
        here = self.start
        while here < self.end:
            next_ = _next_quarter(here)
            found[quarter_of(here)] = (here, min(next_, self.end))
            here = next_
        return found


def quarter_of(moment: date) -> str:
    """The quarter of a moment, UTC: ``2024-Q1``."""
    day = instant(moment)
    return f"{day.year}-Q{(day.month - 1) // _MONTHS + 1}"


def find_window(history: History, since: date | None, until: date | None, today: date) -> Window:
    """The window between two moments; by default from the first thing known, register or incident, to today.

    Raises:
        UsageError: it ends before it begins.
    """
    last = until or today
    if since is None:
        known = [revision.effective for revision in history.revisions[:1]]
        known += [instant(incident.started_at) for incident in history.graph.incidents.values()]
        since = min([*(moment.date() for moment in known), instant(last).date()])
    window = Window(since, last)
    if window.end <= window.start:
        if until is None:
            raise UsageError(f"the window would begin on {since.isoformat()}, after today: name an earlier day")
        raise UsageError(f"the window ends on {last.isoformat()}, before it begins on {since.isoformat()}: swap them")
    return window


def _next_quarter(moment: datetime) -> datetime:
    first = (moment.month - 1) // _MONTHS * _MONTHS + 1
    year, month = (moment.year + 1, 1) if first + _MONTHS > 12 else (moment.year, first + _MONTHS)  # noqa: PLR2004 - months
    return datetime(year, month, 1, tzinfo=UTC)
