"""The shares and detection of small graphs, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.edits import add
from riskgraph.history import History
from riskgraph.metrics.measure import Measured, measure
from riskgraph.metrics.metric import quantile
from riskgraph.metrics.window import Window, find_window
from riskgraph.model import Element
from tests.builders import CLOCK, after, cascade, element, graph, history

MAP = graph(
    element("risk", id="RISK-1", category="data", likelihood={"per_year": 2}),
    element("risk", id="RISK-9", since="2024-06-01"),
    cascade("RISK-1", "RISK-2", 0.5),
    cascade("RISK-2", "RISK-3", 0.5),
    element("mitigation", id="MIT-1", status="implemented"),
    element("mitigation", id="MIT-2", status="planned"),
    element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.5),
    element("blocks", mitigation="MIT-1", from_="RISK-2", to="RISK-3", effectiveness=0.5),
    element("indicator", id="IND-1", detects_within="15m"),
    element("indicator", id="IND-2", detects_within="1h"),
    element("watches", indicator="IND-1", risk="RISK-1"),
    element("watches", indicator="IND-2", risk="RISK-1"),
    risks="RISK-1 RISK-2 RISK-3 RISK-4",
)


def incident(number: int, risk: str | None = "RISK-1", at: str = "2024-02-15T03:00:00Z", **values: Any) -> Element:
    """An incident that was reviewed."""
    return element("incident", id=f"INC-{number}", risk=risk, started_at=at, verdicts={"in_register": "yes"}, **values)


def measured(
    *incidents: Element, of: History | None = None, since: str | None = None, until: str | None = None
) -> Measured:
    """The metrics of these incidents."""
    past = after(of or history(MAP), [add(one) for one in incidents])
    from datetime import date

    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return measure(past, find_window(past, first, last, CLOCK.date()))


def steps(*pairs: str) -> list[dict[str, str]]:
    """Steps such as ``1>2`` between the risks of these numbers."""
    return [{"from": f"RISK-{pair[0]}", "to": f"RISK-{pair[2]}"} for pair in pairs]


def test_in_register_is_judged_by_the_graph_of_then() -> None:
    """A root recorded afterwards does not count as known, whatever the review claimed."""
    found = measured(
        *(incident(number) for number in range(1, 5)),
        incident(5, "RISK-9", "2024-05-31T23:59:00Z", claims={"in_register": "yes"}),
        incident(6, "RISK-9", "2024-06-01T00:00:00Z"),
        incident(7, None),
    ).in_register.data()
    assert (found["value"], found["k"], found["n"]) == (5 / 7, 5, 7)
    assert found["interval"] == pytest.approx([0.3589, 0.9178], abs=1e-4)
    assert (found["sealed"]["k"], found["declared"]["k"]) == (0, 7)


def test_in_register_is_about_incidents() -> None:
    """Near misses and external events have numbers of their own, and never move the headline."""
    found = measured(incident(1), incident(2, kind="near_miss"), incident(3, None, kind="external")).in_register.data()
    assert (found["k"], found["n"], found["value"]) == (1, 1, None)
    assert {kind: (one["k"], one["n"]) for kind, one in found["by_kind"].items()} == {
        "incident": (1, 1), "near_miss": (1, 1), "external": (0, 1),
    }  # fmt: skip


def test_what_cannot_be_told_is_no_miss() -> None:
    """Before anything was recorded nothing was predicted: such an incident is named and not counted."""
    found = measured(incident(1, at="2023-01-01"), incident(2)).in_register.data()
    assert (found["n"], found["incidents"], found["missing"]) == (1, ["INC-2"], ["INC-1"])


def test_cascades_and_their_precision() -> None:
    """Indirect is not mapped; precision counts what was tried, and a blocked cascade was not."""
    found = measured(
        incident(1, reached=steps("1>2", "1>3")),  # mapped, indirect
        incident(2, reached=steps("2>1", "1>4")),  # reversed, unmapped
        incident(3, reached=steps("1>2"), checked=steps("2>3")),  # mapped, blocked
        incident(4, checked=steps("1>2", "1>4")),  # not fired; the map has no 1>4
        incident(5, reached=steps("1>2"), kind="external"),
    ).cascades_predicted.data()
    assert (found["value"], found["k"], found["n"]) == (2 / 5, 2, 5)
    assert found["verdicts"] == {"mapped": 2, "indirect": 1, "reversed": 1, "unmapped": 1, "new_risk": 0}
    # 2>1 is a step of INC-2 and so is not one of these; 1>2 was tried in INC-2 by nobody.
    assert (found["precision"]["k"], found["precision"]["n"]) == (2, 3)
    assert found["by_kind"]["external"]["n"] == 1


def test_a_step_that_was_not_recorded_was_not_mapped() -> None:
    """Rejecting a new risk must not make the map look better than it was."""
    found = measured(incident(1, reached=steps("1>2"), unrecorded=2)).cascades_predicted.data()
    assert (found["k"], found["n"]) == (1, 3)


def test_mitigations() -> None:
    """Held of challenged; not in place is its own class, unknown is none, near misses count, external ones do not."""

    def tested(*outcomes: str) -> list[dict[str, str]]:
        return [{"mitigation": f"MIT-{place}", "outcome": outcome} for place, outcome in enumerate(outcomes, 1)]

    found = measured(
        incident(1, tested=tested("held", "not_in_place")),
        incident(2, tested=tested("failed", "not_in_place")),
        incident(3, tested=tested("partly", "unknown")),
        incident(4, kind="near_miss", tested=tested("held", "held")),
        incident(5, kind="external", tested=tested("failed")),
    ).mitigations_worked.data()
    assert (found["value"], found["held"], found["challenged"], found["not_in_place"]) == (3 / 5, 3, 5, 2)


def test_detection() -> None:
    """Quartiles of actual minus expected; the expectation is the review's, else the quickest indicator's."""
    minutes = (15, 20, 30, 60, 135)
    found = measured(
        *(incident(number, detected_after=f"{late}m") for number, late in enumerate(minutes, 1)),
        incident(6, detected_after="10m", expected_detection="1h"),
        incident(7, "RISK-2", detected_after="1h"),
    ).detection.data()
    # minus 15 minutes each: 0, 5, 15, 45, 120; and -50
    assert [found[name] / 60 for name in ("q1", "median", "q3", "mean")] == [1.25, 10, 37.5, 22.5]
    assert (found["n"], found["share_within"]["k"], found["missing"]) == (6, 2, ["INC-7"])


def test_few_data_are_no_number() -> None:
    """One of one is not 100 %."""
    found = measured(incident(1, detected_after="1h", reached=steps("1>2")))
    assert found.cascades_predicted.data()["value"] is None
    assert found.detection.data()["median"] is None
    assert found.detection.data()["n"] == 1


def test_a_window_has_its_last_day() -> None:
    """Nobody who asks for a year means that New Year's Eve does not count."""
    days = [
        incident(1, at="2023-12-31T23:59:59Z"),
        incident(2, at="2024-01-01"),
        incident(3, at="2024-12-31T23:00:00Z"),
    ]
    found = measured(*days, incident(4, at="2025-01-01"), since="2024-01-01", until="2024-12-31")
    assert found.in_register.data()["incidents"] == ["INC-2", "INC-3"]


