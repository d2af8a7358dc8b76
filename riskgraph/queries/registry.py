"""The registry of questions: a name in, the question of that name out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from riskgraph.errors import UsageError
from riskgraph.queries import cascades, chains, defences, incidents, signals
from riskgraph.validation import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.queries.question import Question

_THEMES: Final = (
    ("The map of cascades", (*cascades.QUESTIONS, *chains.QUESTIONS)),
    ("Mitigations", defences.QUESTIONS),
    ("What is missing", signals.QUESTIONS),
    ("What incidents taught", incidents.QUESTIONS),
)

THEMES: Final[Mapping[str, tuple[Question, ...]]] = MappingProxyType(dict(_THEMES))
"""Every question, by what it is about."""

QUESTIONS: Final[Mapping[str, Question]] = MappingProxyType(
    {question.name: question for questions in THEMES.values() for question in questions}
)
"""Every question by its name."""


def find_question(name: str) -> Question:
    """The question of a name.

    Raises:
        UsageError: there is none; the message has the name that was probably meant.
    """
    if name in QUESTIONS:
        return QUESTIONS[name]
    near = closest(name, list(QUESTIONS)) or next((known for known in QUESTIONS if name.lower() in known), None)
    hint = f"did you mean {near}?" if name and near else "riskgraph query --list has them all"
    raise UsageError(f"there is no question {name!r}: {hint}")
