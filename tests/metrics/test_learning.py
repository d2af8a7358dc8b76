"""What incidents teach of rates and probabilities: posteriors by hand, attribution, and proposals from history."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from scipy import stats

from riskgraph.edits import add, change
from riskgraph.history import History
from riskgraph.metrics.attribution import Trials, attribute
from riskgraph.metrics.denominators import count_challenges
from riskgraph.metrics.learning import Strength, learn_cascades, learn_element, learn_risks
from riskgraph.metrics.window import Window
from riskgraph.model import Element
from riskgraph.proposal.learned import propose_from_history
from riskgraph.statistics import say_evidence
from tests.builders import after, cascade, element, graph, history

FOUR = Window(date(2020, 1, 1), date(2023, 12, 31))


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
    assert one.says() == "expert 0.30, evidence 0.02 to 0.52, n = 6"
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
    assert learn_cascades(past, strength=Strength(external=0))["RISK-1", "RISK-3"].mean == pytest.approx(0.3)


def test_several_sources_share_what_they_reached() -> None:
    """One risk that was reached once is not two certain hits."""
    found = learn_cascades(with_(incident(1, reached=pairs("1>2", "1>3", "2>3"))))
    first, second = found["RISK-1", "RISK-3"], found["RISK-2", "RISK-3"]
    assert 0 < first.k < second.k < 1
    assert first.k + second.k >= 1
    assert found["RISK-1", "RISK-2"].k == 1


def test_rate_is_a_gamma_posterior() -> None:
    """Half a year expected, counted once; three in four years."""
    found = learn_risks(with_(*(incident(n, f"202{n}-06-01") for n in range(1, 4))), FOUR)["RISK-1"]
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
    found = learn_risks(past, FOUR)["RISK-1"]
    years = 730 / 365.25
    assert found.expert == pytest.approx(0.5)
    assert found.mean == pytest.approx(0.25 * 1 / (1 / 2 + years * 0.25))


def test_attribution_of_one_certain_source_is_certain() -> None:
    """With a partner that cannot fire there is nothing to share."""
    a, b = ("A", "C"), ("B", "C")
    found = attribute({}, [((a, 1.0), (b, 1.0))], {a: (1.0, 1.0), b: (1e-9, 1.0)})
    assert found[a].fired == pytest.approx(1, abs=1e-6)
    assert (found[a].mean, found[a].strength) == pytest.approx((2 / 3, 3), abs=1e-6)


def test_attribution_finds_the_truth() -> None:
    """EM on 4,000 simulated incidents, half of them with both sources active, comes back to 0.6 and 0.2."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    a, b = ("A", "C"), ("B", "C")
    alone = {a: Trials(), b: Trials()}
    together = []
    for _ in range(2000):
        for pair, p in ((a, 0.6), (b, 0.2)):
            alone[pair].add(fired=chance.random() < p)
        if (chance.random() < 0.6) | (chance.random() < 0.2):
            together.append(((a, 1.0), (b, 1.0)))
        else:
            alone[a].add(fired=False)
            alone[b].add(fired=False)
    found = attribute(alone, together, {a: (1.0, 1.0), b: (1.0, 1.0)})
    for pair, truth in ((a, 0.6), (b, 0.2)):
        assert found[pair].mean == pytest.approx(truth, abs=0.02)
        assert found[pair].fired / found[pair].n == pytest.approx(truth, abs=0.02)
        assert found[pair].strength < 4000


def test_what_cannot_be_told_apart_is_known_less() -> None:
    """Two sources that were only ever active together: each one's interval is wider than that of two known trials."""
    found = learn_cascades(with_(*(incident(n, reached=pairs("1>3", "2>3")) for n in range(2))))
    posterior = stats.beta(0.6 + 2, 1.4)
    low, high = found["RISK-1", "RISK-3"].interval
    assert high - low > posterior.ppf(0.975) - posterior.ppf(0.025)


def blocked(*incidents: Element, effectiveness: float = 0.9) -> History:
    """A cascade of 0.4 that was free until a block came on 2022-01-01, with these incidents."""
    free = graph(
        cascade("RISK-1", "RISK-3", 0.4),
        element("mitigation", id="MIT-1", status="planned"),
        element("blocks", mitigation="MIT-1", from_="RISK-1", to="RISK-3", effectiveness=effectiveness),
        risks="RISK-1 RISK-3",
    )
    past = history(free, "2020-01-01")
    done = change(free.mitigations["MIT-1"], {"status": "implemented"})
    return after(after(past, [done], effective="2022-01-01"), [add(one) for one in incidents])


def test_what_happened_before_a_block_does_not_speak_against_it() -> None:
    """Four of ten before the block is 0.04 behind it: nothing contradicts the register, and nothing is proposed."""
    past = blocked(*(incident(n, "2021-05-01", **{"reached" if n < 4 else "checked": pairs("1>3")}) for n in range(10)))
    one = learn_cascades(past)["RISK-1", "RISK-3"]
    posterior = stats.beta(0.08 + 4 * 0.1, 1.92 + 10 - 4 * 0.1)
    assert one.expert == pytest.approx(0.04)
    assert (one.k, one.n) == (4, 10)
    assert one.mean == pytest.approx(posterior.mean())
    assert one.interval == pytest.approx((posterior.ppf(0.025), posterior.ppf(0.975)))
    assert proposed(past) == {}


