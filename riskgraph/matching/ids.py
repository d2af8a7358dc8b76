"""Ids and names in prose: a text and what counts as a risk in, where the text names which risk out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from riskgraph.validation import closest

_TOKEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,80}")
_HYPHEN: Final = re.compile("[\u2010\u2011]|(?<=[A-Za-z])[\u2012\u2013\u2212\uff0d](?=[0-9])")
_SHAPE: Final = re.compile(r"(.*?[A-Za-z_.-])(\d{1,18})$")


@dataclass(frozen=True)
class Vocabulary:
    """What counts as an id or a name in a text.

    ``ids`` are the risks that any revision knows, ``others`` the other ids, ``names`` case-folded names and aliases
    of risks, ``extra_ids`` ids whose shape counts too.
    """

    ids: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    extra_ids: frozenset[str] = frozenset()

    @cached_property
    def shapes(self) -> frozenset[str]:
        """The prefixes that this register's ids have."""
        return frozenset(shape for id_ in (*self.ids, *self.others, *self.extra_ids) if (shape := id_shape(id_)))

    @cached_property
    def name_pattern(self) -> re.Pattern[str] | None:
        """Names and aliases as whole phrases, the longest first."""
        phrases = sorted(self.names, key=lambda name: (-len(name), name))
        if not phrases:
            return None
        parts = (r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
        return re.compile(r"(?<![\w-])(?:" + "|".join(parts) + r")(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A risk named in a text, and where."""

    start: int
    end: int
    id: str


def id_shape(token: str) -> str | None:
    """What an id begins with, before its digits; None for one that has no digits at its end."""
    found = _SHAPE.match(token)
    return found[1] if found else None


def closest_id(token: str, ids: Collection[str]) -> str | None:
    """The id that was probably meant, or None; ids share a prefix, so they have to be more alike than words."""
    return closest(token, sorted(ids), least=70)


def folded(text: str) -> str:
    """A name as names are compared: without regard to case, spacing and how accents are encoded."""
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def plain(text: str) -> str:
    """A text with the hyphen of ids where a word processor has put another; every character keeps its place."""
    return _HYPHEN.sub("-", text)


def find_ids(text: str, vocabulary: Vocabulary) -> tuple[list[Mention], list[str]]:
    """The risks that a text names by id or by name, in order, and the tokens that only look like ids."""
    mentions, unknown, taken = [], [], []
    for found in _TOKEN.finditer(text):
        if found.start() and (text[found.start() - 1].isalnum() or text[found.start() - 1] in "_-"):
            continue
        token = _known_token(found[0], vocabulary)
        if token in vocabulary.ids or token in vocabulary.extra_ids:
            mentions.append(Mention(found.start(), found.start() + len(token), token))
        elif token not in vocabulary.others and id_shape(token) in vocabulary.shapes:
            unknown.append(token)
        else:
            continue
        taken.append((found.start(), found.start() + len(token)))
    if vocabulary.name_pattern is not None:
        for found in vocabulary.name_pattern.finditer(text):
            id_ = vocabulary.names.get(folded(found[0]))
            if id_ and not any(start < found.end() and found.start() < end for start, end in taken):
                mentions.append(Mention(found.start(), found.end(), id_))
    return sorted(mentions, key=lambda mention: mention.start), unknown


def _known_token(token: str, vocabulary: Vocabulary) -> str:
    """A token without the full stop, hyphen or such at its end, unless the id has it."""
    while token not in vocabulary.ids and token not in vocabulary.others and token[-1] in "._-":
        token = token[:-1]
    return token
