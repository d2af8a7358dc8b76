"""Markup: a text in, markdown that says this text and nothing else out; and back, parsed markdown in, its text out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it.token import Token

_INLINE: Final = re.compile(r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|](?=[(\[:])|<(?=[A-Za-z/!?])|&(?=[#\w])")
_START: Final = re.compile(r"#|>|=|\||:|~(?=~~)|[-+](?=[\s|:-]|$)|(?<=^)\d{1,9}(?=[.)](?:\s|$))")
_EDGES: Final = re.compile(r"^\s+|\s+$")
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})


def write_text(text: str, indent: str = "") -> str:
    """A text as a paragraph of markdown whose further lines are indented. White space around it is not kept."""
    lines: list[str] = []
    for line in text.strip().split("\n"):
        if line.strip():
            lines.append(_escape(line))
        else:  # An empty line would end the paragraph.
            lines[-1] += "".join(f"&#{ord(char)};" for char in [*line, "\n"])
    return f"\n{indent}".join(lines)


def write_cell(text: str) -> str:
    """A text as the cell of a table, which is one line."""
    return "<br>".join(_escape(line).replace("|", "\\|") for line in text.strip().split("\n"))


def split_lines(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of a paragraph, line by line."""
    line: list[Token] = []
    for token in tokens:
        if token.type in _BREAKS:
            yield line
            line = []
        else:
            line.append(token)
    yield line


def read_text(tokens: Sequence[Token], *, cell: bool = False) -> str:
    """The text of a line or a cell: emphasis is dropped, a link is its text with its address in brackets."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text":
                parts.append(_BREAK.sub("\n", token.content) if cell else token.content)
            case "link_open":
                links.append((str(token.attrs.get("href", "")), len(parts)))
            case "link_close":
                address, start = links.pop() if links else ("", len(parts))
                if address.removeprefix("mailto:") != "".join(parts[start:]):
                    parts.append(f" ({address})")
            case "image":
                parts.append(f"{token.content} ({token.attrs.get('src', '')})".lstrip())
            case _ if token.type in _BREAKS:
                parts.append("\n")
            case _:
                parts.append(token.content)
    return "".join(parts)


def split_label(tokens: Sequence[Token]) -> tuple[str, str] | None:
    """The bold label at the start of a line, and the text behind it: ``**Label:** text`` or ``**Label**: text``."""
    if [token.type for token in tokens if token.type != "text" or token.content][:1] != ["strong_open"]:
        return None
    kinds = [token.type for token in tokens]
    if "strong_close" not in kinds:
        return None
    start, end = kinds.index("strong_open"), kinds.index("strong_close")
    label, rest = read_text(tokens[start + 1 : end]).strip(), read_text(tokens[end + 1 :]).lstrip()
    if label.endswith(":"):
        return label[:-1], rest
    return (label, rest[1:].lstrip()) if rest.startswith(":") else None


def _escape(line: str) -> str:
    """One line in which nothing is markup, also where it begins a block."""
    inner = _EDGES.sub("", line)
    before, after = line[: line.index(inner)], line[line.index(inner) + len(inner) :]
    escaped = _INLINE.sub(r"\\\g<0>", inner)
    if found := _START.match(escaped):
        # A number is a list by the sign behind it.
        place = found.end() if found[0].isdigit() else 0
        escaped = f"{escaped[:place]}\\{escaped[place:]}"
    return "".join([*(f"&#{ord(char)};" for char in before), escaped, *(f"&#{ord(char)};" for char in after)])


__all__ = ["read_text", "split_label", "split_lines", "write_cell", "write_text"]
