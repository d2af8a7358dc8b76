"""Validation: plain data and a model in, a checked value and every problem with its place out."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from riskgraph.documents import Document, Loc
from riskgraph.findings import Finding

M = TypeVar("M", bound=BaseModel)

_SHOWN: Final = 80
"""How much of a wrong value a message repeats."""

_SENTENCES: Final = {
    "missing": "is missing: add it",
    "string_type": "has to be a text",
    "dict_type": "has to be a mapping of keys and values",
    "model_type": "has to be a mapping of keys and values",
    "model_attributes_type": "has to be a mapping of keys and values",
    "list_type": "has to be a list",
    "tuple_type": "has to be a list",
    "float_type": "has to be a number",
    "int_type": "has to be a whole number",
    "bool_type": "has to be true or false",
    "finite_number": "has to be a finite number",
}


def validate(model: type[M], data: Any, document: Document, loc: Loc) -> tuple[M | None, list[Finding]]:
    """The value that plain data is, or None; and every problem, as of :func:`salvage`."""
    value, findings = salvage(model, data, document, loc)
    return (None if findings else value), findings


def salvage(model: type[M], data: Any, document: Document, loc: Loc) -> tuple[M | None, list[Finding]]:
    """What plain data is without what is wrong in it, and every problem, with the place in the document it came from.

    The value serves to look for what else is wrong; None where nothing is left. Keys that the model does not know are
    problems of their own and do not hide the others.
    """
    unknown: list[Finding] = []
    wrong: list[Finding] | None = None
    value: M | None = None
    while data is not None and value is None:
        try:
            value = model.model_validate(data)
        except ValidationError as error:
            problems = error.errors()
            extra = [_real(problem["loc"], data) for problem in problems if problem["type"] == "extra_forbidden"]
            extra += [(key,) for key in _own_unknown(model, data)]
            if extra:
                unknown += [_unknown(model, where, data, document, loc) for where in extra]
                data = _without(data, extra)
                continue
            if wrong is None:  # What is wrong only once more was taken away was not wrong in the file.
                found = [_finding(problem, data, document, loc) for problem in problems]
                wrong = [finding for finding in found if not follows_from(finding, unknown)]
            data = _mend(data, problems)
    return value, sorted(dict.fromkeys([*unknown, *(wrong or ())]), key=lambda finding: finding.place)


def _mend(data: Any, problems: Collection[Any]) -> Any:
    """The data with None for what is missing, and without wrong values; what cannot do without them goes as a whole."""
    places = [_real(problem["loc"], data) for problem in problems]
    for number, problem in enumerate(problems):
        if problem["type"] != "missing":
            while places[number] and _value(data, places[number]) is None:
                places[number] = places[number][:-1]
    data = _without(data, places)
    for where, problem in zip(places, problems, strict=True):
        holder = _value(data, where[:-1])
        if problem["type"] == "missing" and isinstance(holder, dict):
            holder[where[-1]] = None
    return data


def _value(data: Any, where: Loc) -> Any:
    for part in where:
        if isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def follows_from(finding: Finding, problems: Collection[Finding]) -> bool:
    """Whether a key is missing only because its value is wrong, or its name misspelt, which is said already."""
    key = finding.field.rsplit(".", 1)[-1]
    return finding.rule == "missing-key" and any(
        problem.field == finding.field or problem.message.endswith(f"did you mean {key!r}?") for problem in problems
    )


def closest(word: str, words: Collection[str], least: float = 60) -> str | None:
    """The word that was probably meant, or None; ``least`` is how alike it has to be, from 0 to 100."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word.lower(), list(words), scorer=fuzz.ratio, processor=str.lower, score_cutoff=least)
    return found[0] if found else None


def _own_unknown(model: type[BaseModel], data: Any) -> list[str]:
    """The unknown keys of an element, which keeps ``x_`` keys and so does not forbid extras."""
    find = getattr(model, "unknown_names", None)
    found: list[str] = find(data) if find and isinstance(data, dict) else []
    return found


