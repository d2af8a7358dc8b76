"""The commands on spreadsheets: template, import, check and export, as a risk lead types them."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import openpyxl
import pytest

from riskgraph.exports.source import Source
from riskgraph.exports.workbook import dump_workbook
from riskgraph.register.read import read_registers
from tests.builders import element, graph
from tests.program import Cli
from tests.sheets.layouts import write_rows

EXAMPLE = Path(__file__).parents[2] / "examples" / "data-platform"
ROWS: list[list[object]] = [["ID", "Bezeichnung", "Eintritt", "Kostenstelle"], ["RISK-1", "Diebstahl", "25 %", "K1"]]


@pytest.mark.parametrize("name", ["register.xlsx", "register"])
def test_a_template_imports_as_it_is(cli: Cli, folder: Path, name: str) -> None:
    """Prevents: a first contact that ends with an error in our own examples, or replaces somebody's work."""
    assert cli("template", name).code == 0
    assert cli("check", name).out == ""
    result = cli("import", name)
    assert (result.code, result.out.splitlines()[-1]) == (0, "12 to add, 1 to change, 0 to remove, 0 kept")
    assert "is read as" not in result.err
    assert not list(folder.rglob("riskgraph-mapping.yaml"))
    refused = cli("template", name)
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert cli("template", name, "--force").code == 0
    assert cli("template", "register.pdf").code == 2


