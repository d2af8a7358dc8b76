"""The diff: one small graph a rule; each docstring says which mistake the rule prevents."""

from __future__ import annotations

import math

import pytest

from riskgraph.diff import FLOOR, most_probable_path, trials, verdict_on
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from tests.builders import after, cascade, diff, element, graph, history, review

CHAIN = graph(
    cascade("RISK-1", "RISK-2", 0.4, delay="30m"),
    cascade("RISK-2", "RISK-3", 0.5, delay="1h"),
    cascade("RISK-4", "RISK-1", 0.2),
    risks="RISK-1 RISK-2 RISK-3 RISK-4 RISK-5",
)


@pytest.mark.parametrize(
    ("from_", "to", "verdict", "path"),
    [
        ("RISK-1", "RISK-2", "mapped", ("RISK-1", "RISK-2")),
        ("RISK-1", "RISK-3", "indirect", ("RISK-1", "RISK-2", "RISK-3")),
        ("RISK-1", "RISK-4", "reversed", ()),
        ("RISK-2", "RISK-1", "reversed", ()),
        ("RISK-1", "RISK-5", "unmapped", ()),
        ("RISK-3", "RISK-1", "unmapped", ()),
        ("RISK-1", "RISK-9", "new_risk", ()),
        ("Nobody had it", "RISK-1", "new_risk", ()),
    ],
)
def test_verdict(from_: str, to: str, verdict: str, path: tuple[str, ...]) -> None:
    """The order is new, mapped, indirect, reversed, unmapped."""
    assert verdict_on(from_, to, CHAIN) == (verdict, path)


def test_the_path_shown_is_the_most_probable_and_not_the_shortest() -> None:
    """0.9 * 0.9 * 0.9 beats 0.5 * 0.5."""
    map_ = graph(
        *(cascade(a, b, 0.9) for a, b in (("A", "B"), ("B", "C"), ("C", "D"))),
        *(cascade(a, b, 0.5) for a, b in (("A", "X"), ("X", "D"))),
        risks="A B C D X",
    )
    assert most_probable_path("A", "D", map_) == ("A", "B", "C", "D")


def test_a_cascade_without_an_estimate_is_no_number() -> None:
    """Absent is neither 0 nor 1: a path with estimates comes first, and its product is not invented."""
    map_ = graph(
        cascade("A", "B"), cascade("B", "D", 0.9), cascade("A", "C", 0.1), cascade("C", "D", 0.1), risks="A B C D"
    )
    assert most_probable_path("A", "D", map_) == ("A", "C", "D")
    only = graph(cascade("RISK-1", "RISK-2"), cascade("RISK-2", "RISK-3", 0.5), risks="RISK-1 RISK-2 RISK-3")
    (step,) = diff(review(observed_cascades=[{"to": "RISK-3"}]), only).steps
    assert (step.verdict, step.probability) == ("indirect", None)


def test_an_implemented_block_lowers_the_probability_and_a_planned_one_does_not() -> None:
    """A plan gives no credit."""
    for status, expected in (("implemented", 0.04), ("planned", 0.4), ("failed", 0.4), ("retired", 0.4)):
        blocked = RiskGraph.of(
            [
                *CHAIN.elements.values(),
                element("mitigation", id="MIT-1", status=status),
                element("blocks", mitigation="MIT-1", from_="RISK-1", to="RISK-2", effectiveness=0.9),
            ]
        )
        (step,) = diff(review(observed_cascades=[{"to": "RISK-2"}]), blocked).steps
        assert step.probability == pytest.approx(expected)


def _with_block(status: str) -> RiskGraph:
    return RiskGraph.of(
        [
            *CHAIN.elements.values(),
            element("mitigation", id="MIT-1", status=status),
            element("blocks", mitigation="MIT-1", from_="RISK-1", to="RISK-2", effectiveness=0.5),
        ]
    )


BLOCKED, PLANNED = _with_block("implemented"), _with_block("planned")


