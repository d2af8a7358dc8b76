"""The unseen, claims against verdicts and learning, against published values and numbers worked by hand."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.edits import add, change
from riskgraph.history import History
from riskgraph.metrics.agreement import Agreement, compare_claims
from riskgraph.metrics.beyond import look_beyond
from riskgraph.metrics.improvement import compare_maps
from riskgraph.metrics.judged import judge_incidents
from riskgraph.metrics.measure import measure
from riskgraph.metrics.unseen import Next, Unseen, count_unseen
from riskgraph.metrics.window import Window, find_window
from riskgraph.model import Element
from riskgraph.statistics import Proportion, share_interval
from tests.builders import CLOCK, after, cascade, element, graph, history


def incident(number: int, at: str = "2024-02-15", **values: Any) -> Element:
    """An incident."""
    return element("incident", id=f"INC-{number}", started_at=at, risk="RISK-1", **values)


def test_kappa_of_cohen() -> None:
    """Cohen 1960, the table of 200 psychiatric diagnoses by two judges: kappa is 0.492."""
    table = {("a", "a"): 88, ("a", "b"): 14, ("a", "c"): 18, ("b", "a"): 10, ("b", "b"): 40, ("b", "c"): 10,
             ("c", "a"): 2, ("c", "b"): 6, ("c", "c"): 12}  # fmt: skip
    found = Agreement("", tuple(table.items()))
    assert found.kappa == pytest.approx(0.492, abs=5e-4)


def test_interval_of_kappa_by_hand() -> None:
    """Fifty subjects, 35 agreed, 0.5 by chance: kappa 0.4, and the score interval of 0.7 beyond that chance."""
    found = Agreement("", ((("y", "y"), 20), (("y", "n"), 5), (("n", "y"), 10), (("n", "n"), 15)))
    assert found.kappa == pytest.approx(0.4)
    low, high = Proportion(35, 50).interval or (0, 0)
    assert found.interval == pytest.approx(((low - 0.5) / 0.5, (high - 0.5) / 0.5))


def test_full_agreement_of_few_is_not_certain() -> None:
    """Five of five prove less than fifty of fifty."""
    few, many = (Agreement("", ((("y", "y"), 4 * n), (("n", "n"), n))) for n in (1, 10))
    assert (few.kappa, many.kappa) == (1, 1)
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval[0] < 0.5 < many.interval[0] < few.interval[1] == 1


def test_kappa_needs_data_and_a_difference() -> None:
    """Four answers prove nothing, nor do twenty of a review that always says yes."""
    assert Agreement("", ((("yes", "yes"), 2), (("no", "no"), 2))).kappa is None
    assert Agreement("", ((("yes", "yes"), 20),)).kappa is None
    assert Agreement("", ((("yes", "yes"), 18), (("yes", "no"), 2))).kappa is None


def test_claims_are_held_against_verdicts() -> None:
    """A verdict that decides nothing is no disagreement, and "no" in other words is none either."""
    answers = [("yes", "yes"), ("no", "underestimated"), ("yes", "underestimated"), ("yes", "unknown"), (None, "yes")]
    incidents = [
        incident(n, claims={"probability_accurate": claim} if claim else {}, verdicts={"probability_accurate": verdict})
        for n, (claim, verdict) in enumerate(answers)
    ]
    past = after(history(graph(risks="RISK-1")), [add(one) for one in incidents])
    window = find_window(past, None, None, CLOCK.date())
    found = {one.question: one for one in compare_claims(judge_incidents(past, window))}["probability_accurate"]
    assert (found.agreed.k, found.agreed.n, found.contradicted) == (2, 3, ("INC-2",))
    assert found.data()["agreed"]["value"] is None


def test_chao1_of_a_published_example() -> None:
    """Bias-corrected: 3 seen once and 1 twice, of 6 kinds, in 20 sightings."""
    found = Unseen(20, 6, 3, 1, Next(1, 0, 20))
    assert found.total == pytest.approx(6 + 19 / 20 * 3 * 2 / (2 * 2))
    assert found.new.data()["value"] == pytest.approx(3 / 20)
    assert found.interval is not None
    assert 6 < found.interval[0] < 7.425 < found.interval[1]


def test_few_sightings_say_nothing_of_the_unseen() -> None:
    """Three incidents of three risks are no estimate of how many risks there are."""
    found = count_unseen(zip("abc", [False] * 3, strict=True))
    assert (found.total, found.interval, found.data()["next_is_new"]["value"]) == (None, None, None)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=5, max_size=40))
def test_there_are_at_least_as_many_as_were_seen(sightings: list[str]) -> None:
    """An estimate below what was seen is wrong for certain; the order of incidents does not matter."""
    found = count_unseen((one, True) for one in sightings)
    assert found == count_unseen((one, True) for one in sorted(sightings))
    assert found.total is not None
    assert found.interval is not None
    assert found.seen <= found.interval[0] <= found.interval[1]
    assert found.seen <= found.total


def test_what_is_written_down_is_no_news() -> None:
    """Eight incidents of eight registered risks do not say that the next one is of a risk that nobody has."""
    found = count_unseen((one, True) for one in "abcdefgh")
    assert found.new.data()["value"] == 1
    assert found.unwritten.data()["value"] == 0
    # One was in no register and came once, one came again after it was written down, of one nobody can tell.
    told = [("x", False), ("y", False), ("y", True), ("a", True), ("b", True), ("b", True), ("z", None)]
    assert count_unseen(told).unwritten == Next(1, 1, 6)


def test_interval_of_what_is_new_by_hand() -> None:
    """20 sightings, 6 kinds seen once and 3 twice: the variance of Esty is (6 (1 - 0.3) + 2 3) / 20^2 = 0.0255."""
    low, high = Next(6, 3, 20).interval or (0, 0)
    assert low == pytest.approx(max(0, 0.3 - 1.959964 * math.sqrt(0.0255)))
    worth = 0.3 * 0.7 / 0.0255
    assert high == pytest.approx(share_interval(0.3, worth)[1])


def learned() -> History:
    """A map that had no 1 -> 3 until it was learned from the third of six incidents, in which it fired."""
    past = history(graph(cascade("RISK-1", "RISK-2", 0.5), risks="RISK-1 RISK-2 RISK-3"))
    steps = [{"from": "RISK-1", "to": "RISK-3"}]
    for n in range(6):
        past = after(past, [add(incident(n, f"2024-0{n + 1}-10", reached=steps))], effective=f"2024-0{n + 1}-11")
        if n == 2:
            past = after(past, [add(cascade("RISK-1", "RISK-3", 0.5))], effective="2024-03-12")
    return past


def test_learning_is_the_gain_over_the_first_map() -> None:
    """Three of six steps are mapped by the map of the day and none by the first: a floor of 0.01 against 0.5."""
    past = learned()
    window = Window(date(2023, 6, 1), date(2024, 12, 31))
    found = compare_maps(judge_incidents(past, window), past)
    assert found.recall == pytest.approx(0.5)
    assert found.bits == pytest.approx((math.log2(100) - 1) / 2)
    assert found.recall_interval is not None
    assert 0 <= found.recall_interval[0] < 0.5 < found.recall_interval[1] <= 1
    assert [one.day.mapped for one in found.series] == [0, 0, 0, 1, 1, 1]
    assert [one["recall_first_map"] for one in found.data()["series"]] == [0] * 6


def test_the_same_seed_gives_the_same_interval() -> None:
    """A report that changes each time it is made cannot be compared with the last one."""
    past = learned()
    judged = judge_incidents(past, Window(date(2023, 6, 1), date(2024, 12, 31)))
    assert compare_maps(judged, past, 7) == compare_maps(judged, past, 7)


def test_learning_needs_incidents() -> None:
    """One incident that went better is no proof."""
    past = learned()
    found = compare_maps(judge_incidents(past, Window(date(2023, 6, 1), date(2024, 4, 15))), past)
    assert (found.recall, found.bits, len(found.series)) == (None, None, 4)


def test_a_map_that_never_changed_shows_no_learning() -> None:
    """Zero from nine incidents that all came before the first lesson is no measurement of the loop."""
    past = history(graph(cascade("RISK-1", "RISK-2", 0.5), risks="RISK-1 RISK-2 RISK-3"))
    past = after(past, [add(incident(n, reached=[{"from": "RISK-1", "to": "RISK-2"}])) for n in range(9)])
    found = compare_maps(judge_incidents(past, Window(date(2023, 6, 1), date(2024, 12, 31))), past)
    assert (len(found.series), found.after_change, found.recall, found.bits) == (9, 0, None, None)


def test_metrics_do_not_change_with_what_is_learned_later() -> None:
    """An incident is judged by the map of its day: closing the gap today does not make last year better."""
    past = learned()
    window = Window(date(2023, 6, 1), date(2024, 3, 31))
    more = [
        change(past.graph.cascades["RISK-1", "RISK-2"], {"probability": 0.9}),
        add(cascade("RISK-2", "RISK-3", 0.1)),
    ]
    before, now = measure(past, window), measure(after(past, more), window)
    assert before.data() == now.data()
    assert look_beyond(before, past).data() == look_beyond(now, past).data()
