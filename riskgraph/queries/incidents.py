"""Questions about what incidents taught: a graph in, the risks they struck, the actions they raised out."""

from __future__ import annotations

from datetime import date
from typing import Final

from riskgraph.fields import instant
from riskgraph.graph import RiskGraph
from riskgraph.model import Action, Incident, Risk
from riskgraph.queries.evidence import by_start, list_hits, list_reached, list_roots, list_touched
from riskgraph.queries.question import TODAY, Parameter, Question, Rows

_PARTS: Final = ("root", "reached", "not affected")
_TODAY: Final = Parameter(TODAY, "date", "the day on which what is due before it is overdue", TODAY)


def _list_struck(graph: RiskGraph, *, at_least: int) -> Rows:
    roots, reached = list_roots(graph), list_reached(graph)
    rows = [
        (id_, graph.risks[id_].name, graph.risks[id_].owner,
         len(found), len(roots.get(id_, ())), len(reached.get(id_, ())), found)
        for id_, found in list_hits(graph).items()
        if len(found) >= at_least
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row[3], row[0])))


def _list_of_risk(graph: RiskGraph, *, id: str) -> Rows:  # noqa: A002 - it is the parameter's name
    rows = []
    for incident in by_start(graph):
        parts: set[tuple[str, str | None]] = {("root", None)} if incident.risk == id else set()
        parts |= {("reached", step.from_) for step in incident.reached if step.to == id}
        parts |= {("not affected", pair.from_) for pair in incident.checked if pair.to == id}
        about = (incident.id, incident.name, incident.type, incident.started_at.isoformat())
        rows += [(*about, *part) for part in sorted(parts, key=lambda part: (_PARTS.index(part[0]), part[1] or ""))]
    return tuple(rows)


def _list_added(graph: RiskGraph) -> Rows:
    first: dict[str, Incident] = {}
    for incident in by_start(graph):
        for risk in list_touched(incident):
            first.setdefault(risk, incident)
    missed = {incident.risk for incident in graph.incidents.values() if incident.verdicts.get("in_register") == "no"}
    rows = []
    for id_, incident in first.items():
        if trace := _trace(graph.risks[id_], incident, is_missed=id_ in missed):
            rows.append((id_, graph.risks[id_].name, incident.id, incident.started_at.isoformat(), trace))
    return tuple(sorted(rows, key=lambda row: row[0]))


def _trace(risk: Risk, first: Incident, *, is_missed: bool) -> str | None:
    """What in the graph shows that a risk came after the first incident that touched it."""
    if is_missed:
        return "the audit did not find it"
    if risk.since is not None and instant(risk.since) > instant(first.started_at):
        return "identified later"
    said = (risk.owner, risk.category, risk.description, risk.likelihood, risk.impact, risk.loss)
    return "nothing but a name" if all(value is None for value in said) else None


def _list_without_actions(graph: RiskGraph) -> Rows:
    raised = {action.incident for action in graph.actions.values()}
    return tuple(
        (incident.id, incident.name, incident.type, incident.started_at.isoformat(), incident.risk)
        for incident in by_start(graph)
        if incident.id not in raised
    )


def _list_owners(graph: RiskGraph, *, today: str) -> Rows:
    open_: dict[str | None, list[Action]] = {}
    for action in graph.actions.values():
        if action.done_on is None:
            open_.setdefault(action.owner, []).append(action)
    rows = []
    for owner, actions in open_.items():
        dates = sorted(action.due.isoformat() for action in actions if action.due)
        overdue = sum(due < today for due in dates)
        ids = tuple(sorted(action.id for action in actions))
        rows.append((owner, len(actions), overdue, dates[0] if dates else None, ids))
    return tuple(sorted(rows, key=lambda row: (-row[1], -row[2], row[0] is None, row[0] or "")))


def _list_overdue(graph: RiskGraph, *, today: str) -> Rows:
    rows = []
    for id_, action in graph.actions.items():
        if action.done_on is None and action.due and (due := action.due.isoformat()) < today:
            late = (date.fromisoformat(today) - action.due).days
            rows.append((id_, action.name, action.owner, due, late, action.incident))
    return tuple(sorted(rows, key=lambda row: (row[3], row[0])))


QUESTIONS: Final = (
    Question(
        "risks-reached-most",
        "Which risks did incidents strike most often, as their root or by a cascade?",
        ("risk", "name", "owner", "times", "as_root", "by_cascade", "incidents"),
        _list_struck,
        (Parameter("at_least", "number", "how many incidents", 1, 1, 1_000_000),),
        "Near misses count where they reached a risk by a cascade; external incidents do not count.",
    ),
    Question(
        "incidents-of-risk",
        "Which incidents had this risk as their root, reached it, or left it unharmed, in the order they began?",
        ("incident", "name", "kind", "started_at", "part", "from"),
        _list_of_risk,
        (Parameter("id", "risk", "the risk that is asked about"),),
    ),
    Question(
        "risks-added-by-incidents",
        "Which risks were written down because of an incident?",
        ("risk", "name", "incident", "started_at", "trace"),
        _list_added,
        note="The graph shows it by a trace: the audit did not find the root in the register, the risk was identified "
        "after the first incident that touched it, or nothing but its name is known. riskgraph show has who added it.",
    ),
    Question(
        "incidents-without-actions",
        "Which incidents led to no action at all, in the order they began?",
        ("incident", "name", "kind", "started_at", "risk"),
        _list_without_actions,
    ),
    Question(
        "owners-with-open-actions",
        "Who has open actions, how many, how many of them overdue, and when is the first one due?",
        ("owner", "open", "overdue", "first_due", "actions"),
        _list_owners,
        (_TODAY,),
    ),
    Question(
        "overdue-actions",
        "Which actions are overdue, since when, and which incident asked for them?",
        ("action", "name", "owner", "due", "days_overdue", "incident"),
        _list_overdue,
        (_TODAY,),
    ),
)
"""The questions of this module."""
