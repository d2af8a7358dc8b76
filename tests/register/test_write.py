"""Writing registers: the same graph gives the same bytes, and reading them gives the same graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import dump_inline, parse_document, read_document
from riskgraph.edits import Edit, add, apply_all, change, in_order, remove
from riskgraph.graph import RiskGraph
from riskgraph.register.amend import amend_register
from riskgraph.register.read import parse_registers, read_registers
from riskgraph.register.schema import register_schema
from riskgraph.register.write import dump_register
from tests.builders import cascade, element, graph

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/register.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(register_schema())


def parse(text: str) -> RiskGraph:
    """The graph of a register's text."""
    return parse_registers([parse_document(text, "r.yaml")]).graph


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples(path: Path) -> None:
    """Each example is valid, and stable from its first export on."""
    first = read_registers([path]).graph
    text = dump_register(first, graph_id="0192")
    assert parse(text) == first
    assert dump_register(parse(text), graph_id="0192") == text
    VALIDATOR.validate(read_document(path).data)
    VALIDATOR.validate(parse_document(text).data)


def test_the_schema_is_one() -> None:
    """And it refuses what the reader refuses."""
    jsonschema.Draft202012Validator.check_schema(register_schema())
    for wrong in ({}, {"riskgraph_register": 2}, {"riskgraph_register": 1, "risks": [{"id": "A"}]},
                  {"riskgraph_register": 1, "rikss": []}):  # fmt: skip
        assert not VALIDATOR.is_valid(wrong)


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
    st.sampled_from(["Yes", "no", "on", "~", "null", "03:00", "1.10", "1e3", "0x1F", "2024-01-01", "=x", "- a", "# no",
                     "a: b", "a\nb", " lead", "trail ", "'", '"', "\u2028", "\u0085x", "[a]", "{a}", "*a", "&a", "!t"]),
)  # fmt: skip


@given(TEXTS)
def test_any_text_survives(text: str) -> None:
    """On one line, and for readers of YAML 1.1 and 1.2 alike."""
    written = dump_inline({"a": text})
    assert "\n" not in written
    assert yaml.safe_load(written) == {"a": text}
    assert parse_document(f"x: {written}").data == {"x": {"a": text}}


@st.composite
def graphs(draw: st.DrawFn) -> RiskGraph:
    """Small graphs with every kind that a register has."""
    ids = draw(st.lists(st.sampled_from("ABCDEF"), min_size=2, max_size=6, unique=True))
    maybe = st.none() | st.floats(0, 1)
    elements: list[Any] = [
        element(
            "risk",
            id=id_,
            name=draw(TEXTS),
            owner=draw(st.none() | TEXTS),
            likelihood=draw(st.none() | st.integers(1, 5)),
            aliases=draw(st.lists(TEXTS, max_size=2)),
            since=draw(st.sampled_from([None, "2024-01-01", "2024-01-01T10:00:00+01:00"])),
        )
        for id_ in ids
    ]  # fmt: skip
    pairs = draw(st.lists(st.sampled_from([(a, b) for a in ids for b in ids if a != b]), max_size=5, unique=True))
    elements += [
        cascade(a, b, draw(maybe), delay=draw(st.sampled_from([None, "30m", "1h30m", "45s"]))) for a, b in pairs
    ]
    elements.append(element("mitigation", id="M", status=draw(st.sampled_from(["planned", "implemented"]))))
    elements += [element("mitigates", mitigation="M", risk=ids[0], effectiveness=draw(maybe))]
    elements += [element("blocks", mitigation="M", from_=a, to=b, effectiveness=draw(maybe)) for a, b in pairs[:2]]
    elements += [element("indicator", id="I", threshold=draw(st.none() | st.integers(-5, 5)))]
    elements += [element("watches", indicator="I", risk=ids[-1])]
    return graph(*elements)


@given(graphs())
def test_round_trip(of: RiskGraph) -> None:
    """dump(read(dump(g))) is dump(g), and nothing of the graph is lost."""
    text = dump_register(of)
    assert parse(text) == of
    assert dump_register(parse(text)) == text


FILE = """\
# Our register
riskgraph_register: 1
scale: {likelihood: uk-nrr-2023}   # of 2023

risks:
  # the old ones
  - {id: A,   name: "a",  likelihood: 2}   # odd spacing stays
  - id: B
    name: 'b'

# what pulls what
cascades:
  - {from: A, to: B, probability: 0.5}

mitigations:
- id: M
  name: m
  mitigates: [A]
"""


def edit_cases(of: RiskGraph) -> list[list[Edit]]:
    """Lists of edits on the file's graph."""
    return [
        [change(of.risks["A"], {"likelihood": 4})],
        [change(of.risks["B"], {"owner": "Ada: #1", "likelihood": 3})],
        [add(cascade("B", "A", 2 / 3))],
        [add(element("risk", id="C", name="No")), add(cascade("A", "C"))],
        [change(of.mitigations["M"], {"status": "implemented", "implemented_on": "2024-03-01"})],
        [add(element("mitigates", mitigation="M", risk="B", effectiveness=0.5))],
        [add(element("blocks", mitigation="M", from_="A", to="B", effectiveness=0.9))],
        [add(element("indicator", id="I", name="i", threshold=1)), add(element("watches", indicator="I", risk="A"))],
        [add(element("mitigation", id="N", name="n")), add(element("mitigates", mitigation="N", risk="A"))],
        [change(of.of_kind(type(of.mitigates["A"][0]))["mitigates", "M", "A"], {"effectiveness": 0.7})],
        [remove(of.cascades["A", "B"])],
        [],
    ]


@pytest.mark.parametrize("number", range(12))
def test_amending_keeps_comments_and_carries_the_edits(number: int) -> None:
    """The file then says what the graph says, and every other line stays as it was."""
    before = parse(FILE)
    edits = edit_cases(before)[number]
    amended = amend_register(FILE, edits)
    assert parse(amended.text) == apply_all(in_order(edits), before)
    assert (len(amended.done), amended.skipped) == (len(edits), ())
    kept = [line for line in FILE.splitlines() if line in amended.text.splitlines()]
    assert len(kept) >= len(FILE.splitlines()) - 2
    for comment in ("# Our register", "# of 2023", "# the old ones", "# what pulls what"):
        assert comment in amended.text


def test_amending_skips_what_is_elsewhere() -> None:
    """With several files an edit may be another file's; incidents are none's."""
    other = graph(element("risk", id="Z", likelihood=1))
    edits = [change(other.risks["Z"], {"likelihood": 2}), add(element("action", id="X-A1"))]
    amended = amend_register(FILE, edits)
    assert (amended.text, amended.done, len(amended.skipped)) == (FILE, (), 1)
