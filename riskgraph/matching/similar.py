"""Similar names: a clause and the names of risks in, at most a few suggestions with their reason out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CUT_OFF: Final = 72.0
"""The least similarity, from 0 to 100, at which a name is worth mentioning."""
_IDLE: Final = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "for", "and", "or", "by", "with", "from", "is", "was", "were", "are", "be", "been", "also", "failed", "fails", "fail", "failing", "failure", "down", "up", "out", "late", "our", "we", "it", "its", "this", "that", "all", "some", "not", "mapped"]
)


@dataclass(frozen=True)
class Suggestion:
    """A risk that a text may mean; ``score`` from 0 to 100."""

    id: str
    score: float
    reason: str


def suggest(text: str, names: Mapping[str, Sequence[str]], *, limit: int = 3) -> tuple[Suggestion, ...]:
    """The risks whose name or alias is most similar to a text, best first, then by id.

    Similar are names whose telling words are in the text, in whatever form and order.
    """
    from rapidfuzz import fuzz

    said = _telling(text)
    if not said:
        return ()
    found = []
    for id_, candidates in names.items():
        best = 0.0
        name = ""
        for candidate in candidates:
            words = _telling(candidate)
            if not words:
                continue
            scores = [max(fuzz.ratio(word, other) for other in said) for word in words]
            close = [score for score in scores if score >= 80]  # noqa: PLR2004 - about one letter in five
            score = 100 * len(close) / len(scores)
            if len(close) == 1 and len(words) > 1:
                score = min(score, 50.0)
            if score > best:
                best, name = score, candidate
        if best >= CUT_OFF:
            found.append(Suggestion(id_, best, f"similar to {name!r}"))
    found.sort(key=lambda suggestion: (-suggestion.score, suggestion.id))
    return tuple(found[:limit])


def _telling(text: str) -> list[str]:
    """The words of a text that tell something."""
    import re

    tokens = re.findall(r"[^\W_]+", text.casefold()[:2000])
    return [word for word in dict.fromkeys(tokens) if word not in _IDLE][:60]
