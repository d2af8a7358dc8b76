"""YAML documents from strangers: bytes in, plain data with the line and column of every value out.

Built on libyaml's events, so that tags, aliases, depth, duplicate keys and non-finite numbers are refused while
reading, in time and memory linear in the input. Scalars follow YAML 1.2 (core schema): ``Yes`` is a word and
``03:00`` is a text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

Loc = tuple[str | int, ...]

MAX_DEPTH: Final = 20
MAX_BYTES: Final = 1024 * 1024
MAX_REGISTER_BYTES: Final = 64 * MAX_BYTES

_INT: Final = re.compile(r"[-+]?[0-9]{1,300}$|0o[0-7]{1,300}$|0x[0-9a-fA-F]{1,300}$")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$")
_NON_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$")
_BREAKS: Final = re.compile("[\x85\u2028\u2029]")
_STEERS: Final = re.compile(r"(?:^|\s)::|##\[")
_COMMAND: Final = re.compile(r"^([ ]*):(?=:)", re.MULTILINE)
_NULL: Final = {"", "~", "null", "Null", "NULL"}
_BOOL: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class WrittenInt(int):
    """A whole number that remembers how it was written, for fields whose type is text."""

    text: str


class WrittenFloat(float):
    """A decimal number that remembers how it was written, for fields whose type is text."""

    text: str


@dataclass(frozen=True)
class Document:
    """What a file says: plain data, and the place of every value and key in it."""

    path: str
    data: Any
    places: dict[Loc, tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)
    notes: tuple[Finding, ...] = field(default=(), repr=False, compare=False)
    """What was found while the file was read, and did not keep it from being read."""

    def place(self, loc: Loc) -> Place:
        """The place of a value, or of the nearest thing around it that is in the file."""
        for end in range(len(loc), -1, -1):
            if found := self.places.get(tuple(loc[:end])):
                return Place(self.path, *found)
        return Place(self.path)


def read_document(path: Path | str, max_bytes: int = MAX_BYTES, *, lenient: bool = False) -> Document:
    """The document in a file; ``lenient`` as in :func:`parse_document`.

    Raises:
        InputError: the file cannot be read, is too large, is not UTF-8, or is not plain YAML; with its place.
    """
    return parse_document(read_text(path, max_bytes), str(path), lenient=lenient)


def read_text(path: Path | str, max_bytes: int = MAX_BYTES) -> str:
    """The text in a file, without a byte order mark.

    Raises:
        InputError: the file cannot be read, is too large, or is not UTF-8; with its place.
    """
    shown = str(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise _invalid(shown, 0, 0, f"cannot be read: {error.strerror or error}", "file-unreadable") from error
    if len(raw) > max_bytes:
        limit = f"{max_bytes // MAX_BYTES} MiB"
        raise _invalid(shown, 0, 0, f"is larger than {limit}, the most that is read: split it", "file-too-large")
    return decode_text(raw, shown)


def decode_text(raw: bytes, path: str) -> str:
    """The text that the bytes of a file are, without a byte order mark; ``path`` is the file's name.

    Raises:
        InputError: they are not UTF-8; with the place.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 (byte 0x{raw[error.start]:02x}): save it as UTF-8"
        raise _invalid(path, line, 0, message, "file-encoding") from error


def parse_document(text: str, path: str = "<text>", *, lenient: bool = False) -> Document:
    """The document that a text is; an empty text is the document None.

    With ``lenient`` a key that is there twice and a number that is none are errors among the document's notes, so that
    what else is wrong can be listed with them.

    Raises:
        InputError: the text is not plain YAML of one document; with its place.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    places: dict[Loc, tuple[int, int]] = {}
    problems: list[Finding] = []
    try:
        events = _checked(yaml.parse(text, Loader=loader), path)
        data = _build(events, path, places, problems)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1 if isinstance(error.position, int) else 0
        raise _invalid(path, line, 0, f"has a character that YAML forbids: {error.reason}", "yaml-syntax") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if "nesting depth" in str(error.problem):  # libyaml's own limit, at a token that is read ahead.
            raise _invalid(path, line, column, f"is nested deeper than {MAX_DEPTH} levels", "yaml-depth") from error
        raise _invalid(path, line, column, f"is not YAML: {error.problem or error.context}", "yaml-syntax") from error
    except UnicodeEncodeError as error:
        line = text[: error.start].count("\n") + 1
        message = "has half a character (a lone surrogate): write it anew"
        raise _invalid(path, line, 0, message, "yaml-syntax") from error
    except yaml.YAMLError as error:
        raise _invalid(path, 0, 0, "is not YAML: " + " ".join(str(error).split()), "yaml-syntax") from error
    if problems and not lenient:
        raise InputError(f"{problems[0].place}: {problems[0].message}", problems)
    return Document(path, data, places, tuple(problems))


def dump_document(data: Any) -> str:
    """YAML of plain data, keys in their order, that readers of YAML 1.1 and 1.2 take for the same."""
    return _dump(data, flow=None, width=110)


def dump_inline(data: Any) -> str:
    """The same on one line, without a line break at its end."""
    return _dump([data], flow=True, width=1_000_000).strip()[1:-1]


def quote(text: str) -> str:
    """A text in double quotes, as JSON and every reader of YAML take it."""
    quoted = json.dumps(text, ensure_ascii=False)
    # JSON has an escape of YAML only for what is no pair of surrogates; such a sign may stand there as it is.
    return "".join(char if char.isprintable() or char > "\uffff" else json.dumps(char)[1:-1] for char in quoted)


def _dump(data: Any, *, flow: bool | None, width: int) -> str:
    import yaml

    text: str = yaml.dump(
        data,
        Dumper=_dumper(one_line=bool(flow)),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=flow,
        width=width,
    )
    # A text with one of these is in double quotes, where the escapes mean the same.
    return _COMMAND.sub(r"\1\\x3a", text.replace("##[", "#\\x23["))


@cache
def _dumper(*, one_line: bool) -> Any:
    """PyYAML's safe dumper, which also quotes what YAML 1.2 takes for more, and escapes line breaks of YAML 1.1.

    What a build service that reads the log takes for commands is quoted as well, for ``_dump`` to escape.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes every value out."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def represent(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        breaks = _BREAKS.search(value) or _STEERS.search(value) or (one_line and "\n" in value)
        style = '"' if breaks else "'" if _is_no_text(value) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, represent)
    return Dumper


