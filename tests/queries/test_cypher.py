"""Takes the statements of ``cypher/explore`` and a real server, shows that they say what they do and do what we do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from riskgraph.cypher import Statement, list_statements, read_statement
from riskgraph.edits import diff_graphs
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.proposal.apply import plan_apply
from riskgraph.proposal.propose import propose_edits
from riskgraph.queries.question import Question, Rows, Value
from riskgraph.queries.registry import QUESTIONS
from riskgraph.store import open_store
from tests import strategies
from tests.builders import after
from tests.neo4j.server import Server
from tests.queries.cases import CASES
from tests.queries.test_questions import asked
from tests.test_examples import NAMES, audits, load

DAYS = (date(2023, 12, 1), date(2024, 6, 1), date(2026, 1, 1))


def statement(question: Question) -> Statement:
    """The statement that answers a question."""
    return read_statement(f"explore/{question.name}")


def returned(text: str) -> list[str]:
    """The columns that the last RETURN of a statement names."""
    clause = re.split(r"^RETURN ", text, flags=re.MULTILINE)[-1].split("\nORDER BY", 1)[0]
    depth, cells = 0, [""]
    for char in clause:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            cells.append("")
        else:
            cells[-1] += char
    return [cell.split(" AS ")[-1].strip().strip("`") if " AS " in cell else cell.strip(" \n`") for cell in cells]


def test_every_question_has_a_statement_and_no_statement_is_left_over() -> None:
    """Prevents: a question that Neo4j cannot answer, or a statement that nothing tests."""
    assert list_statements("explore") == tuple(sorted(f"explore/{name}" for name in QUESTIONS))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_header_says_what_the_statement_takes_and_gives(question: Question) -> None:
    """Prevents: a header, a text and a function that went apart; a value inside the text."""
    said = statement(question)
    assert said.about == f"{question.says} {question.note}".strip()
    declared = tuple(parameter.name for parameter in question.parameters)
    assert said.parameters == declared
    assert set(re.findall(r"\$(\w+)", said.text)) == set(declared)
    assert said.columns == question.columns == tuple(returned(said.text))
    assert ";" not in said.text


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_statement_has_the_same_bound_as_the_function(question: Question) -> None:
    """Prevents: a depth that the command takes and the statement does not follow."""
    bounds = re.findall(r"\*\d\.\.(\d+)\]|->\{1,(\d+)\}", statement(question).text)
    depths = [parameter.high for parameter in question.parameters if parameter.name == "depth"]
    assert [max(int(one or other) for one, other in bounds)] == depths if bounds else not depths


def fill(server: Server, of: RiskGraph) -> None:
    """Makes a graph that of the server."""
    server.clear()
    store = open_store(server.url, create=True)
    try:
        if edits := diff_graphs(RiskGraph(), of):
            store.write(edits, expected=0, author="Ada", reason="test")
    finally:
        store.close()


def answer(server: Server, question: Question, parameters: dict[str, Value]) -> Rows:
    """What the server's statement answers."""
    found = server.ask(statement(question).text, **parameters)
    rows = [[record[column] for column in question.columns] for record in found]
    return tuple(tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row) for row in rows)


def compare(server: Server, of: RiskGraph) -> Iterator[tuple[str, Rows]]:
    """Asks every question both ways, of every id and on several days."""
    for question in QUESTIONS.values():
        dated = any(parameter.type == "date" for parameter in question.parameters)
        for day in DAYS if dated else DAYS[:1]:
            for parameters in asked(question, of):
                now = {**parameters, "today": day.isoformat()} if dated else parameters
                expected = question.ask(of, now)
                assert answer(server, question, now) == expected, (question.name, now)
                yield question.name, expected


@cache
def learned(name: str, *, suggested: bool) -> RiskGraph:
    """An example after every review's proposal was applied, with or without what was only suggested."""
    past: History = load(name)
    for audit in audits(name, past):
        proposal = propose_edits([audit], past, "g")
        chosen: set[str | None] = set()
        decided: list[Any] = []
        for one in proposal.edits:
            wanted = suggested or one.edit.confidence != "suggested"
            taken = wanted and (one.edit.oneof is None or one.edit.oneof not in chosen)
            chosen.add(one.edit.oneof)
            decided.append(replace(one, decision="accept" if taken else "pending"))
        planned = plan_apply(replace(proposal, edits=tuple(decided)), past, "g")
        past = after(past, planned.edits, decisions=planned.decisions)
    return past.graph


@pytest.mark.xdist_group("neo4j")
class TestOnAServer:
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.question)
    def test_case(self, case: Any, neo4j: Server) -> None:
        """Prevents: the server makes the mistake that the function does not."""
        fill(neo4j, case.graph)
        assert answer(neo4j, QUESTIONS[case.question], case.parameters) == case.rows

    @pytest.mark.parametrize("suggested", [False, True])
    @pytest.mark.parametrize("name", NAMES)
    def test_examples(self, name: str, suggested: bool, neo4j: Server) -> None:  # noqa: FBT001 - pytest gives it
        """Prevents: a question that is right on five nodes and wrong on a register."""
        of = learned(name, suggested=suggested)
        fill(neo4j, of)
        answered = {question for question, rows in compare(neo4j, of) if rows}
        assert len(answered) >= len(QUESTIONS) - 3

    def test_any_graph(self, neo4j: Server) -> None:
        """Prevents: an absent value, a near miss, a tie that sorts or counts otherwise in Cypher."""

        @settings(max_examples=15)
        @given(strategies.graphs())
        def same(of: RiskGraph) -> None:
            fill(neo4j, of)
            assert list(compare(neo4j, of))

        same()

    def test_an_empty_graph(self, neo4j: Server) -> None:
        """Prevents: a row of nothing but nulls."""
        fill(neo4j, RiskGraph())
        for question in QUESTIONS.values():
            parameters = {"id": "A"} if any(one.default is None for one in question.parameters) else {}
            assert answer(neo4j, question, question.bind(parameters, DAYS[0])) == ()
