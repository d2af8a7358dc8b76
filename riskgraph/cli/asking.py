"""The command query: a question's name and its parameters in, the answer of the graph out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskgraph.cli import options, output, session

if TYPE_CHECKING:
    from riskgraph.queries.question import Question, Rows, Value
    from riskgraph.report.table import Table


def _complete(incomplete: str) -> list[tuple[str, str]]:
    """The questions whose name begins so."""
    from riskgraph.queries.registry import QUESTIONS

    return [(name, question.says) for name, question in QUESTIONS.items() if name.startswith(incomplete.lower())]


def query(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The question; --list has them all.", autocompletion=_complete)
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="What the question wants to know; may be repeated."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the questions and what they want to know.")] = False,
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Ask the graph a question by its name."""
    from riskgraph.errors import UsageError
    from riskgraph.queries.registry import find_question
    from riskgraph.report.envelope import envelope

    if list_:
        if name or param:
            raise UsageError("--list takes no question: leave the name and --param away, or leave --list away")
        output.show(format, data=_list_data, tables=_list_tables, text=_list_text)
        return
    if name is None:
        raise UsageError("name a question: riskgraph query --list has them all")
    question = find_question(name)
    when = options.read_date(as_of, "--as-of")
    parameters = question.bind(_read_parameters(param or ()), session.today(when))
    with session.open_session(store, register, git=git) as opened:
        seen = opened.read(when)
        rows = question.ask(seen.graph, parameters)
        about = opened.about(seen, when)
    output.show(
        format,
        data=lambda: envelope(
            "query", **about, name=question.name, parameters=parameters, columns=question.columns, rows=rows
        ),
        tables=lambda: [_answer_table(question, parameters, rows)],
    )


def _read_parameters(given: Iterable[str]) -> dict[str, str]:
    from riskgraph.errors import UsageError

    found: dict[str, str] = {}
    for text in given:
        name, separator, value = text.partition("=")
        name = name.strip()
        if not separator or not name:
            raise UsageError(f"--param {text!r}: write NAME=VALUE")
        if name in found:
            raise UsageError(f"--param {name} is there twice: keep one")
        found[name] = value
    return found


def _answer_table(question: Question, parameters: dict[str, Value], rows: Rows) -> Table:
    from riskgraph.report.table import Table

    title = question.name + "".join(f" {name}={value}" for name, value in parameters.items())
    shown = tuple(tuple(", ".join(cell) if isinstance(cell, tuple) else cell for cell in row) for row in rows)
    return Table(title, question.columns, shown, (question.note,) if question.note else ())


def _list_data() -> dict[str, Any]:
    from riskgraph.queries.registry import QUESTIONS
    from riskgraph.report.envelope import envelope

    listed = [
        {
            "name": question.name,
            "says": question.says,
            "note": question.note or None,
            "parameters": [
                {"name": one.name, "type": one.type, "says": one.says, "default": one.default}
                | ({"low": one.low, "high": one.high} if one.type == "number" else {})
                for one in question.parameters
            ],
            "columns": question.columns,
        }
        for question in QUESTIONS.values()
    ]
    return envelope("queries", graph_id=None, revision=None, queries=listed)


def _list_text() -> str:
    """Names stand alone on their lines, so that even the longest can be copied."""
    from riskgraph.queries.registry import THEMES

    lines: list[str] = []
    for theme, questions in THEMES.items():
        lines += ["", theme] if lines else [theme]
        for one in questions:
            lines += [f"  {one.name}", f"      {one.says}"]
            lines += [f"      --param {parameter.describe()}" for parameter in one.parameters]
    return "".join(f"{line}\n" for line in lines)


def _list_tables() -> Sequence[Table]:
    from riskgraph.queries.registry import THEMES
    from riskgraph.report.table import Table

    return [
        Table(
            theme,
            ("name", "question", "parameters"),
            tuple(
                (one.name, one.says, ", ".join(parameter.describe() for parameter in one.parameters) or None)
                for one in questions
            ),
        )
        for theme, questions in THEMES.items()
    ]
