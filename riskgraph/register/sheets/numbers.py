"""Numbers in cells: text such as ``1.234,50 EUR``, ``25 %`` or ``1.2 Mio`` in, exact numbers out.

``1.234`` is a thousand to one reader and one and a bit to another. Other cells of the column decide
(:func:`decimal_sign`); where none does, it is a problem.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from riskgraph.register.sheets.words import symbols_of

_DIGITS: Final = re.compile(r"[-+]?(?:\d[\d.,'\u2019 ]*|[.,]\d+)(?:[eE][-+]?\d+)?")
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(?:(?P<sign>[.,'\u2019 ])\d{3})(?:(?P=sign)\d{3})*")
_SPACES: Final = re.compile(r"[\u00a0\u2007\u2009\u202f]")
_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-"})


def decimal_sign(texts: Iterable[str]) -> str | None:
    """The decimal sign that the numbers of a column are written with; None where they do not tell, or disagree.

    ``1.5 Mio`` does not tell: who writes it may well write thousands as ``1.500``.
    """
    found = {sign for text in texts if not _has_factor(text) and (sign := _sign_of(text))}
    return found.pop() if len(found) == 1 else None


def parse_number(text: str, sign: str | None = None) -> Decimal:
    """The number that a text is, in the writing of any country.

    Raises:
        ValueError: it is none, or may be two.
    """
    bare = _SPACES.sub(" ", text).translate(_MINUS).strip()
    if not _DIGITS.fullmatch(bare):
        raise ValueError(f"{text!r} is not a number: write it as 1234.5")
    own = _sign_of(bare)
    if own is None and _is_ambiguous(bare):
        if sign is None:
            plain, other = bare.replace(",", "").replace(".", ""), bare.replace(",", ".")
            raise ValueError(f"{text!r} may be {plain} or {other}: write it without separators")
        own = sign
    for mark in " '\u2019":
        bare = bare.replace(mark, "")
    if own:
        bare = bare.replace("," if own == "." else ".", "").replace(own, ".")
    else:
        bare = bare.replace(".", "").replace(",", "")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number: write it as 1234.5") from None
    if not math.isfinite(float(number)):
        raise ValueError(f"{text!r} is too large")
    return number


def parse_share(text: str, sign: str | None = None) -> float:
    """A share as a percentage, or as a number from 0 to 1.

    Raises:
        ValueError: it is neither.
    """
    bare = text.strip().lstrip("~\u2248").removeprefix("ca.").strip()
    sign = sign or ("," if "," in bare else ".")  # Nobody groups thousands in a share.
    if bare.endswith("%"):
        return float(parse_number(bare[:-1], sign) / 100)
    return float(parse_number(bare, sign))


def format_share(value: float) -> str:
    """A share as a percentage that :func:`parse_share` reads as the same number."""
    number = Decimal(repr(value)) * 100
    return f"{number.normalize():f} %" if number else "0 %"


def parse_money(text: str, sign: str | None = None) -> tuple[float, str | None]:
    """An amount, and its currency where it is named: ``1.2 Mio``, ``50 TEUR``, ``$ 5k``; ``$`` alone names none.

    Raises:
        ValueError: it is no amount, or may be two.
    """
    digits, factor, currency = _split_money(text)
    if sign is None:
        # Nobody groups thousands of millions, and no price has three decimals: one sign tells what it is.
        sign = ("," if "," in digits else ".") if factor > 1 else ("." if "," in digits else ",")
    return float(parse_number(digits, sign) * factor), currency


def parse_price(text: str, sign: str | None) -> tuple[float, str | None]:
    """An amount as :func:`parse_money`, in a column whose other amounts have this decimal sign.

    Raises:
        ValueError: also where it would have three decimals, which no price has.
    """
    digits, factor, _ = _split_money(text)
    if sign is not None and factor == 1 and sign in digits and _is_ambiguous(digits):
        parse_number(digits)
    return parse_money(text, sign)


def _has_factor(text: str) -> bool:
    try:
        return _split_money(text)[1] > 1
    except ValueError:
        return False


def _split_money(text: str) -> tuple[str, Decimal, str | None]:
    """The digits of an amount, what they are times, and the currency."""
    bare = _SPACES.sub(" ", text).strip().lstrip("~\u2248").strip()
    found = _DIGITS.search(bare)
    if not found:
        raise ValueError(f"{text!r} is not an amount: write it as 1234.5")
    before, after = bare[: found.start()], bare[found.end() :]
    factor, currency = Decimal(1), None
    for word in (before, after):
        one, named = _affix(word.strip().lower(), text)
        if (factor != 1 and one != 1) or (currency and named):
            raise ValueError(f"{text!r} is not an amount: write it as 1234.5")
        factor, currency = factor * one, currency or named
    return found.group().strip(), factor, currency


def _affix(word: str, text: str) -> tuple[Decimal, str | None]:
    """What stands before or behind a number: its factor and its currency."""
    factors, currencies = symbols_of("factors"), symbols_of("currencies")
    factor, currency = Decimal(1), None
    rest = word.rstrip(".-\u2013/ ") if word not in currencies else word
    for part in rest.split():
        bare = part.rstrip(".") if part not in currencies else part
        if bare in factors and factor == 1:
            factor = Decimal(factors[bare])
        elif bare in currencies and currency is None:
            currency = currencies[bare]
        elif bare[:1] in {"t", "k", "m"} and bare[1:] in currencies and factor == 1 and currency is None:
            factor, currency = Decimal(factors[bare[0]]), currencies[bare[1:]]
        elif bare != "$":
            raise ValueError(f"{text!r} is not an amount: write it as 1234.5")
    return factor, currency


def _sign_of(text: str) -> str | None:
    """The decimal sign of a number that shows it."""
    bare = "".join(char for char in text if char in ".,0123456789'\u2019 ").strip()
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        return "." if bare.rfind(".") > bare.rfind(",") else ","
    mark = "." if points else ","
    if points + commas == 1 and not _is_ambiguous(bare):
        return mark
    return None


def _is_ambiguous(text: str) -> bool:
    """Whether a text has one group of three digits behind its only ``.`` or ``,``, so that it may be a decimal."""
    bare = text.lstrip("+-")
    found = _GROUPED.fullmatch(bare)
    return found is not None and found["sign"] in ".," and bare.count(found["sign"]) == 1 and not bare.startswith("0")
