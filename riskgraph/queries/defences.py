"""Questions about mitigations: a graph in, which are overdue, overworked, untested or missing out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

from riskgraph.graph import RiskGraph
from riskgraph.model import Blocks, Mitigates
from riskgraph.queries.evidence import list_hits, list_roots, list_steps
from riskgraph.queries.question import TODAY, Parameter, Question, Rows

PENDING: Final = ("planned", "in_progress")
_OUTCOMES: Final = ("held", "partly", "failed", "not_in_place")


def _list_overdue(graph: RiskGraph, *, today: str) -> Rows:
    struck: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    roots, steps = list_roots(graph), _list_own_steps(graph)
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for risk, found in roots.items():
        ends[risk].update(found)
    for (_, to), found in steps.items():
        ends[to].update(found)
    for guard in graph.of_kind(Mitigates).values():
        struck[guard.mitigation, guard.risk].update(ends.get(guard.risk, ()))
    for block in graph.of_kind(Blocks).values():
        struck[block.mitigation, block.to].update(steps.get((block.from_, block.to), ()))
    rows = []
    for (id_, risk), incidents in struck.items():
        mitigation = graph.mitigations[id_]
        due = mitigation.due.isoformat() if mitigation.due else None
        if incidents and mitigation.status in PENDING and due is not None and due < today:
            late = (date.fromisoformat(today) - date.fromisoformat(due)).days
            about = (id_, mitigation.name, mitigation.owner, mitigation.status)
            rows.append((*about, due, late, risk, tuple(sorted(incidents))))
    return tuple(sorted(rows, key=lambda row: (row[4], row[0], row[6])))


def _list_own_steps(graph: RiskGraph) -> dict[tuple[str, str], tuple[str, ...]]:
    """The steps of incidents proper; what nearly happened, or happened elsewhere, struck nobody."""
    proper = {incident.id for incident in graph.incidents.values() if incident.type == "incident"}
    steps = {pair: tuple(one for one in found if one in proper) for pair, found in list_steps(graph).items()}
    return {pair: found for pair, found in steps.items() if found}


def _list_busy(graph: RiskGraph, *, at_least: int) -> Rows:
    risks, cascades = _count_guarded(graph)
    rows = [
        (id_, mitigation.name, mitigation.owner, mitigation.status, risks[id_], cascades[id_])
        for id_, mitigation in graph.mitigations.items()
        if risks[id_] + cascades[id_] >= at_least
    ]
    return tuple(sorted(rows, key=lambda row: (-(row[4] + row[5]), row[0])))


def _count_guarded(graph: RiskGraph) -> tuple[defaultdict[str, int], defaultdict[str, int]]:
    risks: defaultdict[str, int] = defaultdict(int)
    cascades: defaultdict[str, int] = defaultdict(int)
    for guard in graph.of_kind(Mitigates).values():
        risks[guard.mitigation] += 1
    for block in graph.of_kind(Blocks).values():
        cascades[block.mitigation] += 1
    return risks, cascades


def _list_protected(graph: RiskGraph, *, id: str) -> Rows:  # noqa: A002 - it is the parameter's name
    mitigates = [
        ("mitigates", None, guard.risk, graph.risks[guard.risk].name, guard.effectiveness)
        for guard in graph.of_kind(Mitigates).values()
        if guard.mitigation == id
    ]
    blocks = [
        ("blocks", block.from_, block.to, graph.risks[block.to].name, block.effectiveness)
        for block in graph.of_kind(Blocks).values()
        if block.mitigation == id
    ]
    return (*sorted(mitigates, key=lambda row: row[2]), *sorted(blocks, key=lambda row: (row[1], row[2])))


def _list_absent(graph: RiskGraph) -> Rows:
    rows = []
    for id_, outcomes in _list_tests(graph).items():
        if incidents := outcomes.get("not_in_place"):
            mitigation = graph.mitigations[id_]
            due = mitigation.due.isoformat() if mitigation.due else None
            about = (id_, mitigation.name, mitigation.owner, mitigation.status, due)
            rows.append((*about, len(incidents), tuple(sorted(incidents))))
    return tuple(sorted(rows, key=lambda row: (-row[5], row[0])))


def _list_records(graph: RiskGraph) -> Rows:
    rows = []
    for id_, outcomes in _list_tests(graph).items():
        held, partly, failed, absent = (len(outcomes.get(outcome, ())) for outcome in _OUTCOMES)
        if held + partly + failed + absent:
            mitigation = graph.mitigations[id_]
            rows.append((id_, mitigation.name, mitigation.status, held, partly, failed, absent))
    return tuple(sorted(rows, key=lambda row: (-(row[5] + row[6]), row[0])))


def _list_tests(graph: RiskGraph) -> dict[str, dict[str, set[str]]]:
    """The incidents that tested each mitigation, by outcome."""
    found: dict[str, dict[str, set[str]]] = {}
    for incident in graph.incidents.values():
        for test in incident.tested:
            found.setdefault(test.mitigation, {}).setdefault(test.outcome, set()).add(incident.id)
    return found


def _list_unguarded(graph: RiskGraph) -> Rows:
    hits = list_hits(graph)
    rows = [
        (id_, risk.name, risk.owner, len(hits.get(id_, ())))
        for id_, risk in graph.risks.items()
        if risk.status != "closed" and not _list_guards(graph, id_, (*PENDING, "implemented"))
    ]
    return tuple(sorted(rows, key=lambda row: (-row[3], row[0])))


def _list_on_paper(graph: RiskGraph) -> Rows:
    hits = list_hits(graph)
    rows = [
        (id_, risk.name, risk.owner, len(hits.get(id_, ())), pending)
        for id_, risk in graph.risks.items()
        if risk.status != "closed"
        and (pending := _list_guards(graph, id_, PENDING))
        and not _list_guards(graph, id_, ("implemented",))
    ]
    return tuple(sorted(rows, key=lambda row: (-row[3], row[0])))


def _list_guards(graph: RiskGraph, risk: str, statuses: tuple[str, ...]) -> tuple[str, ...]:
    """The mitigations of a risk that have one of these statuses, sorted."""
    guards = (guard.mitigation for guard in graph.mitigates.get(risk, ()))
    return tuple(sorted(id_ for id_ in guards if graph.mitigations[id_].status in statuses))


QUESTIONS: Final = (
    Question(
        "overdue-mitigations-on-materialised-risks",
        "Which mitigations are overdue although the risk they lower, or the cascade they block, struck already?",
        ("mitigation", "name", "owner", "status", "due", "days_overdue", "risk", "incidents"),
        _list_overdue,
        (Parameter(TODAY, "date", "the day on which what is due before it is overdue", TODAY),),
        "A risk struck where it was the root of an incident or the end of a step; near misses did not strike.",
    ),
    Question(
        "mitigations-guarding-many",
        "Which single mitigations guard many risks and cascades, so that much is open where they fail?",
        ("mitigation", "name", "owner", "status", "risks", "cascades"),
        _list_busy,
        (Parameter("at_least", "number", "how many risks and cascades together", 2, 1, 1_000_000),),
    ),
    Question(
        "what-mitigation-protects",
        "Which risks does this mitigation lower, which cascades does it block, and how well?",
        ("how", "from", "risk", "name", "effectiveness"),
        _list_protected,
        (Parameter("id", "mitigation", "the mitigation that is asked about"),),
    ),
    Question(
        "mitigations-not-in-place-when-tested",
        "Which mitigations were not in place when an incident needed them, and what is their status now?",
        ("mitigation", "name", "owner", "status", "due", "times", "incidents"),
        _list_absent,
    ),
    Question(
        "mitigation-track-record",
        "How often did each mitigation hold, hold in part, fail, or turn out not to be in place?",
        ("mitigation", "name", "status", *_OUTCOMES),
        _list_records,
    ),
    Question(
        "risks-without-mitigations",
        "Which risks that are not closed does no mitigation lower, not even a planned one, those that struck first?",
        ("risk", "name", "owner", "times"),
        _list_unguarded,
    ),
    Question(
        "risks-guarded-on-paper-only",
        "Which risks that are not closed have planned mitigations and not one that is implemented?",
        ("risk", "name", "owner", "times", "mitigations"),
        _list_on_paper,
    ),
)
"""The questions of this module."""
