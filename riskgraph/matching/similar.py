"""Similar names: a clause and the names of risks in, at most a few suggestions with their reason out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from riskgraph.matching.words import words

CUT_OFF: Final = 72.0
"""The least similarity, from 0 to 100, at which a name is worth mentioning."""
_CLOSE: Final = 80.0
_STEM: Final = 5
_MOST_WORDS: Final = 60


@dataclass(frozen=True)
class Suggestion:
    """A risk that a text may mean; ``score`` from 0 to 100."""

    id: str
    score: float
    reason: str


def suggest(text: str, names: Mapping[str, Sequence[str]], *, limit: int = 3) -> tuple[Suggestion, ...]:
    """The risks whose name or alias is most similar to a text, best first, then by id.

    The similarity is the share of the telling words of a name that are in the text, in whatever form and order; a
    name of several words needs two of them.
    """
    said = _telling(text)
    found = []
    for id_, candidates in names.items():
        score, name = max(((_similarity(said, candidate), candidate) for candidate in candidates), default=(0.0, ""))
        if score >= CUT_OFF:
            found.append(Suggestion(id_, score, f"similar to {name!r}"))
    found.sort(key=lambda suggestion: (-suggestion.score, suggestion.id))
    return tuple(found[:limit])


def _similarity(said: list[str], name: str) -> float:
    telling = _telling(name)
    if not said or not telling:
        return 0.0
    close = sum(max(_likeness(word, other) for other in said) >= _CLOSE for word in telling)
    return 0.0 if close == 1 < len(telling) else 100 * close / len(telling)


def _likeness(word: str, other: str) -> float:
    """How alike two words are, from 0 to 100; forms of one stem, such as report and reporting, are alike."""
    from rapidfuzz import fuzz

    same_stem = min(len(word), len(other)) >= _STEM and word[:_STEM] == other[:_STEM]
    return 100.0 if same_stem else fuzz.ratio(word, other)


def _telling(text: str) -> list[str]:
    """The words of a text that tell something."""
    tokens = re.findall(r"[^\W_]+", text.casefold())
    return [word for word in dict.fromkeys(tokens) if not words().idle.fullmatch(word)][:_MOST_WORDS]