@pytest.mark.parametrize(
    ("fields", "of", "verdict"),
    [
        ({"observed_cascades": [{"to": "RISK-2"}]}, CHAIN, "fired"),
        ({"checked_not_affected": [{"to": "RISK-2"}]}, CHAIN, "not_fired"),
        ({"checked_not_affected": [{"to": "RISK-2"}]}, BLOCKED, "blocked"),
        ({"checked_not_affected": [{"to": "RISK-2"}]}, PLANNED, "not_fired"),
        ({"mitigations": [{"id": "MIT-1", "worked": "Yes"}]}, BLOCKED, "blocked"),
        ({"mitigations": [{"id": "MIT-1", "worked": "Yes"}]}, PLANNED, "unknown"),
        ({"mitigations": [{"id": "MIT-1", "worked": "No"}]}, BLOCKED, "unknown"),
        (
            {"observed_cascades": [{"to": "RISK-2"}], "mitigations": [{"id": "MIT-1", "worked": "Yes"}]},
            BLOCKED,
            "fired",
        ),
        ({}, CHAIN, "unknown"),
        ({}, BLOCKED, "unknown"),
    ],
)
def test_prediction(fields: dict[str, object], of: RiskGraph, verdict: str) -> None:
    """What nobody looked at is unknown, not wrong."""
    (prediction,) = (p for p in diff(review(**fields), of).predictions if p.from_ == "RISK-1")
    assert prediction.verdict == verdict
    assert prediction.blocked_by == (("MIT-1",) if verdict == "blocked" else ())


def test_a_cascade_is_blocked_by_what_worked_or_by_all_that_stood_there() -> None:
    """Prevents: a mitigation that gets the credit of another one."""
    two = RiskGraph.of(
        [
            *BLOCKED.elements.values(),
            element("mitigation", id="MIT-2", status="implemented"),
            element("blocks", mitigation="MIT-2", from_="RISK-1", to="RISK-2"),
        ]
    )
    worked = {"mitigations": [{"id": "MIT-2", "worked": "Yes"}]}
    checked = {"checked_not_affected": [{"to": "RISK-2"}]}
    found = [diff(review(**fields), two).predictions[0].blocked_by for fields in (worked, checked)]
    assert found == [("MIT-2",), ("MIT-1", "MIT-2")]


def test_what_happened_was_not_unaffected() -> None:
    """Prevents: a pair that is listed both ways and counts as a hit and as a miss."""
    both = review(observed_cascades=[{"to": "RISK-2"}], checked_not_affected=[{"to": "RISK-2"}, {"to": "RISK-5"}])
    found = diff(both, CHAIN)
    assert found.match.checked == (("RISK-1", "RISK-5"),)
    assert found.predictions[0].verdict == "fired"


def test_a_pair_that_the_map_does_not_have_may_be_checked() -> None:
    """Looking where nothing is mapped is no mistake, and no prediction."""
    result = diff(review(checked_not_affected=[{"to": "RISK-5"}]), CHAIN)
    assert [(p.from_, p.to) for p in result.predictions] == [("RISK-1", "RISK-2")]


def test_predictions_are_those_out_of_every_reached_risk() -> None:
    """A cascade further down the chain was predicted, too."""
    result = diff(review(observed_cascades=[{"to": "RISK-2"}]), CHAIN)
    assert [(p.from_, p.to, p.verdict) for p in result.predictions] == [
        ("RISK-1", "RISK-2", "fired"),
        ("RISK-2", "RISK-3", "unknown"),
    ]


def test_delays_are_counted_from_the_risk_before() -> None:
    """The second step's delay is not counted from the start."""
    steps = [{"to": "RISK-2", "at": "03:40"}, {"from": "RISK-2", "to": "RISK-3", "at": "05:10"}]
    first, second = diff(review(observed_cascades=steps), CHAIN).steps
    assert (first.data()["delay"], first.data()["mapped_delay"]) == (2400, 1800)
    assert (second.data()["delay"], second.data()["mapped_delay"]) == (5400, 3600)


