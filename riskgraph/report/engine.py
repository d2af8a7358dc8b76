"""The engine's results for readers: simulations, years and paths in, JSON content and tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from riskgraph.report.figures import Money, Span, format_interval, format_money
from riskgraph.report.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskgraph.graph import RiskGraph
    from riskgraph.simulation.exceedance import YearOfLosses
    from riskgraph.simulation.measures import Amount, Basis
    from riskgraph.simulation.network import LeftOut
    from riskgraph.simulation.paths import Path, Paths
    from riskgraph.simulation.results import Cost, Reach, Simulation, Size, Time
    from riskgraph.statistics import Interval

Points = tuple[tuple[float, float], ...]

ROWS: Final = 1000
"""How many risks a table lists; nobody reads on, and JSON has them all."""

_LEFT_OUT: Final = {
    "cascades": ("cascade has no probability and counts for nothing: --assume P fills it in",
                 "cascades have no probability and count for nothing: --assume P fills them in"),
    "losses": ("risk has no loss and costs nothing here", "risks have no loss and cost nothing here"),
    "rates": ("risk has no likelihood, or is closed, and starts nothing",
              "risks have no likelihood, or are closed, and start nothing"),
    "delays": ("cascade has no delay: the time along it is not known",
               "cascades have no delay: the time along them is not known"),
    "effects": ("effect of an implemented mitigation has no effectiveness and lowers nothing",
                "effects of implemented mitigations have no effectiveness and lower nothing"),
}  # fmt: skip


def left_out_lines(left_out: LeftOut, *kinds: str) -> tuple[str, ...]:
    """What was left out, a sentence for each of these kinds that there is."""
    counts = left_out.data()
    return tuple(f"{counts[kind]} {_LEFT_OUT[kind][counts[kind] != 1]}" for kind in kinds if counts[kind])


def basis_line(method: str, runs: int | None, seed: int | None, unit: str = "runs") -> str:
    """How a number came to be: ``exact``, or ``simulated, 10,000 runs, seed 0``."""
    return "exact" if method == "exact" or runs is None else f"simulated, {runs:,} {unit}, seed {seed}"


def simulation_data(found: Simulation) -> dict[str, Any]:
    """The content of ``simulate``; intervals only where something is simulated, times in seconds."""
    return {
        "method": found.method,
        "runs": found.runs,
        "seed": found.seed,
        "starts": list(found.starts),
        "risks": [_reach_data(reach) for reach in found.reached],
        "size": _size_data(found.size),
        "loss": _cost_data(found.loss) if found.loss else None,
        "left_out": found.left_out.data(),
    }


def simulation_tables(found: Simulation, graph: RiskGraph) -> list[Table]:
    """Who is reached, the most probable first; how many, at what cost; and the loss exceedance curve."""
    ordered = sorted(found.reached, key=lambda reach: (-reach.probability, reach.id))
    rows: tuple[Row, ...] = tuple(
        (
            reach.id,
            graph.risks[reach.id].name,
            reach.probability,
            format_interval(reach.interval),
            Span(reach.time.median) if reach.time and reach.time.median is not None else None,
            _quartiles(reach.time),
        )
        for reach in ordered[:ROWS]
    )
    columns: tuple[str, ...] = ("risk", "name", "probability", "95 % interval", "median time", "middle half")
    notes = [f"probabilities {basis_line(found.method, found.runs, found.seed)}"]
    if any(reach.time for reach in found.reached):
        notes.append(f"times from the start, where reached, simulated, seed {found.seed}")
    if any(reach.time and reach.time.unknown > 0 for reach in found.reached):
        notes.append("some arrivals have no time: a cascade on the way has no delay")
    if more := len(ordered) - len(rows):
        notes.append(f"and {more:,} more, less probable: --format json lists them")
    title = f"If {' and '.join(found.starts)} happen{'s' if len(found.starts) == 1 else ''}"
    tables = [Table(title, columns, rows, tuple(notes))]
    size = found.size
    sizes: list[Row] = [("risks that happen", size.mean, format_interval(size.interval), _how(size.method, found))]
    columns = ("measure", "value", "95 % interval", "how")
    cost = found.loss
    if cost:
        sizes += [
            ("mean loss", _rounded(cost.mean), _money(cost.interval), _how(cost.mean_method, found)),
            ("loss exceeded in 5 % of cases", _rounded(cost.var95), _money(cost.var95_interval),
             _how(cost.method, found)),
            ("mean loss of the worst 5 %", _rounded(cost.es95), _money(cost.es95_interval), _how(cost.method, found)),
        ]  # fmt: skip
    tables.append(Table("How far and how dear", columns, tuple(sizes), (_currency(graph),) if cost else ()))
    if cost and len({loss for loss, _ in cost.exceedance}) > 1:  # Else the mean says it all.
        tables.append(_exceedance_table("Losses", cost.exceedance, "probability of more"))
    return tables


def year_data(found: YearOfLosses) -> dict[str, Any]:
    """The content of ``simulate --year``; its loss is said as that of the starts."""
    return {
        "method": "simulated",
        "runs": found.years,
        "seed": found.seed,
        "loss": {
            "mean": found.mean.value,
            **_interval(found.mean.interval),
            "mean_method": "simulated" if found.mean.interval else "exact",
            "method": "simulated",
            "var95": found.var95.value,
            **_interval(found.var95.interval, "var95_interval"),
            "es95": found.es95.value,
            **_interval(found.es95.interval, "es95_interval"),
            **_curve(found.quantiles, found.exceedance),
        },
        "left_out": found.left_out.data(),
    }


def year_tables(found: YearOfLosses, graph: RiskGraph) -> list[Table]:
    """What a year costs, and its loss exceedance curve."""
    simulated = basis_line("simulated", found.years, found.seed, "years")
    rows: tuple[Row, ...] = (
        ("mean", *amount_row(found.mean), "simulated" if found.mean.interval else "exact"),
        ("exceeded in 5 % of years", *amount_row(found.var95), simulated),
        ("mean of the worst 5 % of years", *amount_row(found.es95), simulated),
    )
    columns = ("loss a year", "value", "95 % interval", "how")
    return [
        Table("A year", columns, rows, (_currency(graph),)),
        _exceedance_table("Years", found.exceedance, "probability that a year costs more"),
    ]


def paths_data(found: Paths, *, left_out: int) -> dict[str, Any]:
    """The content of ``paths``."""
    return {
        "paths": [path.data() for path in found.paths],
        "capped": found.capped,
        "left_out": {"cascades": left_out},
    }


def paths_tables(found: Paths, title: str) -> list[Table]:
    """The paths, the most probable first."""
    rows = tuple((" -> ".join(path.risks), path.probability, _delay(path)) for path in found.paths)
    notes = ["exact; a path's probability is that all its cascades fire"]
    if found.capped:
        notes.append(f"there may be more than these {len(rows)}: --top lists more")
    return [Table(title, ("path", "probability", "delay"), rows, tuple(notes))]


def amount_row(amount: Amount) -> tuple[Money, str | None]:
    """An amount and its interval as cells."""
    return _rounded(amount.value), _money(amount.interval)


def basis_note(basis: Basis) -> str:
    """How the numbers of a ranking came to be."""
    unit = "years" if basis.by == "shortfall" else "events"
    return basis_line(basis.method, basis.runs, basis.seed, unit)


def _reach_data(reach: Reach) -> dict[str, Any]:
    data: dict[str, Any] = {"id": reach.id, "probability": reach.probability, **_interval(reach.interval)}
    time = reach.time
    data["time"] = None if time is None else {
        "q1": time.q1, "median": time.median, "q3": time.q3, "mean": time.mean, "unknown": time.unknown, "n": time.n,
        **_interval(time.interval),
    }  # fmt: skip
    return data


def _size_data(size: Size) -> dict[str, Any]:
    return {
        "method": size.method,
        "mean": size.mean,
        **_interval(size.interval),
        "quantiles": [{"share": share, "risks": risks} for share, risks in size.quantiles],
        "distribution": None if size.pmf is None else [{"risks": n, "probability": p} for n, p in size.pmf],
    }


def _cost_data(cost: Cost) -> dict[str, Any]:
    return {
        "mean": cost.mean,
        **_interval(cost.interval),
        "mean_method": cost.mean_method,
        "method": cost.method,
        "var95": cost.var95,
        **_interval(cost.var95_interval, "var95_interval"),
        "es95": cost.es95,
        **_interval(cost.es95_interval, "es95_interval"),
        **_curve(cost.quantiles, cost.exceedance),
    }


def _curve(quantiles: Points, exceedance: Points) -> dict[str, list[dict[str, float]]]:
    return {
        "quantiles": [{"share": share, "loss": loss} for share, loss in quantiles],
        "exceedance": [{"loss": loss, "probability": probability} for loss, probability in exceedance],
    }


def _interval(interval: Interval | None, name: str = "interval") -> Mapping[str, list[float]]:
    return {name: list(interval)} if interval else {}


def _exceedance_table(first: str, points: tuple[tuple[float, float], ...], second: str) -> Table:
    rows = tuple((_rounded(loss), probability) for loss, probability in points)
    return Table(f"{first} that are exceeded", ("loss", second), rows)


def _how(method: str, found: Simulation) -> str:
    return basis_line(method, found.runs, found.seed)


def _rounded(value: float) -> Money:
    """Money for a reader: cents only where there are few units of it."""
    return Money(round(value) if abs(value) >= 100 else round(value, 2))  # noqa: PLR2004 - three digits say enough


def _money(interval: Interval | None) -> str | None:
    return f"{format_money(round(interval[0]))} to {format_money(round(interval[1]))}" if interval else None


def _quartiles(time: Time | None) -> str | None:
    from riskgraph.report.figures import format_cell

    if time is None or time.q1 is None or time.q3 is None:
        return None
    return f"{format_cell(Span(time.q1))} to {format_cell(Span(time.q3))}"


def _delay(path: Path) -> Span | None:
    return None if path.delay is None else Span(path.delay)


def _currency(graph: RiskGraph) -> str:
    return f"amounts in {graph.header.currency}" if graph.header.currency else "amounts in the register's currency"