def _checked(events: Iterator[yaml.Event], path: str) -> Iterator[yaml.Event]:
    """The events, as long as they are of plain, shallow YAML."""
    import yaml

    depth = documents = 0
    for event in events:
        line, column = _position(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _invalid(path, line, column, "uses a YAML anchor or alias: write the value out", "yaml-alias")
        if getattr(event, "tag", None) not in {None, "!"}:
            tag = getattr(event, "tag", "")
            raise _invalid(path, line, column, f"uses the YAML tag {tag}: write a plain value", "yaml-tag")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _invalid(path, line, column, f"is nested deeper than {MAX_DEPTH} levels", "yaml-depth")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _invalid(path, line, column, "holds a second YAML document: one a file", "yaml-documents")
        if not isinstance(
            event,
            yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent,
        ):
            yield event


def _build(events: Iterator[yaml.Event], path: str, places: dict[Loc, tuple[int, int]], problems: list[Finding]) -> Any:
    """Plain data from events; recursion is bounded by ``MAX_DEPTH``."""
    import yaml

    def value(event: yaml.Event, loc: Loc) -> Any:
        places[loc] = _position(event)
        if isinstance(event, yaml.ScalarEvent):
            try:
                return _scalar(event)
            except ValueError as error:
                problems.append(Finding("not-a-number", "error", str(error), Place(path, *places[loc])))
                return None
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(following := next(events), yaml.SequenceEndEvent):
                items.append(value(following, (*loc, len(items))))
            return items
        mapping: dict[str, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            line, column = _position(key)
            if not isinstance(key, yaml.ScalarEvent):
                raise _invalid(path, line, column, "has a key that is not a word", "yaml-key")
            if key.value in mapping:
                message = f"has the key {key.value!r} twice: keep one"
                problems.append(Finding("duplicate-key", "error", message, Place(path, line, column)))
            mapping[key.value] = value(next(events), (*loc, key.value))
            places[(*loc, key.value)] = (line, column) if mapping[key.value] is None else places[(*loc, key.value)]
            places[(*loc, key.value, "<key>")] = (line, column)
        return mapping

    first = next(events, None)
    data = None if first is None else value(first, ())
    for _ in events:  # What follows the document is checked, too: a second one, or a bracket too many.
        pass
    return data


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = event.value
    if not event.implicit[0] or event.style in {"'", '"', "|", ">"}:
        return text
    return parse_scalar(text)


def _is_no_text(text: str) -> bool:
    """Whether a text would be read as something else if it stood there without quotes."""
    try:
        return not isinstance(parse_scalar(text), str)
    except ValueError:
        return True


def parse_scalar(text: str) -> Any:
    """What a scalar without quotes is (YAML 1.2, core schema); a number remembers how it was written.

    Raises:
        ValueError: it is no finite number.
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _NON_FINITE.match(text):
        raise ValueError(f"has {text} where a number belongs: leave it out")
    if _INT.match(text):
        base = {"0o": 8, "0x": 16}.get(text[:2])
        whole = WrittenInt(int(text[2:], base) if base else int(text))
        whole.text = text
        return whole
    if _FLOAT.match(text):
        decimal = WrittenFloat(text)
        if abs(decimal) == float("inf"):
            raise ValueError(f"has the number {text}, which is too large")
        decimal.text = text
        return decimal
    return text


def _invalid(path: str, line: int, column: int, message: str, rule: str) -> InputError:
    finding = Finding(rule, "error", message, Place(path, line, column))
    return InputError(f"{finding.place}: {message}", (finding,))
