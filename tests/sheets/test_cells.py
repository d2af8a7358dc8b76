"""Cells and headings as people write them: a table of each, with what they mean or what is to be done about them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from riskgraph.errors import InputError
from riskgraph.register.read import read_registers
from riskgraph.register.sheets.words import headings, title_of
from tests.builders import element, graph
from tests.sheets.layouts import write_rows

SCALED = graph(
    element("risk", id="RISK-4", name="Fire"),
    element("risk", id="RISK-9", name="Flood, and storm", aliases=["High water"]),
)
P = {"horizon": "1y"}


def read(folder: Path, *rows: list[Any], sheet: str = "Risks") -> Any:
    """The register of one sheet, read into a graph that has scales and two risks."""
    return read_registers([write_rows(folder / "r.xlsx", (sheet, list(rows)))], SCALED)


def problem(folder: Path, *rows: list[Any], sheet: str = "Risks") -> list[str]:
    """What is wrong with one sheet."""
    with pytest.raises(InputError) as caught:
        read(folder, *rows, sheet=sheet)
    return [str(finding).replace(str(folder), "") for finding in caught.value.findings]


VALUES: list[tuple[str, Any, str, Any]] = [
    ("Likelihood", 4, "likelihood", 4),
    ("Likelihood", "4 - Likely", "likelihood", 4),
    ("Likelihood", "4: likely", "likelihood", 4),
    ("Likelihood", "Likely (4)", "likelihood", 4),
    ("Likelihood", "4/5", "likelihood", 4),
    ("Likelihood", "High", "likelihood", 4),
    ("Likelihood", "ALMOST CERTAIN", "likelihood", 5),
    ("Likelihood", "25 %", "likelihood", {"probability": 0.25, **P}),
    ("Likelihood", "7%", "likelihood", {"probability": 0.07, **P}),
    ("Likelihood", "0,25", "likelihood", {"probability": 0.25, **P}),
    ("Likelihood", 0.3, "likelihood", {"probability": 0.3, **P}),
    ("Probability (5 years)", "10 %", "likelihood", {"probability": 0.1, "horizon": "5y"}),
    ("Probability", "5 % over 5 years", "likelihood", {"probability": 0.05, "horizon": "5y"}),
    ("Probability in %", 25, "likelihood", {"probability": 0.25, **P}),
    ("Annual frequency (per year)", 0.5, "likelihood", {"per_year": 0.5}),
    ("Likelihood", "once in 10 years", "likelihood", {"per_year": 0.1}),
    ("Likelihood", "2 / year", "likelihood", {"per_year": 2}),
    ("Eintrittswahrscheinlichkeit", "sehr hoch", "likelihood", 5),
    ("Eintrittswahrscheinlichkeit", "alle 5 Jahre", "likelihood", {"per_year": 0.2}),
    ("Vraisemblance", "Très élevée", "likelihood", 5),
    ("Inherent Likelihood (1-5)", "3", "likelihood", 3),
    ("Likelihood", "TBD", "likelihood", None),
    ("Auswirkung", "2 - gering", "impact", 2),
    ("Impact", "Severe", "impact", 5),
    ("Impact", "€ 1.200,50", "loss", 1200.5),
    ("Loss", "1.2 Mio", "loss", 1_200_000),
    ("Schadenshöhe", "50 TEUR", "loss", 50_000),
    ("Loss", "1'250'000", "loss", 1_250_000),
    ("Financial impact", "10k", "loss", 10_000),
    ("Perte", "1 234,50 €", "loss", 1234.5),
    ("Date identified", datetime(2024, 3, 1, 9, 30), "since", "2024-03-01"),  # noqa: DTZ001 - as Excel has it
    ("Date identified", date(2024, 3, 1), "since", "2024-03-01"),
    ("Erfasst am", "1.3.24", "since", "2024-03-01"),
    ("Date raised", "13/04/2024", "since", "2024-04-13"),
    ("Date raised", "04/13/2024", "since", "2024-04-13"),
    ("Date raised", "Fri 1 Mar 2024", "since", "2024-03-01"),
    ("Identifié le", "1er mars 2024", "since", "2024-03-01"),
    ("Escalate within", "2 Stunden", "escalation", {"within": "2h"}),
    ("Escalation time (h)", 4, "escalation", {"within": "4h"}),
    ("Escalation time", timedelta(hours=30), "escalation", {"within": "1d6h"}),
    ("Status", "in Bearbeitung", "status", "open"),
    ("Status", "Tolerated", "status", "accepted"),
    ("Owner", "Ana Silva (ana@example.org)", "owner", "Ana Silva (ana@example.org)"),
    ("Owner", 42, "owner", "42"),
    ("Owner", "=1+1 is no formula", "owner", "=1+1 is no formula"),
    ("Also known as", "a, b; c", "aliases", ["a, b", "c"]),
    ("Tags", "a, b", "tags", ["a", "b"]),
    ("Cost\ncentre", 4711, "x_Cost centre", 4711),
    ("Approved", True, "x_Approved", True),
    ("Reviewed", date(2024, 3, 1), "x_Reviewed", "2024-03-01"),
    ("Residual likelihood", 2, "x_Residual likelihood", 2),
    ("Current impact", "High", "x_Current impact", "High"),
]


@pytest.mark.parametrize(("heading", "cell", "field", "expected"), VALUES, ids=lambda value: str(value)[:30])
def test_a_value(tmp_path: Path, heading: str, cell: Any, field: str, expected: Any) -> None:
    """Prevents: a cell that every reader understands, refused or taken for something else."""
    if isinstance(cell, str) and cell.startswith("="):
        cell = "\u200b" + cell  # openpyxl itself makes formulas of texts.
        expected = "\u200b" + expected
    register = read(tmp_path, ["ID", "Name", heading], ["RISK-1", "Theft", cell])
    assert register.elements["risk", "RISK-1"].data().get(field) == expected


PROBLEMS: list[tuple[str, Any, str]] = [
    ("Likelihood", 7, "C2: error: Likelihood: 7 is no score from 1 to 5"),
    ("Likelihood", "vielleicht", "'vielleicht' is no likelihood: write a score"),
    ("Likelihood", "1 in 10", "is no likelihood"),
    ("Likelihood", "10-20 %", "'10-20 %' is no likelihood"),
    ("Impact", 10, '10 is no score from 1 to 5: for money use --map "HEADING=loss"'),
    ("Loss", "much", "'much' is not an amount: write it as 1234.5"),
    ("Date identified", "03/04/2024", "may be 2024-04-03 or 2024-03-04: write it in that form"),
    ("Date identified", "45352", "45352 is a number; as a date Excel would show it as 2024-03-01"),
    ("Date identified", "Q1 2024", "'Q1 2024' is not a date"),
    ("Date identified", "31.02.2024", "is not a date"),
    ("Escalate within", "02:30", "is a clock form"),
    ("Escalate within", time(2, 30), "02:30 is a time of day: write a duration"),
    ("Escalate within", 5, "5 has no unit: write it as 5h or 5m, or the unit into the heading"),
    ("Status", "clozed", "'clozed' is not a risk's status: did you mean closed?"),
    ("Related risks", "RISK-44", "refers to risk RISK-44, which is not there: did you mean RISK-4?"),
    ("Related risks", "Flood damage", "there is no risk 'Flood damage'"),
    ("Related risks", "RISK-1", "cascades from RISK-1 to itself"),
    ("Loss low", 5, "a range of losses needs a lowest, a most likely and a highest value"),
]


@pytest.mark.parametrize(("heading", "cell", "message"), PROBLEMS, ids=lambda value: str(value)[:30])
def test_a_problem(tmp_path: Path, heading: str, cell: Any, message: str) -> None:
    """Prevents: a guess where a cell may mean two things, and a problem without its cell."""
    found = problem(tmp_path, ["ID", "Name", heading], ["RISK-1", "Theft", cell])
    assert len(found) == 1, found
    assert message in found[0]
    assert "r.xlsx!Risks!" in found[0]
    assert "2: error: " in found[0]


def test_the_column_decides(tmp_path: Path) -> None:
    """Prevents: one column read in two ways, and a question that the cell above answers."""
    rows = [["ID", "Name", "Date raised", "Loss"], ["A", "a", "03/04/2024", "1.234"], ["B", "b", "03/14/2024", "0,5"]]
    found = read(tmp_path, *rows).elements
    assert [found["risk", id_].data()["since"] for id_ in "AB"] == ["2024-03-04", "2024-03-14"]
    assert [found["risk", id_].data()["loss"] for id_ in "AB"] == [1234, 0.5]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["120.000", "1.5 Mio", "60.000 €"], [120_000, 1_500_000, 60_000]),
        (["120,000", "1,5 Mio", "2,000,000"], [120_000, 1_500_000, 2_000_000]),
        (["120.000", "1.250,50", "60.000 €"], [120_000, 1250.5, 60_000]),
    ],
)
def test_amounts_written_by_several_hands(tmp_path: Path, cells: list[str], expected: list[float]) -> None:
    """Prevents: a loss of 120.000 that counts as 120, since another cell of the column says 1.5 Mio."""
    rows = [[f"R-{number}", f"Risk {number}", cell] for number, cell in enumerate(cells)]
    elements = read(tmp_path, ["ID", "Name", "Loss"], *rows).elements
    assert [elements["risk", f"R-{number}"].data()["loss"] for number in range(len(cells))] == expected


def test_no_amount_has_three_decimals(tmp_path: Path) -> None:
    """Prevents: a loss a thousand times too small, in a column that is written in two ways."""
    rows = [["ID", "Name", "Loss"], ["A", "a", "120.000"], ["B", "b", "99.50"]]
    assert ["C2: error: Loss: '120.000' may be 120000 or 120.000: write it without separators" in line
            for line in problem(tmp_path, *rows)] == [True]  # fmt: skip


def test_a_due_date_is_that_of_what_is_planned(tmp_path: Path) -> None:
    """Prevents: a date in a row with a control and a plan that is lost, or that makes the control a plan."""
    head = ["ID", "Name", "Existing controls", "Planned measures", "Due"]
    elements = read(tmp_path, head, ["A", "a", "Generator", "Second feed; Spare pump", "2024-06-30"]).elements
    found = {one.data()["name"]: one.data() for key, one in elements.items() if key[0] == "mitigation"}
    assert {name: (one["status"], one.get("due")) for name, one in found.items()} == {
        "Generator": ("implemented", None),
        "Second feed": ("planned", "2024-06-30"),
        "Spare pump": ("planned", "2024-06-30"),
    }


def test_every_problem_in_one_run(tmp_path: Path) -> None:
    """Prevents: twenty imports for twenty typing errors."""
    found = problem(
        tmp_path,
        ["ID", "Name", "Likelihood", "Related risks"],
        ["RISK-1", "Theft", "perhaps", "RISK-99"],
        [None, None, 3, None],
        ["RISK-1", "Fraud", 3, None],
        [datetime(2024, 3, 1), "Mangled", 9, None],  # noqa: DTZ001 - as Excel has it
    )
    assert [line.split("!")[2].split(":")[0] for line in found] == ["C2", "D2", "A3", "A4", "A5", "C5"]
    assert "'2024-03-01' is a date that a spreadsheet program made of an id" in found[4]


LISTS = [
    ("RISK-4; RISK-9", ["RISK-4", "RISK-9"]),
    ("RISK-4\nRISK-9", ["RISK-4", "RISK-9"]),
    ("RISK-4, RISK-9", ["RISK-4", "RISK-9"]),
    ('"Flood, and storm", Fire', ["RISK-4", "RISK-9"]),
    ("fire", ["RISK-4"]),
    ("High water", ["RISK-9"]),
    ("risk-4", ["RISK-4"]),
    ("RISK\u20114", ["RISK-4"]),
    ("RISK-4: Fire", ["RISK-4"]),
    ("RISK-4 (Fire)", ["RISK-4"]),
    ("- RISK-4\n- RISK-9", ["RISK-4", "RISK-9"]),
    ("1. RISK-4\n2) RISK-9", ["RISK-4", "RISK-9"]),
    ("n/a", []),
]


@pytest.mark.parametrize(("cell", "expected"), LISTS)
def test_related_risks_are_cascades_without_estimate(tmp_path: Path, cell: str, expected: list[str]) -> None:
    """Prevents: a list of risks read as one name, and a probability that nobody estimated."""
    register = read(tmp_path, ["ID", "Name", "Related risks"], ["RISK-1", "Theft", cell])
    found = sorted(key for key in register.elements if key[0] == "cascade")
    assert found == [("cascade", "RISK-1", to) for to in expected]
    assert all(set(one.data()) == {"from", "to"} for key, one in register.elements.items() if key[0] == "cascade")


HEADERS: list[tuple[str, list[list[Any]]]] = [
    ("plain", [["ID", "Name"], ["X-1", "Theft"]]),
    ("other words", [["Risk Ref.", "RISK TITLE"], ["X-1", "Theft"]]),
    ("german", [["Risiko-Nr.", "Risikobezeichnung"], ["X-1", "Theft"]]),
    ("french", [["N° risque", "Intitulé du risque"], ["X-1", "Theft"]]),
    ("titles", [["Register of ACME"], ["2024", "v2"], [], ["ID", "Name"], ["X-1", "Theft"]]),
    ("brackets", [["ID (unique)", "Name [short]"], ["X-1", "Theft"]]),
    ("two languages", [["ID", "Name / Bezeichnung"], ["X-1", "Theft"]]),
    ("line break", [["Risk\nID", "Risk\nname"], ["X-1", "Theft"]]),
    ("moved", [[None, None, None], [None, "ID", "Name"], [None, "X-1", "Theft"]]),
    ("description", [["ID", "Risk Description"], ["X-1", "Theft"]]),
    ("primavera", [["risk_code", "risk_name"], ["X-1", "Theft"]]),
    ("soft hyphen", [["ID", "Risiko\u00adbezeichnung"], ["X-1", "Theft"]]),
    ("gap", [["ID", "Name"], [], ["X-1", "Theft"], [], ["Total: 1"]]),
]


@pytest.mark.parametrize(("name", "rows"), HEADERS, ids=[name for name, _ in HEADERS])
def test_a_header_is_found(tmp_path: Path, name: str, rows: list[list[Any]]) -> None:
    """Prevents: a title, a remark or a heading in other words that hides a register."""
    del name
    register = read(tmp_path, *rows, sheet="Tabelle1")
    assert [key for key in register.elements if key[0] == "risk"] == [("risk", "X-1")]
    assert register.elements["risk", "X-1"].name == "Theft"


def test_ratings_before_controls_win(tmp_path: Path) -> None:
    """Prevents: a rating after controls as our likelihood, where the sheet has both; both are kept."""
    names = ["Likelihood", "Inherent likelihood", "Residual likelihood", "Gross impact", "Impact"]
    (found,) = [
        element.data()
        for key, element in read(tmp_path, ["ID", "Name", *names], ["X-1", "Theft", 1, 2, 3, 4, 5]).elements.items()
        if key[0] == "risk"
    ]
    assert (found["likelihood"], found["impact"]) == (2, 4)
    assert (found["x_Likelihood"], found["x_Residual likelihood"], found["x_Impact"]) == (1, 3, 5)


def test_a_column_without_heading_is_kept(tmp_path: Path) -> None:
    """Prevents: cells that nobody had named, gone without a word."""
    register = read(tmp_path, ["ID", "Name", None, None], ["X-1", "Theft", "seen in May", None])
    assert register.elements["risk", "X-1"].data()["x_Column C"] == "seen in May"


def test_several_tables_in_a_sheet(tmp_path: Path) -> None:
    """Prevents: the second table read as rows of the first, below it or beside it."""
    rows: list[list[Any]] = [
        ["ID", "Risk", None, "Control ID", "Control", "Risk ID"],
        ["X-1", "Theft", None, "C-1", "Lock", "X-1"],
        ["X-2", "Fire at night", None, "C-2", "Sprinkler", "X-2"],
        [],
        ["From", "To", "Probability"],
        ["X-1", "X-2", "5 %"],
    ]
    found = {" ".join(key) for key in read(tmp_path, *rows).elements if key[0] != "register"}
    assert found == {
        "risk X-1", "risk X-2", "mitigation C-1", "mitigation C-2", "mitigates C-1 X-1", "mitigates C-2 X-2",
        "cascade X-1 X-2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (7, "Theft", "RISK-7"),
        ("007", "Theft", "RISK-007"),
        ("R 12/b", "Theft", "R-12-b"),
        (None, "Theft of goods", "RISK-theft-of-goods"),
        (None, "Größe überschätzt", "RISK-grosse-uberschatzt"),
        (None, "\u706b\u707d", "RISK-7be020"),
        (None, "Fire", "RISK-4"),
    ],
)
def test_ids_are_made_alike_each_time(tmp_path: Path, raw: Any, name: str, expected: str) -> None:
    """Prevents: an import that adds each risk anew because nobody had given it an id."""
    register = read(tmp_path, ["ID", "Name", "Owner"], [raw, name, "A"])
    assert next(key[1] for key in register.elements if key[0] == "risk") == expected


def test_related_risks_do_not_take_an_estimate_away(tmp_path: Path) -> None:
    """Prevents: a column of related risks that empties the cascades of the store."""
    base = graph(
        *(element("risk", id=id_) for id_ in ("A", "B")), element("cascade", from_="A", to="B", probability=0.4)
    )
    path = write_rows(tmp_path / "r.xlsx", ("Risks", [["ID", "Name", "Related risks"], ["A", "a", "B"]]))
    assert read_registers([path], base).elements["cascade", "A", "B"].data()["probability"] == 0.4


def test_every_heading_of_ours_is_known() -> None:
    """Prevents: a column that we write and then take for somebody else's."""
    known = headings()
    for kind, names in known.names.items():
        for name in names:
            assert known.fields[kind][title_of(kind, name).lower()][0] == name, (kind, name)
