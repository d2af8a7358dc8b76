"""What incidents teach of rates and probabilities: posteriors by hand, attribution, and proposals from history."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from scipy import stats

from riskgraph.edits import add, change
from riskgraph.history import History
from riskgraph.metrics.attribution import attribute
from riskgraph.metrics.learning import Strength, learn_cascades, learn_element, learn_risks
from riskgraph.model import Element
from riskgraph.proposal.learned import propose_from_history
from tests.builders import after, cascade, element, graph, history

YEARS = 4 * 365.25


def incident(number: int, at: str = "2024-02-15", **values: Any) -> Element:
    """An incident."""
    return element("incident", id=f"INC-{number:02}", started_at=at, **{"risk": "RISK-1", **values})


def pairs(*names: str) -> list[dict[str, str]]:
    """Pairs such as ``1>2`` of the risks of these numbers."""
    return [{"from": f"RISK-{name[0]}", "to": f"RISK-{name[2]}"} for name in names]


def with_(*incidents: Element, of: History | None = None) -> History:
    """A history with these incidents, and a map of three cascades."""
    first = of or history(
        graph(
            element("risk", id="RISK-1", likelihood={"per_year": 0.5}),
            cascade("RISK-1", "RISK-3", 0.3), cascade("RISK-2", "RISK-3", 0.6), cascade("RISK-1", "RISK-2"),
            risks="RISK-1 RISK-2 RISK-3",
        ),
        "2020-01-01",
    )  # fmt: skip
    return after(first, [add(one) for one in incidents])


def test_cascade_is_a_beta_posterior() -> None:
    """The expert counts for two trials, six were observed; a source that nobody looked at is no trial."""
    found = learn_cascades(
        with_(*(incident(n, checked=pairs("1>3")) for n in range(5)), incident(5, reached=pairs("1>3")))
    )
    one = found["RISK-1", "RISK-3"]
    posterior = stats.beta(0.6 + 1, 1.4 + 5)
    assert (one.k, one.n) == (1, 6)
    assert one.mean == pytest.approx(posterior.mean())
    assert one.interval == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)))
    assert one.says() == f"expert 0.3, evidence {one.interval[0]:.2g} to {one.interval[1]:.2g}, n = 6"
    assert ("RISK-2", "RISK-3") not in found


def test_without_an_expert_the_prior_is_uniform() -> None:
    """What was never estimated is learned from incidents alone."""
    one = learn_cascades(with_(incident(1, reached=pairs("1>2"))))["RISK-1", "RISK-2"]
    assert one.expert is None
    assert one.mean == pytest.approx(2 / 3)


def test_what_a_review_taught_is_no_expert() -> None:
    """The value that came from an incident must not count again, as a prior, beside that incident."""
    past = with_(incident(1, reached=pairs("1>3")))
    past = after(past, [change(past.graph.cascades["RISK-1", "RISK-3"], {"probability": 0.9}, incident="INC-01")])
    one = learn_element(("cascade", "RISK-1", "RISK-3"), past)
    assert one is not None
    assert one.expert == pytest.approx(0.3)


def test_external_trials_count_for_less() -> None:
    """What happened elsewhere is a hint: five of them are one of ours, unless said otherwise."""
    past = with_(incident(1, kind="external", reached=pairs("1>3")))
    one = learn_cascades(past)["RISK-1", "RISK-3"]
    assert [one.k, one.n] == pytest.approx([0.2, 0.2])
    assert (one.incidents, one.external) == ((), ("INC-01",))
    assert learn_cascades(past, Strength(external=0))["RISK-1", "RISK-3"].mean == pytest.approx(0.3)


def test_several_sources_share_what_they_reached() -> None:
    """One risk that was reached once is not two certain hits."""
    found = learn_cascades(with_(incident(1, reached=pairs("1>2", "1>3", "2>3"))))
    first, second = found["RISK-1", "RISK-3"], found["RISK-2", "RISK-3"]
    assert 0 < first.k < second.k < 1
    assert first.k + second.k >= 1
    assert found["RISK-1", "RISK-2"].k == 1


def test_rate_is_a_gamma_posterior() -> None:
    """Half a year expected, counted once; three in four years."""
    found = learn_risks(with_(*(incident(n, f"202{n}-06-01") for n in range(1, 4))), date(2023, 12, 31))["RISK-1"]
    years = (date(2024, 1, 1) - date(2020, 1, 1)).days / 365.25
    posterior = stats.gamma(1 + 3, scale=1 / (1 / 0.5 + years))
    assert found.n == 3
    assert found.years == pytest.approx(years)
    assert found.mean == pytest.approx(posterior.mean())
    assert found.interval == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)))


def test_a_mitigated_time_is_a_shorter_one() -> None:
    """Two years at a quarter of the rate say as much as half a year without the mitigation."""
    past = history(
        graph(
            element("risk", id="RISK-1", likelihood={"per_year": 2}),
            element("mitigation", id="MIT-1", status="implemented"),
            element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.75),
        ),
        "2022-01-01",
    )
    found = learn_risks(past, date(2023, 12, 31))["RISK-1"]
    years = 730 / 365.25
    assert found.expert == pytest.approx(0.5)
    assert found.mean == pytest.approx(0.25 * 1 / (1 / 2 + years * 0.25))


def test_attribution_of_one_certain_source_is_certain() -> None:
    """With a partner that cannot fire there is nothing to share."""
    a, b = ("A", "C"), ("B", "C")
    hits = attribute({}, [(a, b)], {a: (1.0, 1.0), b: (1e-9, 1.0)})
    assert hits[a] == pytest.approx(1, abs=1e-6)


def test_attribution_finds_the_truth() -> None:
    """EM on 4,000 simulated incidents, half of them with both sources active, comes back to 0.6 and 0.2."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    a, b = ("A", "C"), ("B", "C")
    alone = {a: [0.0, 0.0], b: [0.0, 0.0]}
    together: list[tuple[tuple[str, str], ...]] = []
    for _ in range(2000):
        for pair, p in ((a, 0.6), (b, 0.2)):
            alone[pair][0] += chance.random() < p
            alone[pair][1] += 1
        if (chance.random() < 0.6) | (chance.random() < 0.2):
            together.append((a, b))
    missed = 2000 - len(together)
    counted = {pair: (hits, n + missed) for pair, (hits, n) in alone.items()}
    hits = attribute(counted, together, {a: (1.0, 1.0), b: (1.0, 1.0)})
    assert hits[a] / 4000 == pytest.approx(0.6, abs=0.02)
    assert hits[b] / 4000 == pytest.approx(0.2, abs=0.02)


