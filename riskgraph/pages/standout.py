"""What stands out: a board in, one sentence for whoever reads nothing else out.

The rules are tried in their order, which is that of ``docs/pages.md``; the first two that apply make the sentence. None
says a number without what it is of, and no share stands out unless its whole interval does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import MINIMUM
from riskgraph.pages.cards import share_of
from riskgraph.report.figures import format_interval, format_number, format_share_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from riskgraph.pages.board import Board

_SAID: Final = 2
"""How many rules make the sentence."""
_HALF: Final = 0.5
_SHARES: Final = {
    "in_register": "incidents came from a risk that was in the register",
    "cascades_predicted": "steps were mapped before they happened",
    "mitigations_worked": "mitigations that were challenged held",
    "detection": "incidents and near misses were noticed as fast as expected",
}


def name_standout(board: Board) -> str:
    """The sentence."""
    told = (rule(board) for rule in _RULES)
    said = [text for text in told if text][:_SAID] or [_nothing(board)]
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _needed(board: Board) -> str | None:
    k, n = len(board.needed.mitigations), len(board.follow.mitigations)
    if not k:
        return None
    return (
        f"{k} of {n} mitigations that are decided and not in place {_are(k)} overdue, and what {_they(k)} against "
        "has happened since"
    )


def _nothing_happened(board: Board) -> str | None:
    return None if board.measured.judged else "nothing that happened in this time is on record (n = 0)"


def _not_reviewed(board: Board) -> str | None:
    k, n = board.measured.reviewed.n - board.measured.reviewed.k, board.measured.reviewed.n
    return f"{k} of {n} events that happened {_have(k)} no review yet" if 2 * k > n else None


def _few_of(name: str) -> Callable[[Board], str | None]:
    def rule(board: Board) -> str | None:
        share = _share(board, name)
        low = share["n"] >= MINIMUM and share["interval"][1] < _HALF
        return f"only {share['k']} of {share['n']} {_SHARES[name]} ({_of(share)})" if low else None

    return rule


def _most_of(name: str) -> Callable[[Board], str | None]:
    def rule(board: Board) -> str | None:
        share = _share(board, name)
        high = share["n"] >= MINIMUM and share["interval"][0] > _HALF
        return f"{share['k']} of {share['n']} {_SHARES[name]} ({_of(share)})" if high else None

    return rule


def _gap(board: Board) -> str | None:
    data = board.measured.probability_gap.data()
    if not board.measured.judged or data["risk_years"] < MINIMUM or data["interval"] is None:
        return None
    low, high = data["interval"]
    if low <= 0 <= high:
        return None
    return (
        f"the register predicted {format_number(data['predicted'])} occurrences and {data['observed']} were seen "
        f"(95 % interval of the gap {format_interval((low, high))})"
    )


def _learning(board: Board) -> str | None:
    learning = board.beyond.learning
    gain, interval = learning.recall, learning.recall_interval
    if gain is None or interval is None or interval[0] <= 0 <= interval[1]:
        return None
    ends = sorted(abs(end) * 100 for end in interval)
    return (
        f"the share of steps that were mapped is {format_number(abs(gain) * 100)} points of 100 "
        f"{'higher' if gain > 0 else 'lower'} by the map of each day than by the first map "
        f"(95 % interval {format_interval((ends[0], ends[1]))}, n = {len(learning.series)} incidents)"
    )


def _overdue(board: Board) -> str | None:
    counts = board.follow.count()
    k, n = counts["overdue"], counts["overdue"] + counts["open"]
    return f"{k} of {n} actions that are not done {_are(k)} overdue" if k else None


def _open_gaps(board: Board) -> str | None:
    k, n = sum(gap.is_open for gap in board.gaps), len(board.gaps)
    return f"{k} of {n} gaps that reviews found {_are(k)} still open" if k else None


def _nothing(board: Board) -> str:
    return f"nothing stands out: n = {len(board.measured.judged)} leaves every number too uncertain for that"


_RULES: Final[tuple[Callable[[Board], str | None], ...]] = (
    _needed,
    _nothing_happened,
    _not_reviewed,
    *(_few_of(name) for name in _SHARES),
    _gap,
    _learning,
    _overdue,
    _open_gaps,
    *(_most_of(name) for name in _SHARES),
)


def _share(board: Board, name: str) -> Mapping[str, Any]:
    return share_of(name, board.measured.metrics[name].data())


def _of(share: Mapping[str, Any]) -> str:
    return f"95 % interval {format_share_interval(share['interval'])}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _they(count: int) -> str:
    return "it stands" if count == 1 else "they stand"
