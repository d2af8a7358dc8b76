"""The upshot of a review: its audit, and which gaps are answered, in; the one sentence for a hurried reader out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.report.figures import format_moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff
    from riskgraph.history import History


def sum_up(audit: Audit, history: History, answered: Collection[tuple[str, str]]) -> str:
    """What the review shows: cascades on the map, mitigations, contradictions and gaps, each with its number.

    ``answered`` is the incident and question of every gap that something answers.
    """
    parts = [*_cascades(audit.diff, history), *_mitigations(audit)]
    questions = audit.questions.values()
    against = sum(question.agrees is False for question in questions)
    if against:
        parts.append(f"the evidence contradicts the review on {against} of {len(questions)} questions")
    gaps = [question.question for question in questions if question.gap]
    still = sum((audit.diff.match.pir.incident_id, name) not in answered for name in gaps)
    if still < len(gaps):
        parts.append(f"of {_count(len(gaps), 'gap')} {still or 'none'} {'is' if still < 2 else 'are'} open")  # noqa: PLR2004
    else:
        parts.append(f"{_count(still, 'gap')} {'is' if still == 1 else 'are'} open" if still else "there is no gap")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def date_of_map(diff: Diff, history: History) -> str:
    """The day of the map that a review is judged by, and how well it is vouched for: ``2026-03-01 (sealed)``."""
    revision = diff.match.snapshot.revision
    word = {True: "sealed", False: "declared", None: "unknown"}[diff.sealed]
    if not revision:
        return f"its declared dates ({word})"
    return f"{format_moment(history.revisions[revision - 1].effective.date())} ({word})"


def _cascades(diff: Diff, history: History) -> Iterable[str]:
    match, steps = diff.match, len(diff.steps)
    if match.pir.kind != "incident":
        yield "it was a near miss" if match.pir.kind == "near_miss" else "it happened elsewhere"
    if not match.snapshot.is_known:
        judged = f"its {_count(steps, 'observed cascade')} cannot be judged" if steps else "nothing can be judged"
        yield f"no map was recorded or declared before it began, so {judged}"
        return
    of_day = f"the map of {date_of_map(diff, history)}"
    if match.root not in match.graph.risks:
        yield f"the risk itself was not on {of_day}"
        of_day = "it"
    if steps:
        yield f"of {_count(diff.recall.n, 'observed cascade')} {of_day} had {diff.recall.k or 'none'}"
    else:
        yield f"the review names no cascade to hold against {'the map' if of_day == 'it' else of_day}"
    for verdict, said in (("blocked", "blocked by a mitigation"), ("not_fired", "looked at and did not happen")):
        number = sum(one.verdict == verdict for one in diff.predictions)
        if number:
            yield f"{_count(number, 'predicted cascade')} {'was' if number == 1 else 'were'} {said}"


def _mitigations(audit: Audit) -> Iterable[str]:
    question = audit.questions["mitigation_worked"]
    if question.verdict == "none_mapped":
        yield "no mitigation was mapped"
    items = question.result.items
    missing = [item for item in items if item["outcome"] == "not_in_place"]
    if len(missing) == 1:
        status = (missing[0]["status"] or "unregistered").replace("_", "-")
        yield f"the {status} mitigation {missing[0]['id']} was not in place{_late(missing[0])}"
    elif missing:
        yield f"{len(missing)} mitigations were not in place: " + ", ".join(
            f"{item['id']}{_late(item)}" for item in missing
        )
    for outcome, said in (("failed", "failed"), ("partly", "held in part"), ("held", "held")):
        ids = [item["id"] for item in items if item["outcome"] == outcome]
        if ids:
            yield f"{_listed(ids)} {said}"


def _late(item: dict[str, object]) -> str:
    days = item["overdue_days"]
    return f" ({days} day{'' if days == 1 else 's'} overdue)" if days else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["date_of_map", "sum_up"]
