"""Reviews in markdown: the text of a page in, the document that a YAML file with the same review would be out.

Headings name sections, and labels (``**Severity:** High``), tables and lists their fields. Every value has its line and
column. What belongs to no field is a note with its line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from riskgraph.documents import Document, Loc, parse_document
from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place
from riskgraph.pir.form import FORM, Field, find_inner
from riskgraph.pir.markup import read_text
from riskgraph.pir.page import Page
from riskgraph.pir.sections import read_block

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_COMMENT: Final = re.compile(r"^ {0,3}<!--", re.MULTILINE)
_FRONT: Final = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.MULTILINE | re.DOTALL)
_MARK: Final = re.compile(r"[*_`~\[\]!<>&|\\]")
_INCIDENT: Final = re.compile(r"^[ |*_+-]*incident[ _-]?id\b[ *_]*[:|]", re.IGNORECASE | re.MULTILINE)
_MAX_NESTING: Final = 20
_MAX_LINES: Final = 20_000
_MAX_MARKS: Final = 50_000
"""What a parser gets through in about a second; no review that a person wrote has a tenth of it."""


def parse_markdown(text: str, path: str = "<text>") -> Document:
    """The review that a page of CommonMark with tables is; HTML is text, and HTML comments are left out.

    A YAML front matter is read as well. Near misses of headings and labels, and a field that is there twice, are
    errors among the document's notes; what belongs to no field is a note.

    Raises:
        InputError: the front matter is not plain YAML, or the page is too long or too deep; with its place.
    """
    from markdown_it.tree import SyntaxTreeNode

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = Page(path, text.split("\n"))
    if len(page.lines) > _MAX_LINES or len(_MARK.findall(text)) > _MAX_MARKS:
        limits = f"{_MAX_LINES} lines or {_MAX_MARKS} signs of markup"
        raise _refused(page, 0, f"has more than {limits}, the most that is read: split it", "file-too-large")
    page.places[()] = (1, 1)
    if front := _FRONT.match(text):
        _read_front(page, front[1])
        text = _blank(front[0]) + text[front.end() :]
    tokens = _parser().parse(_without_comments(text))
    for token in tokens:
        if token.level >= _MAX_NESTING - 1:
            line = token.map[0] + 1 if token.map else 0
            raise _refused(page, line, "is nested too deep: begin the list anew, less deep", "markdown-depth")
    _read_blocks(page, SyntaxTreeNode(tokens).children)
    notes = tuple(dict.fromkeys(page.notes))
    return Document(path, page.data, page.places, notes)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"html": False, "maxNesting": _MAX_NESTING}
    # A sign that was escaped stays apart from text, so that `\<br>` is no line break.
    return MarkdownIt("commonmark", options).enable("table").disable("text_join")


def _without_comments(text: str) -> str:
    """The text with empty lines for comments that begin a line; one that does not end is none."""
    parts, start = [], 0
    while found := _COMMENT.search(text, start):
        end = text.find("-->", found.end())
        if end < 0:
            break
        end = text.find("\n", end)
        end = len(text) if end < 0 else end
        parts += [text[start : found.start()], _blank(text[found.start() : end])]
        start = end
    return "".join([*parts, text[start:]])


def _refused(page: Page, line: int, message: str, rule: str) -> InputError:
    finding = Finding(rule, "error", message, Place(page.path, line))
    return InputError(f"{finding.place}: {message}", [finding])


def _blank(text: str) -> str:
    """As many lines with nothing in them."""
    return "\n" * text.count("\n")


def _read_front(page: Page, text: str) -> None:
    """The fields of a front matter; those of other programs are left to them."""
    try:
        front = parse_document(text, page.path)
    except InputError as error:
        found = [replace(each, place=replace(each.place, line=each.place.line + 1)) for each in error.findings]
        raise InputError(f"{found[0].place}: {found[0].message}" if found else str(error), found) from error
    for name, value in front.data.items() if isinstance(front.data, dict) else ():
        place = front.places[name,]
        if field := page.find(FORM, str(name), (place[0] + 1, place[1])):
            page.put((field.name,), value, (place[0] + 1, place[1]))
            for loc, (line, column) in front.places.items():
                if loc[:1] == (name,):
                    page.places[(field.name, *loc[1:])] = (line + 1, column)


def _read_blocks(page: Page, blocks: list[SyntaxTreeNode]) -> None:
    """The sections of a page, each with the blocks below its heading."""
    opened: list[tuple[int, Loc, Field | None]] = [(0, (), FORM)]
    for number, block in enumerate(blocks):
        if block.type != "heading":
            _, loc, field = opened[-1]
            if field is not None:
                read_block(page, block, loc, field)
            continue
        level = int(block.tag[1:])
        while opened[-1][0] >= level:
            opened.pop()
        text = read_text(page.inline(block))
        place = page.place_of(block, text)
        found = _find_section(opened, text)
        if found is None and number == 0:  # The name of the page.
            found = ((), FORM)
        if found is None:
            page.note_unknown(FORM, text, place, what="heading")
            opened.append((level, (), None))
            continue
        loc, field = found
        page.places.setdefault(loc, place)
        opened.append((level, loc, field))


def _find_section(opened: list[tuple[int, Loc, Field | None]], text: str) -> tuple[Loc, Field] | None:
    """What a heading names: a field of the section it stands in, of one around that, or one that is clear anywhere."""
    for _, loc, field in reversed(opened):
        if field is not None and (found := field.find(text)):
            return (*loc, found.name), found
    if nested := find_inner(text):
        outer, inner = nested
        return (outer.name, inner.name), inner
    return None


def looks_like_review(start: str) -> bool:
    """Whether the beginning of a page has the field without which it is no review."""
    return bool(_INCIDENT.search(start))


__all__ = ["looks_like_review", "parse_markdown"]
