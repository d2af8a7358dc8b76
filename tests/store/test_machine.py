"""All stores against a dict: hypothesis looks for the order of operations in which they part."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from riskgraph.edits import Edit, add, apply_all, change, diff_graphs, invert, remove
from riskgraph.errors import EditError, RevisionConflictError, StaleError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.model import Risk
from riskgraph.store import Store, open_store
from riskgraph.store.doctor import examine
from tests.store.samples import GRAPH_ID, START, SetClock, cascade
from tests.strategies import graphs

IDS = ("A", "B", "C")
ids = st.sampled_from(IDS)
Content = dict[tuple[str, ...], dict[str, Any]]


class StoreMachine(RuleBasedStateMachine):
    """``content`` is what every store has to hold: the values of each element, and a copy for each revision."""

    names: tuple[str, ...] = ("memory", "sqlite")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SetClock()
        self.stores = {name: self.opened(name) for name in self.names}
        self.content: Content = {}
        self.past: list[tuple[Any, Content]] = []
        self.written: list[tuple[Edit, ...]] = []
        self.undone: set[int] = set()

    def opened(self, name: str) -> Store:
        """A store by its kind."""
        url = "memory://" if name == "memory" else f"sqlite:///{self.folder}/riskgraph.db"
        return open_store(url, create=True, graph_id=GRAPH_ID, clock=lambda: self.clock.now)

    def teardown(self) -> None:
        """Leaves nothing behind."""
        for store in self.stores.values():
            store.close()
        shutil.rmtree(self.folder)

    def everywhere(self, edits: list[Edit], error: type[Exception] | None = None, **about: Any) -> None:
        """Writes to each store, and holds that all of them do the same."""
        self.clock()
        values = {"expected": len(self.past), "author": "Ana", "reason": "machine", **about}
        revisions = []
        for store in self.stores.values():
            if error is not None:
                with pytest.raises(error):
                    store.write(edits, **values)
            else:
                revisions.append(store.write(edits, **values))
        if error is None:
            assert all(revision == revisions[0] for revision in revisions)
            self.written.append(revisions[0].edits)
            self.past.append((revisions[0].recorded_at, dict(self.content)))

    @rule(id_=ids, name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5))
    def add_risk(self, id_: str, name: str) -> None:
        """A new one is written, the same one is nothing, another of its id is stale."""
        known = self.content.get(("risk", id_))
        edit = add(Risk(id=id_, name=name))
        if known is None:
            self.content["risk", id_] = edit.set
            self.everywhere([edit])
        else:
            self.everywhere([edit], UsageError if known == edit.set else StaleError)

    @rule(id_=ids, score=st.integers(1, 5) | st.none())
    def change_risk(self, id_: str, score: int | None) -> None:
        """A new score is written."""
        risk = self.stores["memory"].read().graph.risks.get(id_)
        if risk is None:
            return
        edit = change(risk, {"likelihood": score})
        if not edit.set:
            self.everywhere([edit], UsageError)
            return
        values = {**self.content["risk", id_], "likelihood": score}
        self.content["risk", id_] = {name: value for name, value in values.items() if value is not None}
        self.everywhere([edit])

    @rule(from_=ids, to=ids)
    def add_cascade(self, from_: str, to: str) -> None:
        """An edge needs both ends, and two of them."""
        if from_ == to:
            return
        edit = cascade(from_, to)
        if {("risk", from_), ("risk", to)} - self.content.keys():
            self.everywhere([edit], EditError)
        elif edit.key in self.content:
            self.everywhere([edit], UsageError)
        else:
            self.content[edit.key] = {}
            self.everywhere([edit])

    @rule(id_=ids)
    def remove_risk(self, id_: str) -> None:
        """What is referred to stays."""
        risk = self.stores["memory"].read().graph.risks.get(id_)
        if risk is None:
            self.everywhere([Edit(op="remove", key=("risk", id_))], UsageError)
        elif any(id_ in key[1:] for key in self.content if key[0] == "cascade"):
            self.everywhere([remove(risk)], EditError)
        else:
            del self.content["risk", id_]
            self.everywhere([remove(risk)])

    @rule(id_=ids)
    def change_what_is_stale(self, id_: str) -> None:
        """An edit that expects another owner is refused, and what stands beside it as well."""
        fresh = Edit(op="add", key=("indicator", "I"), set={"name": "i"})
        edit = Edit(op="change", key=("risk", id_), set={"owner": "Dev"}, was={"owner": "Ops"})
        self.everywhere([fresh, edit], StaleError)

    @precondition(lambda self: self.past)
    @rule(back=st.integers(1, 3))
    def write_for_an_older_revision(self, back: int) -> None:
        """Whoever read before the last write is told."""
        self.everywhere([add(Risk(id="Z", name="z"))], RevisionConflictError, expected=len(self.past) - back)

    @precondition(lambda self: self.written)
    @rule()
    def apply_again(self) -> None:
        """What was written last is written already."""
        if self.written[-1]:
            self.everywhere(list(self.written[-1]), UsageError)

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """Any revision is undone, or the graph has gone on where it would; never in part."""
        number = data.draw(st.integers(1, len(self.written)))
        edits = [invert(edit) for edit in reversed(self.written[number - 1])]
        graph = self.stores["memory"].read().graph
        try:
            after = apply_all(edits, graph)
        except (StaleError, EditError) as error:
            self.everywhere(edits, type(error), undoes=number)
            return
        self.content = _content(after)
        self.everywhere(edits, undoes=number)

    @rule(wanted=graphs())
    def turn_into(self, wanted: RiskGraph) -> None:
        """A whole import with ``--prune``: from any graph to any other."""
        edits = diff_graphs(self.stores["sqlite"].read().graph, wanted)
        if edits:
            self.content = _content(wanted)
            self.everywhere(edits)

    @rule()
    def reopen(self) -> None:
        """Nothing lives in the process only."""
        for name in self.names[1:]:
            self.stores[name].close()
            self.stores[name] = self.opened(name)

    @rule(days=st.integers(-3, 3))
    def set_the_clock(self, days: int) -> None:
        """Clocks are set back, too."""
        self.clock.now += timedelta(days=days)

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def read_an_earlier_revision(self, data: st.DataObject) -> None:
        """The history gives every graph that there was; as of a time it is the last one recorded by then."""
        number = data.draw(st.integers(0, len(self.past)))
        for store in self.stores.values():
            graph = History(store.revisions()).at(number)
            assert _content(graph) == (self.past[number - 1][1] if number else {})
        when = self.past[number - 1][0] if number else START - timedelta(days=9999)
        one, *others = (store.read(when) for store in self.stores.values())
        assert all(one == other for other in others)
        assert one.revision == max((n for n, (at, _) in enumerate(self.past, 1) if at <= when), default=0)

    @invariant()
    def all_hold_the_same(self) -> None:
        """The dict is right, and every store agrees with it."""
        snapshots = [store.read() for store in self.stores.values()]
        assert all(_content(snapshot.graph) == self.content for snapshot in snapshots)
        assert all(snapshot.revision == len(self.past) for snapshot in snapshots)
        assert all(examine(store) == () for store in self.stores.values())


def _content(graph: RiskGraph) -> Content:
    found = {key: {n: v for n, v in e.data().items() if n not in e.key_fields} for key, e in graph.elements.items()}
    return {key: values for key, values in found.items() if values or key != ("register",)}


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(settings.default, stateful_step_count=25)
