"""Questions as values: a declaration and what a person typed in, checked parameters out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from riskgraph.errors import InputError, UsageError
from riskgraph.graph import RiskGraph
from riskgraph.validation import closest

Cell = str | int | float | None | tuple[str, ...]
"""One value of an answer; a tuple is a list of ids."""

Row = tuple[Cell, ...]
Rows = tuple[Row, ...]
Value = str | int
"""A parameter's value as JSON and Cypher have it; a date is its ISO text."""

TODAY: Final = "today"
"""The default of a date that is the day of asking."""


@dataclass(frozen=True)
class Parameter:
    """What a question wants to know before it answers.

    ``type`` is ``risk`` or ``mitigation`` for an id of that kind. A number lies between ``low`` and ``high``, both
    included. Without a ``default`` the parameter has to be given.
    """

    name: str
    type: Literal["risk", "mitigation", "number", "date"]
    says: str
    default: Value | None = None
    low: int = 0
    high: int = 0

    def describe(self) -> str:
        """What may be given: ``depth (1 to 12, default 3)``."""
        allowed = {"number": f"{self.low} to {self.high}", "date": "a date"}.get(self.type, f"the id of a {self.type}")
        given = "required" if self.default is None else f"default {self.default}"
        return f"{self.name} ({allowed}, {given})"


@dataclass(frozen=True)
class Question:
    """A question that people ask of any graph.

    ``says`` is the question in one sentence; ``note`` is what a reader of the answer has to know. ``columns`` name the
    cells of each row that ``answer`` gives for a graph and the parameters by name. ``cypher/explore/NAME.cypher``
    answers the same on Neo4j, and is tested against ``answer``.
    """

    name: str
    says: str
    columns: tuple[str, ...]
    answer: Callable[..., Rows]
    parameters: tuple[Parameter, ...] = ()
    note: str = ""

    def bind(self, given: Mapping[str, str], today: date) -> dict[str, Value]:
        """The value of every parameter, in the order of their declaration; defaults where nothing was given.

        Raises:
            UsageError: a name is not one of the parameters', a value is not allowed, or one is missing.
        """
        for name in given:
            if name not in {parameter.name for parameter in self.parameters}:
                near = closest(name, [parameter.name for parameter in self.parameters])
                meant = f"did you mean {near}? " if near else ""
                raise UsageError(f"{self.name} has no parameter {name!r}: {meant}{self._known()}")
        return {parameter.name: self._value(parameter, given, today) for parameter in self.parameters}

    def ask(self, graph: RiskGraph, parameters: Mapping[str, Value]) -> Rows:
        """The answer of a graph to the question with these parameters, as :meth:`bind` gives them.

        Raises:
            InputError: the graph does not have the risk or mitigation that is asked about.
        """
        for parameter in self.parameters:
            ids = {"risk": graph.risks, "mitigation": graph.mitigations}.get(parameter.type)
            if ids is not None and (wanted := str(parameters[parameter.name])) not in ids:
                near = closest(wanted, list(ids))
                hint = f"did you mean {near}?" if near else "riskgraph show lists what there is"
                raise InputError(f"{wanted!r} is not the id of a {parameter.type}: {hint}")
        return self.answer(graph, **parameters)

    def _value(self, parameter: Parameter, given: Mapping[str, str], today: date) -> Value:
        text = given.get(parameter.name)
        if text is None:
            if parameter.default is None:
                raise UsageError(
                    f"{self.name} needs {parameter.name}: add --param {parameter.name}=...; {self._known()}"
                )
            return today.isoformat() if parameter.default == TODAY else parameter.default
        try:
            return _parse(parameter, text.strip())
        except ValueError:
            raise UsageError(f"{parameter.name}={text} is not allowed in {self.name}: {self._known()}") from None

    def _known(self) -> str:
        known = ", ".join(parameter.describe() for parameter in self.parameters)
        return f"it has {known}" if known else "it has none"


def _parse(parameter: Parameter, text: str) -> Value:
    if parameter.type == "number":
        number = int(text)
        if not parameter.low <= number <= parameter.high:
            raise ValueError
        return number
    if parameter.type == "date":
        return date.fromisoformat(text).isoformat()
    if not text:
        raise ValueError
    return text
