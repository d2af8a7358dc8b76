"""Takes small graphs, shows that each question is answered right, the same way each time, and asked right."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given

from riskgraph.errors import InputError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.model import Element
from riskgraph.queries.question import TODAY, Question, Value
from riskgraph.queries.registry import QUESTIONS, THEMES, find_question
from tests import strategies
from tests.builders import cascade, graph
from tests.queries.cases import CASES, Case

DAY = date(2024, 3, 31)
CELLS = (str, int, float, tuple, type(None))


def asked(question: Question, of: RiskGraph) -> list[dict[str, Value]]:
    """What a question can be asked of a graph: its defaults, for every id if it wants one."""
    ids: Mapping[str, Element] = {}
    for parameter in question.parameters:
        ids = {"risk": of.risks, "mitigation": of.mitigations}.get(parameter.type, ids)
    wanted = any(parameter.default is None for parameter in question.parameters)
    return [question.bind({"id": id_}, DAY) for id_ in ids] if wanted else [question.bind({}, DAY)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.question)
def test_answer(case: Case) -> None:
    """Prevents: what each case says."""
    assert QUESTIONS[case.question].ask(case.graph, case.parameters) == case.rows
    assert case.prevents


def test_every_question_has_a_case_with_an_answer() -> None:
    """Prevents: a question that nobody ever asked."""
    assert {case.question for case in CASES if case.rows} == set(QUESTIONS)
    assert len(QUESTIONS) >= 16


@given(strategies.graphs())
def test_any_graph_has_an_answer_that_does_not_depend_on_the_order(of: RiskGraph) -> None:
    """Prevents: a crash on what is absent, a row that does not fit its columns, an order that is chance."""
    turned = RiskGraph({key: of.elements[key] for key in reversed(list(of.elements))})
    for question in QUESTIONS.values():
        for parameters in asked(question, of):
            rows = question.ask(of, parameters)
            assert rows == question.ask(turned, parameters)
            assert all(len(row) == len(question.columns) for row in rows)
            assert all(type(cell) in CELLS for row in rows for cell in row)
            assert all(
                isinstance(inner, str) for row in rows for cell in row if isinstance(cell, tuple) for inner in cell
            )


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_declaration_fits_its_function(question: Question) -> None:
    """Prevents: a parameter that is asked for and never used, or two columns of one name."""
    _, *taken = inspect.signature(question.answer).parameters
    assert taken == [parameter.name for parameter in question.parameters]
    assert len(set(question.columns)) == len(question.columns)
    assert question.says.endswith((".", "?"))
    for parameter in question.parameters:
        if isinstance(parameter.default, int):
            assert parameter.low <= parameter.default <= parameter.high


def test_every_question_has_a_theme() -> None:
    """Prevents: two questions of one name, of which one is never found."""
    assert sum(len(questions) for questions in THEMES.values()) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cycle", "there is no question 'cycle': did you mean cycles?"),
        ("indicators", "there is no question 'indicators': did you mean silent-indicators?"),
        ("", "there is no question '': riskgraph query --list has them all"),
        ("weather", "there is no question 'weather': riskgraph query --list has them all"),
    ],
)
def test_unknown_name(name: str, said: str) -> None:
    """Prevents: a person who does not know the name by heart gives up."""
    with pytest.raises(UsageError) as error:
        find_question(name)
    assert str(error.value) == said


BOUNDS = "depth (2 to 6, default 4), limit (1 to 1000, default 25)"
NEEDED = "id (the id of a risk, required), depth (1 to 12, default 3)"


@pytest.mark.parametrize(
    ("name", "given_", "said"),
    [
        ("cycles", {"dept": "3"}, f"cycles has no parameter 'dept': did you mean depth? it has {BOUNDS}"),
        *(("cycles", {"depth": text}, f"depth={text} is not allowed in cycles: it has {BOUNDS}")
          for text in ("1", "two", "1.5", "", "7")),
        ("without-owner", {"id": "A"}, "without-owner has no parameter 'id': it has none"),
        ("who-feeds", {}, f"who-feeds needs id: add --param id=...; it has {NEEDED}"),
        ("who-feeds", {"id": " "}, f"id=  is not allowed in who-feeds: it has {NEEDED}"),
        ("overdue-actions", {"today": "31.3.2024"},
         "today=31.3.2024 is not allowed in overdue-actions: it has today (a date, default today)"),
    ],
)  # fmt: skip
def test_wrong_parameter(name: str, given_: dict[str, str], said: str) -> None:
    """Prevents: a misspelt parameter that is passed over, so that the default answers another question."""
    with pytest.raises(UsageError) as error:
        QUESTIONS[name].bind(given_, DAY)
    assert str(error.value) == said


def test_parameters_are_what_cypher_takes() -> None:
    """Prevents: the functions and the server read one text as two values."""
    bound = QUESTIONS["overdue-actions"].bind({TODAY: " 20240331 "}, DAY)
    assert bound == {"today": "2024-03-31"} == QUESTIONS["overdue-actions"].bind({}, DAY)
    assert QUESTIONS["who-feeds"].bind({"id": "A", "depth": "2"}, DAY) == {"id": "A", "depth": 2}


@pytest.mark.parametrize(
    ("name", "wanted", "said"),
    [
        ("who-feeds", "RSK-1", "'RSK-1' is not the id of a risk: did you mean RISK-1?"),
        ("what-follows", "zzz", "'zzz' is not the id of a risk: riskgraph show lists what there is"),
        (
            "what-mitigation-protects",
            "RISK-1",
            "'RISK-1' is not the id of a mitigation: riskgraph show lists what there is",
        ),
    ],
)
def test_unknown_id(name: str, wanted: str, said: str) -> None:
    """Prevents: "nothing follows" is read where the risk does not exist."""
    question = QUESTIONS[name]
    with pytest.raises(InputError) as error:
        question.ask(graph(cascade("RISK-1", "RISK-2"), risks="RISK-1 RISK-2"), question.bind({"id": wanted}, DAY))
    assert str(error.value) == said


def test_a_dense_map_is_answered_at_once() -> None:
    """Prevents: the number of chains, and not that of the rows that are shown, decides how long a person waits."""
    ids = [f"R{number:02d}" for number in range(40)]
    of = graph(*(cascade(a, b) for a in ids for b in ids if a != b), risks=" ".join(ids))
    longest = QUESTIONS["longest-chains"].ask(of, {"depth": 6, "limit": 1})
    assert longest == ((6, "R00 -> R01 -> R02 -> R03 -> R04 -> R05 -> R06"),)
    assert QUESTIONS["cycles"].ask(of, {"depth": 6, "limit": 1000})[999] == (3, "R00 -> R06 -> R31 -> R00")


@given(strategies.graphs())
def test_cycles_are_those_of_another_search(of: RiskGraph) -> None:
    """Prevents: the shortcuts that make the search fast leave a cycle out."""
    import networkx

    found = networkx.simple_cycles(networkx.DiGraph(list(of.cascades)), length_bound=6)
    turned = [cycle[cycle.index(min(cycle)) :] + cycle[: cycle.index(min(cycle))] for cycle in found]
    expected = {(len(cycle), " -> ".join([*cycle, cycle[0]])) for cycle in turned}
    assert QUESTIONS["cycles"].ask(of, {"depth": 6, "limit": 1000}) == tuple(sorted(expected))
