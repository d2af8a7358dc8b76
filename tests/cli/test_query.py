"""Takes a store with a register and what a review taught, shows what the command query prints and refuses."""

from __future__ import annotations

import csv
import io

import pytest

from riskgraph.queries.registry import QUESTIONS
from tests.program import Cli


@pytest.fixture
def taught(proposed: Cli) -> Cli:
    """The program, in a folder where a proposal was applied."""
    assert proposed("apply", "proposal.yaml", "--accept", "derived", "--yes").code == 0
    return proposed


def test_list_names_every_question(cli: Cli) -> None:
    """Prevents: a question that can only be found in the code. It needs no store."""
    said = cli("query", "--list")
    assert said.code == 0
    assert {line.strip() for line in said.out.splitlines()} >= set(QUESTIONS)
    listed = cli("query", "--list", "--format", "json").json
    assert (listed["schema"], listed["graph_id"]) == ("riskgraph/queries/v1", None)
    assert [one["name"] for one in listed["queries"]] == list(QUESTIONS)
    assert len(list(csv.reader(io.StringIO(cli("query", "--list", "--format", "csv").out)))) == len(QUESTIONS) + 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_in_every_format(name: str, taught: Cli) -> None:
    """Prevents: a question that works in tests of functions and not on a person's screen."""
    graph = taught("show", "--format", "json").json
    mitigation = next(
        iter(taught("query", "mitigations-guarding-many", "-p", "at_least=1", "-f", "json").json["rows"])
    )[0]
    wanted = {one.name: one.type for one in QUESTIONS[name].parameters if one.default is None}
    ids = {"risk": graph["risks"][0]["id"], "mitigation": mitigation}
    args = ("query", name, *(word for one, type_ in wanted.items() for word in ("-p", f"{one}={ids[type_]}")))
    data = taught(*args, "--format", "json").json
    assert (data["schema"], data["name"]) == ("riskgraph/query/v1", name)
    assert data["revision"] == 2
    assert tuple(data["columns"]) == QUESTIONS[name].columns
    assert all(len(row) == len(data["columns"]) for row in data["rows"])
    table = list(csv.reader(io.StringIO(taught(*args, "--format", "csv").out)))
    assert (table[0], len(table) - 1) == (data["columns"], len(data["rows"]))
    for printed in (taught(*args), taught(*args, "--format", "markdown")):
        assert printed.code == 0
        assert name in printed.out


def test_as_of_asks_the_graph_of_that_day(taught: Cli) -> None:
    """Prevents: an answer about the past that knows what was learned later, or counts days from today."""
    now = taught("query", "overdue-actions", "-p", "today=2099-01-01", "--format", "json").json
    assert now["rows"]
    then = taught("query", "overdue-actions", "--as-of", "2023-12-31", "--format", "json").json
    assert (then["as_of"], then["parameters"], then["rows"]) == ("2023-12-31", {"today": "2023-12-31"}, [])


def test_register_needs_no_store(cli: Cli) -> None:
    """Prevents: a question about a file asks for a database first."""
    data = cli("query", "risks-without-indicators", "--register", "register.yaml", "--format", "json").json
    assert (data["graph_id"], data["revision"]) == (None, None)
    assert data["rows"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "name a question: riskgraph query --list has them all"),
        (("cycle",), 2, "there is no question 'cycle': did you mean cycles?"),
        (("cycles", "--list"), 2, "--list takes no question: leave the name and --param away, or leave --list away"),
        (("cycles", "-p", "depth"), 2, "--param 'depth': write NAME=VALUE"),
        (("cycles", "-p", "depth=3", "-p", "depth=4"), 2, "--param depth is there twice: keep one"),
        (("who-feeds", "-p", "id=zzz"), 4, "'zzz' is not the id of a risk: riskgraph show lists what there is"),
    ],
)
def test_misuse_is_one_line(args: tuple[str, ...], code: int, said: str, stored: Cli) -> None:
    """Prevents: an empty answer where the question was not understood."""
    done = stored("query", *args)
    assert (done.code, done.out, done.err) == (code, "", f"error: {said}\n")
