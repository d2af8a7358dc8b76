"""Takes nothing, gives small graphs for each question, the rows that answer it, and the mistake that this prevents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from riskgraph.graph import RiskGraph
from riskgraph.model import Element
from riskgraph.queries.question import Rows, Value
from tests.builders import cascade, element, graph

Answer = tuple[RiskGraph, dict[str, Value], Rows]


@dataclass(frozen=True)
class Case:
    """A graph, what is asked of it, and the answer; ``prevents`` is the mistake that a wrong one would be."""

    question: str
    prevents: str
    graph: RiskGraph
    parameters: dict[str, Value]
    rows: Rows


CASES: Final[list[Case]] = []


def case(question: str) -> Callable[[Callable[[], Answer]], None]:
    """Takes up what a function gives as a case of a question; its docstring says what that prevents."""

    def take(make: Callable[[], Answer]) -> None:
        CASES.append(Case(question, make.__doc__ or "", *make()))

    return take


def incident(id_: str, root: str | None = None, *steps: str, **fields: Any) -> Element:
    """An incident whose steps are written ``A>B``; it began on the day that its number is of January 2024."""
    reached = [dict(zip(("from", "to"), step.split(">"), strict=True)) for step in steps]
    start = f"2024-01-{int(id_[1:]):02d}T10:00:00+01:00"
    return element("incident", **{"id": id_, "started_at": start, "risk": root, "reached": reached, **fields})


def pair(text: str) -> dict[str, str]:
    """A cascade that was looked at, written ``A>B``."""
    return dict(zip(("from", "to"), text.split(">"), strict=True))


def arrows(*texts: str) -> list[Element]:
    """Cascades that are written ``A>B``."""
    return [cascade(from_, to) for from_, to in (text.split(">") for text in texts)]


def called(id_: str) -> str:
    """The name that the builders give."""
    return f"Name of {id_}"


@case("unmapped-cascades-seen")
def _() -> Answer:
    """A step that two incidents took stays off the map, because each review by itself looked like an accident."""
    of = graph(
        cascade("A", "B", 0.4),
        incident("I1", "A", "A>B", "A>C"),
        incident("I2", "A", "A>C", "B>A"),
        incident("I3", "A", "A>C", kind="external"),
        risks="A B C",
    )
    rows = (
        ("A", called("A"), "C", called("C"), 3, ("I1", "I2", "I3")),
        ("B", called("B"), "A", called("A"), 1, ("I2",)),
    )
    return of, {}, rows


@case("cascades-never-observed")
def _() -> Answer:
    """A cascade that only ever happened elsewhere, or was only looked at, is taken for proven."""
    of = graph(
        cascade("A", "B", 0.4),
        cascade("A", "C"),
        cascade("B", "C", 0.25),
        incident("I1", "A", "A>B", checked=[pair("B>C"), pair("A>C")]),
        incident("I2", "A", "B>C", kind="external"),
        incident("I3", "A", kind="near_miss", checked=[pair("B>C")]),
        risks="A B C",
    )
    rows = (("A", called("A"), "C", called("C"), None, 1, 0), ("B", called("B"), "C", called("C"), 0.25, 2, 1))
    return of, {}, rows


@case("unestimated-cascades")
def _() -> Answer:
    """A cascade that happens again and again is in no number, because nobody estimated it."""
    of = graph(
        cascade("A", "B"),
        cascade("B", "C"),
        cascade("A", "C", 0.0),
        incident("I1", "A", "B>C", "A>C"),
        incident("I2", "A", "A>B", kind="external"),
        risks="A B C",
    )
    return of, {}, (("B", called("B"), "C", called("C"), 1), ("A", called("A"), "B", called("B"), 0))


def star() -> RiskGraph:
    """A way from A to D of three cascades and one of two, a way back, and a risk beyond."""
    pairs = ("A>B", "B>C", "C>D", "A>E", "E>D", "D>A")
    return graph(element("risk", id="E", owner="Ada"), *arrows(*pairs), risks="A B C D")


@case("what-follows")
def _() -> Answer:
    """A risk two cascades away is missed, counted at its longest distance, or the start is listed as its own victim."""
    rows = (
        ("B", called("B"), None, 1),
        ("E", called("E"), "Ada", 1),
        ("C", called("C"), None, 2),
        ("D", called("D"), None, 2),
    )
    return star(), {"id": "A", "depth": 4}, rows


@case("what-follows")
def _() -> Answer:
    """The depth that was asked for is passed over."""
    return star(), {"id": "A", "depth": 1}, (("B", called("B"), None, 1), ("E", called("E"), "Ada", 1))


@case("who-feeds")
def _() -> Answer:
    """Whoever owns a risk learns what it causes, but not what causes it."""
    rows = (
        ("C", called("C"), None, 1),
        ("E", called("E"), "Ada", 1),
        ("A", called("A"), None, 2),
        ("B", called("B"), None, 2),
    )
    return star(), {"id": "D", "depth": 3}, rows


@case("who-feeds")
def _() -> Answer:
    """An id that nothing leads to gives an error rather than an empty answer."""
    return graph(cascade("A", "B"), risks="A B"), {"id": "A", "depth": 3}, ()


@case("longest-chains")
def _() -> Answer:
    """The list is full of the parts of one chain, and the next longest chain is not seen."""
    of = graph(*arrows("A>B", "B>C", "C>D", "E>C", "E>A"), risks="A B C D E")
    return of, {"depth": 4, "limit": 9}, ((4, "E -> A -> B -> C -> D"), (2, "E -> C -> D"))


@case("longest-chains")
def _() -> Answer:
    """A cycle makes a chain endless, or hides that a chain ends in it."""
    of = graph(*arrows("A>B", "B>C", "C>B"), risks="A B C D")
    return of, {"depth": 6, "limit": 9}, ((2, "A -> B -> C"), (1, "C -> B"))


@case("longest-chains")
def _() -> Answer:
    """A chain longer than the depth disappears instead of being shown by its parts, as many as were asked for."""
    of = graph(*arrows("A>B", "B>C", "C>D", "D>E"), risks="A B C D E")
    return of, {"depth": 2, "limit": 2}, ((2, "A -> B -> C"), (2, "B -> C -> D"))


@case("cycles")
def _() -> Answer:
    """A cycle is listed once for each of its risks, or a way that crosses itself is called a cycle."""
    texts = ("B>A", "A>B", "B>C", "C>D", "D>B", "D>E")
    of = graph(*arrows(*texts), risks="A B C D E")
    return of, {"depth": 6, "limit": 9}, ((2, "A -> B -> A"), (3, "B -> C -> D -> B"))


@case("cycles")
def _() -> Answer:
    """The bounds are passed over, and a dense map never answers."""
    of = graph(*(cascade(a, b) for a in "ABCDE" for b in "ABCDE" if a != b), risks="A B C D E")
    return of, {"depth": 3, "limit": 2}, ((2, "A -> B -> A"), (2, "A -> C -> A"))


@case("overdue-mitigations-on-materialised-risks")
def _() -> Answer:
    """The mitigation that would have stopped an incident is still late, and nobody asks."""
    of = graph(
        cascade("A", "B", 0.4),
        cascade("C", "B", 0.4),
        element("mitigation", id="M1", due="2024-03-01", owner="Ada"),
        element("mitigation", id="M2", due="2024-02-28", status="in_progress"),
        element("mitigation", id="M3", due="2024-01-01", status="implemented"),
        element("mitigation", id="M4", due="2024-03-31"),
        element("mitigates", mitigation="M1", risk="A"),
        element("mitigates", mitigation="M1", risk="C"),
        element("blocks", mitigation="M2", from_="A", to="B"),
        element("mitigates", mitigation="M3", risk="A"),
        element("mitigates", mitigation="M4", risk="A"),
        incident("I2", "A", "A>B"),
        incident("I1", "A"),
        incident("I3", "C", kind="near_miss"),
        risks="A B C",
    )
    rows = (
        ("M2", called("M2"), None, "in_progress", "2024-02-28", 32, "B", ("I2",)),
        ("M1", called("M1"), "Ada", "planned", "2024-03-01", 30, "A", ("I1", "I2")),
    )
    return of, {"today": "2024-03-31"}, rows


@case("overdue-mitigations-on-materialised-risks")
def _() -> Answer:
    """A block is blamed for a risk that was reached by another cascade than the one it stands on."""
    of = graph(
        cascade("A", "B", 0.4),
        cascade("C", "B", 0.4),
        element("mitigation", id="M", due="2024-01-01"),
        element("blocks", mitigation="M", from_="C", to="B"),
        incident("I1", "A", "A>B"),
        risks="A B C",
    )
    return of, {"today": "2024-03-31"}, ()


@case("mitigations-guarding-many")
def _() -> Answer:
    """One mitigation carries most of the register, and its failure is planned for like any other."""
    of = graph(
        cascade("A", "B", 0.4),
        element("mitigation", id="M1", status="implemented"),
        element("mitigation", id="M2", owner="Ada"),
        element("mitigates", mitigation="M1", risk="A"),
        element("mitigates", mitigation="M2", risk="A"),
        element("mitigates", mitigation="M2", risk="B"),
        element("blocks", mitigation="M2", from_="A", to="B"),
        risks="A B",
    )
    return of, {"at_least": 2}, (("M2", called("M2"), "Ada", "planned", 2, 1),)


@case("what-mitigation-protects")
def _() -> Answer:
    """A mitigation is retired for the risk it names, and the cascade it also blocked is open without a word."""
    of = graph(
        cascade("B", "A", 0.4),
        element("mitigation", id="M"),
        element("mitigation", id="N"),
        element("mitigates", mitigation="M", risk="B", effectiveness=0.5),
        element("mitigates", mitigation="N", risk="A", effectiveness=0.5),
        element("blocks", mitigation="M", from_="B", to="A"),
        risks="A B",
    )
    rows = (("mitigates", None, "B", called("B"), 0.5), ("blocks", "B", "A", called("A"), None))
    return of, {"id": "M"}, rows


def tested(id_: str, **outcomes: str) -> Element:
    """An incident that tested mitigations, with the outcome of each."""
    return incident(id_, "A", tested=[{"mitigation": name, "outcome": found} for name, found in outcomes.items()])


def trials() -> RiskGraph:
    """Two mitigations over four incidents."""
    return graph(
        element("mitigation", id="M", due="2024-03-01"),
        element("mitigation", id="N", status="implemented"),
        tested("I2", M="not_in_place", N="failed"),
        tested("I1", M="not_in_place", N="held"),
        tested("I3", N="partly"),
        tested("I4", M="unknown", N="held"),
        risks="A",
    )


@case("mitigations-not-in-place-when-tested")
def _() -> Answer:
    """A mitigation that exists on paper only is needed twice, and each review counts it as the first time."""
    return trials(), {}, (("M", called("M"), None, "planned", "2024-03-01", 2, ("I1", "I2")),)


@case("mitigation-track-record")
def _() -> Answer:
    """What was not in place is counted as a failure of the mitigation, or an unknown outcome as a success."""
    return trials(), {}, (("M", called("M"), "planned", 0, 0, 0, 2), ("N", called("N"), "implemented", 2, 1, 1, 0))


def guarded() -> RiskGraph:
    """Risks with every kind of defence: implemented, planned, failed, none, and closed."""
    return graph(
        element("risk", id="D", status="closed"),
        element("risk", id="E", owner="Ada"),
        element("mitigation", id="M1", status="implemented"),
        element("mitigation", id="M2", status="planned"),
        element("mitigation", id="M3", status="failed"),
        element("mitigates", mitigation="M1", risk="A"),
        element("mitigates", mitigation="M2", risk="A"),
        element("mitigates", mitigation="M2", risk="B"),
        element("mitigates", mitigation="M3", risk="C"),
        incident("I1", "A", "A>E"),
        incident("I2", "E", kind="near_miss"),
        incident("I3", "C", "C>B", kind="external"),
        risks="A B C",
    )


@case("risks-without-mitigations")
def _() -> Answer:
    """A risk whose only mitigation failed still counts as guarded."""
    return guarded(), {}, (("E", called("E"), "Ada", 1), ("C", called("C"), None, 0))


@case("risks-guarded-on-paper-only")
def _() -> Answer:
    """A plan is taken for a defence."""
    return guarded(), {}, (("B", called("B"), None, 0, ("M2",)),)


@case("risks-without-indicators")
def _() -> Answer:
    """A risk that struck before will be noticed by a customer again."""
    of = graph(
        element("risk", id="C", status="closed"),
        element("risk", id="D", owner="Ada"),
        element("indicator", id="K"),
        element("watches", indicator="K", risk="A"),
        incident("I1", "A", "A>D"),
        incident("I2", "D"),
        risks="A B",
    )
    return of, {}, (("D", called("D"), "Ada", 2), ("B", called("B"), None, 0))


@case("silent-indicators")
def _() -> Answer:
    """An indicator that once fired in time is trusted, although it was silent since."""

    def signal(id_: str, **outcomes: str) -> Element:
        found = [{"indicator": name, "outcome": outcome} for name, outcome in outcomes.items()]
        return incident(id_, "A", signalled=found)

    of = graph(
        *(element("indicator", id=id_) for id_ in "KLN"),
        signal("I1", K="in_time", L="too_late"),
        signal("I3", K="silent", N="in_time"),
        signal("I2", K="silent", L="unknown"),
        risks="A",
    )
    return of, {}, (("K", called("K"), 2, 0, 1, ("I2", "I3")), ("L", called("L"), 0, 1, 0, ("I1",)))


@case("unestimated-risks")
def _() -> Answer:
    """A sum of losses is read as the whole, although a risk that struck is not in it."""
    of = graph(
        element("risk", id="A", likelihood={"per_year": 2}, loss=10),
        element("risk", id="B", likelihood=2, impact=3),
        element("risk", id="C", likelihood={"probability": 0.1, "horizon": "1y"}, owner="Ada"),
        element("risk", id="D"),
        element("risk", id="E", status="closed"),
        incident("I1", "A", "A>D"),
        risks="A",
    )
    return of, {}, (("D", called("D"), None, 1, ("likelihood", "loss")), ("C", called("C"), "Ada", 0, ("loss",)))


@case("without-owner")
def _() -> Answer:
    """Everybody agrees on an action, and it is nobody's."""
    of = graph(
        element("risk", id="A", owner="Ada"),
        element("risk", id="C", status="closed"),
        element("mitigation", id="M", status="retired"),
        element("mitigation", id="N", status="failed"),
        element("action", id="X"),
        element("action", id="Y", done_on="2024-01-01"),
        risks="B",
    )
    return of, {}, (("action", "X", called("X")), ("mitigation", "N", called("N")), ("risk", "B", called("B")))