def test_surprise_is_the_information_in_what_was_seen() -> None:
    """0.4 fired, the other not mapped: -log2(0.4) - log2(floor), and nothing for what nobody looked at."""
    steps = [{"to": "RISK-2"}, {"to": "RISK-5"}]
    result = diff(review(observed_cascades=steps), CHAIN)
    assert result.surprise_bits == pytest.approx(-math.log2(0.4) - math.log2(FLOOR))
    calm = diff(review(checked_not_affected=[{"to": "RISK-2"}]), CHAIN)
    assert calm.surprise_bits == pytest.approx(-math.log2(0.6))


def test_certainty_that_was_wrong_is_a_finite_surprise() -> None:
    """A cascade mapped with probability 1 that did not happen is 20 bits, not infinity."""
    sure = graph(cascade("RISK-1", "RISK-2", 1), risks="RISK-1 RISK-2")
    result = diff(review(checked_not_affected=[{"to": "RISK-2"}]), sure)
    assert result.surprise_bits == pytest.approx(-math.log2(1e-6))


def test_recall_counts_indirect_as_not_mapped() -> None:
    """A path is not the cascade."""
    steps = [{"to": "RISK-2"}, {"to": "RISK-3"}, {"to": "RISK-5"}]
    recall = diff(review(observed_cascades=steps), CHAIN).recall
    assert (recall.k, recall.n) == (1, 3)


def test_a_check_out_of_a_risk_that_was_not_reached_is_no_trial() -> None:
    """A cascade whose source did not happen had no chance to fire, and did not fail to."""

    def seen(**fields: object) -> tuple[int, int]:
        incident = element("incident", id="INC-0", started_at="2024-01-01T00:00:00+00:00", risk="RISK-1", **fields)
        return trials("RISK-2", "RISK-3", RiskGraph.of([*CHAIN.elements.values(), incident]))

    checked = [{"from": "RISK-2", "to": "RISK-3"}]
    assert seen(checked=checked) == (0, 0)
    assert seen(checked=checked, reached=[{"from": "RISK-1", "to": "RISK-2"}]) == (0, 1)
    assert seen(reached=[{"from": "RISK-2", "to": "RISK-3"}]) == (1, 1)


def test_interval_comes_from_trials_recorded_before_the_start() -> None:
    """Without trials there is none; a later incident does not narrow it."""
    past = history(CHAIN)
    assert diff(review(observed_cascades=[{"to": "RISK-2"}]), past).predictions[0].interval is None

    def recorded(id_: str, kind: str = "incident") -> object:
        return element(
            "incident", id=id_, kind=kind, started_at="2023-09-01", risk="RISK-1",
            reached=[{"from": "RISK-1", "to": "RISK-2"}],
        )  # fmt: skip

    from riskgraph.edits import add

    before = after(past, [add(recorded("INC-0"))], effective="2023-09-10")  # type: ignore[arg-type]
    interval = diff(review(), before).predictions[0].interval
    assert interval is not None
    assert 0.4 < sum(interval) / 2 < 0.8
    later = after(before, [add(recorded("INC-2"))])  # type: ignore[arg-type]
    assert diff(review(), later).predictions[0].interval == interval
    external = after(past, [add(recorded("INC-0", "external"))], effective="2023-09-10")  # type: ignore[arg-type]
    assert diff(review(), external).predictions[0].interval is None
    near = after(past, [add(recorded("INC-0", "near_miss"))], effective="2023-09-10")  # type: ignore[arg-type]
    assert diff(review(), near).predictions[0].interval == interval


@pytest.mark.parametrize(("effective", "sealed"), [("2023-06-01", False), (None, None)])
def test_what_was_recorded_only_afterwards_is_unknown(effective: str | None, sealed: bool | None) -> None:  # noqa: FBT001
    """Nothing recorded before the start is "unknown", never "unmapped"."""
    result = diff(review(observed_cascades=[{"to": "RISK-2"}, {"to": "RISK-5"}]), history(CHAIN, effective))
    assert result.sealed is sealed
    if effective is None:
        assert {step.verdict for step in result.steps} == {"unknown"}
        assert result.recall.data() == {"value": None, "k": 0, "n": 0, "interval": None}
        assert result.predictions == ()
        assert result.findings() == ()


