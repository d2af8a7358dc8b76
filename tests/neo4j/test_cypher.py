"""Takes the files of ``cypher/``, holds their headers against their statements."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from riskgraph.cypher import list_statements, parse_statement, read_statement

CHECKOUT = Path(__file__).parents[2]
GROUPS = ("schema", "read", "write")
NAMES = [name for group in GROUPS for name in list_statements(group)]


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_true(name: str) -> None:
    """Prevents: a header that promises a parameter or a column that its statement does not have, or hides one."""
    statement = read_statement(name)
    assert statement.about.endswith(".")
    assert sorted(set(re.findall(r"\$(\w+)", statement.text))) == sorted(statement.parameters)
    returned = re.search(r"\bRETURN\s+(?:DISTINCT\s+)?((?:(?!\bRETURN\b).)*)$", statement.text, re.DOTALL)
    assert bool(returned) == bool(statement.columns)
    for column in statement.columns:
        assert returned
        assert re.search(rf"(AS |\b)`?{column}`?\b", returned[1])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_can_be_pasted(name: str) -> None:
    """Prevents: two statements in one file, and text that a program is meant to fill in."""
    text = read_statement(name).text
    assert ";" not in text
    assert not re.search(r"%s|\{\}|\{\w+\}|<\w+>", text)
    assert max(map(len, text.splitlines())) <= 120


def test_every_file_is_reached() -> None:
    """Prevents: a statement in a folder that nobody looks into."""
    files = {
        path.relative_to(CHECKOUT / "cypher").with_suffix("").as_posix() for path in CHECKOUT.glob("cypher/**/*.*")
    }
    assert files == {*NAMES, *list_statements("explore")}


def test_the_store_sends_every_statement_and_no_other() -> None:
    """Prevents: Cypher in Python, where nobody looks for it, and files that nothing sends any more."""
    code = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "riskgraph/store/neo4j").glob("*.py"))
    assert not re.search(r"\b(MATCH|MERGE|UNWIND|DETACH) ", code)
    built = re.compile(r"write/(put|cut)_")
    for name in [*list_statements("read"), *list_statements("write")]:
        assert f'"{name}"' in code or built.match(name)


@pytest.mark.parametrize("text", ["", "RETURN 1", "// What it does.\n", "// Columns: a\nRETURN 1 AS a"])
def test_a_file_without_header_or_statement_is_refused(text: str) -> None:
    """Prevents: a file that explains nothing, or does nothing."""
    with pytest.raises(ValueError, match=r"cypher/x\.cypher needs a header"):
        parse_statement("x", text)


def test_a_statement_that_is_not_there() -> None:
    """Prevents: a path in place of a name."""
    with pytest.raises(LookupError, match="no statement 'read/nothing'"):
        read_statement("read/nothing")