@case("risks-reached-most")
def _() -> Answer:
    """Only roots are counted, so the risk at which every cascade ends looks quiet."""
    of = graph(
        element("risk", id="B", owner="Ada"),
        incident("I1", "A", "A>B"),
        incident("I2", "C", "C>A", "A>B", kind="near_miss"),
        incident("I3", "B", "B>A", "A>B"),
        incident("I4", "C", "C>A", kind="external"),
        risks="A C",
    )
    rows = (
        ("A", called("A"), None, 3, 1, 2, ("I1", "I2", "I3")),
        ("B", called("B"), "Ada", 3, 1, 3, ("I1", "I2", "I3")),
    )
    return of, {"at_least": 1}, rows


@case("risks-reached-most")
def _() -> Answer:
    """The long tail of single incidents hides what returns."""
    of = graph(incident("I1", "A", "A>B"), incident("I2", "B"), risks="A B")
    return of, {"at_least": 2}, (("B", called("B"), None, 2, 1, 1, ("I1", "I2")),)


@case("incidents-of-risk")
def _() -> Answer:
    """Dates in different zones are put in the order of their letters, or what was checked is read as what happened."""
    of = graph(
        incident("I3", "A", "A>B", started_at="2024-01-02T00:30:00+02:00"),
        incident("I2", "B", started_at="2024-01-01T23:00:00+00:00", kind="external"),
        incident("I1", "A", checked=[pair("C>B"), pair("A>B")], started_at="2024-01-03"),
        risks="A B C",
    )
    rows = (
        ("I3", called("I3"), "incident", "2024-01-02T00:30:00+02:00", "reached", "A"),
        ("I2", called("I2"), "external", "2024-01-01T23:00:00+00:00", "root", None),
        ("I1", called("I1"), "incident", "2024-01-03", "not affected", "A"),
        ("I1", called("I1"), "incident", "2024-01-03", "not affected", "C"),
    )
    return of, {"id": "B"}, rows


