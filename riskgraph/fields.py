"""Field types of the model: what a person writes in a file in, a checked value out, or a sentence that says why not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema

from riskgraph.durations import format_duration, parse_duration

ID_PATTERN: Final = r"[A-Za-z][A-Za-z0-9._-]{0,63}"


def _as_written(value: object) -> object:
    """A number or truth value as its text, so that a name such as ``1.10`` is kept to the letter."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return getattr(value, "text", str(value))
    return value.isoformat() if isinstance(value, date) else value


def _as_number(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError(_no_number(value, "a number"))  # noqa: TRY004 - pydantic reports a ValueError with its place
    return float(value) if isinstance(value, int | float) else value


def _as_whole(value: object) -> object:
    if isinstance(value, bool | str) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(_no_number(value, "a whole number"))
    return int(value) if isinstance(value, int | float) else value


def _no_number(value: object, what: str) -> str:
    """What is wrong with a value that is no number: a percentage, a number in quotes, a word."""
    text = str(value).strip()
    if percent := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text):
        return f"{text!r} is not {what}: a share is written {float(percent[1]) / 100:g}"
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return f"has to be {what}, without quotes"
    return f"has to be {what}, and {text[:80]!r} is none"


def _as_day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        message = f"{str(value)!r} is not a date: write it as 2024-03-01"
        raise ValueError(message) from None


def parse_moment(value: object) -> date | datetime:
    """The date, or the time with its zone, that a value is.

    Raises:
        ValueError: the value is neither, or a time without a zone.
    """
    moment = value
    if not isinstance(value, date):
        text = str(value).strip()
        try:
            moment = date.fromisoformat(text)
        except ValueError:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                message = f"{text!r} is not a date or time: write 2024-03-01 or 2024-03-01T09:30:00+01:00"
                raise ValueError(message) from None
    assert isinstance(moment, date)  # noqa: S101 - a datetime is a date, too
    if isinstance(moment, datetime) and moment.utcoffset() is None:
        message = f"{moment.isoformat()} has no zone: end it with Z or an offset such as +01:00"
        raise ValueError(message)
    return moment


def instant(moment: date) -> datetime:
    """The instant, in UTC, that a date or time stands for; a date without a time counts from 00:00 UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), UTC)


def _dump_number(value: float) -> int | float:
    whole = int(value)
    return whole if whole == value and abs(value) < 1e15 else float(value)  # noqa: PLR2004 - floats hold 15 digits


_NUMBER = PlainSerializer(_dump_number, return_type=float | int)

Id = Annotated[str, BeforeValidator(_as_written), Field(pattern=f"^{ID_PATTERN}$")]
Text = Annotated[str, BeforeValidator(_as_written)]
Name = Annotated[str, BeforeValidator(_as_written), Field(min_length=1, max_length=500)]
Number = Annotated[float, BeforeValidator(_as_number), Field(allow_inf_nan=False), _NUMBER]
Positive = Annotated[float, BeforeValidator(_as_number), Field(gt=0, allow_inf_nan=False), _NUMBER]
Money = Annotated[float, BeforeValidator(_as_number), Field(ge=0, allow_inf_nan=False), _NUMBER]
Share = Annotated[float, BeforeValidator(_as_number), Field(ge=0, le=1, allow_inf_nan=False), _NUMBER]
Score = Annotated[int, BeforeValidator(_as_whole), Field(ge=1, le=5)]
Count = Annotated[int, BeforeValidator(_as_whole), Field(ge=1, le=1_000_000)]
Duration = Annotated[
    timedelta,
    PlainValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "description": "A number and a unit: 30m, 2h, 1 day, PT15M."}),
]
Day = Annotated[
    date,
    PlainValidator(_as_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Moment = Annotated[
    date | datetime,
    PlainValidator(parse_moment),
    PlainSerializer(lambda moment: moment.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "description": "A date (00:00 UTC), or a time with its offset from UTC."}),
]
