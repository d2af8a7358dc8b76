"""Hypothesis strategies: nothing in, elements, whole graphs and pairs of graphs out, small and nasty on purpose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from riskgraph.graph import RiskGraph
from riskgraph.model import (
    Action,
    Blocks,
    Cascade,
    Element,
    Header,
    Implements,
    Incident,
    Indicator,
    Mitigates,
    Mitigation,
    Risk,
    Watches,
)

RISKS = ("RISK-1", "RISK-2", "RISK-10", "r.x_y-z")
MITIGATIONS = ("MIT-1", "MIT-2")
INDICATORS = ("IND-1",)
INCIDENTS = ("INC-1", "INC-2")
ACTIONS = ("INC-1-A1", "INC-2-A1")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Any text that UTF-8 can hold, control characters and bidi marks among it."""

names = texts.filter(bool)
shares = st.floats(0, 1, allow_nan=False)
money = st.floats(0, 1e18, allow_nan=False, allow_infinity=False)
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
durations = st.timedeltas(timedelta(0), timedelta(days=4000))
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))) | st.just(UTC)
_FIRST, _LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
moments: st.SearchStrategy[date | datetime] = days | st.datetimes(_FIRST, _LAST, timezones=zones)
scores = st.integers(1, 5)
losses = money | st.tuples(money, money, money).map(
    lambda found: dict(zip(("low", "likely", "high"), sorted(found), strict=True))
)
horizons = st.timedeltas(timedelta(days=1), timedelta(days=4000))
probabilities = st.floats(0, 1, exclude_max=True)
likelihoods: st.SearchStrategy[Any] = (
    scores
    | st.fixed_dictionaries({"per_year": money})
    | st.fixed_dictionaries({"probability": probabilities, "horizon": horizons})
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | numbers | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
extras = st.dictionaries(st.sampled_from(["x_cost centre", "x_", "x_ü"]), json_values, max_size=2)


def _maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


headers = st.builds(
    Header.model_validate,
    _maybe(
        currency=texts,
        scale=_maybe(
            likelihood=st.sampled_from(["uk-nrr-2023", "pmbok"]) | st.just({"per_year": [0.1, 1, 4, 24]}),
            impact=st.just({"loss": [1e4, 5e4, 2.5e5, 1e6]}),
        ),
    ),
)


def risks(id_: str) -> st.SearchStrategy[Risk]:
    """Risks of one id."""
    fields = _maybe(
        description=texts, category=texts, owner=texts, status=st.sampled_from(["open", "accepted", "closed"]),
        likelihood=likelihoods, impact=scores, loss=losses, escalation=_maybe(to=texts, within=durations),
        aliases=st.lists(names, max_size=2), tags=st.lists(texts, max_size=2), since=moments,
    )  # fmt: skip
    return st.builds(lambda name, some, more: Risk(id=id_, name=name, **some, **more), names, fields, extras)


def mitigations(id_: str) -> st.SearchStrategy[Mitigation]:
    """Mitigations of one id."""
    fields = _maybe(
        kind=st.sampled_from(["preventive", "detective", "corrective"]),
        status=st.sampled_from(["planned", "in_progress", "implemented", "failed", "retired"]),
        owner=texts, due=days, implemented_on=days, since=moments,
    )  # fmt: skip
    return st.builds(lambda name, some: Mitigation(id=id_, name=name, **some), names, fields)


def indicators(id_: str) -> st.SearchStrategy[Indicator]:
    """Indicators of one id."""
    fields = _maybe(threshold=numbers, unit=texts, detects_within=durations, since=moments)
    return st.builds(lambda name, some, more: Indicator(id=id_, name=name, **some, **more), names, fields, extras)


def incidents(id_: str, risk_ids: list[str], mitigation_ids: list[str]) -> st.SearchStrategy[Incident]:
    """Incidents of one id over these risks and mitigations."""
    some_risk = st.sampled_from(risk_ids) if risk_ids else st.nothing()
    pairs = st.fixed_dictionaries({"from": some_risk, "to": some_risk})
    steps = st.fixed_dictionaries({"from": some_risk, "to": some_risk}, optional={"at": moments})
    outcomes = st.sampled_from(["held", "partly", "failed", "not_in_place", "unknown"])
    some_mitigation = st.sampled_from(mitigation_ids) if mitigation_ids else st.nothing()
    tests = st.fixed_dictionaries({"mitigation": some_mitigation, "outcome": outcomes})
    fields = _maybe(
        kind=st.sampled_from(["incident", "near_miss", "external"]), severity=texts, duration=durations,
        occurrences=st.fixed_dictionaries({"count": st.integers(1, 9), "period": durations}), loss=money,
        learnings=st.lists(texts, max_size=2), claims=st.dictionaries(texts, texts, max_size=2),
        unregistered=st.lists(texts, max_size=1),
        **({"risk": some_risk, "reached": st.lists(steps, max_size=3), "checked": st.lists(pairs, max_size=1)}
           if risk_ids else {}),
        **({"tested": st.lists(tests, max_size=2)} if mitigation_ids else {}),
    )  # fmt: skip
    return st.builds(lambda name, at, some: Incident(id=id_, name=name, started_at=at, **some), names, moments, fields)


@st.composite
def graphs(draw: st.DrawFn) -> RiskGraph:
    """Whole graphs, of all kinds of elements; two drawn ones have many ids in common."""

    def some(ids: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(ids), unique=True, max_size=len(ids)))

    def flip() -> bool:
        return draw(st.booleans())

    elements: list[Element] = [draw(headers)]
    risk_ids, mitigation_ids, indicator_ids = some(RISKS), some(MITIGATIONS), some(INDICATORS)
    elements += [draw(risks(id_)) for id_ in risk_ids]
    elements += [draw(mitigations(id_)) for id_ in mitigation_ids]
    elements += [draw(indicators(id_)) for id_ in indicator_ids]
    incident_ids = some(INCIDENTS)
    elements += [draw(incidents(id_, risk_ids, mitigation_ids)) for id_ in incident_ids]
    action_ids = some(ACTIONS)
    for id_ in action_ids:
        incident = draw(st.none() | st.sampled_from(incident_ids)) if incident_ids else None
        elements.append(Action(id=id_, name=draw(names), due=draw(st.none() | days), incident=incident))
    for from_ in risk_ids:
        for to in risk_ids:
            if from_ == to or not flip():
                continue
            some_fields = draw(_maybe(probability=shares, delay=durations, mechanism=texts, since=moments))
            elements.append(Cascade.model_validate({"from": from_, "to": to, **some_fields}))
            elements += [
                Blocks.model_validate({"mitigation": id_, "from": from_, "to": to, "effectiveness": draw(shares)})
                for id_ in mitigation_ids
                if flip()
            ]
    elements += [Mitigates(mitigation=id_, risk=risk) for id_ in mitigation_ids for risk in risk_ids if flip()]
    elements += [Watches(indicator=id_, risk=risk) for id_ in indicator_ids for risk in risk_ids if flip()]
    elements += [Implements(action=id_, mitigation=to) for id_ in action_ids for to in mitigation_ids if flip()]
    return RiskGraph.of(elements)