@case("risks-added-by-incidents")
def _() -> Answer:
    """A register that only ever learns from damage looks complete in hindsight."""
    start = "2024-01-02T10:00:00+01:00"
    of = graph(
        element("risk", id="A", owner="Ada", since="2024-01-02"),
        element("risk", id="B", owner="Ada", since="2024-01-02T09:00:01+00:00"),
        element("risk", id="C", category="it"),
        incident("I2", "A", "A>B", "A>D"),
        incident("I3", "B", "B>C", verdicts={"in_register": "yes"}),
        incident("I4", "C", verdicts={"in_register": "no"}),
        risks="D E",
    )
    rows = (
        ("B", called("B"), "I2", start, "identified later"),
        ("C", called("C"), "I3", "2024-01-03T10:00:00+01:00", "the audit did not find it"),
        ("D", called("D"), "I2", start, "nothing but a name"),
    )
    return of, {}, rows


@case("incidents-without-actions")
def _() -> Answer:
    """A review is written, filed, and nothing follows from it."""
    of = graph(
        incident("I3", "A"),
        incident("I2", None, started_at="2024-01-09", kind="near_miss"),
        incident("I1", "A"),
        element("action", id="I1-A1", incident="I1", done_on="2024-01-05"),
        element("action", id="X"),
        risks="A",
    )
    rows = (
        ("I3", called("I3"), "incident", "2024-01-03T10:00:00+01:00", "A"),
        ("I2", called("I2"), "near_miss", "2024-01-09", None),
    )
    return of, {}, rows


def actions() -> RiskGraph:
    """Actions that are late, due today, done, undated, and nobody's."""
    return graph(
        incident("I1", "A"),
        element("action", id="X1", owner="Ada", due="2024-03-01", incident="I1"),
        element("action", id="X2", owner="Ada", due="2024-02-29"),
        element("action", id="X3", owner="Bea", due="2024-01-01", done_on="2024-01-02", incident="I1"),
        element("action", id="X4"),
        element("action", id="X5", due="2024-01-31", incident="I1"),
        risks="A",
    )


@case("owners-with-open-actions")
def _() -> Answer:
    """What is done counts against people, what is nobody's is not counted, and what is due today is called late."""
    rows = (("Ada", 2, 1, "2024-02-29", ("X1", "X2")), (None, 2, 1, "2024-01-31", ("X4", "X5")))
    return actions(), {"today": "2024-03-01"}, rows


@case("overdue-actions")
def _() -> Answer:
    """An action without an owner or an incident falls out of the list of what is late."""
    rows = (("X5", called("X5"), None, "2024-01-31", 30, "I1"), ("X2", called("X2"), "Ada", "2024-02-29", 1, None))
    return actions(), {"today": "2024-03-01"}, rows
