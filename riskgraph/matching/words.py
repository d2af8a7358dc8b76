"""The word lists: ``words.toml`` in, patterns that match whole phrases out."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Words:
    """The word lists as patterns, and the number words."""

    negation: re.Pattern[str]
    hypothesis: re.Pattern[str]
    affirmative: re.Pattern[str]
    causes: re.Pattern[str]
    caused_by: re.Pattern[str]
    particle_verbs: re.Pattern[str]
    particles: re.Pattern[str]
    recovery: re.Pattern[str]
    looked: re.Pattern[str]
    unharmed: re.Pattern[str]
    idle: re.Pattern[str]
    conjunctions: re.Pattern[str]
    numbers: dict[str, int]


@cache
def words() -> Words:
    """The English words, read once."""
    lists: dict[str, Any] = tomllib.loads(
        resources.files("riskgraph.matching").joinpath("words.toml").read_text(encoding="utf-8")
    )
    numbers: dict[str, int] = lists.pop("numbers")
    return Words(**{name: _phrases(phrases) for name, phrases in lists.items()}, numbers=numbers)


def _phrases(phrases: list[str]) -> re.Pattern[str]:
    """A pattern of whole phrases; hyphens belong to words, so that "back" is not in "back-office"."""
    alternatives = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    parts = [
        r"n['\u2019]t\b"
        if phrase == "n't"
        else r"(?<![\w-])" + r"\s+".join(map(re.escape, phrase.split())) + r"(?![\w-])"
        for phrase in alternatives
    ]
    return re.compile("|".join(parts), re.IGNORECASE)
