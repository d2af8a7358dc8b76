"""Takes what was seen of small incidents, shows how they would have gone, by hand and by looking at every world."""

from __future__ import annotations

from itertools import product

import pytest

from riskgraph.errors import InputError
from riskgraph.graph import RiskGraph
from riskgraph.simulation.replay import Seen, replay_incident
from tests.builders import cascade, element, graph


def guarded(**status: str) -> RiskGraph:
    """A chain with a branch; M1 guards the root and the first cascade, M2 the branch, M3 a cascade out of the end."""
    return graph(
        element("risk", id="A", likelihood={"per_year": 2}),
        cascade("A", "B", 0.4), cascade("B", "C", 0.5), cascade("A", "D", 0.6), cascade("C", "E", 0.3),
        cascade("D", "C", 0.2), cascade("B", "E"),
        *(element("mitigation", id=id_, status=status.get(id_, "planned")) for id_ in ("M1", "M2", "M3", "M4")),
        element("mitigates", mitigation="M1", risk="A", effectiveness=0.5),
        element("blocks", mitigation="M1", from_="A", to="B", effectiveness=0.75),
        element("blocks", mitigation="M2", from_="A", to="D", effectiveness=0.5),
        element("blocks", mitigation="M3", from_="C", to="E", effectiveness=0.8),
        element("blocks", mitigation="M4", from_="A", to="B"),
        risks="A B C D E",
    )  # fmt: skip


def test_a_chain_by_hand() -> None:
    """Prevents a mitigation that is taken for certain, or credited at the wrong step."""
    found = replay_incident(Seen("A", (("A", "B"), ("B", "C")), frozenset({("A", "D")})), guarded(), with_=["M1"])
    assert found.method == "exact"
    assert found.root_stopped == pytest.approx(0.5)
    assert [step.passes for step in found.steps] == pytest.approx([0.25, 1])
    assert [step.probability for step in found.steps] == pytest.approx([0.125, 0.125])
    assert [step.stopped_here for step in found.steps] == pytest.approx([0.5 * 0.75, 0])
    assert found.stopped == pytest.approx(0.875)
    assert found.root_stopped + sum(step.stopped_here for step in found.steps) == pytest.approx(found.stopped)
    # E was not looked at: it was reached from C with 0.3, if at all; B -> E has no probability and is left out.
    assert {one.id: one.before for one in found.others} == pytest.approx({"E": 0.3})
    assert {one.id: one.after for one in found.others} == pytest.approx({"E": 0.3 * 0.125})
    assert found.left_out == 1


def test_what_did_not_happen_might_have() -> None:
    """Prevents a mitigation that held from getting no credit: without it the checked cascade was more probable."""
    whole = guarded(M2="implemented")
    found = replay_incident(Seen("A", (("A", "B"),), frozenset({("A", "D"), ("B", "C")})), whole, without=["M2"])
    # It did not fire at 0.3; at 0.6 it would have, given that, with 0.3 / 0.7.
    chance = 0.3 / 0.7
    after = {one.id: one.after for one in found.others}
    assert after == pytest.approx({"C": chance * 0.2, "D": chance, "E": chance * 0.2 * 0.3})
    assert found.stopped == 0


def test_what_happened_in_spite_of_a_mitigation_happens_without_it() -> None:
    """Prevents a probability above one, and doubt about what was seen."""
    found = replay_incident(Seen("A", (("A", "D"),)), guarded(M2="implemented"), without=["M2"])
    assert [step.probability for step in found.steps] == [1]


def test_what_the_map_did_not_have_goes_on() -> None:
    """Prevents an unmapped step, or one to a risk that nobody knew, from being stopped by what never stood there."""
    seen = Seen("A", (("X", "Y"), ("A", "New risk"), ("A", "B"), ("New risk", "C")))
    found = replay_incident(seen, guarded(), with_=["M1"])
    assert [(step.from_, step.to) for step in found.steps] == [
        ("A", "New risk"), ("A", "B"), ("New risk", "C"), ("X", "Y"),
    ]  # fmt: skip
    assert [step.probability for step in found.steps] == pytest.approx([0.5, 0.125, 0.5, 0.5])
    assert found.unexplained == ("X",)


def test_a_risk_reached_twice_is_stopped_twice() -> None:
    """Prevents a second way that is forgotten: C still happens by D."""
    seen = Seen("A", (("A", "B"), ("A", "D"), ("B", "C"), ("D", "C"), ("C", "E")))
    found = replay_incident(seen, guarded(), with_=["M1", "M2"])
    chances = {(step.from_, step.to): step.probability for step in found.steps}
    assert chances["C", "E"] == pytest.approx(0.5 * (1 - 0.75 * 0.5))


def test_later_mitigations_and_those_without_effect() -> None:
    """Prevents hindsight in the map, and a mitigation without an effectiveness that seems to be useless."""
    then, now = guarded(), graph(
        *[one for one in guarded(M1="implemented").elements.values() if one.key != ("register",)],
        element("mitigation", id="M9", status="implemented"),
        element("blocks", mitigation="M9", from_="B", to="C", effectiveness=0.9),
    )  # fmt: skip
    seen = Seen("A", (("A", "B"), ("B", "C")))
    found = replay_incident(seen, then, now=now, with_=["M9", "M4"])
    assert (found.later, found.unrated, found.switched) == (("M9",), ("M4",), ("M4", "M9"))
    assert found.stopped == pytest.approx(0.9)
    nothing = replay_incident(seen, now, with_=["M1"])
    assert (nothing.stopped, nothing.switched) == (0, ())
    with pytest.raises(InputError, match="did you mean M9"):
        replay_incident(seen, then, now=now, with_=["M99"])


def test_a_cascade_can_be_pretended_away() -> None:
    """Prevents a what-if of the map that a replay does not know."""
    found = replay_incident(Seen("A", (("A", "B"), ("B", "C"))), guarded(), without=["A->B"])
    assert [step.probability for step in found.steps] == [0, 0]


def test_it_is_what_every_world_says() -> None:
    """Prevents a derivation that only sounds right: both maps are coupled by one draw a cascade, and conditioned."""
    chances = {("A", "B"): (0.5, 0.2), ("B", "C"): (0.4, 0.4), ("A", "C"): (0.3, 0.6), ("C", "D"): (0.8, 0.1)}
    whole = graph(
        *(cascade(*pair, max(both)) for pair, both in chances.items()),
        element("mitigation", id="ON"), element("mitigation", id="OFF", status="implemented"),
        element("blocks", mitigation="ON", from_="A", to="B", effectiveness=0.6),
        element("blocks", mitigation="OFF", from_="A", to="C", effectiveness=0.5),
        element("blocks", mitigation="ON", from_="C", to="D", effectiveness=0.875),
        risks="A B C D",
    )  # fmt: skip
    seen = Seen("A", (("A", "B"), ("B", "C")), frozenset({("A", "C")}))
    found = replay_incident(seen, whole, with_=["ON"], without=["OFF"])
    total = reached = 0.0
    grid = [(place + 0.5) / 20 for place in range(20)]
    for draws in product(grid, repeat=4):
        fired = {pair: draw < chances[pair][0] for pair, draw in zip(chances, draws, strict=True)}
        if not (fired["A", "B"] and fired["B", "C"] and not fired["A", "C"]):
            continue
        total += 1
        would = {pair: draw < chances[pair][1] for pair, draw in zip(chances, draws, strict=True)}
        at_c = would["A", "C"] or (would["A", "B"] and would["B", "C"])
        reached += at_c and would["C", "D"]
    assert {one.id: one.after for one in found.others}["D"] == pytest.approx(reached / total, abs=1e-12)
