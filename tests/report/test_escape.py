"""Escapes: what comes out is text and nothing else, as the reader at each destination would see it."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.text import Text

from riskgraph.report.escape import (
    code,
    csv_cell,
    github_message,
    github_property,
    json_text,
    markdown,
    terminal,
    visible,
)
from riskgraph.report.render import render
from riskgraph.report.table import Table
from tests.report.hostile import ALL, FORMULAS

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
TEXTS = st.one_of(st.sampled_from(ALL), st.text(), st.text(alphabet="|`*_<>[]()#@:/&\\!~$-+=.1a \n\r\t\x1b\u202e"))


def is_clean(text: str, keep: str = "") -> bool:
    """Whether a text has nothing that steers a terminal or cannot be seen."""
    return all(char in keep or unicodedata.category(char) not in HIDDEN for char in text)


def test_there_are_enough_values() -> None:
    """A table that shrinks proves less than it did."""
    assert len(ALL) >= 150
    assert len(FORMULAS) >= 50


@given(TEXTS)
def test_terminal(text: str) -> None:
    """A name must not move the cursor, reorder the line, hide text, or start a build service's command."""
    shown = terminal(text)
    assert is_clean(shown)
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown


@given(TEXTS)
def test_terminal_markup(text: str) -> None:
    """Where rich reads markup, brackets of data stay brackets: no colour, no link, no error about a closing tag."""
    parsed = Text.from_markup(terminal(text, markup=True), emoji=False)
    assert parsed.plain.replace("\\", "") == terminal(text).replace("\\", "")  # rich itself doubles or drops some
    assert not parsed.spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\u202eevil", "\\u202eevil"),
        ("a\u200bb", "a\\u200bb"),
        ("\U000e0041", "\\U000e0041"),
        ("\x9b31m", "\\u009b31m"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("gone\rover", "gone\\u000dover"),
        ("::error::x", "\\u003a:error::x"),
        ("##[error]x", "#\\u0023[error]x"),
        ("std::vector", "std::vector"),
        ("[red]x[/red]", "[red]x[/red]"),
        ("Zürich \u26a0\ufe0f", "Zürich \u26a0\ufe0f"),
    ],
)
def test_terminal_shows(text: str, expected: str) -> None:
    """What is escaped is still shown, and what is harmless is left alone."""
    assert terminal(text) == expected


@given(TEXTS)
def test_markdown(text: str) -> None:
    """In a table's cell, a heading and a list item the text is one inline text: no tag, link, code or mention."""
    shown = markdown(text)
    assert "<" not in shown  # Not every reader of markdown knows backslash escapes.
    assert "\n" not in shown
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for source in (f"| a | b |\n| --- | --- |\n| {shown} | z |\n", f"## {shown}\n", f"- {shown}\n", f"x {shown}\n"):
        inline = [token for token in parser.parse(source) if token.type == "inline"]
        seen = inline[-2] if source.startswith("|") else inline[-1] if inline else None
        children = seen.children or [] if seen else []
        assert {child.type for child in children} <= {"text", "text_special"}, source
        plain = "".join(child.content for child in children).replace("\u200b", "")
        prefix = "x" if source.startswith("x") else ""
        assert plain.strip() == f"{prefix} {visible(' '.join(text.split()))}".strip(), source
        if source.startswith("|"):
            assert [token.content for token in inline[:2]] == ["a", "b"]
            assert len(inline) == 4


@given(TEXTS)
def test_markdown_makes_no_links(text: str) -> None:
    """A review in a pull request must not notify people, refer to issues, or carry addresses that look like ours."""
    parser = MarkdownIt("commonmark")
    rendered = "".join(child.content for token in parser.parse(f"x {markdown(text)}") for child in token.children or [])
    for index, char in enumerate(rendered):
        following = rendered[index + 1 : index + 2]
        assert char != "@" or following in {"", "\u200b"}
        assert char != "#" or following not in set("0123456789")
    assert "://" not in rendered
    assert "www." not in rendered.lower()


@given(TEXTS)
def test_code(text: str) -> None:
    """A fence inside the text must not end the block: what follows would be markdown again."""
    tokens = MarkdownIt("commonmark").parse(code(text, "diff") + "after\n")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert is_clean(tokens[0].content, keep="\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_formulas(text: str) -> None:
    """A spreadsheet must not run what a stranger wrote into a name."""
    (row,) = csv.reader(io.StringIO(f"{csv_cell(text)},z\n"))
    assert row[1] == "z"
    assert row[0].lstrip(" \u00a0\t\r\n")[:1] not in set("=+-@|\uff1d\uff0b\uff0d\uff20")
    assert row[0][:1] not in set("\t\r\n")


@given(TEXTS)
def test_csv_reads_back(text: str) -> None:
    """One cell stays one cell, also for readers that separate by something else, and nothing hides in it."""
    cell = csv_cell(text)
    rows = list(csv.reader(io.StringIO(f"{cell},z\n", newline="")))
    assert [len(row) for row in rows] == [2]
    assert rows[0][1] == "z"
    assert is_clean(cell, keep="\n\t")
    for separator in ";\t|":
        cells = next(csv.reader(io.StringIO(f"{cell}\n", newline=""), delimiter=separator))
        assert len(cells) <= 1


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), (3, "3"), (-3, "-3"), (0.1, "0.1"), (2 / 3, "0.6666666666666666"), (-0.5, "-0.5"), (1e-9, "1e-09"),
        (True, "true"), (float("nan"), ""), (float("inf"), ""), ("-5", "-5"), ("+3.5", "+3.5"), ("-1e5", "-1e5"),
        ("-5 days", "'-5 days"), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ("a;b", '"a;b"'), ("a\nb", '"a\nb"'),
        (" a", '" a"'),
        ("x\n::error::y", "\"x\n'::error::y\""),
    ],
)  # fmt: skip
def test_csv_cells(value: object, cell: str) -> None:
    """Numbers stay numbers, in full; text is quoted where it has to be."""
    assert csv_cell(value) == cell


@given(TEXTS)
def test_github_message(text: str) -> None:
    """One finding is one command: a second line in it would be a second command."""
    shown = github_message(text)
    assert is_clean(shown)
    decoded = shown.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    assert decoded == visible(text, keep="\r\n")


@given(TEXTS)
def test_github_property(text: str) -> None:
    """A file's name must not add properties or end them."""
    shown = github_property(text)
    assert is_clean(shown)
    assert not set(":,\n\r") & set(shown)


@given(st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=5))
def test_json_text(data: object) -> None:
    """Escapes in JSON change how it looks, never what it means; and it can be written as UTF-8."""
    text = json_text(json.dumps(data, indent=2, ensure_ascii=False))
    assert json.loads(text) == data
    assert is_clean(text, keep="\n")
    text.encode("utf-8")


@pytest.mark.parametrize("format_", ["table", "markdown", "csv"])
@pytest.mark.parametrize("text", ALL)
def test_every_part_of_a_table_is_escaped(text: str, format_: str) -> None:
    """Titles, columns, cells, notes, headings and keys all hold text from files."""
    table = Table(text, (text, "b"), ((text, text),), (text,), text, ((text, text),))
    shown = render([table], format_, width=60)  # type: ignore[arg-type]
    assert is_clean(shown, keep="\n\t" if format_ == "csv" else "\n")
    assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))
    assert shown.endswith("\n")
    if format_ != "csv":
        assert "##[" not in shown
