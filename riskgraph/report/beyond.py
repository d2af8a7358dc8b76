"""Beyond the five for readers: the unseen, claims, calibration, learning and evidence in, their tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.metrics.metric import MINIMUM
from riskgraph.report.figures import format_interval, format_moment, format_number, in_words
from riskgraph.report.measures import value_of
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from riskgraph.metrics.beyond import Beyond
    from riskgraph.metrics.denominators import Challenges, Firings
    from riskgraph.metrics.improvement import Learning
    from riskgraph.metrics.learning import Learned
    from riskgraph.metrics.window import Window
    from riskgraph.statistics import Interval

_TRIED: Final = ("mitigation", "challenged", "held", "partly", "failed", "not in place", "only near misses")
_LEARNED: Final = ("expert", "mean", "95 % interval", "n")


def beyond_tables(beyond: Beyond, heading: str) -> list[Table]:
    """One table each: the unseen, claims against verdicts, and whether the loop learns."""
    return [
        Table("What nobody has written down", _UNSEEN, _unseen_rows(beyond, "next_is_unwritten"), _ASSUMED, heading),
        Table("Claims against verdicts", _CLAIMS, tuple(_claim_rows(beyond)), (), heading),
        _learning_table(beyond.learning, heading),
    ]


def explain_beyond(name: str, beyond: Beyond, heading: str) -> list[Table]:
    """What is behind one of them."""
    columns: tuple[str, ...]
    match name:
        case "claims":
            rows: Sequence[Row] = [
                (in_words(one.question), claim, in_words(verdict), count)
                for one in beyond.claims
                for (claim, verdict), count in one.pairs
            ]
            return [Table("Claims and verdicts", ("question", "claim", "verdict", "times"), tuple(rows), (), heading)]
        case "calibration":
            rows = [
                (f"{one.low:g} to {one.high:g}", one.mean, value_of(one.data()["happened"]), one.happened.k,
                 one.happened.n, format_interval(one.happened.interval))
                for one in beyond.calibration.bins
            ]  # fmt: skip
            columns = ("forecast", "mean forecast", "happened", "k", "risk-years", "95 % interval")
            return [Table("Reliability", columns, tuple(rows), _calibration_notes(beyond), heading)]
        case "learning":
            rows = [
                (one.judged.incident.id, format_moment(one.judged.incident.started_at), one.day.steps,
                 one.day.mapped, one.first.mapped, one.day.bits, one.first.bits)
                for one in beyond.learning.series
            ]  # fmt: skip
            columns = ("incident", "began", "steps", "mapped then", "mapped at first", "bits then", "bits at first")
            return [Table("Each incident by both maps", columns, tuple(rows), (), heading)]
        case _:
            return [
                Table("What nobody has written down", _UNSEEN, _unseen_rows(beyond, "next_is_unwritten"), (), heading),
                Table("What was never seen", _UNSEEN, _unseen_rows(beyond, "next_is_new"), _ASSUMED, heading),
            ]


def evidence_tables(
    rates: Iterable[Learned],
    cascades: Iterable[Learned],
    challenges: Iterable[Challenges],
    firings: Iterable[Firings],
    window: Window,
) -> list[Table]:
    """What the numbers rest on: each rate, probability, mitigation and indicator, with how often it was tried."""
    heading = f"Evidence from {' to '.join(window.data())}"
    risks = tuple((one.key[1], *_learned(one), one.years) for one in rates)
    pairs = tuple((one.key[1], one.key[2], *_learned(one), one.k, len(one.external) or None) for one in cascades)
    tried = tuple(
        (data["id"], data["challenged"], data["held"], data["partly"], data["failed"], data["not_in_place"],
         data["near_misses"])
        for data in (one.data() for one in challenges)
    )  # fmt: skip
    fired = tuple(
        (data["id"], data["needed"], data["in_time"], data["too_late"], data["silent"],
         data["alarms"], data["false_alarms"])
        for data in (one.data() for one in firings)
    )  # fmt: skip
    return [
        Table("Rates a year", ("risk", *_LEARNED, "years"), risks, (), heading),
        Table("Cascades", ("from", "to", *_LEARNED, "fired", "elsewhere"), pairs, (), heading),
        Table("Mitigations", _TRIED, tried, _held_notes(tried), heading),
        Table(
            "Indicators", ("indicator", "needed", "in time", "too late", "silent", "alarms", "false alarms"), fired, (),
            heading,
        ),
    ]  # fmt: skip


def _held_notes(tried: Iterable[Row]) -> tuple[str, ...]:
    unanswered = any(row[-1] for row in tried)
    return ("only near misses: held, so far as a near miss of which no review says it shows",) if unanswered else ()


def evidence_data(
    rates: Iterable[Learned], cascades: Iterable[Learned], challenges: Iterable[Challenges], firings: Iterable[Firings]
) -> dict[str, Any]:
    """The same in JSON form."""
    return {
        "rates": [one.data() for one in rates],
        "cascades": [one.data() for one in cascades],
        "mitigations": [one.data() for one in challenges],
        "indicators": [one.data() for one in firings],
    }


def _learned(one: Learned) -> Row:
    return one.expert, one.mean, format_interval(one.interval), one.n


_UNSEEN: Final = ("of", "seen", "just once", "next is one", "95 % interval", "at least", "at least, 95 %")
_ASSUMED: Final = ("assumes that sightings are independent and that what there is does not change",)


def _unseen_rows(beyond: Beyond, name: str) -> tuple[Row, ...]:
    rows = []
    for of, one in (("risks", beyond.unseen_risks), ("cascades", beyond.unseen_cascades)):
        next_ = one.data()[name]
        interval, least = format_interval(next_["interval"]), format_interval(one.interval)
        rows.append((of, one.seen, one.once, value_of(next_), interval, one.total, least))
    return tuple(rows)


_CLAIMS: Final = ("question", "agree", "of", "kappa", "95 % interval", "contradicted in")


def _claim_rows(beyond: Beyond) -> Iterable[Row]:
    for one in beyond.claims:
        n = one.agreed.n
        kappa: object = one.kappa
        if kappa is None:
            kappa = f"not enough data (n = {n})" if n < MINIMUM else "one side always says the same"
        contradicted = ", ".join(one.contradicted) or None
        yield in_words(one.question), one.agreed.k, n, kappa, format_interval(one.interval), contradicted


def _learning_table(learning: Learning, heading: str) -> Table:
    n = len(learning.series)
    few = f"not enough data (n = {n})" if n < MINIMUM else "the map had not changed"

    def row(name: str, value: float | None, interval: Interval | None) -> Row:
        return name, few if value is None else value, format_interval(interval), len(learning.series)

    rows = (
        row("share of steps mapped", learning.recall, learning.recall_interval),
        row("surprise saved, bits an incident", learning.bits, learning.bits_interval),
    )
    after = f"{learning.after_change} of {n} incidents came after the map had changed"
    notes = (f"{after}; the map of each day against the first, frozen; bootstrap over incidents, seed {learning.seed}",)
    return Table("Does the loop learn", ("gain", "value", "95 % interval", "incidents"), rows, notes, heading)


def _calibration_notes(beyond: Beyond) -> tuple[str, ...]:
    one = beyond.calibration
    if one.brier is None:
        return (f"not enough data (n = {one.forecasts} risk-years)",)
    parts = [("Brier score", one.brier), ("reliability", one.reliability), ("resolution", one.resolution),
             ("uncertainty", one.uncertainty), ("skill against the base rate", one.skill)]  # fmt: skip
    said = ", ".join(f"{name} {'none' if value is None else format_number(value)}" for name, value in parts)
    return (f"{said}; {one.events} of {one.forecasts} risk-years had an occurrence",)
