"""Prose: a text and what counts as an id or a name in, the observed steps that it tells of out.

Every function is linear in the text. The words that matter stand in ``words.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from riskgraph.matching.ids import Mention, Vocabulary, find_ids, plain
from riskgraph.matching.words import words

_ARROW: Final = re.compile(r"\s*(?:\([^()]{0,80}\)\s*)?(?:-{1,3}>|=>|\u2192|\u21d2|\u27f6)\s*")
_LIST: Final = re.compile(r"\s*(?:,|/|&|\+|;)?\s*(?:and|or|as well as|plus|both)?\s*", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s*")
_END: Final = re.compile(
    r"(?<!e\.g)(?<!i\.e)\.(?=\s|$|\))|[;!?]|\n(?![ \t]{0,40}(?-i:[a-z]))|,(?=\s)"
    r"|(?<![\w-])(?:but|while|although)(?![\w-])",
    re.IGNORECASE,
)
_PASSIVE: Final = re.compile(r"(?<!\w)(?:was|were|is|are|be|been|being|got)\s+(?:also\s+|then\s+)?$", re.IGNORECASE)
_NOT: Final = re.compile(r"n['\u2019]t\b", re.IGNORECASE)
_FROM: Final = re.compile(r"(?<![\w-])from\s+(?:the\s+|risk\s+)*$", re.IGNORECASE)
_TO: Final = re.compile(r"\s*(?:\([^()]{0,80}\)\s*)?to\s+(?:the\s+|risk\s+)*$", re.IGNORECASE)


@dataclass(frozen=True)
class TextStep:
    """A step that a clause tells of; ``from_`` is None for the root. ``joined``: the text itself joins two risks."""

    from_: str | None
    to: str
    clause: str
    joined: bool


@dataclass(frozen=True)
class Reading:
    """What a text tells.

    ``unknown`` are tokens with the shape of this register's ids that exist nowhere; ``mentions`` every known risk in
    the text, negated or not; ``loose`` the affirmative clauses that name none.
    """

    steps: tuple[TextStep, ...] = ()
    checked: tuple[TextStep, ...] = ()
    unknown: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


def clauses(text: str, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """The clauses of a text; with a vocabulary, a comma within a list of ids ends none."""
    return tuple(clause for clause, _ in _clauses(text, find_ids(text, vocabulary)[0] if vocabulary else []))


def is_negated(clause: str) -> bool:
    """Whether a clause says that something was not so, or only might have been."""
    known = words()
    rest = known.affirmative.sub(" ", _NOT.sub(" not", clause))
    return bool(known.negation.search(rest) or known.hypothesis.search(rest))


@lru_cache(maxsize=4096)
def _is_unharmed(clause: str) -> bool:
    known = words()
    spoken = _NOT.sub(" not", clause)
    return bool(known.looked.search(spoken) and known.unharmed.search(spoken) and not known.unlooked.search(spoken))


def read_text(text: str, vocabulary: Vocabulary, root: str | None, *, timeline: bool = False) -> Reading:
    """What a text tells of steps from the root, or between the risks that it joins.

    With ``timeline`` a clause that tells of a recovery yields no step.
    """
    text = plain(text)
    mentions, unknown = find_ids(text, vocabulary)
    steps: dict[tuple[str | None, str], TextStep] = {}
    checked: dict[tuple[str | None, str], TextStep] = {}
    loose = []
    for clause, inside in _continued(_clauses(text, mentions)):
        unharmed = _is_unharmed(clause)
        if not unharmed and is_negated(_without_names(text, clause, inside)):
            continue
        if not inside:
            loose.append(clause)
            continue
        if timeline and not unharmed and words().recovery.search(clause):
            continue
        found = checked if unharmed else steps
        for step in _steps(text, clause, inside, root):
            found.setdefault((step.from_, step.to), step)
    targets = {to for from_, to in steps if from_ is not None}
    told = tuple(step for step in steps.values() if step.joined or step.to not in targets)
    named = tuple(dict.fromkeys(mention.id for mention in mentions))
    return Reading(told, tuple(checked.values()), tuple(dict.fromkeys(unknown)), named, tuple(loose))


def _without_names(text: str, clause: str, inside: list[Mention]) -> str:
    """A clause without the risks it names: a "no" in a name negates nothing."""
    for named in {text[mention.start : mention.end] for mention in inside}:
        clause = clause.replace(named, "\ue000")
    return clause


def _clauses(text: str, mentions: list[Mention]) -> Iterator[tuple[str, list[Mention]]]:
    """Each clause with the risks that it names."""
    begin = number = 0
    for start, end in [*_ends(text, mentions), (len(text), len(text))]:
        clause = text[begin:start].strip()
        begin = end
        here = []
        while number < len(mentions) and mentions[number].start < end:
            here.append(mentions[number])
            number += 1
        if clause:
            yield clause, here


def _continued(found: Iterator[tuple[str, list[Mention]]]) -> Iterator[tuple[str, list[Mention]]]:
    """The clauses, with one that only says "and was not affected" of the risks before it put back to those."""
    before: tuple[str, list[Mention]] | None = None
    for clause, inside in found:
        if before is not None and before[1] and not inside and words().continues.match(_NOT.sub(" not", clause)):
            before = (f"{before[0]}, {clause}", before[1])
            continue
        if before is not None:
            yield before
        before = (clause, inside)
    if before is not None:
        yield before


def _ends(text: str, mentions: list[Mention]) -> Iterator[tuple[int, int]]:
    """Where clauses end: not within a name, nor at the last comma of a list such as "A, B, and C"."""
    behind = 0
    for found in _END.finditer(text):
        while behind < len(mentions) and mentions[behind].end <= found.start():
            behind += 1
        if behind < len(mentions) and mentions[behind].start <= found.start():
            continue
        if found[0] == ",":
            conjunction = words().conjunctions.match(text, _SPACE.match(text, found.end()).end())  # type: ignore[union-attr]
            if not conjunction or _is_list(text, mentions, behind) or words().goes_on.match(text, conjunction.start()):
                continue
        yield found.span()


def _is_list(text: str, mentions: list[Mention], number: int) -> bool:
    """Whether the risk ``number`` is the last of a list of three or more."""
    if not 2 <= number < len(mentions):  # noqa: PLR2004 - two risks before it
        return False
    last = mentions[number - 2 : number + 1]
    return all(_LIST.fullmatch(text, a.end, b.start) for a, b in pairwise(last))


def _steps(text: str, clause: str, mentions: list[Mention], root: str | None) -> Iterator[TextStep]:
    """The steps of one affirmative clause."""
    groups = _split_chains(text, _groups(text, mentions), clause)
    joined: set[int] = set()
    for number in range(len(groups) - 1):
        left, right = groups[number], groups[number + 1]
        direction = _direction(text, groups, number, clause_end=mentions[-1].end + len(clause))
        if direction:
            joined |= {number, number + 1}
            sources, targets = (left, right) if direction > 0 else (right, left)
            for source in sources:
                for target in targets:
                    if source.id != target.id:
                        yield TextStep(source.id, target.id, clause, joined=True)
    for number, group in enumerate(groups):
        if number not in joined:
            for mention in group:
                if mention.id != root:
                    yield TextStep(None, mention.id, clause, joined=False)


def _groups(text: str, mentions: list[Mention]) -> list[list[Mention]]:
    """Risks that stand in one list, "A, B and C", together."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        before = groups[-1][-1] if groups else None
        if before is not None and _LIST.fullmatch(text, before.end, mention.start) and not _opens_because(text, before):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _split_chains(text: str, groups: list[list[Mention]], clause: str) -> list[list[Mention]]:
    """The groups, with the last of "A -> B, C -> D" begun anew: a list cannot be both effect and cause."""
    split: list[list[Mention]] = []
    for number, group in enumerate(groups):
        inner = 0 < number < len(groups) - 1 and len(group) > 1
        end = groups[-1][-1].end + len(clause)
        chained = inner and all(_direction(text, groups, at, clause_end=end) for at in (number - 1, number))
        if chained and not words().relative.match(text[group[-1].end : group[-1].end + 40].lstrip()):
            split += [group[:-1], group[-1:]]
        else:
            split.append(group)
    return split


