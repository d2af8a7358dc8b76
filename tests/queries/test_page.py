"""Takes the declarations of the questions, shows that their page says the same; UPDATE_GOLDEN=1 writes it."""

from __future__ import annotations

import os
from pathlib import Path

from riskgraph.queries.question import Parameter, Question
from riskgraph.queries.registry import THEMES

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
INTRODUCTION = """\
# Questions

`riskgraph query NAME` answers a question about the graph, in any store or, with `--register FILE`, of a register file.
`--param NAME=VALUE` (`-p`) gives a parameter, `--as-of DATE` asks the graph as it was known on a day, and
`--format json`, `csv` or `markdown` carries the answer on:

```
riskgraph query who-feeds -p id=RISK-031 -p depth=2
riskgraph query overdue-actions --format csv
```

In JSON (`riskgraph/query/v1`) an answer has `name`, `parameters`, `columns` and `rows`, each row in the order of the
columns; a cell is a text, a number, null or a list of ids. The order of rows is always the same.

On Neo4j the same questions are statements in `cypher/explore/`, one per file, with the same parameters, columns and
rows. To run one in Neo4j Browser, set its parameters with the line that begins with `:param`, then paste the file. A
date is a text there, such as `'2024-03-31'`.

This page is made from the declarations in `riskgraph/queries/`.
"""


def page() -> str:
    """The page that the declarations make."""
    parts = [INTRODUCTION]
    for theme, questions in THEMES.items():
        parts.append(f"## {theme}\n")
        parts += [section(question) for question in questions]
    return "\n".join(parts)


def section(question: Question) -> str:
    """What the page says of a question."""
    parts = [f"### {question.name}\n", f"{question.says}{f' {question.note}' if question.note else ''}\n"]
    if question.parameters:
        parts.append("".join(f"- `{one.name}`: {one.says}; {allowed(one)}\n" for one in question.parameters))
    parts.append(f"Columns: {', '.join(f'`{column}`' for column in question.columns)}.\n")
    example = ", ".join(f"{one.name}: {sample(one)}" for one in question.parameters)
    browser = f", after `:param {{{example}}}`" if example else ""
    parts.append(f"In Neo4j Browser: `cypher/explore/{question.name}.cypher`{browser}.\n")
    return "\n".join(parts)


def allowed(parameter: Parameter) -> str:
    """What may be given for a parameter."""
    return parameter.describe().removeprefix(f"{parameter.name} (").removesuffix(")")


def sample(parameter: Parameter) -> str:
    """A value as Browser takes it."""
    texts = {"risk": "'RISK-023'", "mitigation": "'MIT-007'", "date": "'2024-03-31'"}
    return texts.get(parameter.type, str(parameter.default))


def test_the_page_says_what_is_declared() -> None:
    """Prevents: a page about questions, parameters or columns that are gone."""
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()