def proposed(past: History, until: date = date(2023, 12, 31)) -> dict[str, Any]:
    """The values that history proposes, by element."""
    return {" ".join(one.edit.key): one.edit.set for one in propose_from_history(past, "g", until).edits}


def test_history_proposes_what_it_contradicts() -> None:
    """Twelve in four years contradict one in two; ten of ten contradict 0.3."""
    incidents = [incident(n, f"202{n % 4}-0{n % 9 + 1}-01", reached=pairs("1>3")) for n in range(1, 13)]
    past = with_(*incidents)
    found = proposed(past)
    assert found == {
        "risk RISK-1": {"likelihood": {"per_year": pytest.approx(13 / 6, abs=0.01)}},
        "cascade RISK-1 RISK-3": {"probability": pytest.approx((0.6 + 12) / 14, abs=0.001)},
    }
    edit = propose_from_history(past, "g", date(2023, 12, 31)).edits[0].edit
    assert edit.because is not None
    assert edit.because.text.startswith("expert 0.5, evidence ")
    assert (edit.incident, edit.confidence) == ("INC-07", "derived")  # the last one to begin


@pytest.mark.parametrize(
    "incidents",
    [
        [incident(1, "2020-06-01", occurrences={"count": 9, "period": "1 month"}, reached=pairs("1>3"))],
        [incident(n, f"202{n}-06-01", reached=pairs("1>3"), checked=pairs("2>3")) for n in range(2)],
        [],
    ],
    ids=["one incident alone", "what the interval holds", "silence"],
)
def test_history_proposes_nothing_on_little(incidents: list[Element]) -> None:
    """A rare risk happens in some year, and what nobody reviews is not safe."""
    assert proposed(with_(*incidents)) == {}


def test_a_score_moves_to_the_band_of_what_was_learned() -> None:
    """A register with scores is proposed a score, never a rate."""
    past = history(graph(element("risk", id="RISK-1", likelihood=1)), "2020-01-01")
    past = with_(*(incident(n, f"202{n % 4}-0{n + 1}-01") for n in range(8)), of=past)
    assert proposed(past) == {"risk RISK-1": {"likelihood": 2}}


def test_applying_settles_it() -> None:
    """What was taken up is not proposed again."""
    past = history(graph(element("risk", id="RISK-1", likelihood=1)), "2020-01-01")
    past = with_(*(incident(n, f"202{n % 4}-0{n + 1}-01") for n in range(8)), of=past)
    (decided,) = propose_from_history(past, "g", date(2023, 12, 31)).edits
    assert propose_from_history(after(past, [decided.edit]), "g", date(2023, 12, 31)).edits == ()
