r"""Escapes: text from strangers in, text that is nothing but text at its destination out; one function for each.

What a reader cannot see (control, bidirectional, zero-width characters, lone surrogates) is shown as ``\uXXXX``
wherever it goes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing, although Unicode calls them letters or marks."""
_BREAK: Final = re.compile(r"[ ]*(?:\r\n|[\n\t])[ ]*")
_COMMAND: Final = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$", re.ASCII)
_FORMULA: Final = frozenset("=+-@\t\r|\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet starts a formula with, the full-width forms included."""
_QUOTED: Final = frozenset(',;|\t"\r\n')
_MARKED: Final = re.compile(r"[\\`*\[\]|~$&{}]|(?<!\S)#|(?<![^\W_])_|_(?![^\W_])")
_LIST: Final = re.compile(r"(?:[-+=>]|\d{1,9}[.)](?=\s|$))")
_LINKING: Final = re.compile(r"@|#(?=\d)|\bgh-(?=\d)|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
_BREAKER: Final = "&#8203;"
"""A zero-width space as an entity: the only thing that keeps a mention or an address from becoming a link."""


_ASCII: Final = str.maketrans({
    "\u2500": "-", "\u2502": "|", "\u253c": "+", "\u2026": "...", "\u2192": "->", "\u2013": "-", "\u2014": "-",
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b1": "+-", "\u00d7": "x",
})  # fmt: skip
"""What stands for signs of layout and type where they cannot be shown."""


def visible(text: str, keep: str = "") -> str:
    r"""The text with every character that cannot be seen, or that steers, written as ``\uXXXX``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in keep or not _is_hidden(char) else _code(char) for char in text)


def terminal(text: str, *, markup: bool = False) -> str:
    """One line of text for a terminal or a build log.

    Line breaks and tabs become spaces. A build service's commands (``::name`` at the start, ``##[``) are broken up.
    With ``markup`` the text is also safe where rich reads markup; elsewhere that would add backslashes.
    """
    line = visible(_BREAK.sub(" ", text))
    line = disarm_commands(line)
    if markup:
        from rich.markup import escape

        return escape(line)
    return line


def legible(text: str, encoding: str | None) -> str:
    """The text with the lines and dots of tables in ASCII where an encoding lacks one of them."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII)
    return text


def disarm_commands(text: str) -> str:
    """Text of which no line is a command to a build service that reads the log (``::name``, or ``##[`` anywhere)."""
    return _COMMAND.sub(r"\1\\u003a", text.replace("##[", "#\\u0023["))


def markdown(text: str) -> str:
    """Text for one line of markdown: a table's cell, a heading, an item of a list.

    No HTML, link, image, code, emphasis, mention or reference to an issue comes of it. ``<`` is written as an entity,
    which readers without backslash escapes understand as well.
    """
    line = visible(" ".join(text.split()))
    line = _MARKED.sub(r"\\\g<0>", line)
    line = _LINKING.sub(rf"\g<0>{_BREAKER}", line).replace("<", "&lt;")
    if found := _LIST.match(line):
        return f"{line[: found.end() - 1]}\\{line[found.end() - 1 :]}"
    return line


def code(text: str, info: str = "") -> str:
    """Text as a fenced block of markdown; the fence is longer than any that the text has. Its lines stay."""
    shown = visible(text, keep="\n").rstrip("\n")
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", shown))])
    return f"{fence}{info}\n{shown}\n{fence}\n"


def csv_cell(value: object) -> str:
    """One cell of a CSV file (RFC 4180): numbers as they are, None as nothing, text never as a formula.

    A text that a spreadsheet would read as a formula gets a ``'`` in front. Cells with any common separator are
    quoted, so that a reader that expects another one does not split them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else ""
    text = visible(str(value).replace("\r\n", "\n"), keep="\n\t").replace("##[", "#\\u0023[")
    bare = text.lstrip()
    if not _NUMBER.match(text) and (text[:1] in {"\t", "\n"} or bare[:1] in _FORMULA or bare.startswith("::")):
        text = f"'{text}"
    text = re.sub(r"\n(\s*)::", r"\n\1'::", text)
    if _QUOTED & set(text) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def github_message(text: str) -> str:
    """The message of a GitHub workflow command: one line, as GitHub's own toolkit escapes it."""
    shown = visible(text, keep="\r\n")
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """A property (file, title) of a GitHub workflow command."""
    return github_message(text).replace(":", "%3A").replace(",", "%2C")


def json_text(text: str) -> str:
    """JSON, as ``json.dumps`` writes it, with what cannot be seen as JSON's own escapes; it means the same.

    So is ``##[``, by which a build service that reads the log is given commands.
    Line feeds are JSON's layout and stay; inside its strings they are escaped already.
    """
    text = text.replace("##[", "#\\u0023[")
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    return "".join(char if char == "\n" or not _is_hidden(char) else _json_code(char) for char in text)


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN or char in _BLANK


def _code(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four hex digits


def _json_code(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