def test_the_template_is_a_workbook_to_work_in(cli: Cli, folder: Path) -> None:
    """Prevents: a template without the help that it is for: tables, notes, pick lists, headings that stay."""
    cli("template", "register.xlsx")
    book = openpyxl.load_workbook(folder / "register.xlsx")
    assert book.sheetnames == ["Risks", "Cascades", "Mitigations", "Indicators", "Register"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes is not None
        assert list(sheet.tables) == [sheet.title]
        assert sheet.max_row == (6 if sheet.title == "Register" else 3)
    risks = book["Risks"]
    assert "stays when the name changes" in risks["A1"].comment.text
    lists = {str(rule.sqref): rule.formula1 for rule in book["Cascades"].data_validations.dataValidation}
    assert lists == {"A2:A1003": "Risks!$A$2:$A$10000", "B2:B1003": "Risks!$A$2:$A$10000"}
    assert '"open,accepted,closed"' in {rule.formula1 for rule in risks.data_validations.dataValidation}
    assert risks["A2"].number_format == "@"
    assert risks.column_dimensions["B"].width > 20


def test_a_heading_is_mapped_by_hand(cli: Cli, folder: Path) -> None:
    """Prevents: a column in house words that can only be read after it is renamed."""
    path = write_rows(folder / "r.xlsx", ("Risiken", ROWS))
    refused = cli("import", path, "--map", "Eintrit=likelihood")
    assert refused.code == 2
    assert "no column has the heading 'eintrit': did you mean 'Eintritt'?" in refused.err
    refused = cli("import", path, "--map", "Eintritt=likelyhood")
    assert (refused.code, "did you mean likelihood?" in refused.err) == (2, True)
    refused = cli("import", path, "--map", "Eintritt")
    assert (refused.code, "write HEADING=FIELD" in refused.err) == (2, True)
    assert cli("import", path, "--map", "Kostenstelle=owner", "--map", "Eintritt=-").code == 0
    shown = cli("show", "RISK-1").out
    assert "K1" in shown
    assert "0.25" not in shown
    assert cli("import", path).err == "nothing to import\n"
    (folder / "odd.csv").write_text("Foo,Bar\nFire,5\n", "utf-8")
    assert "--map 'Foo=name'" in cli("import", "odd.csv").err
    assert cli("import", "odd.csv", "--map", "Foo=name").code == 0
    assert "about spreadsheets" in cli("import", "r.yaml", "--map", "A=name").err


def test_nothing_is_left_behind_by_a_look(cli: Cli, folder: Path) -> None:
    """Prevents: a mapping that nobody agreed to, from a dry run or from a file with problems."""
    path = write_rows(folder / "r.xlsx", ("Risiken", [*ROWS, ["RISK-2", "Brand", "oft?", None]]))
    assert cli("import", path).code == 4
    assert cli("import", write_rows(path, ("Risiken", ROWS)), "--dry-run").code == 0
    assert [file.name for file in folder.iterdir()] == ["r.xlsx"]


def test_scores_need_a_scale(cli: Cli, folder: Path) -> None:
    """Prevents: a score without a meaning, and an error for each of a thousand cells."""
    rows: list[list[object]] = [
        ["ID", "Name", "Likelihood", "Impact"],
        *([f"R-{n}", f"Risk {n}", 3, 2] for n in range(9)),
    ]
    path = write_rows(folder / "r.xlsx", ("Risks", rows))
    refused = cli("import", path)
    lines = refused.err.splitlines()
    problems = [line for line in lines if "error" in line]
    assert refused.code == 4
    assert [line.split(": error")[0].split("!")[-1] for line in problems] == ["C1", "D1"]
    assert "uk-nrr-2023, nist-800-30-frequency, pmbok" in problems[0]
    assert "--scale impact=" in problems[1]
    for wrong in ("uk-nrr", "impact=1,2,3", "impact=4,3,2,1", "effect=1,2,3,4"):
        assert cli("import", path, "--scale", wrong).code == 2
    assert cli("import", path, "--scale", "uk-nrr-2023", "--scale", "impact=1e4,5e4,2.5e5,1e6").code == 0
    assert cli("import", path).err == "nothing to import\n"


def test_problems_have_their_cell_in_every_format(cli: Cli, folder: Path) -> None:
    """Prevents: a place that only people can find, or an annotation at a line that no workbook has."""
    write_rows(folder / "r.xlsx", ("My risks", [["ID", "Name", "Status"], ["RISK-1", "Theft", "?!x"]]))
    (finding,) = json.loads(cli("check", "r.xlsx", "--format", "json").out)["findings"]
    assert [finding[name] for name in ("path", "sheet", "cell", "line", "column")] == ["r.xlsx", "My risks", "C2", 2, 3]
    assert cli("check", "r.xlsx").out.startswith("r.xlsx!My risks!C2: error: Status: '?!x' is not a risk's status")
    said = cli("check", "r.xlsx", "--format", "github").out
    assert said.startswith("::error file=r.xlsx,title=invalid-value::r.xlsx!My risks!C2: Status")
    (folder / "r.csv").write_text("ID;Name;Status\nRISK-1;Theft;gone\n", "utf-8")
    assert cli("check", "r.csv").out.startswith("r.csv!C2: error: Status: 'gone'")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_of_any_country(folder: Path, encoding: str, separator: str) -> None:
    """Prevents: a CSV file that only the country reads in which it was written."""
    rows = [
        ["Nr.", "Bezeichnung", "Schadenshöhe", "Verknüpfte Risiken"],
        ["A-1", '"Ausfall, ganz"', '"1.234,5"', '"A-2; A-3"'],
        ["A-2", '"Ärger ""groß"""', '"0,5"', ""],
        ["A-3", '"zwei\nZeilen"', "1000", ""],
    ]
    text = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
    (folder / "r.csv").write_bytes(text.encode(encoding))
    found = read_registers([folder / "r.csv"]).graph
    assert [risk.name for risk in found.risks.values()] == ["Ausfall, ganz", 'Ärger "groß"', "zwei\nZeilen"]
    assert [risk.data()["loss"] for risk in found.risks.values()] == [1234.5, 0.5, 1000]
    assert set(found.cascades) == {("A-1", "A-2"), ("A-1", "A-3")}


def test_files_of_several_kinds_make_one_register(cli: Cli, folder: Path) -> None:
    """Prevents: a reference by name that ends at the edge of a file."""
    write_rows(folder / "risks.xlsx", ("Risks", [["Name", "Owner"], ["Fire", "A"], ["Flood", "B"]]))
    (folder / "links.csv").write_text("From,To,Probability\nFire,flood,25 %\nFire,RISK-9,\n", "utf-8")
    (folder / "more.yaml").write_text("riskgraph_register: 1\nrisks: [{id: RISK-9, name: Storm}]\n", "utf-8")
    assert cli("import", "risks.xlsx", "links.csv", "more.yaml").code == 0
    assert "0.25" in cli("show", "RISK-fire->RISK-flood").out
    assert cli("show", "RISK-fire->RISK-9").code == 0


def test_what_a_review_taught_is_kept(cli: Cli, folder: Path) -> None:
    """Prevents: a spreadsheet that undoes the learning of the last incident, silently."""
    cli("import", EXAMPLE / "register.yaml")
    cli("export", "-o", "old.xlsx")
    cli("propose", EXAMPLE / "pirs", "-o", "p.yaml")
    assert cli("apply", "p.yaml", "--accept", "derived", "--yes").code == 0
    kept = cli("import", "old.xlsx")
    assert (kept.code, "nothing to import" in kept.err) == (0, True)
    assert "! " in kept.out
    assert "export -o old.xlsx writes a new one" in cli("apply", "p.yaml", "--yes", "--write", "old.xlsx").err
    cli("export", "-o", "new.xlsx")
    book = openpyxl.load_workbook(folder / "new.xlsx")
    rows = list(book["Changes"].iter_rows(values_only=True))
    assert rows[0] == ("Revision", "Effective on", "Change", "Review", "Because", "Author")
    assert {row[0] for row in rows[1:]} == {1, 2}
    taught = [row for row in rows if row[0] == 2]
    assert any(str(row[3]).startswith("INC-") and "->" in str(row[2]) and row[4] for row in taught)
    numbers = [int(str(row[0])) for row in rows[1:]]
    assert numbers == sorted(numbers, reverse=True)


def test_the_mapping_may_say_more(cli: Cli, folder: Path) -> None:
    """Prevents: a page whose mapping is none, and words or a horizon in it that are not heard."""
    page = (Path(__file__).parents[2] / "docs" / "spreadsheets.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (folder / "riskgraph-mapping.yaml").write_text(block, "utf-8")
    rows: list[list[object]] = [["Risk ID", "Risk", "Eintritt", "Status"], ["A", "Fire", "eher selten", "watching"]]
    write_rows(folder / "log.xlsx", ("Risk Log", [*rows, ["B", "Flood", "5 %", "open"]]))
    assert cli("import", "log.xlsx").code == 0
    assert cli("export", "-o", "r.yaml").code == 0
    text = (folder / "r.yaml").read_text("utf-8")
    assert "likelihood: 2" in text
    assert "horizon: 3y" in text
    (folder / "riskgraph-mapping.yaml").write_text(block.replace("kind: risk", "kind: rsk"), "utf-8")
    refused = cli("import", "log.xlsx")
    assert (refused.code, "riskgraph-mapping.yaml:8:33: error: kind" in refused.err) == (4, True)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_export_is_the_same_bytes(cli: Cli, folder: Path, suffix: str) -> None:
    """Prevents: a clock in a file that is kept under version control."""
    cli("import", EXAMPLE / "register.yaml")
    for name in ("a", "b"):
        assert cli("export", "-o", f"{name}{suffix}").code == 0
    assert (folder / f"a{suffix}").read_bytes() == (folder / f"b{suffix}").read_bytes()
    assert cli("import", f"a{suffix}", "--prune").err == "nothing to import\n"


def test_ids_are_text_and_numbers_are_numbers(folder: Path) -> None:
    """Prevents: ids that Excel makes dates of, and amounts that cannot be added up."""
    whole = graph(element("risk", id="MAR-1", name="1.10", loss=1500, since="2024-03-01", x_Cost=3))
    (folder / "r.xlsx").write_bytes(dump_workbook(Source(whole)))
    sheet = openpyxl.load_workbook(folder / "r.xlsx")["Risks"]
    by_heading = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert [by_heading[name].data_type for name in ("ID", "Name", "Loss", "Since", "Cost")] == ["s", "s", "n", "d", "n"]
    assert by_heading["ID"].number_format == "@"


def test_twenty_thousand_rows_have_a_bar(folder: Path) -> None:
    """Prevents: a terminal that stands still while a large register is read."""
    pexpect = pytest.importorskip("pexpect")
    risks = ["ID,Name", *(f"RISK-{n},Risk number {n}" for n in range(5000))]
    links = ["From,To", *(f"RISK-{n % 5000},RISK-{(n + n // 5000 + 1) % 5000}" for n in range(20_000))]
    (folder / "risks.csv").write_text("\n".join(risks), "utf-8")
    (folder / "links.csv").write_text("\n".join(dict.fromkeys(links)), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"}
    terminal = pexpect.spawn(
        sys.executable, ["-m", "riskgraph", "import", "risks.csv", "links.csv", "--dry-run"],
        cwd=str(folder), env=environment, timeout=60, encoding="utf-8",
    )  # fmt: skip
    terminal.expect("reading rows")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
