"""What every store has to do, as named tests.

The author of a third store writes a test class of a few lines beside ``test_sqlite.py``: it inherits from
:class:`StoreContract` and gives two fixtures, ``make_store`` and ``reopen``. When every test here passes, the store
may be used wherever another one is. Nothing here knows files, connections or tables, and no test depends on the
clock of the machine.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Protocol

import pytest

from riskgraph.edits import Edit, add, change, describe, invert, remove
from riskgraph.errors import (
    CorruptStoreError,
    EditError,
    RevisionConflictError,
    RiskGraphError,
    StaleError,
    UsageError,
)
from riskgraph.graph import RiskGraph
from riskgraph.history import Decision, History
from riskgraph.model import Action, Element, Header, Implements, Incident, Indicator, Risk
from riskgraph.neighbourhood import Around
from riskgraph.store import Store
from riskgraph.store.doctor import examine
from tests.store.samples import GRAPH_ID, HOSTILE, START, SetClock, cascade, every_kind, record, risk

Reopen = Callable[[Store], Store]


class MakeStore(Protocol):
    """Gives a new, empty store; each call another one."""

    def __call__(self, *, graph_id: str | None = None, clock: Callable[[], datetime] | None = None) -> Store:
        """A store with this identity and clock."""
        ...


def element(store: Store, *key: str) -> Any:
    """An element of today's graph; the test fails where it is not there."""
    found = store.read().graph.get(key)
    assert found is not None
    return found


