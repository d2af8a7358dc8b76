"""Words: the data files of headings and cell words in, look-ups by folded text out."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_IN_UNIT: Final = re.compile(r"\s(?:in|en)\s+\S{1,12}\s*$", re.IGNORECASE)
_DASHES: Final = 3
"""How long a cell of punctuation is at most that stands for an empty one."""
_PLAIN: Final = re.compile(r"[^\w#°/]+|_+")


@dataclass(frozen=True)
class Headings:
    """Which headings mean which field: ``fields[kind][folded heading]`` is the field and its rank, the best 0."""

    fields: Mapping[str, Mapping[str, tuple[str, int]]]
    names: Mapping[str, Sequence[str]]
    sheets: Mapping[str, frozenset[str]]
    before: frozenset[str]
    after: frozenset[str]


def fold(text: str) -> str:
    """A text as it is compared: without case, accents, punctuation and soft hyphens, single spaces."""
    if text.isascii():
        bare = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join(char for char in decomposed if not unicodedata.combining(char) and char != "\xad")
    return " ".join(_PLAIN.sub(" ", bare).split())


def forms(heading: str) -> tuple[str, ...]:
    """The ways to read a heading: as it is, then without brackets, unit, second language or second line."""
    first = heading.strip().split("\n")[0]
    without = _BRACKETS.sub(" ", heading)
    plain = _IN_UNIT.sub("", without)
    found = (fold(heading), fold(without), fold(_BRACKETS.sub(" ", first)), fold(without.split(" / ")[0]), fold(plain))
    return tuple(dict.fromkeys(form for form in found if form))


@cache
def headings() -> Headings:
    """The headings of ``synonyms.toml``, read once."""
    lists = _read("synonyms.toml")
    groups, sheets = lists.pop("groups"), lists.pop("sheets")
    fields: dict[str, dict[str, tuple[str, int]]] = {}
    for kind, of_kind in lists.items():
        known: dict[str, tuple[str, int]] = {}
        for field, words in of_kind.items():
            for rank, word in enumerate(words):
                known.setdefault(fold(word), (field, rank))
        fields[kind] = known
    return Headings(
        fields,
        {kind: list(of_kind) for kind, of_kind in lists.items()},
        {kind: frozenset(map(fold, words)) for kind, words in sheets.items()},
        frozenset(map(fold, groups["before"])),
        frozenset(map(fold, groups["after"])),
    )


@cache
def title_of(kind: str, field: str) -> str:
    """The heading that riskgraph writes for a field."""
    return str(_read("synonyms.toml")[kind][field][0])


@cache
def words_of(*path: str) -> Mapping[str, str]:
    """What the words of one list of ``words.toml`` mean, by folded word."""
    node: Any = _read("words.toml")
    for part in path:
        node = node[part]
    if isinstance(node, list):
        return {fold(word): "" for word in node}
    return {fold(word): meaning for meaning, words in node.items() for word in reversed(words)}


@cache
def symbols_of(name: str) -> Mapping[str, str]:
    """The words of a list as they are written, in lower case, for lists that hold signs."""
    return {word.lower(): meaning for meaning, words in _read("words.toml")[name].items() for word in words}


def says_nothing(text: str) -> bool:
    """Whether a cell's text stands for an empty cell."""
    folded = fold(text)
    return folded in words_of("nothing") if folded else len(text.strip()) <= _DASHES


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("riskgraph.register.sheets").joinpath(name).read_text(encoding="utf-8"))


@cache
def column_notes() -> Mapping[tuple[str, str], str]:
    """The note of each column that needs one, by kind and field."""
    return {(kind, name): note for kind, notes in _read("notes.toml").items() for name, note in notes.items()}