def _opens_because(text: str, mention: Mention) -> bool:
    """Whether "because of" or its like stands right before a risk, so that a comma after it joins no list."""
    before = text[max(0, mention.start - 40) : mention.start]
    found = list(words().caused_by.finditer(before))
    return bool(found) and not before[found[-1].end() :].strip() and "," in text[mention.end : mention.end + 2]


def _direction(text: str, groups: list[list[Mention]], number: int, clause_end: int) -> int:
    """1 if the text joins a group to the next as cause, -1 as effect, 0 if it does not join them."""
    known = words()
    left, right = groups[number], groups[number + 1]
    between = text[left[-1].end : right[0].start]
    before = text[max(0, left[0].start - 40) : left[0].start]
    behind = text[right[-1].end : min(clause_end, right[-1].end + 30)]
    if _ARROW.fullmatch(between):
        return 1
    if known.caused_by.search(between):
        return -1
    if _is_active(between) or (_FROM.search(before) and _TO.fullmatch(between)):
        return 1
    if known.particle_verbs.search(between) and known.particles.match(behind.lstrip()):
        return 1
    opened = list(known.caused_by.finditer(before))
    return 1 if opened and not before[opened[-1].end() :].strip(" \t") and "," in between[:2] else 0


def _is_active(between: str) -> bool:
    """Whether a cause stands between two risks that is no passive without "by": "A was brought down and B"."""
    return any(not _PASSIVE.search(between[: found.start()][-40:]) for found in words().causes.finditer(between))