class StoreContract:
    """The tests. ``reopen`` gives a second handle on the same content, and leaves the first one usable."""

    # Reading

    def test_an_empty_store_has_an_empty_graph(self, make_store: MakeStore) -> None:
        """A new store knows nothing, and says so of any time."""
        store = make_store(graph_id=GRAPH_ID)
        assert store.graph_id == GRAPH_ID
        assert store.revisions() == ()
        assert store.read().graph == RiskGraph()
        assert not store.read().is_known
        assert not store.read(date(2024, 1, 1)).is_known
        assert examine(store) == ()

    def test_stores_have_identities_of_their_own(self, make_store: MakeStore) -> None:
        """Two graphs with one id would take each other's proposals."""
        assert make_store().graph_id != make_store().graph_id

    def test_what_is_written_is_read(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Every kind of element, also through another handle."""
        store = make_store()
        revision = record(store, *every_kind())
        assert store.read().graph == RiskGraph.of(e for e in store.read().graph.elements.values())
        assert len(store.read().graph) == 8
        assert store.read().revision == 1
        again = reopen(store)
        assert again.graph_id == store.graph_id
        assert again.read() == store.read()
        assert again.revisions() == store.revisions() == (revision,)

    def test_changes_and_removals_are_read(self, make_store: MakeStore, reopen: Reopen) -> None:
        """An update that only adds, or a removal that leaves an edge, would show here."""
        store = make_store()
        record(store, *every_kind())
        graph = store.read().graph
        a, block = graph.elements["risk", "A"], graph.elements["blocks", "M", "A", "B"]
        both = graph.elements["cascade", "A", "B"]
        record(store, change(a, {"likelihood": 4, "owner": None}), remove(block), remove(both))
        found = reopen(store).read().graph
        assert element(store, "risk", "A").likelihood == 4
        assert element(store, "risk", "A").owner is None
        assert found.elements.keys() == graph.elements.keys() - {block.key, both.key}

    def test_the_header_is_kept(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Scores without their scale mean nothing."""
        store = make_store()
        record(store, change(store.read().graph.header, {"currency": "EUR", "scale": {"likelihood": "pmbok"}}))
        header = reopen(store).read().graph.header
        assert header == Header.model_validate({"currency": "EUR", "scale": {"likelihood": "pmbok"}})

    # Revisions

    def test_a_revision_has_who_when_and_why(self, make_store: MakeStore) -> None:
        """Provenance is the answer to "why is this here"."""
        store = make_store(graph_id=GRAPH_ID, clock=SetClock())
        edits = every_kind()
        revision = record(store, *edits, author="Ana <a@example.org>", reason="import register.yaml")
        assert (revision.number, revision.graph_id) == (1, GRAPH_ID)
        assert revision.recorded_at == START + timedelta(minutes=1)
        assert revision.effective_on is None
        assert revision.effective == revision.recorded_at
        assert (revision.author, revision.reason) == ("Ana <a@example.org>", "import register.yaml")
        assert [describe(edit) for edit in revision.edits] == [describe(edit) for edit in edits]
        assert revision.undoes is None
        assert store.read().recorded_at == revision.recorded_at

    def test_revisions_are_numbered_sealed_and_chained(self, make_store: MakeStore) -> None:
        """A history that can be rewritten unseen proves nothing."""
        store = make_store()
        written = [record(store, risk(f"R{n}")) for n in range(4)]
        assert tuple(store.revisions()) == tuple(written)
        assert [revision.number for revision in written] == [1, 2, 3, 4]
        assert [revision.previous for revision in written] == [None, *(r.digest for r in written[:3])]
        assert all(revision.digest == revision.seal() for revision in written)
        assert len({revision.digest for revision in written}) == 4
        assert examine(store) == ()

    def test_the_revisions_replay_to_the_graph(self, make_store: MakeStore) -> None:
        """The content is a convenience; the revisions are the truth."""
        store = make_store()
        record(store, *every_kind())
        record(store, change(element(store, "risk", "A"), {"likelihood": 5}))
        assert History(store.revisions()).graph == store.read().graph

    def test_a_revision_of_decisions_only(self, make_store: MakeStore, reopen: Reopen) -> None:
        """A rejection is worth a record although it changes nothing."""
        store = make_store()
        decision = Decision(what="edit", incident="INC-1", decision="reject", reason="too early", marker="m")
        revision = record(store, decisions=[decision])
        assert (revision.number, revision.edits, revision.decisions) == (1, (), (decision,))
        assert reopen(store).revisions()[0].decisions == (decision,)
        assert store.read().graph == RiskGraph()
        assert store.read().revision == 1

    def test_undo_is_a_revision(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Undo adds to the history; it does not remove from it."""
        store = make_store()
        record(store, *every_kind())
        before = store.read().graph
        second = record(store, risk("C"), change(element(store, "risk", "A"), {"owner": "Dev"}))
        third = record(store, *(invert(edit) for edit in reversed(second.edits)), undoes=2)
        assert third.undoes == 2
        assert reopen(store).read().graph == before
        assert History(store.revisions()).undone == {2}
        assert examine(store) == ()

    def test_undo_of_what_never_was(self, make_store: MakeStore) -> None:
        """A revision that undoes itself or the future would never be found again."""
        store = make_store()
        with pytest.raises(UsageError, match="no revision 1 to undo"):
            record(store, risk("A"), undoes=1)
        assert store.revisions() == ()

    # Writing

    def test_the_second_of_two_writers_is_told(self, make_store: MakeStore, reopen: Reopen) -> None:
        """A lost update would lose a colleague's work without a word."""
        one = make_store()
        two = reopen(one)
        record(one, risk("A"), expected=0)
        with pytest.raises(RevisionConflictError, match=r"made for revision 0, the store is at 1") as caught:
            record(two, risk("B"), expected=0)
        assert caught.value.exit_code == 5
        assert two.read().graph.risks.keys() == {"A"}
        record(two, risk("B"), expected=1)
        assert one.read().graph.risks.keys() == {"A", "B"}

    @pytest.mark.parametrize("expected", [-1, 0, 2, 10**9])
    def test_only_the_newest_revision_can_be_expected(self, make_store: MakeStore, expected: int) -> None:
        """Also a number from the future is a conflict, as after a copy from elsewhere."""
        store = make_store()
        record(store, risk("A"))
        with pytest.raises(RevisionConflictError):
            record(store, risk("B"), expected=expected)
        assert len(store.revisions()) == 1

    def test_many_writers_lose_nothing(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Eight writers, each repeating what it lost a race for: everything is there, once, in one chain."""
        first = make_store()

        def work(writer: int) -> list[int]:
            numbers = []
            with closing(reopen(first)) as store:
                for n in range(6):
                    while True:
                        try:
                            numbers.append(record(store, risk(f"R{writer}-{n}")).number)
                            break
                        except RevisionConflictError:
                            continue
            return numbers

        with ThreadPoolExecutor(8) as pool:
            numbers = sorted(number for found in pool.map(work, range(8)) for number in found)
        assert numbers == list(range(1, 49))
        again = reopen(first)
        assert len(again.read().graph.risks) == 48
        assert examine(again) == ()

    BAD: tuple[tuple[list[Edit], type[RiskGraphError]], ...] = (
        ([cascade("A", "B"), cascade("A", "Z")], EditError),
        ([risk("C"), Edit(op="remove", key=("risk", "A"))], EditError),
        ([risk("C"), risk("A", "another")], StaleError),
        ([Edit(op="change", key=("risk", "B"), set={"likelihood": 3}, was={"likelihood": 1})], StaleError),
        ([risk("C"), Edit(op="add", key=("risk", "D"), set={"name": "d", "loss": float("nan")})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D"), set={"name": "d", "x_": float("inf")})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D"), set={"name": "d", "x_": START})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D"), set={"name": "d", "x_": "\ud800"})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D"), set={"name": "\udfff"})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D\u202e"), set={"name": "d"})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D\x00"), set={"name": "d"})], EditError),
        ([risk("C"), Edit(op="add", key=("risk", "D\n"), set={"name": "d"})], EditError),
    )

    @pytest.mark.parametrize(("edits", "error"), BAD)
    def test_a_bad_edit_writes_nothing(
        self, make_store: MakeStore, reopen: Reopen, edits: list[Edit], error: type[RiskGraphError]
    ) -> None:
        """Half a list of edits is a graph that nobody asked for."""
        store = make_store()
        record(store, risk("A"), risk("B", likelihood=2), cascade("B", "A"))
        before = store.read()
        with pytest.raises(error):
            record(store, *edits)
        assert store.read() == before
        assert reopen(store).read() == before
        assert len(store.revisions()) == 1
        record(store, risk("C"))

    @pytest.mark.parametrize("about", [{"author": "a\ud800"}, {"reason": "\udc00"}])
    def test_half_characters_are_refused(self, make_store: MakeStore, about: dict[str, str]) -> None:
        """What UTF-8 cannot hold would break the store when it is written or, worse, when it is read."""
        store = make_store()
        with pytest.raises(UsageError, match="lone surrogate"):
            record(store, risk("A"), **about)
        assert store.revisions() == ()

    def test_nothing_to_write_is_refused(self, make_store: MakeStore) -> None:
        """A revision without content would make a second apply look like a new one."""
        store = make_store()
        with pytest.raises(UsageError, match="nothing to write"):
            record(store)
        record(store, risk("A"))
        with pytest.raises(UsageError, match="nothing to write"):
            record(store, risk("A"))
        assert len(store.revisions()) == 1

    def test_what_changes_nothing_is_not_recorded(self, make_store: MakeStore) -> None:
        """Undoing a revision must not take away what it did not bring."""
        store = make_store()
        record(store, risk("A", owner="Ops"))
        a = element(store, "risk", "A")
        both = Edit(op="change", key=a.key, set={"owner": "Ops", "likelihood": 4}, was={"owner": None})
        second = record(store, risk("A", owner="Ops"), both, risk("B"))
        assert [(edit.op, edit.set, edit.was) for edit in second.edits] == [
            ("change", {"likelihood": 4}, {"likelihood": None}),
            ("add", {"name": "a risk", "status": "open"}, {}),
        ]
        record(store, *(invert(edit) for edit in reversed(second.edits)), undoes=2)
        assert element(store, "risk", "A") == a

    def test_an_applied_edit_is_known_again(self, make_store: MakeStore, reopen: Reopen) -> None:
        """The marker stays also where the graph already was as the edit wants it; so apply can say "already"."""
        store = make_store()
        record(store, risk("A", likelihood=4))
        a = Risk(id="A", name="a risk", likelihood=2)
        edits = [change(a, {"likelihood": 4}, incident="INC-1"), add(Risk(id="B", name="b"), incident="INC-1")]
        record(store, *edits)
        applied = History(reopen(store).revisions()).applied
        assert {edit.marker for edit in edits} == set(applied)
        assert {origin.revision.number for origin in applied.values()} == {2}

    def test_a_writer_keeps_no_hold_on_what_it_wrote(self, make_store: MakeStore) -> None:
        """Values that change after the write would change history."""
        store = make_store()
        values: dict[str, Any] = {"name": "a", "x_tags": ["one"]}
        edit = Edit(op="add", key=("risk", "A"), set=values)
        record(store, edit)
        edit.set["name"] = "changed"
        edit.set["x_tags"].append("two")
        assert store.revisions()[0].edits[0].set == {"name": "a", "x_tags": ["one"]}
        assert element(store, "risk", "A").data()["x_tags"] == ["one"]
        assert examine(store) == ()

    # Parts

    def test_a_part_is_read_as_the_whole_is(self, make_store: MakeStore, reopen: Reopen) -> None:
        """What is asked about some ids has the same answer, however little of the graph was read."""
        store = make_store()
        record(store, *every_kind(), risk("C"), risk("D"), cascade("B", "C"), cascade("C", "D"), cascade("D", "B"))
        again = reopen(store)
        graph = store.read().graph
        for ids in ({"A"}, {"B"}, {"C", "M"}, {"I"}, {"none"}, {"A", "D"}):
            for downstream in (False, True):
                around = Around(frozenset(ids), downstream)
                found = again.read(around=around)
                assert found.graph == around.of(graph)
                assert (found.revision, found.recorded_at) == (1, store.revisions()[0].recorded_at)
        assert again.read(date(2000, 1, 1), Around(frozenset({"A"}))).graph == RiskGraph()

    def test_an_incident_and_its_actions_are_read_as_a_part(self, make_store: MakeStore) -> None:
        """Evidence names what stands elsewhere: that comes along, or the part would not hold together."""
        store = make_store()
        incident = {
            "id": "INC-1", "name": "i", "risk": "A", "started_at": "2024-01-01",
            "reached": [{"from": "A", "to": "B"}], "tested": [{"mitigation": "M", "outcome": "failed"}],
        }  # fmt: skip
        edits = [add(Incident.model_validate(incident)), add(Action(id="INC-1-A1", name="do", incident="INC-1"))]
        tie = add(Implements(action="INC-1-A1", mitigation="M"))
        record(store, *every_kind(), risk("C"), cascade("B", "C"), *edits, tie)
        graph = store.read().graph
        for id_ in ("A", "B", "C", "M", "I", "INC-1", "INC-1-A1"):
            for downstream in (False, True):
                around = Around(frozenset({id_}), downstream)
                assert store.read(around=around).graph == around.of(graph)

    def test_revisions_about_some_elements(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Where something comes from is read without everybody else's edits; every revision is still there."""
        store = make_store()
        record(store, risk("A"), risk("B"))
        record(store, risk("C"), change(element(store, "risk", "A"), {"owner": "Ops"}))
        found = reopen(store).revisions(about={("risk", "A")})
        assert [[edit.op for edit in revision.edits] for revision in found] == [["add"], ["change"]]
        assert [revision.digest for revision in found] == [revision.digest for revision in store.revisions()]
        assert [revision.edits for revision in store.revisions(about=())] == [(), ()]

    # From elsewhere

    def test_a_history_is_restored_as_it_is(self, make_store: MakeStore, reopen: Reopen) -> None:
        """A copy whose digests are others would be another history."""
        source = make_store(graph_id=GRAPH_ID)
        record(source, *every_kind(), effective_on=date(2023, 1, 1))
        record(source, change(element(source, "risk", "A"), {"likelihood": 5}, incident="INC-1"))
        decision = Decision(what="edit", incident="INC-1", decision="reject", reason="too early", marker="m")
        record(source, remove(element(source, "blocks", "M", "A", "B")), remove(element(source, "cascade", "A", "B")))
        record(source, decisions=[decision])
        revisions, today = tuple(source.revisions()), source.read()
        target = make_store(graph_id=GRAPH_ID)
        target.restore(revisions)
        assert tuple(reopen(target).revisions()) == revisions
        assert reopen(target).read() == today
        assert examine(target) == ()
        assert record(target, risk("Z")).previous == revisions[-1].digest

    def test_an_empty_history_is_restored(self, make_store: MakeStore) -> None:
        """There is nothing to copy, and that is no error."""
        store = make_store(graph_id=GRAPH_ID)
        store.restore([])
        assert store.revisions() == ()

    def test_nothing_is_restored_over_a_history(self, make_store: MakeStore) -> None:
        """Two histories in one store would be none."""
        store = make_store(graph_id=GRAPH_ID)
        record(store, risk("A"))
        with pytest.raises(RevisionConflictError, match="1 revisions of its own"):
            store.restore(store.revisions())
        assert len(store.revisions()) == 1

    def test_a_broken_history_is_not_restored(self, make_store: MakeStore) -> None:
        """What the doctor would find in the copy is refused before it is written."""
        source = make_store(graph_id=GRAPH_ID)
        record(source, risk("A"))
        record(source, risk("B"))
        one, two = source.revisions()
        broken = ([two], [one, one], [two, one], [one, two.model_copy(update={"author": "Eve"})])
        for revisions in (*broken, [one.model_copy(update={"graph_id": "other"}).sealed()]):
            target = make_store(graph_id=GRAPH_ID)
            with pytest.raises(CorruptStoreError):
                target.restore(revisions)
            assert (target.revisions(), target.read().graph) == ((), RiskGraph())

    def test_a_repair_makes_the_content_agree(self, make_store: MakeStore, reopen: Reopen) -> None:
        """The edits count from what was recorded, and the content follows."""
        store = make_store()
        record(store, *every_kind())
        revision = record(store, change(element(store, "risk", "A"), {"owner": "Dev"}), repair=True)
        assert revision.number == 2
        again = reopen(store)
        assert element(again, "risk", "A").owner == "Dev"
        assert len(again.read().graph) == 8
        assert examine(again) == ()

    # Time

    def test_as_of_reads_the_past(self, make_store: MakeStore) -> None:
        """A prediction is read from the graph as it was recorded before the incident began."""
        clock = SetClock()
        store = make_store(clock=clock)
        record(store, risk("A"), effective_on=date(2023, 6, 1))
        record(store, risk("B"))
        before = store.revisions()[1].recorded_at - timedelta(seconds=1)
        seen = {
            when: store.read(when).graph.risks.keys()
            for when in (date(2023, 5, 31), date(2023, 6, 1), before, store.revisions()[1].recorded_at)
        }
        assert [set(keys) for keys in seen.values()] == [set(), {"A"}, {"A"}, {"A", "B"}]
        assert not store.read(date(2023, 5, 31)).is_known
        assert store.read(date(2023, 6, 1)).is_sealed() is False
        assert store.read(clock() + timedelta(days=1)).is_sealed() is True

    def test_as_of_is_blind_to_what_came_later(self, make_store: MakeStore) -> None:
        """Hindsight: the incident's own edits must not count as its prediction."""
        store = make_store()
        record(store, *every_kind(), effective_on=date(2023, 1, 1))
        then = store.read(date(2023, 6, 1))
        record(store, change(element(store, "risk", "A"), {"likelihood": 5}), risk("C"), cascade("A", "C"))
        assert store.read(date(2023, 6, 1)) == then

    def test_as_of_counts_what_was_identified(self, make_store: MakeStore) -> None:
        """``since`` is the date a spreadsheet knows; what rests on it is declared, and as first recorded."""
        store = make_store(clock=SetClock())
        record(store, risk("A", since="2022-02-02", likelihood=2), risk("B", since="2023-03-03"))
        record(store, change(element(store, "risk", "A"), {"likelihood": 5}))
        early = store.read(date(2022, 12, 31))
        assert early.graph.risks.keys() == {"A"}
        assert early.graph.risks["A"].likelihood == 2
        assert early.declared == {("risk", "A")}
        assert early.is_sealed([("risk", "A")]) is False
        assert store.read(date(2022, 2, 1)).graph == RiskGraph()

    def test_effective_dates_never_go_backwards(self, make_store: MakeStore) -> None:
        """Otherwise a later write could slip into the past of an incident."""
        store = make_store(clock=SetClock())
        record(store, risk("A"), effective_on=date(2023, 6, 1))
        record(store, risk("B"), effective_on=date(2023, 6, 1))
        with pytest.raises(UsageError, match=r"before that of revision 2 \(2023-06-01\).*`since: 2023-05-31`"):
            record(store, risk("C"), effective_on=date(2023, 5, 31))
        record(store, risk("C"))
        with pytest.raises(UsageError, match="before that of revision 3"):
            record(store, risk("D"), effective_on=date(2023, 6, 2))
        assert store.read().graph.risks.keys() == {"A", "B", "C"}

    @pytest.mark.parametrize(
        ("effective_on", "message"),
        [(START + timedelta(days=1), "in the future"), (datetime(2024, 1, 1), "has no zone")],  # noqa: DTZ001
    )
    def test_effective_dates_that_cannot_be(self, make_store: MakeStore, effective_on: date, message: str) -> None:
        """A prediction from the future, or at a time that nobody knows, is none."""
        store = make_store(clock=SetClock())
        with pytest.raises(UsageError, match=message):
            record(store, risk("A"), effective_on=effective_on)
        assert store.revisions() == ()

    def test_a_clock_that_was_set_back(self, make_store: MakeStore) -> None:
        """The order is that of the numbers; a wrong clock must not stop the work or reorder it."""
        clock = SetClock()
        store = make_store(clock=clock)
        first = record(store, risk("A"))
        clock.now = START - timedelta(days=400)
        second = record(store, risk("B"))
        assert second.recorded_at == first.recorded_at
        assert second.effective >= first.effective
        assert store.read(second.effective).graph.risks.keys() == {"A", "B"}
        assert examine(store) == ()

    @pytest.mark.parametrize("hours", [-11, -5, 0, 1, 2, 5.75, 14])
    def test_clocks_of_any_zone(self, make_store: MakeStore, reopen: Reopen, hours: float) -> None:
        """The same instant in another zone is the same instant, and is kept as UTC."""
        store = make_store(clock=lambda: START.astimezone(timezone(timedelta(hours=hours))))
        revision = record(store, risk("A"))
        assert revision.recorded_at == START
        assert revision.recorded_at.utcoffset() == timedelta(0)
        assert reopen(store).revisions() == (revision,)

    # Values

    @pytest.mark.parametrize("text", HOSTILE, ids=ascii)
    def test_hostile_text_survives(self, make_store: MakeStore, reopen: Reopen, text: str) -> None:
        """Text is data: it comes back to the letter, from every place that text can stand in."""
        store = make_store()
        first = risk("A", text, description=text, owner=text, aliases=(text,), x_note=text, **{f"x_{text}": text})
        decision = Decision(what="gap", incident=text, decision="accept", reason=text, question=text)
        record(store, first, risk("B"), cascade("A", "B", mechanism=text), author=text, reason=text)
        record(store, decisions=[decision])
        again = reopen(store)
        assert element(again, "risk", "A") == Risk.model_validate({"id": "A", **first.set})
        assert element(again, "cascade", "A", "B").mechanism == text
        assert (again.revisions()[0].author, again.revisions()[0].reason) == (text, text)
        assert again.revisions()[1].decisions == (decision,)
        assert examine(again) == ()

    @pytest.mark.parametrize(
        "number",
        [0.1, 0.1 + 0.2, 1e-308, 5e-324, 1.7976931348623157e308, -0.25, 1e15, 123456789012345.6, 3, 0, -7.0],
    )
    def test_numbers_survive_to_the_bit(self, make_store: MakeStore, reopen: Reopen, number: float) -> None:
        """A probability that is rounded on the way makes every digest another."""
        store = make_store()
        record(store, add(Indicator(id="I", name="i", threshold=number)), risk("A", x_number=number, x_big=2**70))
        again = reopen(store)
        kept = element(again, "indicator", "I").threshold
        assert struct.pack("<d", kept) == struct.pack("<d", number)
        assert element(again, "risk", "A").data()["x_number"] == number
        assert element(again, "risk", "A").data()["x_big"] == 2**70

    @pytest.mark.parametrize(
        "started_at",
        [
            date(2024, 2, 29),
            datetime(2024, 2, 15, 3, 0, tzinfo=timezone(timedelta(hours=1))),
            datetime(2024, 10, 27, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
            datetime(1, 1, 2, tzinfo=UTC),
        ],
    )
    def test_times_keep_their_offset(self, make_store: MakeStore, reopen: Reopen, started_at: date) -> None:
        """People think in their zone; the instant alone would show the wrong day."""
        store = make_store()
        record(store, add(Incident(id="INC-1", name="i", started_at=started_at)))
        kept = element(reopen(store), "incident", "INC-1").started_at
        assert kept.isoformat() == started_at.isoformat()
        assert type(kept) is type(started_at)

    def test_extra_fields_survive(self, make_store: MakeStore, reopen: Reopen) -> None:
        """Columns that nobody here knows belong to the file's owner."""
        store = make_store()
        extra: dict[str, Any] = {
            "x_a": [1, "two", None, {"three": [True, False]}],
            "x_b": "",
            "x_c": 0,
            "x_d": False,
            "x_e": {"k": None},
        }
        record(store, risk("A", x_empty=[], x_none=None, **extra))
        data = element(reopen(store), "risk", "A").data()
        assert {name: value for name, value in data.items() if name.startswith("x_")} == extra
        assert examine(store) == ()

    def test_a_graph_of_thousands(self, make_store: MakeStore, reopen: Reopen) -> None:
        """One write of a large register is one revision, and is read again whole."""
        store = make_store()
        elements: list[Element] = [Risk(id=f"R{n}", name="r") for n in range(1500)]
        edits = [*map(add, elements), *(cascade(f"R{n}", f"R{n + 1}", probability=0.5) for n in range(1499))]
        record(store, *edits)
        assert len(reopen(store).read().graph) == 2999
