"""Predicted and observed occurrences, and Brier scores, against sums done by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.edits import add, change, diff_graphs
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.metrics.calibration import Forecast, calibrate
from riskgraph.metrics.judged import judge_incidents
from riskgraph.metrics.measure import measure
from riskgraph.metrics.probability import measure_probability
from riskgraph.metrics.window import Window
from riskgraph.model import Element
from riskgraph.statistics import count_interval
from tests.builders import CLOCK, after, element, graph, history

YEAR = 365.25


def risk(id_: str, per_year: float | None, **values: Any) -> Element:
    """A risk with a rate."""
    return element("risk", id=id_, likelihood=None if per_year is None else {"per_year": per_year}, **values)


def incident(number: int, risk_: str, at: str, **values: Any) -> Element:
    """An incident."""
    return element("incident", id=f"INC-{number}", risk=risk_, started_at=at, **values)


def data(past: History, *incidents: Element, since: str = "2024-01-01", until: str = "2024-12-31") -> dict[str, Any]:
    """The metric over 2024, which has 366 days."""
    known = after(past, [add(one) for one in incidents]) if incidents else past
    window = Window(date.fromisoformat(since), date.fromisoformat(until))
    return measure_probability(judge_incidents(known, window), known, window).data()


def test_predicted_is_the_integral_of_the_rates_of_each_day() -> None:
    """A rate that was learned in July did not predict anything in June."""
    past = history(graph(risk("RISK-1", 2), risk("RISK-2", 1, since="2024-10-01")))
    past = after(past, [change(past.graph.risks["RISK-1"], {"likelihood": {"per_year": 12}})], effective="2024-07-01")
    found = data(past, incident(1, "RISK-1", "2024-03-01"), incident(2, "RISK-1", "2024-08-01"))
    expected = 2 * 182 / YEAR + 12 * 184 / YEAR + 92 / YEAR
    assert found["predicted"] == pytest.approx(expected)
    assert (found["observed"], found["gap"]) == (2, pytest.approx(expected - 2))
    low, high = count_interval(2)
    assert found["interval"] == pytest.approx([expected - high, expected - low])


def test_current_rates_count() -> None:
    """Only an implemented mitigation lowers a rate, from the day on which it counts; a closed risk has none."""
    past = history(
        graph(
            risk("RISK-1", 4), risk("RISK-2", 100, status="closed"),
            element("mitigation", id="MIT-1", status="planned"),
            element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.75),
        )
    )  # fmt: skip
    done = change(past.graph.mitigations["MIT-1"], {"status": "implemented"})
    found = data(after(past, [done], effective="2024-07-01"))
    assert found["predicted"] == pytest.approx((4 * 182 + 1 * 184) / YEAR)


def test_what_has_no_estimate_is_left_out_and_counted() -> None:
    """An absent likelihood is not 0, and an occurrence of such a risk is no error of a prediction."""
    past = history(graph(risk("RISK-1", 1), risk("RISK-2", None)))
    found = data(
        past, incident(1, "RISK-2", "2024-02-01"), incident(2, "RISK-1", "2024-02-01"),
        incident(3, "RISK-1", "2024-02-02", kind="near_miss"), incident(4, "RISK-1", "2024-02-03", kind="external"),
    )  # fmt: skip
    assert (found["observed"], found["missing"]) == (1, ["INC-1"])
    assert found["not_estimated"] == {"risks": 1, "occurrences": 1}
    assert (found["by_kind"]["near_miss"]["observed"], found["by_kind"]["external"]["observed"]) == (1, 1)


def test_a_root_that_was_not_registered_then_was_not_predicted() -> None:
    """What was added because of an incident did not predict it."""
    past = history(graph(risk("RISK-1", 1), risk("RISK-2", 1, since="2024-06-01")))
    found = data(past, incident(1, "RISK-2", "2024-05-01"), incident(2, "RISK-2", "2024-06-02"))
    assert (found["observed"], found["incidents"]) == (1, ["INC-2"])


@pytest.mark.parametrize(
    ("occurrences", "observed"),
    [
        ({"count": 3, "period": "3 months"}, 4),  # INC-1 lies before the period
        ({"count": 3, "period": "5 months"}, 3),  # of which two are recorded
        ({"count": 2, "period": "5 months"}, 2),
        ({"count": 9, "period": "2 years"}, 2),  # began before the window
    ],
)
def test_what_a_review_counts_is_never_added_to_what_is_recorded(occurrences: dict[str, Any], observed: int) -> None:
    """A third time in five months is three, of which the recorded ones are a part."""
    past = history(graph(risk("RISK-1", 1)), "2023-01-01")
    found = data(
        past, incident(1, "RISK-1", "2024-05-01"), incident(2, "RISK-1", "2024-09-15", occurrences=occurrences)
    )
    assert found["observed"] == observed
    assert found["recorded"] == 2


def test_periods_that_overlap_count_once() -> None:
    """The third in six months, and a month later the fourth in seven, are four, not seven."""
    past = history(graph(risk("RISK-1", 1)), "2023-01-01")
    found = data(
        past, incident(1, "RISK-1", "2024-08-01", occurrences={"count": 3, "period": "6 months"}),
        incident(2, "RISK-1", "2024-09-01", occurrences={"count": 4, "period": "7 months"}),
    )  # fmt: skip
    assert found["observed"] == 4


def test_bands() -> None:
    """Two bands that are wrong in opposite directions are not right together."""
    past = history(graph(element("risk", id="RISK-1", likelihood=3), risk("RISK-2", 10), risk("RISK-3", 0.05)))
    found = data(past, *(incident(number, "RISK-1", "2024-02-01") for number in range(8)))
    assert list(found["by_band"]) == ["1", "3", "4"]  # bounds 0.1, 1, 4, 24 a year
    three = found["by_band"]["3"]
    assert (three["predicted"], three["observed"]) == (
        pytest.approx(2 * 366 / YEAR),
        8,
    )  # the geometric mean of 1 and 4
    assert three["absolute"] == -three["gap"]
    assert found["absolute"] == pytest.approx(sum(one["absolute"] for one in found["by_band"].values()))
    assert found["absolute"] > abs(found["gap"])


def test_quarters_and_categories_add_up() -> None:
    """No day's expectation is lost between two quarters."""
    past = history(graph(risk("RISK-1", 3, category="a"), risk("RISK-2", 7, category="b")))
    found = data(past, incident(1, "RISK-1", "2024-02-01"), incident(2, "RISK-2", "2024-12-31T12:00:00Z"))
    for by in ("by_quarter", "by_category"):
        assert sum(one["predicted"] for one in found[by].values()) == pytest.approx(found["predicted"])
        assert sum(one["observed"] for one in found[by].values()) == found["observed"]


