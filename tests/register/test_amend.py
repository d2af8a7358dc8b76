"""Amending registers: the file says what the graph says, and what no edit touches stays as it was, to the byte."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskgraph.documents import parse_document
from riskgraph.edits import Edit, add, apply_all, change, remove
from riskgraph.errors import EditError
from riskgraph.graph import RiskGraph
from riskgraph.model import Element
from riskgraph.register.amend import amend_register
from riskgraph.register.read import parse_registers
from tests.builders import cascade, element, graph

ODD = """\
# doc
---
riskgraph_register: 1 # one
scale:
  # the scale
  likelihood:
    per_year: [1, 2,
      3, 4]
  impact: {loss: [1, 2, 3, 4]}
currency:   # later
risks:

-   name: first
    id: A   # id second
    owner:
    description: |+
      kept

-
    id: B
    name: >-
      folded
      name
    # trailing remark in B
-   id: C
    name: "two
      lines"
    aliases:   # others
      - x  # ex
      - y
    # after

-   {id: D, name: d,   # in brackets
     likelihood: 2,
     tags: [a,
       b]}
cascades: # two
    - from: A
      to: B
      mechanism: |
        text # no comment
          more
    # - from: X
    #   to: Y
    - {from: B, to: C}
mitigations:
  - id: M
    mitigates:
    - A
    # half
    - risk: B
      effectiveness: 0.5   # est
    name: m
  - {id: N, name: n, mitigates: [], blocks: [{from: A, to: B}]}
indicators:
  - id: I
    watches: [A]
    name: i
  - name: j
    watches:
      # all
      - A
      - B
    id: J
...
"""
BRACKETS = """\
{"riskgraph_register": 1, "scale": {"likelihood": "pmbok", impact: {loss: [1, 2, 3, 4]}},
 "risks": [{"id": "A", "name": "a"}, {"id": "B", "name": "b", "likelihood": 2,}, {"id": "C", "name": "c"}],
 "cascades": [{"from": "A", "to": "B"}], "mitigations": [{"id": "M", "name": "m", "mitigates": ["A"]}],
 "indicators": [{"id": "I", "name": "i", "watches": ["A"]}]
}"""
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/register.yaml"))
FILES = {
    "odd": ODD,
    "brackets": BRACKETS,
    "carriage returns": ODD.replace("\n", "\r\n"),
    **{path.parent.name: path.read_text(encoding="utf-8") for path in EXAMPLES},
}
WORDS = st.sampled_from(["Yes", "03:00", "1.10", "a: b # c", "x\ny", "2024-01-01", " lead", "=1", "- a", "'q'", '"',
                         "~", "{a}", "l" * 150])  # fmt: skip
CHANGES: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "risk": st.one_of(
        st.fixed_dictionaries({"likelihood": st.sampled_from([None, 1, 5, {"per_year": 0.3}])}),
        st.fixed_dictionaries({"name": WORDS.map(str.strip), "owner": WORDS | st.none()}),
        st.fixed_dictionaries({"escalation": st.sampled_from([None, {"to": "EM", "within": "15m"}])}),
        st.fixed_dictionaries({"aliases": st.lists(WORDS, max_size=2), "description": WORDS | st.none()}),
    ),
    "cascade": st.fixed_dictionaries(
        {"probability": st.none() | st.floats(0, 1), "mechanism": st.none() | WORDS, "delay": st.just("45m")}
    ),
    "mitigation": st.fixed_dictionaries(
        {"status": st.sampled_from(["planned", "retired"]), "due": st.sampled_from([None, "2025-01-01"])}
    ),
    "indicator": st.fixed_dictionaries({"threshold": st.none() | st.integers(0, 9), "unit": st.none() | WORDS}),
    "mitigates": st.fixed_dictionaries({"effectiveness": st.none() | st.floats(0, 1)}),
    "blocks": st.fixed_dictionaries({"effectiveness": st.none() | st.floats(0, 1)}),
    "watches": st.just({}),
}


def parse(text: str) -> RiskGraph:
    """The graph of a register's text."""
    return parse_registers([parse_document(text, "r.yaml")]).graph


def new_elements(of: RiskGraph, name: str) -> list[Element]:
    """One element of each kind that the graph may not have yet."""
    first, second, *_ = of.risks
    mitigation, indicator = (next(iter(ids), "") for ids in (of.mitigations, of.indicators))
    found = [
        element("risk", id="NEW-1", name=name),
        element("mitigation", id="NEW-2", name=name),
        element("indicator", id="NEW-3", name=name, threshold=1),
        cascade(second, first, 2 / 3, mechanism=name),
        *(element("mitigates", mitigation=mitigation, risk=risk) for risk in of.risks if mitigation),
        *(element("watches", indicator=indicator, risk=risk) for risk in of.risks if indicator),
        *(element("blocks", mitigation=mitigation, from_=a, to=b) for a, b in of.cascades if mitigation),
        element("mitigates", mitigation="NEW-2", risk=first, effectiveness=0.5),
        element("watches", indicator="NEW-3", risk="NEW-1"),
    ]
    return [one for one in found if one.key not in of and all(need in of for need in one.refers_to())]


