"""Spreadsheets from strangers: refused in a second, and text in them that is nothing but text on the way out."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from riskgraph.errors import InputError, UsageError
from riskgraph.exports.delimited import dump_csv, dump_sheet
from riskgraph.exports.source import Source
from riskgraph.exports.workbook import dump_workbook
from riskgraph.model import Risk
from riskgraph.register.read import read_registers
from riskgraph.register.sheets.columns import list_sheets
from riskgraph.register.sheets.delimited import armed, disarmed
from tests.builders import graph
from tests.report.hostile import ALL, FORMULAS
from tests.sheets.layouts import write_rows

STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS: list[list[object]] = [["ID", "Name"], ["RISK-1", "Theft"]]
SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A workbook with other parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def refused(path: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(InputError) as caught:
        read_registers([path])
    return str(caught.value.findings[0])


def bomb(parts: dict[str, bytes]) -> None:
    """A part that unpacks to 200 MB."""
    parts["xl/media/image1.png"] = b"\0" * (200 << 20)


def long_text(parts: dict[str, bytes]) -> None:
    """A text of 30,000 characters, shown in 20,000 cells."""
    parts["xl/sharedStrings.xml"] = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 20_001))
    parts[SHEET] = b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"


def far_away(parts: dict[str, bytes]) -> None:
    """A cell in the last row and column that there can be."""
    parts[SHEET] = parts[SHEET].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def many_cells(parts: dict[str, bytes]) -> None:
    """More cells than anyone fills in."""
    parts[SHEET] = b"<worksheet><sheetData><row>" + b"<c/>" * 2_100_000 + b"</row></sheetData></worksheet>"


def entities(parts: dict[str, bytes]) -> None:
    """An entity that stands for a file."""
    parts[SHEET] = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + parts[SHEET]


def macros(parts: dict[str, bytes]) -> None:
    """A program inside, whatever the file is called."""
    parts["xl/vbaProject.bin"] = b"x"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (bomb, "unpacks to more than 128 MiB"),
        (long_text, "shows more than 256 million characters"),
        (far_away, "has a sheet that reaches to XFD1048576: delete what is far from the tables"),
        (many_cells, "has more than 2,000,000 cells"),
        (entities, "declares XML entities"),
        (macros, "holds macros"),
        (lambda parts: parts.pop("xl/workbook.xml"), "is no workbook"),
        (lambda parts: parts.update({SHEET: b"<worksheet><sheetData><row"}), "is no workbook that can be read"),
    ],
)
def test_a_workbook_that_would_fill_the_memory(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], message: str
) -> None:
    """Prevents: a small file that unpacks to gigabytes, and one that reads other files or runs a program."""
    path = rewritten(write_rows(tmp_path / "r.xlsx", ("Risks", ROWS)), change)
    assert message in refused(path)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """Prevents: a limit that believes the zip file's own list."""
    path = rewritten(write_rows(tmp_path / "r.xlsx", ("Risks", ROWS)), bomb)
    raw = path.read_bytes().replace((200 << 20).to_bytes(4, "little"), (2000).to_bytes(4, "little"))
    path.write_bytes(raw)
    found = read_registers([path])  # The picture is not looked at, and nothing else lies.
    assert list(found.graph.risks) == ["RISK-1"]
    rewritten(write_rows(path, ("Risks", ROWS)), lambda parts: parts.update({SHEET: parts[SHEET] + b" " * (20 << 20)}))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little")))
    assert "is no workbook" in refused(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.xlsm", b"PK", "holds macros, which are not read: save it as .xlsx"),
        ("r.xls", b"\xd0\xcf\x11\xe0", "is of the old format: save it as .xlsx"),
        ("r.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is protected with a password"),
        ("r.xlsx", b"ID,Name\n", "is no workbook"),
        ("r.xlsx", b"", "is no workbook"),
        ("r.csv", b"\xff\xfea", "is not utf-16"),
        ("r.csv", b"PK\0\0", "is no text"),
        ("r.csv", b"", "no table was found"),
        ("r.csv", b"a,b\n1,2\n", "say which column is which, as in --map 'a=name' (there are: a, b)"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """Prevents: a traceback, or a register that is empty, where a file is another thing than its name says."""
    path = tmp_path / name
    path.write_bytes(content)
    assert message in refused(path)


def test_a_formula_without_a_value_is_a_problem(tmp_path: Path) -> None:
    """Prevents: an empty cell where a person sees a number; the value that was saved counts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["ID", "Name", "Loss", "Notes"], ["RISK-1", "Theft", "=1+1", "=1+1"]]:
        sheet.append(row)
    path = tmp_path / "r.xlsx"
    book.save(path)
    assert "r.xlsx!Sheet!C2: error: Loss: has a formula without a value: open and save it" in refused(path)
    saved = b"<f>1+1</f><v>2</v>"
    rewritten(path, lambda parts: parts.update({SHEET: parts[SHEET].replace(b"<f>1+1</f><v />", saved)}))
    assert read_registers([path]).graph.risks["RISK-1"].data()["loss"] == 2
    error = (b'<c r="C2"><f>1+1</f><v>2</v>', b'<c r="C2" t="e"><f>1+1</f><v>#REF!</v>')
    rewritten(path, lambda parts: parts.update({SHEET: parts[SHEET].replace(*error)}))
    assert "C2: error: Loss: shows an error: correct its formula" in refused(path)


def hostile() -> Source:
    """A graph with hostile texts in its names, fields and headings."""
    texts = [text for text in dict.fromkeys(FORMULAS + ALL) if not any("\ud800" <= char <= "\udfff" for char in text)]
    risks = [
        Risk.model_validate(
            {"id": f"RISK-{n}", "name": text or "x", "owner": text, "tags": [text], f"x_{text}": text, "x_note": text}
        )
        for n, text in enumerate(texts)
    ]
    return Source(graph(*risks))


def test_no_text_is_a_formula_in_a_workbook(tmp_path: Path) -> None:
    """Prevents: a program in the name of a risk that runs where the export is opened."""
    assert len(FORMULAS) >= 50
    (tmp_path / "r.xlsx").write_bytes(dump_workbook(hostile()))
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(tmp_path / "r.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, part in parts.items() if name.startswith("xl/worksheets/sheet") and b"<f>" in part]
    values = {cell.value for cell in cells}
    assert {"=1+1", "@SUM(A1)", "+44 20 7946", "-cmd"} <= values


def test_no_cell_of_csv_begins_as_a_formula() -> None:
    """Prevents: the same in CSV, where only the first character tells; headings count, numbers may have a sign."""
    source = hostile()
    for text in (dump_csv(source), *(dump_sheet(sheet) for sheet in list_sheets(source.graph))):
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            for cell in row:
                assert not cell.lstrip().startswith(STARTS), cell
                assert not cell.startswith(STARTS), cell


@pytest.mark.parametrize("text", [*FORMULAS, "'", "''=", "'a", "a", "", "'=1"])
def test_the_mark_is_taken_away_again(text: str) -> None:
    """Prevents: names that gain a quote with each export and import."""
    assert disarmed(armed(text)) == text


def test_a_cell_that_is_too_long_is_named(tmp_path: Path) -> None:
    """Prevents: a text that a workbook cuts off without a word; CSV has no such limit."""
    source = Source(graph(Risk.model_validate({"id": "RISK-1", "name": "x", "description": "y" * 40_000})))
    with pytest.raises(InputError, match=r"Risks, row 2, Description: 40,000 characters .*: export to \.yaml"):
        dump_workbook(source)
    (tmp_path / "r.csv").write_text(dump_csv(source), "utf-8")
    assert len(read_registers([tmp_path / "r.csv"]).graph.risks["RISK-1"].description or "") == 40_000


def test_without_the_library_the_way_to_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a traceback after a plain installation, which reads CSV all the same."""
    path = write_rows(tmp_path / "r.xlsx", ("Risks", ROWS))
    for name in ("python_calamine", "xlsxwriter"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=r'reading \.xlsx .* pip install "riskgraph\[sheets\]"'):
        read_registers([path])
    with pytest.raises(UsageError, match=r'writing \.xlsx .* pip install "riskgraph\[sheets\]"'):
        dump_workbook(Source(graph()))
    (tmp_path / "r.csv").write_text("ID,Name\nRISK-1,Theft\n", "utf-8")
    assert list(read_registers([tmp_path / "r.csv"]).graph.risks) == ["RISK-1"]
