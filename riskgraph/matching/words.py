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
    unlooked: re.Pattern[str]
    continues: re.Pattern[str]
    goes_on: re.Pattern[str]
    relative: re.Pattern[str]
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
    opening = rf"(?:(?:{_any(lists['conjunctions'])}),?\s+)?(?:(?:{_any(lists.pop('pronouns'))})\s+)?"
    be = _any(lists.pop("copulas"))
    caused = _any(lists["causes"] + lists["caused_by"])
    looked, denied = _any(lists["looked"]), _any(lists.pop("denied"))
    built = {
        "unlooked": rf"(?<!\w)(?:{denied})(?:\s+(?:{be}))*\s+(?:{looked})(?!\w)",
        "continues": rf"\W{{0,3}}{opening}(?:(?:{be})\s+)*(?:{_any(lists['unharmed'])})(?!\w)",
        "goes_on": rf"(?:because|which)\s+(?:(?:{be})\s+)*(?:{caused})(?!\w)|because(?!\w)",
        "relative": r",?\s*(?:which|that|and|who)(?!\w)",
    }
    patterns = {name: _phrases(phrases) for name, phrases in lists.items()}
    patterns |= {name: re.compile(pattern, re.IGNORECASE) for name, pattern in built.items()}
    return Words(**patterns, numbers=numbers)


def _any(phrases: list[str]) -> str:
    """The inside of a group that matches any of the phrases, the longest first."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in ordered)


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
