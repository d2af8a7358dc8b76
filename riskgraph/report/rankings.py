"""Rankings and replays for readers: what would save most, and how an incident would have gone, in; tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.report.engine import amount_row, basis_line, basis_note
from riskgraph.report.figures import Money, format_interval, format_number
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.diff import Diff
    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.budget import Purchase
    from riskgraph.simulation.rank import Ranked, Ranking
    from riskgraph.simulation.replay import Replay

_SAVED: Final = {"loss": "loss avoided a year", "shortfall": "shortfall avoided"}
_NOW: Final = {"loss": "the expected annual loss", "shortfall": "the mean loss of the worst 5 % of years"}


def ranking_data(found: Ranking) -> dict[str, Any]:
    """The content of ``rank``."""
    return {
        "what": found.what,
        **found.basis.data(),
        "now": found.now.data(),
        "items": [item.data() for item in found.items],
        "more": found.more,
        "left_out": found.left_out.data(),
    }


def ranking_tables(found: Ranking, graph: RiskGraph) -> list[Table]:
    """What was ranked, the best first."""
    columns: dict[str, tuple[str, ...]] = {
        "mitigations": ("mitigation", "name", "status"),
        "cascades": ("from", "to"),
        "risks": ("risk", "name"),
    }
    rows: tuple[Row, ...] = tuple(
        (*_named(item, graph), *(amount_row(item.avoided) if item.is_estimated else (None, None)))
        for item in found.items
    )
    notes = [basis_note(found.basis), f"{_NOW[found.basis.by]} is now {_amount(found.now.value)}"]
    if found.what == "mitigations":
        notes.append("implemented: what it saves now; any other: what it would save, alone")
        if not all(item.is_estimated for item in found.items):
            notes.append("-: not estimated, it has no effectiveness")
    if found.more:
        notes.append(f"and {found.more:,} more: --top lists more")
    saved = (_SAVED[found.basis.by], "95 % interval")
    return [
        Table(
            f"{found.what.capitalize()} by the loss that they avoid", (*columns[found.what], *saved), rows, tuple(notes)
        )
    ]


def purchase_data(found: Purchase) -> dict[str, Any]:
    """The content of ``rank mitigations --budget`` that is beside the ranking."""
    return found.data()


def purchase_tables(found: Purchase, graph: RiskGraph) -> list[Table]:
    """The best set for a budget, and how far it can be from the best there is."""
    rows = tuple((id_, graph.mitigations[id_].name, graph.mitigations[id_].status) for id_ in found.mitigations)
    priced = f"{found.field} {found.cost:g} of {found.budget:g}"
    counted = f"{len(rows)} of at most {found.budget:g} mitigations"
    interval = amount_row(found.avoided)[1]
    notes = [
        f"{priced if found.field else counted}; each mitigation counts {'as that says' if found.field else '1'}",
        f"together they save {_amount(found.avoided.value)} a year{f' ({interval})' if interval else ''}",
        f"{basis_note(found.basis)}; "
        + ("every set was tried" if found.is_best else f"no set can save more than {_amount(found.bound)}"),
    ]
    if found.unpriced:
        notes.append(f"left out, they have no {found.field}: {', '.join(found.unpriced)}")
    return [Table("Best set for the budget", ("mitigation", "name", "status"), rows, tuple(notes))]


def replay_data(diff: Diff, found: Replay) -> dict[str, Any]:
    """The content of ``replay`` for one incident."""
    pir = diff.match.pir
    return {
        "incident": pir.incident_id,
        "kind": pir.kind,
        "root": diff.match.root,
        "as_of": pir.started_at.isoformat(),
        "sealed": diff.sealed,
        **found.data(),
    }


def replay_tables(replays: Sequence[tuple[Diff, Replay]], what: str) -> list[Table]:
    """Two tables an incident: its steps, and the risks that were spared and might have been otherwise."""
    tables = []
    for diff, found in replays:
        pir = diff.match.pir
        group = f"{pir.incident_id}{f': {pir.title}' if pir.title else ''}, {what}"
        keys = (("incident", pir.incident_id),)
        rows: list[Row] = [(0, f"{diff.match.root} begins", 1 - found.root_stopped, None, found.root_stopped)]
        rows += [
            (number, f"{step.from_} -> {step.to}", step.probability, format_interval(step.interval), step.stopped_here)
            for number, step in enumerate(found.steps, 1)
        ]
        columns = ("step", "what happened", "would still happen", "95 % interval", "stopped here")
        tables.append(Table("Steps", columns, tuple(rows), _notes(found), group, keys))
        changed = tuple(
            (other.id, other.before, other.after, format_interval(other.interval))
            for other in found.others
            if other.before != other.after
        )
        if changed:
            spared = ("risk", "given what was seen", "then", "95 % interval")
            tables.append(Table("Risks that no step reached", spared, changed, (), group, keys))
    return tables


def _notes(found: Replay) -> tuple[str, ...]:
    notes = [f"stopped, or smaller, with probability {format_number(found.stopped)}"]
    notes.append(basis_line(found.method, found.runs, found.seed))
    if not found.switched:
        notes.append("nothing was switched: it was so already when the incident began")
    if found.later:
        notes.append(f"recorded after the incident began, taken as it is today: {', '.join(found.later)}")
    if found.unrated:
        notes.append(f"without effectiveness, so without effect: {', '.join(found.unrated)}")
    if found.unexplained:
        notes.append(f"no step leads to {', '.join(found.unexplained)}: taken as given")
    return tuple(notes)


def _named(item: Ranked, graph: RiskGraph) -> tuple[str, ...]:
    if len(item.ids) > 1:
        return item.ids
    (id_,) = item.ids
    node = graph.mitigations.get(id_) or graph.risks[id_]
    return (id_, node.name, *([item.status.replace("_", " ")] if item.status else []))


def _amount(value: float) -> str:
    from riskgraph.report.figures import format_cell

    return format_cell(Money(round(value)))