def test_a_block_that_did_not_hold_is_contradicted() -> None:
    """Behind the block of today a trial is what it is, however effective the block is said to be."""
    past = blocked(*(incident(n, "2023-05-01", reached=pairs("1>3")) for n in range(10)))
    one = learn_cascades(past)["RISK-1", "RISK-3"]
    assert one.interval == pytest.approx(tuple(stats.beta(0.08 + 10, 1.92).ppf([0.025, 0.975])))
    found = propose_from_history(past, "g", date(2023, 12, 31))
    assert found.edits == ()
    said = "RISK-1 -> RISK-3 fires more often than MIT-1 would let it (expert 0.04, evidence 0.60 to 0.98, n = 10)"
    assert found.remarks == (f"{said}: is the effectiveness right?",)


def test_what_a_block_held_that_is_gone_says_little() -> None:
    """Ten misses behind a block of 0.9 are not ten misses of the cascade without it."""
    past = blocked(*(incident(n, "2023-05-01", checked=pairs("1>3")) for n in range(10)))
    gone = after(past, [change(past.graph.mitigations["MIT-1"], {"status": "retired"})], effective="2024-01-01")
    one = learn_cascades(gone)["RISK-1", "RISK-3"]
    # By hand: p solves p = (0.8 + 10 p 0.9 / (1 - 0.1 p)) / 12.
    assert one.mean == pytest.approx((0.8 + 10 * one.mean * 0.9 / (1 - 0.1 * one.mean)) / 12)
    direct = learn_cascades(blocked(*(incident(n, "2021-05-01", checked=pairs("1>3")) for n in range(10))))
    assert direct["RISK-1", "RISK-3"].mean < one.mean < 0.4
    low, high = one.interval
    assert low < 0.1
    assert high > 0.6


def test_a_cascade_out_of_a_risk_that_was_not_reached_was_not_tried() -> None:
    """Who looks at what could not have happened learns nothing from its not happening."""
    past = with_(incident(1, checked=pairs("2>3", "1>3")))
    assert list(learn_cascades(past)) == [("RISK-1", "RISK-3")]


def test_evidence_ends_with_its_window() -> None:
    """What was not yet known on a day is no evidence of that day."""
    past = with_(incident(1, "2021-06-01", reached=pairs("1>3")), incident(2, "2024-06-01", reached=pairs("1>3")))
    one = learn_cascades(past, FOUR)["RISK-1", "RISK-3"]
    assert (one.n, one.incidents) == (1, ("INC-01",))


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
    assert edit.because.text.startswith("expert 0.50, evidence ")
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


def test_without_an_expert_a_rate_is_what_was_counted() -> None:
    """A risk that nobody estimated has years and occurrences all the same."""
    past = history(graph(risks="RISK-1 RISK-2"), "2020-01-01")
    found = learn_risks(with_(incident(1, "2021-06-01"), of=past), FOUR)
    years = 1461 / 365.25
    assert (found["RISK-1"].expert, found["RISK-1"].n) == (None, 1)
    assert found["RISK-1"].mean == pytest.approx(1 / years)
    assert found["RISK-1"].interval == pytest.approx((0.0253 / years, 5.5716 / years), rel=1e-3)
    assert found["RISK-2"].interval == pytest.approx((0, 3.6889 / years), rel=1e-4)


def test_a_near_miss_without_an_answer_is_a_challenge_that_held() -> None:
    """Luck and a mitigation look the same there, so it is said how many rest on that alone."""
    first = graph(element("mitigation", id="MIT-1", status="implemented"), risks="RISK-1")
    tests = [("near_miss", "unknown")] * 2 + [("near_miss", "held"), ("incident", "unknown"), ("incident", "failed")]
    past = with_(
        *(
            incident(n, "2021-06-01", kind=kind, tested=[{"mitigation": "MIT-1", "outcome": outcome}])
            for n, (kind, outcome) in enumerate(tests)
        ),
        incident(9, "2025-06-01", tested=[{"mitigation": "MIT-1", "outcome": "failed"}]),
        of=history(first, "2020-01-01"),
    )
    (one,) = count_challenges(past.graph, FOUR)
    data = one.data()
    assert (data["challenged"], data["held"], data["failed"], data["near_misses"]) == (4, 3, 1, 2)


@pytest.mark.parametrize(
    ("expert", "interval", "years", "said"),
    [
        (0.3, (0.08, 0.22), None, "expert 0.30, evidence 0.08 to 0.22, n = 6"),
        (None, (1e-161, 0.019), None, "expert none, evidence <0.0001 to 0.02, n = 6"),
        (150.0, (101.4, 2310.0), 3.25, "expert 150, evidence 101 to 2,310, n = 6 in 3.25 years"),
        (0.0, (0.0, 0.004), 1.0, "expert 0.00, evidence 0.00 to 0.004, n = 6 in 1.00 years"),
    ],
)
def test_evidence_is_said_in_plain_decimals(
    expert: float | None, interval: tuple[float, float], years: float | None, said: str
) -> None:
    """Nobody who reads a register reads 1.4e-161."""
    assert say_evidence(expert, interval, 6, years) == said