def test_only_logged_is_not_reviewed() -> None:
    """An incident without a review counts for the register and for nothing that only a review can tell."""
    logged = element("incident", id="INC-9", risk="RISK-1", started_at="2024-03-01")
    found = measured(incident(1, reached=steps("1>2")), logged)
    assert (found.reviewed.k, found.reviewed.n) == (1, 2)
    assert found.in_register.data()["n"] == 2
    assert found.cascades_predicted.data()["missing"] == ["INC-9"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    """Type 7 is what a spreadsheet's QUARTILE gives."""
    import numpy as np

    assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-6)


@given(
    st.lists(
        st.tuples(st.sampled_from(["RISK-1", "RISK-2", "RISK-9", None]), st.integers(0, 700), st.booleans()),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_splits_are_parts_and_order_does_not_matter(drawn: list[tuple[str | None, int, bool]], random: Any) -> None:
    """Quarters, categories and severities add up to the whole; incidents may come in any order."""
    from datetime import date, timedelta

    incidents = [
        incident(
            number, risk, (date(2023, 6, 1) + timedelta(days=day)).isoformat(), severity="High" if high else None,
            reached=steps("1>2", "1>3") if high else [],
        )
        for number, (risk, day, high) in enumerate(drawn)
    ]  # fmt: skip
    whole = measured(*incidents).data()
    random.shuffle(incidents)
    assert measured(*incidents).data() == whole
    for name in ("in_register", "cascades_predicted", "mitigations_worked"):
        for by in ("by_quarter", "by_category", "by_severity"):
            parts = whole[name][by].values()
            assert (sum(one["k"] for one in parts), sum(one["n"] for one in parts)) == (
                whole[name]["k"],
                whole[name]["n"],
            )


def test_quarters_tile_the_window() -> None:
    """No day is in two quarters, or in none."""
    from datetime import date

    window = Window(date(2023, 11, 15), date(2024, 5, 1))
    spans = window.quarters()
    assert list(spans) == ["2023-Q4", "2024-Q1", "2024-Q2"]
    edges = [edge for span in spans.values() for edge in span]
    assert (edges[0], edges[-1]) == (window.start, window.end)
    assert edges[1:-1:2] == edges[2::2]


def test_every_part_says_as_much_as_the_whole() -> None:
    """A quarter has its interval, who vouches for it and its incidents by name; one without incidents is there too."""
    found = measured(incident(1), incident(2, at="2024-11-01"), incident(3, "RISK-9"), until="2024-12-31").data()
    quarters = ["2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    for name in ("in_register", "probability_gap", "cascades_predicted", "mitigations_worked", "detection"):
        assert list(found[name]["by_quarter"]) == quarters
    first = found["in_register"]["by_quarter"]["2024-Q1"]
    assert (first["k"], first["n"], first["value"], first["incidents"]) == (1, 2, None, ["INC-1", "INC-3"])
    assert first["declared"]["n"] == 2
    assert first["interval"] is not None
    assert found["in_register"]["by_quarter"]["2023-Q3"]["n"] == 0
    gap = found["probability_gap"]["by_quarter"]["2024-Q1"]
    low, high = gap["interval"]
    assert low < gap["gap"] < high


def test_median_has_an_interval() -> None:
    """Of five delays it is their range; of fewer there is none."""
    delays = ["5m", "10m", "20m", "30m", "5h"]
    incidents = [incident(n, detected_after=delay, expected_detection="10m") for n, delay in enumerate(delays)]
    assert measured(*incidents).detection.data()["interval"] == [-300, 17400]
    assert measured(*incidents[:4]).detection.data()["interval"] is None
