"""YAML from strangers: what a scalar is, where it stands, and what is refused before it does harm."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskgraph.documents import MAX_BYTES, MAX_DEPTH, dump_document, parse_document, read_document
from riskgraph.errors import InputError
from tests.strategies import json_values

PLAIN: list[tuple[str, Any]] = [
    # Words that other readers take for truth values
    ("Yes", "Yes"), ("yes", "yes"), ("NO", "NO"), ("No", "No"), ("on", "on"), ("Off", "Off"), ("y", "y"), ("n", "n"),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("tRUE", "tRUE"),
    # Nothing
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("none", "none"), ("nULL", "nULL"),
    # Times and dates are text; the fields that want them read them
    ("03:00", "03:00"), ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("2024-02-15", "2024-02-15"),
    ("2024-02-15T03:00:00+01:00", "2024-02-15T03:00:00+01:00"), ("1:30", "1:30"), ("-1:30", "-1:30"),
    # Whole numbers
    ("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("007", 7), ("010", 10), ("0o17", 15), ("0x1F", 31), ("0b11", "0b11"),
    ("1_000", "1_000"), ("1,000", "1,000"), ("9007199254740993", 9007199254740993), ("0o8", "0o8"), ("0xg", "0xg"),
    # Decimals
    ("0.1", 0.1), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1E-3", 0.001), ("-2.5e+2", -250.0), ("1.10", 1.1),
    ("1e", "1e"), (".", "."), ("e5", "e5"), ("1.2.3", "1.2.3"), ("-", "-"), ("+", "+"), ("5e-324", 5e-324),
    # Text that looks odd
    ("RISK-023", "RISK-023"), ("a: b"[0:1], "a"), ("=", "="), ("<<", "<<"), ("5 %", "5 %"), ("~6 hours", "~6 hours"),
    ("10%", "10%"), ("$5", "$5"), ("a#b", "a#b"), ("ünï", "ünï"), ("inf", "inf"), ("nan", "nan"), ("NaN", "NaN"),
    ("1e400x", "1e400x"), ("0.1.", "0.1."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [entry for entry in PLAIN if entry[0] != "-"])
def test_a_plain_scalar(text: str, expected: Any) -> None:
    """YAML 1.2: an author's "No" must not become false, nor 03:00 become 180."""
    found = parse_document(f"key: {text}\n").data["key"]
    assert found == expected
    assert isinstance(found, type(expected))
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("text", [text for text, _ in PLAIN])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_scalar_is_text(text: str, quote: str) -> None:
    """Whoever quotes means the text."""
    assert parse_document(f"key: {quote}{text}{quote}\n").data["key"] == text


@pytest.mark.parametrize("text", ["1.10", "007", "1e3", "0x1F", "+7", "5."])
def test_a_number_remembers_how_it_was_written(text: str) -> None:
    """A version or an id that looks like a number must come out as it was written."""
    assert parse_document(f"key: {text}\n").data["key"].text == text


