"""Quality checks: a checked review in, notes on what is missing in it and on where it contradicts itself out.

Every rule is one function in :data:`RULES`. None of them looks at a graph, and none honours the review's ``ignore``.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from riskgraph.durations import find_duration, format_duration
from riskgraph.findings import Finding
from riskgraph.model import PHASES, QUESTIONS
from riskgraph.pir.answers import response
from riskgraph.pir.notes import field_name, quote
from riskgraph.rules import RULES as KNOWN
from riskgraph.validation import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from riskgraph.documents import Loc
    from riskgraph.pir.review import Pir

    Problem = tuple[Loc, str]
    Rule = Callable[[Pir], Iterator[Problem]]

_AUDIT: Final = "risk_process_audit"
_REPEATED: Final = 0.8
"""The share of words in common from which a root cause repeats the immediate cause."""
_TOLERANCE: Final = 0.15
"""How far, as a share, a stated detection gap may be off."""
_SHORTEST: Final = timedelta(minutes=1)
_RELATED: Final = 2
"""How many words an action has in common with the protocol's gap that it closes."""

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_STOP: Final = frozenset({
    "and", "are", "for", "from", "had", "has", "have", "missing", "none", "not", "nothing", "our", "protocol", "step",
    "that", "the", "there", "this", "was", "were", "what", "when", "which", "who", "with", "without",
})  # fmt: skip
_NOTHING: Final = re.compile(
    r"\W*(?:(?:none|no|nil|nothing|n/a|no gaps?|no differences?)\s*(?:$|[^\w\s])"
    r"|(?:no (?:actions?|changes?)|nothing|none) (?:is |was |to be )?(?:needed|required|necessary|done)\b)",
    re.IGNORECASE,
)


def check_pir(pir: Pir) -> tuple[Finding, ...]:
    """The notes of every rule about a review, by place."""
    found = [
        Finding(rule, "note", message, pir.place(*loc), field_name(loc), pir.incident_id)
        for rule, problems in RULES.items()
        for loc, message in problems(pir)
    ]
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.rule)))


def missing_sections(pir: Pir) -> Iterator[Problem]:
    """Sections that no other rule asks for."""
    for name in ("detection", "response"):
        if not pir.has(name):
            yield (name,), f"{name} is missing or empty: fill it in"


def no_timeline(pir: Pir) -> Iterator[Problem]:
    """A timeline documents what happened when."""
    if not any(entry.event for entry in pir.timeline):
        yield ("timeline",), "the timeline is empty: say what happened when"


def root_cause_missing(pir: Pir) -> Iterator[Problem]:
    """A root cause is identified."""
    if pir.text("root_cause", "root_cause") is None:
        yield ("root_cause", "root_cause"), "no root cause: say why the immediate cause could happen at all"


def root_cause_repeats(pir: Pir) -> Iterator[Problem]:
    """A root cause is more than the symptom again."""
    root, immediate = pir.text("root_cause", "root_cause"), pir.text("root_cause", "immediate_cause")
    if root is None or immediate is None:
        return
    words, others = _all_words(root), _all_words(immediate)
    if words == others or len(words & others) >= _REPEATED * len(words | others):
        yield ("root_cause", "root_cause"), "the root cause repeats the immediate cause: ask why once more"


def audit_incomplete(pir: Pir) -> Iterator[Problem]:
    """Every question of the audit is answered."""
    open_ = [question for question in QUESTIONS if pir.text(_AUDIT, question, "answer") is None]
    if open_:
        yield (_AUDIT,), f"the audit has no answer to {', '.join(open_)}: answer it"


def no_actions(pir: Pir) -> Iterator[Problem]:
    """An incident leads to something."""
    if not pir.actions:
        yield ("actions",), "there are no actions: say what will be done, by whom and until when"


def action_incomplete(pir: Pir) -> Iterator[Problem]:
    """An action has an owner and a date."""
    for action in pir.actions:
        lacks = [name for name, value in (("owner", action.owner), ("due date", action.due)) if value is None]
        if lacks:
            yield action.loc, f"the action {quote(action.text)} has no {' and no '.join(lacks)}: add it"


def no_learnings(pir: Pir) -> Iterator[Problem]:
    """Learnings are written down."""
    if not pir.learnings:
        yield ("learnings",), "there are no learnings: say what went well and what to improve"


