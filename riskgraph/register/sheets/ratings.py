"""Ratings in cells: ``4 - Likely``, ``25 %``, ``High`` or ``once in 10 years`` in, a likelihood or a score out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from riskgraph.durations import YEAR, find_duration, format_duration
from riskgraph.register.sheets.grid import Cell
from riskgraph.register.sheets.numbers import parse_money, parse_number, parse_share
from riskgraph.register.sheets.periods import parse_period
from riskgraph.register.sheets.words import fold, says_nothing, words_of

Manner = Literal["score", "share", "percent", "rate"]
"""What the bare numbers of a column of likelihoods are."""

_LEADING: Final = re.compile(r"([1-5])(?:\.0)?\s*(?:$|[-\u2013\u2014:=.)(/|]\s*\D|\s+[^\W\d])")
_TRAILING: Final = re.compile(r"[^\d%]*[(\[:=-]\s*([1-5])(?:\s*/\s*5)?\s*[)\]]?")
_OF_FIVE: Final = re.compile(r"([1-5])\s*(?:/|of|von|sur)\s*5")
_SHARE_OVER: Final = re.compile(r"(?P<share>.+%)\s*(?:in|over|within|per|a|pro|/|\u00fcber|sur|par)\s*(?P<period>.+)")
_RATE: Final = re.compile(
    r"(?P<n>[\d.,]+(?:e[-+]?\d+)?|once|twice|einmal|zweimal|une fois|deux fois)\s*(?:x|times?|mal|fois)?\s*"
    r"(?:in|per|a|every|each|pro|im|alle|par|en|tous les|/)\s*(?P<period>.+)",
    re.IGNORECASE,
)
_EVERY: Final = re.compile(r"(?:every|each|alle|jedes|tous les|toutes les|chaque)\s+(?P<period>.+)", re.IGNORECASE)
_NUMBER_WORDS: Final = {"once": 1, "twice": 2, "einmal": 1, "zweimal": 2, "une fois": 1, "deux fois": 2}
_RATE_HEADING: Final = re.compile(r"\b(?:aro|annual|per year|p a|pro jahr|par an|a year|times per)\b")


def find_manner(heading: str, cells: Iterable[Cell]) -> Manner:
    """What bare numbers in a column of likelihoods are, by its heading and by the other numbers in it."""
    if _RATE_HEADING.search(fold(heading)):
        return "rate"
    numbers = [number for cell in cells if (number := _bare(cell)) is not None]
    if "%" in heading and any(number > 1 for number in numbers):
        return "percent"
    if numbers and all(number <= 1 for number in numbers) and any(number % 1 for number in numbers):
        return "share"
    return "score"


def parse_likelihood(
    cell: Cell, manner: Manner = "score", horizon: str = "1y", words: Mapping[str, int] | None = None
) -> Any:
    """A likelihood as a register file writes it: a score, a probability over a horizon, or a rate a year.

    ``horizon`` is what a probability is over that names none, ``words`` what rating words mean besides the usual ones.

    Raises:
        ValueError: it is none.
    """
    number = _bare(cell)
    if number is not None:
        return _of_number(number, manner, horizon)
    text = str(cell).strip()
    score = _score(text, "likelihood", words)
    if score is not None:
        return score
    try:
        if found := _SHARE_OVER.fullmatch(text):
            period = format_duration(parse_period(found["period"]))
            return {"probability": parse_share(found["share"]), "horizon": period}
        if text.endswith("%"):
            return {"probability": parse_share(text), "horizon": horizon}
        rate = _rate(text)
    except ValueError:
        rate = None
    if rate is None:
        raise ValueError(
            f"{text!r} is no likelihood: write a score from 1 to 5, '25 %' or '0.5 per year', "
            "or say in the mapping's `words` which score it is"
        )
    return {"per_year": rate}


def parse_score(cell: Cell, words: Mapping[str, int] | None = None) -> int:
    """An impact score from 1 to 5: a number, a rating word, or both.

    Raises:
        ValueError: it is none.
    """
    number = _bare(cell)
    text = str(cell).strip()
    if number is not None:
        if number % 1 or not 1 <= number <= 5:  # noqa: PLR2004 - scales have five scores
            shown = f"{number:f}".removesuffix(".0")
            raise ValueError(f'{shown} is no score from 1 to 5: for money use --map "HEADING=loss"')
        return int(number)
    score = _score(text, "impact", words)
    if score is None:
        raise ValueError(f"{text!r} is no score: write 1 to 5, or say in the mapping's `words` which score it is")
    return score


def is_money(cells: Iterable[Cell]) -> bool:
    """Whether a column of impacts holds amounts of money rather than scores: some name a currency or thousands."""
    found = False
    for cell in cells:
        text = str(cell).strip() if cell is not None else ""
        if not text or says_nothing(text):
            continue
        try:
            parse_score(cell)
        except ValueError:
            pass
        else:
            return False
        try:
            parse_money(text, ".")
        except ValueError:
            continue
        found = found or _bare(cell) is None
    return found


def heading_period(heading: str) -> str | None:
    """The period that a heading names in brackets, as in ``Probability (5 years)``."""
    for part in re.findall(r"[(\[]([^()\[\]]*)[)\]]", heading):
        duration = find_duration(part)
        if duration:
            return format_duration(duration)
    return None


def _of_number(number: Decimal, manner: Manner, horizon: str) -> Any:
    match manner:
        case "rate":
            return {"per_year": float(number)}
        case "percent":
            return {"probability": float(number / 100), "horizon": horizon}
        case "share":
            return {"probability": float(number), "horizon": horizon}
    if number % 1 == 0 and 1 <= number <= 5:  # noqa: PLR2004 - scales have five scores
        return int(number)
    if 0 < number < 1:
        return {"probability": float(number), "horizon": horizon}
    shown = f"{number.normalize():f}"
    raise ValueError(f"{shown} is no score from 1 to 5 and no probability: write '25 %', '0.5 per year', or a score")


def _bare(cell: Cell) -> Decimal | None:
    """The number that a cell is; None where it is text, or nothing."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, float | int):
        return Decimal(repr(cell))
    try:
        return parse_number(str(cell), ".") if isinstance(cell, str) and "," not in cell else parse_number(str(cell))
    except ValueError:
        return None


def _score(text: str, what: Literal["likelihood", "impact"], words: Mapping[str, int] | None) -> int | None:
    """The score that a text names, by a number or by a word."""
    folded = fold(text)
    if words and folded in words:
        return words[folded]
    for pattern in (_OF_FIVE, _TRAILING):
        if found := pattern.fullmatch(text):
            return int(found[1])
    if not _RATE.fullmatch(text) and (found := _LEADING.match(text)):
        return int(found[1])
    known = words_of(what).get(folded)
    return int(known) if known else None


def _rate(text: str) -> float | None:
    """Occurrences a year: ``0.5 per year``, ``once in 10 years``, ``alle 5 Jahre``."""
    if found := _EVERY.fullmatch(text):
        count = Decimal(1)
    elif found := _RATE.fullmatch(text):
        word = found["n"].lower()
        count = Decimal(_NUMBER_WORDS[word]) if word in _NUMBER_WORDS else parse_number(word, ".")
    else:
        return None
    years = parse_period(found["period"]) / YEAR
    # Whole years leave the number as it was written.
    return float(count) if years == 1 else float(count) / years