def refused(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, rule and message of everything that is wrong with a text."""
    with pytest.raises(InputError) as caught:
        parse_document(text, "x.yaml")
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith("x.yaml")
    return [(f.place.line, f.place.column, f.rule, f.message) for f in caught.value.findings]


TAGS = [
    "!!python/object/apply:os.system", "!!python/name:os.system", "!!python/module:os", "!!python/object/new:os",
    "!!python/tuple", "!!python/str", "!!python/int", "!!binary", "!!timestamp", "!!set", "!!omap", "!!pairs",
    "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!merge", "!!value", "!!js/function",
    "!ruby/object:Gem", "!local", "!include", "!Ref", "!env", "!vault", "!<tag:yaml.org,2002:str>", "!<x>",
]  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("value", ["value", "[a]", "{a: b}"])
def test_tags_are_refused(tag: str, value: str) -> None:
    """A tag makes a parser build objects; no file of ours needs one."""
    [(line, column, rule, message)] = refused(f"a: 1\nb: {tag} {value}\n")
    assert (line, column, rule) == (2, 4, "yaml-tag")
    assert message.endswith(": write a plain value")


def laughs(kind: str, width: int) -> str:
    """An alias bomb: nine levels, each of which is the one before many times."""
    start = "a0: &a0 lol\n"
    for level in range(1, 9):
        parts = ", ".join([f"*a{level - 1}"] * width)
        body = f"[{parts}]" if kind == "list" else "{" + ", ".join(f"k{n}: *a{level - 1}" for n in range(width)) + "}"
        start += f"a{level}: &a{level} {body}\n"
    return start


BOMBS = [
    *(laughs(kind, width) for kind in ("list", "map") for width in (2, 9, 40)),
    "a: &a [*a]\n", "a: &a {b: *a}\n", "- &x 1\n- *x\n", "<<: &a {b: 1}\n", "a: *undefined\n", "? &a b\n: c\n",
    "[" * 500, "{a: " * 500, "- " * 500, "[" * 100_000, "{a: " * 100_000, "- " * 50_000, "? " * 50_000,
    "\n".join(" " * n + "a:" for n in range(600)),
]  # fmt: skip


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_bombs_go_off_small(text: str) -> None:
    """Aliases and depth are refused where they stand; both common parsers overflow the stack at depth 500."""
    tracemalloc.start()
    try:
        [(line, _, rule, _)] = refused(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rule in {"yaml-alias", "yaml-depth", "yaml-key"}
    assert line >= 1
    assert peak < 50 * 1024 * 1024


@pytest.mark.parametrize("depth", [1, 2, MAX_DEPTH])
def test_depth_that_is_allowed(depth: int) -> None:
    """The limit is a limit, not one less."""
    assert parse_document("[" * depth + "]" * depth).data is not None


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 50, 500, 5_000, 100_000])
def test_depth_that_is_not(depth: int) -> None:
    """However deep: one line, and quickly."""
    [(line, _, rule, message)] = refused("[" * depth + "]" * depth)
    assert (line, rule, message) == (1, "yaml-depth", f"is nested deeper than {MAX_DEPTH} levels")


REFUSED: list[tuple[str, list[tuple[int, int, str]]]] = [
    ("a: 1\nb: 2\na: 3\n", [(3, 1, "duplicate-key")]),
    ("a: 1\na: 2\nb: {c: 1, c: 2}\n", [(2, 1, "duplicate-key"), (3, 11, "duplicate-key")]),
    ("a: 1\n'a': 2\n", [(2, 1, "duplicate-key")]),
    ("a: .nan\nb: .inf\nc: -.INF\nd: .NaN\n", [(n, 4, "not-a-number") for n in (1, 2, 3, 4)]),
    ("a: 1e999\n", [(1, 4, "not-a-number")]),
    ("a: [1, 2\nb: 3\n", [(2, 2, "yaml-syntax")]),
    ("a: b: c\n", [(1, 5, "yaml-syntax")]),
    ("a:\n\tb: 1\n", [(2, 1, "yaml-syntax")]),
    ("a: 'open\n", [(2, 1, "yaml-syntax")]),
    ("a: @at\n", [(1, 4, "yaml-syntax")]),
    ("? [a, b]\n: c\n", [(1, 3, "yaml-key")]),
    ("a: 1\n---\nb: 2\n", [(2, 1, "yaml-documents")]),
    ("a: 1\n]\n", [(2, 1, "yaml-syntax")]),
    ("{{ template }}: 1\n", [(1, 1, "yaml-key")]),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_no_plain_document(text: str, expected: list[tuple[int, int, str]]) -> None:
    """Every problem with its place, as many as can be known in one run."""
    assert [(line, column, rule) for line, column, rule, _ in refused(text)] == expected


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
def test_characters_that_yaml_forbids(character: str) -> None:
    """Control characters and half characters are one line with its place, never a traceback."""
    [(line, _, rule, _)] = refused(f"a: 1\nb: x{character}y\n")
    assert rule == "yaml-syntax"
    assert line in {0, 2}


def test_places() -> None:
    """An error that names the wrong line sends its reader astray."""
    document = parse_document("a:\n  - b: 1\n    c:\n  - x\nd: |\n  text\n", "x.yaml")
    assert document.data == {"a": [{"b": 1, "c": None}, "x"], "d": "text\n"}
    places = {
        ("a",): "x.yaml:2:3",
        ("a", 0, "b"): "x.yaml:2:8",
        ("a", 0, "b", "<key>"): "x.yaml:2:5",
        ("a", 0, "c"): "x.yaml:3:5",
        ("a", 1): "x.yaml:4:5",
        ("a", 1, "nowhere", 7): "x.yaml:4:5",
        ("d",): "x.yaml:5:4",
        ("nowhere",): "x.yaml:1:1",
    }
    assert {loc: str(document.place(loc)) for loc in places} == places


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_document(text: str) -> None:
    """Nothing is nothing, not an error of the parser."""
    assert parse_document(text).data is None


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"a: 1\nb: caf\xe9\n", "file-encoding", 2),
        ("a: 1\n".encode("utf-16"), "file-encoding", 1),
        (b"a: " + b"x" * MAX_BYTES, "file-too-large", 0),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, rule: str, line: int) -> None:
    """A Latin-1 file, one of Excel's, a large one: what it is, and what to do."""
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_document(path)
    [finding] = caught.value.findings
    assert (finding.rule, finding.place.line) == (rule, line)
    assert str(path) in str(caught.value)


def test_a_missing_file_or_a_folder(tmp_path: Path) -> None:
    """The operating system's words, with the path."""
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(InputError, match="cannot be read"):
            read_document(path)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    """Windows editors write one."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_document(path, MAX_BYTES).data == {"a": 1, "b": 2}


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), json_values, max_size=4))
def test_what_is_dumped_is_read(data: dict[str, Any]) -> None:
    """A file that we write has to be one that we read, whatever text is in it."""
    assert parse_document(dump_document(data)).data == data


@pytest.mark.parametrize(
    "text", [*(text for text, _ in PLAIN), ".nan", ".inf", "1e999", "\x85", "a\u2028b", " ", "# x"]
)
def test_text_that_looks_like_more_is_quoted(text: str) -> None:
    """An owner called "No", or a version 1e3, has to come back as text: here, and in readers of YAML 1.1."""
    import yaml

    written = dump_document({"key": text, "list": [text]})
    assert parse_document(written).data == {"key": text, "list": [text]}
    assert yaml.safe_load(written) == {"key": text, "list": [text]}


@given(st.text(max_size=60) | st.text("[]{}:-,#&*!|>'\"%@`? \n\tab1.", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any input is data or one of our errors."""
    try:
        parse_document(text)
    except InputError as error:
        assert error.findings  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize("separator", ["\n", "\n\n", " ", "  ", "\t", "\u2028"])
def test_no_line_is_a_command_of_a_build_service(separator: str) -> None:
    """A proposal on standard output is read by whoever builds: its text must not mask, stop or set anything."""
    for length in range(240):
        text = f"{'x ' * (length // 2)}{'x' * (length % 2)}{separator}::stop-commands::y ##[group]z {'y ' * 60}"
        dumped = dump_document({"edits": [{"text": text}]})
        assert parse_document(dumped).data == {"edits": [{"text": text}]}
        assert not any(line.lstrip().startswith("::") or "##[" in line for line in dumped.split("\n"))