def register_not_updated(pir: Pir) -> Iterator[Problem]:
    """A gap in the risk process leads to a change of the register or the process."""
    answered = {question for action in pir.actions for question in action.answers}
    for question, answer in pir.answers.items():
        has_gap = bool(answer.claim or answer.gap_type) and answer.claim != "yes" and answer.gap_type != "none"
        text = pir.text(_AUDIT, question, "action")
        if has_gap and question not in answered and (text is None or _NOTHING.match(text)):
            message = f"{question} has a gap, and nothing says how it is closed: fill in its action"
            yield (*answer.loc, "action"), message


def gap_contradicts_answer(pir: Pir) -> Iterator[Problem]:
    """A question's gap fits its answer, and is its own."""
    for question, answer in pir.answers.items():
        gap, own = answer.gap_type, PHASES[question]
        loc = (*answer.loc, "gap_type")
        if gap is not None and gap not in {"none", own}:
            yield loc, f"the {gap} gap does not belong to {question}: write None or {own} gap"
        elif gap is not None and answer.claim is not None and (gap == "none") != (answer.claim == "yes"):
            said = "no gap" if gap == "none" else f"the {gap} gap"
            yield loc, f"{question} is answered {answer.claim!r} and names {said}: make them agree"


def detection_gap_contradicts(pir: Pir) -> Iterator[Problem]:
    """A stated detection gap is the difference between actual and expected detection."""
    text = pir.text("detection", "detection_gap")
    if text is None or pir.detection_time is None or pir.expected_detection is None:
        return
    late = pir.detection_time - pir.expected_detection
    stated = timedelta() if _NOTHING.match(text) else find_duration(text)
    restated = stated in {pir.detection_time, pir.expected_detection}
    if stated is None or restated or (late <= timedelta() and not stated):
        return
    if abs(stated - abs(late)) > max(_SHORTEST, abs(late) * _TOLERANCE):
        said = format_duration(stated) if stated else "no gap"
        real = f"{format_duration(abs(late))} {'late' if late > timedelta() else 'early'}"
        yield ("detection", "detection_gap"), f"the detection gap says {said}, the two times say {real}: correct one"


def escalation_claims_differ(pir: Pir) -> Iterator[Problem]:
    """The two claims about escalation are one."""
    loc = ("response", "escalation_appropriate")
    text, answer = pir.text(*loc), pir.answers.get("escalation_worked")
    said = response(text) if text else None
    if said and answer and answer.claim and said != answer.claim:
        yield loc, f"escalation is {said!r} here and {answer.claim!r} under escalation_worked: make them agree"


def protocol_gap_without_action(pir: Pir) -> Iterator[Problem]:
    """A gap in the protocol leads to an action."""
    loc = ("response", "protocol_gaps")
    text = pir.text(*loc)
    if text is None or _NOTHING.match(text):
        return
    words = _words(text)
    if pir.actions and (not words or pir.language.split("-")[0].lower() != "en"):
        return
    needed = min(_RELATED, max(1, len(words) - 1))
    if not any(len(words & _words(action.text)) >= needed for action in pir.actions):
        yield loc, f"no action closes the protocol's gap {quote(text)}: add one"


def ignored_rule_unknown(pir: Pir) -> Iterator[Problem]:
    """What is ignored exists."""
    for number, (rule, _) in enumerate(pir.ignore):
        if rule not in KNOWN:
            near = closest(rule, KNOWN)
            hint = f"did you mean {near}?" if near else "docs/rules.md has them all"
            yield ("ignore", number, "rule"), f"there is no rule {quote(rule)}: {hint}"


RULES: Final[dict[str, Rule]] = {
    "section-missing": missing_sections,
    "no-timeline": no_timeline,
    "root-cause-missing": root_cause_missing,
    "root-cause-repeats": root_cause_repeats,
    "audit-incomplete": audit_incomplete,
    "no-actions": no_actions,
    "action-incomplete": action_incomplete,
    "no-learnings": no_learnings,
    "register-not-updated": register_not_updated,
    "gap-contradicts-answer": gap_contradicts_answer,
    "detection-gap-contradicts": detection_gap_contradicts,
    "escalation-claims-differ": escalation_claims_differ,
    "protocol-gap-without-action": protocol_gap_without_action,
    "ignored-rule-unknown": ignored_rule_unknown,
}
"""Every rule by its id."""


def _all_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _words(text: str) -> set[str]:
    """The words of a text that carry meaning, without a plural's ending."""
    found = set(_WORD.findall(text.casefold())) - _STOP
    return {word[:-1] if word.endswith("s") and not word.endswith("ss") else word for word in found}