@st.composite
def edits_on(draw: st.DrawFn, of: RiskGraph) -> tuple[list[Edit], RiskGraph]:
    """A few edits, each on the graph that those before it leave, and the graph after them."""
    edits: list[Edit] = []
    for _ in range(draw(st.integers(1, 5))):
        present = [one for key, one in of.elements.items() if key[0] != "register"]
        chosen = draw(st.sampled_from(present))
        match draw(st.sampled_from(["add", "change", "change", "remove"])):
            case "add":
                found = new_elements(of, draw(WORDS))
                edit = add(draw(st.sampled_from(found))) if found else remove(chosen)
            case "change":
                edit = change(chosen, draw(CHANGES[chosen.kind]))
            case _:
                edit = remove(chosen)
        try:
            after = apply_all([edit], of)
        except EditError:
            continue
        if after != of:
            edits, of = [*edits, edit], after
    return edits, of


@pytest.mark.parametrize("name", FILES)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_amended_file_says_what_the_graph_says(name: str, data: st.DataObject) -> None:
    """Whatever the layout: a file that no longer reads, or reads as something else, loses the owner's register."""
    text = FILES[name]
    edits, after = data.draw(edits_on(parse(text)))
    amended = amend_register(text, edits)
    assert parse(amended.text) == after
    assert (len(amended.done), amended.skipped) == (len(edits), ())
    if "\r\n" in text:
        assert amended.text.count("\n") == amended.text.count("\r\n")


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_what_no_edit_touches_stays(name: str, data: st.DataObject) -> None:
    """Changing one value of one entry moves no other line, and no comment goes."""
    text = FILES[name]
    risk = data.draw(st.sampled_from(list(parse(text).risks.values())))
    amended = amend_register(text, [change(risk, {"likelihood": {"per_year": 0.123}})]).text
    before, now = text.split("\n"), amended.split("\n")
    head, tail = (_common(one, other) for one, other in ((before, now), (before[::-1], now[::-1])))
    assert len(before) - head - tail <= 1
    assert amended.count("#") == text.count("#")


def _common(some: list[str], others: list[str]) -> int:
    """How many lines both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def amend(text: str, *edits: Edit) -> str:
    """The amended text."""
    return amend_register(text, edits).text


A = "risks:\n  - {id: A, name: a}   # one\n"


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        (A, change(element("risk", id="A"), {"owner": "Ada: 1"}),
         "risks:\n  - {id: A, name: a, owner: 'Ada: 1'}   # one\n"),
        (A, add(element("risk", id="B", name="No")), A + "  - {id: B, name: 'No'}\n"),
        (A + "# end\n", add(cascade("A", "B", 0.5)), A + "cascades:\n  - {from: A, to: B, probability: 0.5}\n# end\n"),
        (A + "cascades: []  # none yet\n", add(cascade("A", "B")), A + "cascades:  # none yet\n  - {from: A, to: B}\n"),
        ("risks:\n- id: A\n  name: a\n", add(element("risk", id="B", name="b", owner="O")),
         "risks:\n- id: A\n  name: a\n- id: B\n  name: b\n  owner: O\n"),
        (A, remove(element("risk", id="A")), "risks: []   # one\n"),
        ("mitigations:\n  - id: M\n    due:   # soon\n", change(element("mitigation", id="M"), {"due": "2025-01-01"}),
         "mitigations:\n  - id: M\n    due: 2025-01-01   # soon\n"),
    ],
)  # fmt: skip
def test_layout(before: str, edit: Edit, after: str) -> None:
    """New text looks like what stands beside it."""
    head = "riskgraph_register: 1\n"
    assert amend(head + before, edit) == head + after


def test_a_long_line_is_broken_not_stretched() -> None:
    """A cascade in brackets that becomes too long goes on in the next line, at the first field's column."""
    text = "riskgraph_register: 1\ncascades:\n  - {from: A, to: B, mechanism: " + "m" * 80 + "}\n"
    assert amend(text, change(cascade("A", "B"), {"delay": "30m"})).endswith("m,\n     delay: 30m}\n")


def test_what_is_elsewhere_is_skipped() -> None:
    """With several files an edit may be another file's; incidents are none's; what is there is not added twice."""
    other = graph(element("risk", id="Z", likelihood=1))
    edits = [
        change(other.risks["Z"], {"likelihood": 2}),
        add(element("action", id="X-A1")),
        add(element("risk", id="A")),
    ]
    amended = amend_register("riskgraph_register: 1\n" + A, edits)
    assert (amended.text, amended.done) == ("riskgraph_register: 1\n" + A, ())
    assert [edit.key for edit in amended.skipped] == [("risk", "Z"), ("risk", "A")]


def test_an_edge_may_come_before_its_owner() -> None:
    """A proposal lists them in any order."""
    edits = [add(element("watches", indicator="I", risk="A")), add(element("indicator", id="I", name="i"))]
    assert amend_register("riskgraph_register: 1\n" + A, edits).text.endswith(
        "indicators:\n  - id: I\n    name: i\n    watches: [A]\n"
    )


def test_the_scale_is_changed_where_it_stands() -> None:
    """And a currency that nobody had goes to the header, not behind the sections."""
    text = "riskgraph_register: 1\nscale: {likelihood: pmbok}  # ours\n" + A
    header = parse(text).header
    amended = amend(text, change(header, {"currency": "EUR", "scale": {"likelihood": "uk-nrr-2023"}}))
    assert amended == ("riskgraph_register: 1\ncurrency: EUR\nscale: {likelihood: uk-nrr-2023}  # ours\n" + A)
