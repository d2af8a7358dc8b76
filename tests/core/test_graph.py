"""The graph value: what holds together, and its networkx form."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given

from riskgraph.edits import build, digest
from riskgraph.errors import EditError
from riskgraph.graph import RiskGraph, order, title
from riskgraph.model import Cascade, Element, Header, Indicator, Mitigates, Mitigation, Risk
from riskgraph.parts import PerYear
from riskgraph.scales import RateBounds, Scale
from tests.strategies import graphs


@given(graphs())
def test_networkx_is_lossless(graph: RiskGraph) -> None:
    """A library that works on the networkx form must not cost a field, not even through a deep copy."""
    exchanged = graph.to_networkx()
    assert RiskGraph.from_networkx(exchanged) == graph
    assert RiskGraph.from_networkx(copy.deepcopy(exchanged)) == graph


@given(graphs())
def test_elements_come_back_from_their_data(graph: RiskGraph) -> None:
    """The canonical form holds everything: stores and files keep nothing else."""
    for key, element in graph.elements.items():
        again = build(key, {name: value for name, value in element.data().items() if name not in element.key_fields})
        assert again == element
        assert again.data() == element.data()


@given(graphs())
def test_data_has_one_digest(graph: RiskGraph) -> None:
    """A digest that depends on the order of keys would call an unchanged proposal tampered."""
    data = [element.data() for element in graph.elements.values()]
    backwards = [dict(reversed(list(entry.items()))) for entry in data]
    assert digest(data) == digest(backwards)


def test_digest_is_the_same_on_every_machine() -> None:
    """Digests are in people's files: another form of the same data would make all of them stale."""
    expected = "sha256:5f24bbea7ca7b660a76a39274d46c91208d649e0a252f3b5f797ba55d876011a"
    assert digest({"b": [1, 0.5, None], "a": "ü"}) == expected


@given(graphs())
def test_elements_are_in_order(graph: RiskGraph) -> None:
    """Same input, same output: no listing may depend on the order of insertion."""
    assert list(graph.elements) == sorted(graph.elements, key=order)
    assert RiskGraph.of(reversed(list(graph.elements.values()))) == graph


A, B = Risk(id="A", name="a"), Risk(id="B", name="b")
AB = Cascade.model_validate({"from": "A", "to": "B", "probability": 0.5})


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ([A, AB], "cascade A -> B refers to risk B, which is not there"),
        ([A, A], "risk A is there twice: keep one"),
        ([A, Indicator(id="A", name="x")], "A is the id of a risk and of a indicator: give one of them another id"),
        ([A, Mitigates(mitigation="M", risk="A")], "mitigates M -> A refers to mitigation M, which is not there"),
    ],
)
def test_what_does_not_hold_together(elements: list[Element], message: str) -> None:
    """A dangling edge would surface far from the file that has it."""
    with pytest.raises(EditError) as caught:
        RiskGraph.of(elements)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("register",), "register"),
        (("risk", "A"), "risk A"),
        (("cascade", "A", "B"), "cascade A -> B"),
        (("blocks", "M", "A", "B"), "blocks M on A -> B"),
        (("watches", "I", "A"), "watches I -> A"),
    ],
)
def test_titles(key: tuple[str, ...], expected: str) -> None:
    """People read these in plans and errors."""
    assert title(key) == expected


@pytest.mark.parametrize("status", ["planned", "in_progress", "failed", "retired", "implemented"])
def test_only_implemented_mitigations_count(status: str) -> None:
    """A planned mitigation that lowers a risk hides it."""
    from riskgraph.model import Blocks

    graph = RiskGraph.of(
        [
            A, B, AB, Mitigation.model_validate({"id": "M", "name": "m", "status": status}),
            Mitigates(mitigation="M", risk="A", effectiveness=0.75),
            Blocks.model_validate({"mitigation": "M", "from": "A", "to": "B", "effectiveness": 0.5}),
        ]
    )  # fmt: skip
    counts = status == "implemented"
    assert graph.rate_factor("A") == (0.25 if counts else 1)
    assert graph.probability("A", "B") == (0.25 if counts else 0.5)


def test_a_band_is_what_the_header_says() -> None:
    """A score means nothing without its scale; a rate needs none."""
    scale = Scale(likelihood=RateBounds(per_year=(0.1, 1, 4, 24)))
    scored = Risk(id="S", name="s", likelihood=2)
    rated = Risk(id="R", name="r", likelihood=PerYear(per_year=3))
    graph = RiskGraph.of([Header(scale=scale), scored, rated, A])
    band = graph.band("S")
    assert band is not None
    assert (band.low, band.high) == (0.1, 1)
    assert graph.band("A") is None
    rate = graph.band("R")
    assert rate is not None
    assert (rate.low, rate.value, rate.high) == (3, 3, 3)
    assert RiskGraph.of([scored]).band("S") is None
