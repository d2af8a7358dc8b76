"""Three registers as organisations keep them: nothing in, workbooks in the style of published templates out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def write_rows(path: Path, *sheets: tuple[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    """A workbook of these sheets; ``merged`` are ranges of the first one."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for name, rows in sheets:
        sheet: Worksheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path)
    return path


def iso_31000(folder: Path) -> Path:
    """A register in the style of ISO 31000: a title block, headings in two rows, sections, ratings twice."""
    rows: list[list[Any]] = [
        ["Northern Harbour Authority: Risk Register"],
        ["Context", "Annual plan 2024", None, "Approved", date(2024, 1, 31)],
        [],
        ["Risk ID", "Risk event", "Risk source", "Risk owner", "Inherent risk", None, "Existing controls",
         "Residual risk", None, "Risk treatment", "Date identified", "Related risks"],
        [None, None, None, None, "Likelihood", "Consequence", None, "Likelihood", "Consequence"],
        ["Operational risks"],
        ["R 01", "Crane stops in high wind", "Weather", "Terminal", 4, 3, "Wind gauge; Stop rule", 3, 2,
         "Second gauge", "01.03.2023", "R 02; R 03"],
        ["R 02", "Lorries queue on the public road", "Traffic", "Gate", 3, 2, None, 3, 2, None, "15.03.2023", None],
        ["Legal risks"],
        ["R 03", "Permit for night work is withdrawn", "Authority", "Legal", 2, 4, "Noise barrier", 1, 4,
         "Dialogue with residents", "20.03.2023", None],
        [],
        ["Legend: 1 rare to 5 almost certain"],
    ]  # fmt: skip
    merged = ("A1:L1", "E4:F4", "H4:I4", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "G4:G5", "J4:J5", "K4:K5", "L4:L5",
              "A6:L6", "A9:L9")  # fmt: skip
    return write_rows(
        folder / "iso.xlsx", ("Register", rows), ("Instructions", [["Fill in every row."]]), merged=merged
    )


def pmi(folder: Path) -> Path:
    """A risk log in the style of PMI: words for ratings, strategies, triggers, amounts in words."""
    rows: list[list[Any]] = [
        ["Project", "New data centre"],
        ["Risk Log"],
        [],
        ["#", "Risk Description", "Category", "Probability", "Impact", "Cost Impact", "Response Strategy",
         "Response Plan", "Risk Owner", "Trigger(s)", "Date Raised", "Status", "Contingency Reserve"],
        [1, "Switchgear arrives late", "Procurement", "High", "Major", "1.2 Mio", "Mitigate",
         "Order early\nSecond supplier", "Ana Silva (ana@example.org)", "Supplier misses a milestone",
         "3/14/2024", "Open", 50000],
        [2, "Cooling test fails", "Technical", "Medium", "Critical", "€ 400k", "Accept", None, "Bo Lind", None,
         "4/5/2024", "Monitoring", None],
        [3, "Moving company strikes", "External", "Very low", "Minor", "TBD", "Transfer", "Insurance", "Bo Lind", None,
         "4/6/2024", "Closed", None],
    ]  # fmt: skip
    links: list[list[Any]] = [
        ["Cause", "Effect", "Probability", "Lag (days)", "Comment"],
        [1, 2, "40 %", 10, "the test needs power"],
        [2, "Moving company strikes", None, None, None],
    ]
    return write_rows(folder / "pmi.xlsx", ("Risk Log", rows), ("Dependencies", links))


def rcsa(folder: Path) -> Path:
    """A bank's risk and control self-assessment: each control of a risk in a row, the risk merged over them."""
    rows: list[list[Any]] = [
        ["Risk & Control Self-Assessment", None, None, None, "Confidential"],
        ["Business line: Payments"],
        ["Risk ID", "Risk", "Event type", "Inherent Risk Likelihood", "Inherent Risk Impact", "Control ID",
         "Control Description", "Control Type", "Control Owner", "Operating Effectiveness", "Residual Rating", "KRI"],
        ["PAY-01", "Payment is sent twice", "Execution", "3 - Possible", "4 - Major", "C-101",
         "Duplicate check, before release", "Preventive", "Operations", "Effective", "Low", "Duplicates per day"],
        [None, None, None, None, None, "C-102", "Daily reconciliation", "Detective", "Finance", "Partially effective",
         None, None],
        ["PAY-02", "Fraudster changes an account number", "External fraud", "4 - Likely", "5 - Severe", "C-102",
         "Daily reconciliation", "Detective", "Finance", "Partially effective", "Medium", None],
        [None, None, None, None, None, "C-103", "Call back to the customer", "Preventive", "Service", "Ineffective",
         None, None],
    ]  # fmt: skip
    merged = tuple(f"{column}{top}:{column}{top + 1}" for top in (4, 6) for column in "ABCDE")
    return write_rows(folder / "rcsa.xlsx", ("RCSA", rows), merged=merged)