def test_brier_over_risk_years() -> None:
    """A forecast is the probability of at least one in the year, by the rate of its first day."""
    import math

    risks = [risk(f"RISK-{number}", 0.5) for number in range(1, 6)]
    past = after(history(graph(*risks)), [change(risks[0], {"likelihood": {"per_year": 50}})], effective="2024-06-01")
    found = data(past, incident(1, "RISK-1", "2024-02-01"), incident(2, "RISK-1", "2024-03-01"))
    p = 1 - math.exp(-0.5 * 366 / YEAR)
    assert found["brier"] == pytest.approx(((p - 1) ** 2 + 4 * p**2) / 5)
    assert found["reliability"] == pytest.approx((p - 0.2) ** 2)
    assert found["uncertainty"] == pytest.approx(0.16)
    assert found["risk_years"] == 5


def test_years_are_cut_as_near_to_a_year_as_can_be() -> None:
    """Two years and a day are two risk-years, not three, one of which lasts a day."""
    past = history(graph(*(risk(f"RISK-{number}", 0.5) for number in range(1, 4))))
    assert data(past, until="2026-01-01")["risk_years"] == 6
    assert data(past)["brier"] is None


def test_brier_by_hand() -> None:
    """Ten forecasts of rain and what came (worked by hand): no score may depend on how bins are cut."""
    forecasts = [
        Forecast("R", CLOCK, p, happened)
        for p, happened in [(0.1, False)] * 4
        + [(0.3, False), (0.3, True), (0.7, True), (0.7, False), (0.9, True), (0.9, True)]
    ]  # fmt: skip
    found = calibrate(forecasts)
    assert found.brier == pytest.approx((4 * 0.01 + 0.09 + 0.49 + 0.09 + 0.49 + 2 * 0.01) / 10)
    assert found.uncertainty == pytest.approx(0.24)
    assert found.reliability == pytest.approx((4 * 0.01 + 2 * 0.04 + 2 * 0.04 + 2 * 0.01) / 10)
    assert found.resolution == pytest.approx((4 * 0.16 + 2 * 0.01 + 2 * 0.01 + 2 * 0.36) / 10)
    assert found.brier is not None
    assert found.skill == pytest.approx(1 - found.brier / 0.24)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=5, max_size=40))
def test_murphys_parts_add_up(drawn: list[tuple[float, bool]]) -> None:
    """Reliability, resolution and uncertainty are parts of the score, not three numbers beside it."""
    found = calibrate([Forecast("R", CLOCK, p, happened) for p, happened in drawn])
    assert found.brier is not None
    assert found.reliability is not None
    assert found.resolution is not None
    assert found.uncertainty is not None
    assert found.within is not None
    parts = found.reliability - found.resolution + found.uncertainty + found.within
    assert found.brier == pytest.approx(parts, abs=1e-12)
    assert 0 <= found.brier <= 1


@pytest.mark.parametrize(("n", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)])
def test_interval_of_a_count(n: int, low: float, high: float) -> None:
    """Garwood 1936, as tabled by Ulm 1990; none observed is not "exactly none"."""
    assert count_interval(n) == pytest.approx((low, high), rel=1e-3)


def test_a_register_of_today_predicted_nothing_before() -> None:
    """An import without a date is no prediction of last year."""
    past = after(History(), diff_graphs(RiskGraph(), graph(risk("RISK-1", 5))))
    found = data(past, incident(1, "RISK-1", "2024-02-01"))
    assert (found["predicted"], found["observed"], found["missing"]) == (0, 0, ["INC-1"])


def test_nothing_registered_has_no_gap_to_be_sure_of() -> None:
    """An empty store predicted nothing, which is no prediction of nothing."""
    found = measure(History(), Window(date(2024, 1, 1), date(2024, 12, 31))).probability_gap.data()
    assert (found["predicted"], found["observed"], found["interval"], found["brier"]) == (0, 0, None, None)