def _unknown(model: type[BaseModel], where: Loc, data: Any, document: Document, loc: Loc) -> Finding:
    """An unknown key, with the one that was probably meant."""
    key = str(where[-1])
    near = closest(key, _names(model, where[:-1]))
    if near:
        hint = f"did you mean {near!r}?"
    elif " " in key and _value(data, where) is None:  # {event: it tripped, servers went off}
        hint = "if it belongs to the text before it, put that text in quotes, its comma included"
    else:
        hint = "remove it, or begin it with x_ where the format allows that"
    place = document.place((*loc, *where, "<key>"))
    return Finding("unknown-key", "error", f"unknown key {key!r}: {hint}", place, _dotted((*loc, *where)))


def _names(model: type[BaseModel], where: Loc) -> list[str]:
    """The keys that the model at a place knows."""
    schema = _schema(model)
    definitions = schema.get("$defs", {})
    node: Any = schema
    for part in where:
        node = _inner(node, part, definitions)
    return sorted({name for option in _options(node, definitions) for name in option.get("properties", {})})


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _options(node: Any, definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema node, references followed."""
    if not isinstance(node, dict):
        return []
    if "$ref" in node:
        return _options(definitions.get(node["$ref"].rsplit("/", 1)[-1], {}), definitions)
    branches = [branch for word in ("anyOf", "oneOf", "allOf") for branch in node.get(word, ())]
    return [option for branch in branches for option in _options(branch, definitions)] or [node]


def _inner(node: Any, part: str | int, definitions: dict[str, Any]) -> Any:
    found = []
    for option in _options(node, definitions):
        if isinstance(part, int):
            found += [option[word] for word in ("items", "prefixItems") if isinstance(option.get(word), dict)]
        elif part in option.get("properties", {}):
            found.append(option["properties"][part])
        elif isinstance(option.get("additionalProperties"), dict):
            found.append(option["additionalProperties"])
    return {"anyOf": found}


def _finding(problem: Any, data: Any, document: Document, loc: Loc) -> Finding:
    where = _real(problem["loc"], data)
    kind = problem["type"]
    name = _dotted((*loc, *where))
    if kind == "missing":
        place, rule = document.place((*loc, *where[:-1])), "missing-key"
    else:
        place, rule = document.place((*loc, *where)), "invalid-value"
    last = next((number for number in reversed(range(len(where))) if isinstance(where[number], str)), 0)
    message = f"{_dotted(where[last:])}: {sentence(problem)}" if where else sentence(problem)
    return Finding(rule, "error", message, place, name)


def sentence(problem: Any) -> str:
    """What is wrong, in plain words."""
    kind, context = problem["type"], problem.get("ctx") or {}
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind in {"literal_error", "enum"}:
        allowed = re.findall(r"[^' ,]+", str(context["expected"]).replace(" or ", ", "))
        near = closest(str(problem["input"]), allowed)
        if near == problem["input"]:  # The number 1, not the text "1".
            return f"has to be {context['expected']}, without quotes"
        return f"has to be one of {context['expected']}" + (f": did you mean {near!r}?" if near else "")
    if kind == "string_pattern_mismatch":
        shown = str(problem["input"])[:_SHOWN]
        return f"{shown!r} is not an id: a letter, then letters, digits, '.', '_' or '-', 64 at most"
    limits = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
              "greater_than": ("gt", "more than"), "less_than": ("lt", "less than")}  # fmt: skip
    if kind in limits:
        name, words = limits[kind]
        return f"has to be {words} {context[name]}"
    message: str = problem["msg"]
    return message.removeprefix("Value error, ")


def _real(loc: tuple[str | int, ...], data: Any) -> Loc:
    """The part of a validation error's place that is in the data: union tags and validator names are not."""
    where: list[str | int] = []
    for number, part in enumerate(loc):
        if isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
            where.append(part)
        elif isinstance(data, dict) and part in data:
            data = data[part]
            where.append(part)
        elif number == len(loc) - 1 and isinstance(data, dict) and isinstance(part, str):
            where.append(part)
    return tuple(where)


def _without(data: Any, places: Collection[Loc]) -> Any:
    """The data without what is at these places."""
    if () in places:
        return None
    below: dict[str | int, list[Loc]] = {}
    for where in places:
        below.setdefault(where[0], []).append(where[1:])
    if isinstance(data, dict):
        return {
            key: _without(value, below[key]) if key in below else value
            for key, value in data.items()
            if () not in below.get(key, ())
        }
    if isinstance(data, list):
        return [_without(value, below[n]) if n in below else value for n, value in enumerate(data)]
    return data


def _dotted(loc: Loc) -> str:
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return name.removeprefix(".")
