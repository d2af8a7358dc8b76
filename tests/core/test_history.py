"""The history: what was known when, what rests on a declared date, and what stands of what was applied."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.edits import Edit, add, change, diff_graphs, invert
from riskgraph.graph import RiskGraph
from riskgraph.history import Decision, History, Revision, Snapshot, first_revision
from riskgraph.model import Cascade, Mitigates, Mitigation, Risk
from tests.strategies import graphs


def day(number: int, hour: int = 12) -> datetime:
    """A time in June 2023."""
    return datetime(2023, 6, number, hour, tzinfo=UTC)


def history(*writes: tuple[datetime, date | None, list[Edit]], **about: Any) -> History:
    """Revisions of (recorded at, declared date, edits)."""
    values = {"graph_id": "g", "author": "Ana", "reason": "", **about}
    numbered = enumerate(writes, 1)
    return History(
        [Revision(number=n, recorded_at=at, effective_on=on, edits=e, **values) for n, (at, on, e) in numbered]
    )


def risk(id_: str, **fields: Any) -> Edit:
    """The edit that adds a risk."""
    return add(Risk(id=id_, name=id_.lower(), **fields))


AB = add(Cascade.model_validate({"from": "A", "to": "B"}))
A2 = Risk(id="A", name="a", since=date(2022, 2, 2), likelihood=2)
MIT = [add(Mitigation(id="M", name="m", since=date(2022, 5, 5))), add(Mitigates(mitigation="M", risk="A"))]

GONE = history((day(1), None, [risk("A")]), (day(3), None, [invert(risk("A"))]))

CASES: dict[str, tuple[History, date, set[str], int, bool | None]] = {
    # history, as of, what is seen, revision, sealed
    "nothing written": (history(), day(1), set(), 0, None),
    "before the first": (history((day(5), None, [risk("A")])), day(4), set(), 0, None),
    "to the second": (history((day(5), None, [risk("A")])), day(5), {"A"}, 1, True),
    "a second before": (history((day(5), None, [risk("A")])), day(5) - timedelta(seconds=1), set(), 0, None),
    "declared earlier": (history((day(5), date(2023, 1, 1), [risk("A")])), day(1), {"A"}, 1, False),
    "declared, and recorded by then": (history((day(5), date(2023, 1, 1), [risk("A")])), day(6), {"A"}, 1, True),
    "declared for that very day": (history((day(9), date(2023, 6, 1), [risk("A")])), date(2023, 6, 1), {"A"}, 1, False),
    "the day before that": (history((day(9), date(2023, 6, 1), [risk("A")])), date(2023, 5, 31), set(), 0, None),
    "zones are instants": (
        history((day(9), date(2023, 6, 1), [risk("A")])),
        datetime.fromisoformat("2023-06-01T01:00:00+02:00"),
        set(), 0, None,
    ),
    "the last one by then": (
        history((day(1), None, [risk("A")]), (day(3), None, [risk("B")]), (day(5), None, [risk("C")])),
        day(4), {"A", "B"}, 2, True,
    ),
    "identified later": (history((day(1), None, [risk("A", since="2023-06-20"), risk("B")])), day(9), {"B"}, 1, True),
    "identified by then, recorded later": (
        history((day(1), None, [risk("B")]), (day(9), None, [add(A2)])), day(3), {"A", "B"}, 1, True,
    ),
    "identified by then, nothing recorded": (history((day(9), None, [add(A2)])), day(3), {"A"}, 0, False),
    "removed since": (GONE, day(2), {"A"}, 1, True),
    "removed by then": (GONE, day(4), set(), 2, True),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_as_of(case: str) -> None:
    """The rule of the design, one row each: no hindsight, and no blindness either."""
    past, when, seen, revision, sealed = CASES[case]
    snapshot = past.as_of(when)
    assert set(snapshot.graph.risks) == seen
    assert snapshot.revision == revision
    assert snapshot.is_sealed() is sealed


def test_what_was_identified_is_as_first_recorded() -> None:
    """The date is declared, the values are those that were first written: later learning stays out."""
    past = history((day(9), None, [add(A2)]), (day(10), None, [change(A2, {"likelihood": 5})]))
    early = past.as_of(day(1))
    assert early.graph.risks["A"].likelihood == 2
    assert early.declared == {("risk", "A")}
    assert early.is_sealed([("risk", "A")]) is False
    assert past.as_of(day(11)).graph.risks["A"].likelihood == 5


def test_an_edge_comes_with_its_mitigation() -> None:
    """A mitigation that was there, without what it mitigates, would count as none."""
    past = history((day(1), None, [risk("A")]), (day(9), None, MIT))
    assert ("mitigates", "M", "A") in past.as_of(day(2)).graph
    assert ("mitigates", "M", "A") not in past.as_of(date(2022, 5, 4)).graph


def test_an_edge_waits_for_both_ends() -> None:
    """A cascade of a risk that was not known yet is not known either."""
    past = history((day(1), None, [risk("A"), risk("B", since="2023-06-20"), AB]))
    assert past.as_of(day(2)).graph.cascades == {}
    assert list(past.as_of(day(21)).graph.cascades) == [("A", "B")]


def test_a_snapshot_seals_only_what_it_rests_on() -> None:
    """A report says how much of a number is declared: one declared element does not unseal the others."""
    past = history((day(1), None, [risk("B")]), (day(9), None, [add(A2)]))
    early = past.as_of(day(3))
    assert early.is_sealed([("risk", "B")]) is True
    assert early.is_sealed([("risk", "A")]) is False
    assert Snapshot().is_sealed() is None


@given(st.lists(graphs(), min_size=1, max_size=4))
def test_every_revision_is_found_again(wanted: list[RiskGraph]) -> None:
    """The graph at a number is the same whichever number was asked for before."""
    writes, graph = [], RiskGraph()
    for n, following in enumerate(wanted, 1):
        writes.append((day(n), None, diff_graphs(graph, following)))
        graph = following
    past = history(*writes)
    numbers = list(range(len(wanted) + 1))
    for number in [*reversed(numbers), *numbers]:
        assert past.at(number) == ([RiskGraph(), *wanted][number])
    assert past.graph == wanted[-1]


def test_a_revision_is_sealed_by_all_of_it() -> None:
    """Whatever part is altered, the digest is another one."""
    [one] = history((day(1), date(2023, 1, 1), [risk("A")])).revisions
    sealed = one.sealed()
    assert sealed.digest == sealed.seal() == one.seal()
    decision = Decision(what="gap", incident="INC-1", decision="accept")
    alterations: list[dict[str, Any]] = [
        {"number": 2}, {"graph_id": "h"}, {"recorded_at": day(2)}, {"effective_on": None}, {"author": "Eve"},
        {"reason": "x"}, {"edits": ()}, {"edits": (risk("B"),)}, {"decisions": (decision,)}, {"undoes": 1},
        {"previous": "sha256:0"},
    ]  # fmt: skip
    assert set().union(*alterations) == Revision.model_fields.keys() - {"digest"}
    digests = {sealed.model_copy(update=alteration).seal() for alteration in alterations}
    assert len(digests | {sealed.digest}) == len(alterations) + 1


def test_the_same_instant_seals_the_same() -> None:
    """A store that keeps another zone keeps the same revision."""
    [one] = history((day(1), None, [risk("A")])).revisions
    there = one.recorded_at.astimezone(datetime.fromisoformat("2023-01-01T00:00:00+05:45").tzinfo)
    assert one.model_copy(update={"recorded_at": there}).seal() == one.seal()


def test_undone_and_redone() -> None:
    """Undoing an undo brings it back, markers included."""
    taught = add(Risk(id="A", name="a"), incident="INC-1")
    first = (day(1), None, [taught])

    def undoing(*numbers: int | None) -> History:
        return History(
            [
                r.model_copy(update={"undoes": n})
                for r, n in zip(history(*[first] * len(numbers)).revisions, numbers, strict=True)
            ]
        )

    assert undoing(None, 1).undone == {1}
    assert undoing(None, 1, 2).undone == {2}
    assert set(undoing(None).applied) == {taught.marker}
    assert undoing(None, 1).applied.get(taught.marker) is not None  # The second is an edit of its own here.


def test_origins() -> None:
    """Where it came from is the first revision, what happened to it are all of them."""
    past = history((day(1), None, [risk("A")]), (day(2), None, [change(Risk(id="A", name="a"), {"owner": "Dev"})]))
    assert past.first["risk", "A"].revision.number == 1
    assert [origin.revision.number for origin in past.of(("risk", "A"))] == [1, 2]
    assert past.ids == {"A": "risk"}


def test_learned_values_are_forgotten_when_the_owner_changes_them() -> None:
    """An import must not undo what a review taught, nor hold on to what its owner has changed since."""
    before = Risk(id="A", name="a", likelihood=2)
    taught = change(before, {"likelihood": 4}, incident="INC-1")
    owner = change(before.model_copy(update={"likelihood": 4}), {"likelihood": 5})
    past = [(day(1), None, [add(before)]), (day(2), None, [taught])]
    assert list(history(*past).learned()) == [(("risk", "A"), "likelihood")]
    assert list(history(*past).learned()[("risk", "A"), "likelihood"]) == ["2"]
    assert history(*past, (day(3), None, [owner])).learned() == {}


def test_a_register_file_is_a_history_of_one() -> None:
    """Without a store the file's own date counts."""
    graph = RiskGraph.of([Risk(id="A", name="a")])
    past = History([first_revision(graph, date(2023, 1, 1), day(9))])
    assert past.graph == graph
    assert past.as_of(date(2023, 1, 1)).graph == graph
    assert past.as_of(date(2022, 12, 31)).is_known is False
    assert past.revisions[0].digest == past.revisions[0].seal()