def test_names_are_those_of_the_day() -> None:
    """A name that only today's graph knows stays as written, so that the answer never changes."""
    from riskgraph.edits import add

    pir = review(observed_cascades=[{"to": "Partner feed is late"}])
    past = history(CHAIN)
    first = diff(pir, past).data()
    taught: History = after(past, [add(element("risk", id="RISK-6", name="Partner feed is late"))])
    assert diff(pir, taught).data() == first
    assert first["steps"][0]["to"] == "Partner feed is late"
    assert first["steps"][0]["new"] == ["Partner feed is late"]


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "\uff0d"])
def test_an_id_with_another_hyphen_is_that_id(hyphen: str) -> None:
    """Prevents: an id pasted from a word processor that becomes a risk which nobody had."""
    pir = review(
        related_risk=f"RISK{hyphen}1: Fire",
        observed_cascades=[{"from": f"RISK{hyphen}1", "to": f"RISK{hyphen}2"}],
        checked_not_affected=[{"from": f"RISK{hyphen}1", "to": f"RISK{hyphen}3"}],
    )
    found = diff(pir, graph(cascade("RISK-1", "RISK-2"), cascade("RISK-1", "RISK-3"), risks="RISK-1 RISK-2 RISK-3"))
    assert found.match.root == "RISK-1"
    assert [(step.step.pair, step.verdict) for step in found.steps] == [(("RISK-1", "RISK-2"), "mapped")]
    assert [one.verdict for one in found.predictions] == ["fired", "not_fired"]


def test_a_name_is_the_same_however_its_accents_are_encoded() -> None:
    """Prevents: a name typed on another system that becomes a risk which nobody had."""
    of = graph(element("risk", id="RISK-1", name="U\u0308berlauf"), element("risk", id="RISK-2", name="\u00c4rger"))
    found = diff(review(related_risk="\u00dcberlauf", observed_cascades=[{"to": "A\u0308RGER"}]), of)
    assert [step.step.pair for step in found.steps] == [("RISK-1", "RISK-2")]


def test_a_risk_named_in_prose_and_in_no_listed_step_is_noted() -> None:
    """Prevents: a structured list that leaves out what the timeline tells, and nobody notices."""
    pir = review(
        observed_cascades=[{"to": "RISK-2"}],
        timeline=[
            {"time": "2024-02-14T23:00:00Z", "event": "RISK-5 the day before"},
            {"time": "03:10", "event": "RISK-2 and RISK-3 fail"},
        ],
        risk_process_audit={"cascades_predicted": {"unexpected_cascades": "RISK-4"}},
    )
    found = diff(pir, graph(risks="RISK-1 RISK-2 RISK-3 RISK-4 RISK-5"))
    assert [step.step.pair for step in found.steps] == [("RISK-1", "RISK-2")]
    notes = [(one.rule, one.level, one.message.split()[0], one.field) for one in found.match.findings]
    assert notes == [
        ("id-in-no-step", "note", "RISK-4", "risk_process_audit.cascades_predicted.unexpected_cascades"),
        ("id-in-no-step", "note", "RISK-3", "timeline[1].event"),
    ]


def test_a_name_that_two_risks_have_is_noted() -> None:
    """Prevents: a review that is judged by the wrong one of two risks of the same name, without a word."""
    of = graph(
        element("risk", id="RISK-1", name="Fire"), element("risk", id="RISK-2", name="Smoke", aliases=("fire",)),
        element("risk", id="RISK-3", name="Flood"),
    )  # fmt: skip
    found = diff(review(related_risk="FIRE", observed_cascades=[{"to": "Flood"}]), of)
    assert (found.match.root, [step.step.pair for step in found.steps]) == ("RISK-1", [("RISK-1", "RISK-3")])
    notes = [(one.rule, one.level, one.message, one.field) for one in found.match.findings]
    said = "FIRE is RISK-1, which counts, and also RISK-2: write the id of the one that is meant"
    assert notes == [("name-shared", "warning", said, "related_risk")]
