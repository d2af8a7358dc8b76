"""Golden files: the whole text of one fixed diff and audit in every format, to be read by a person when it changes.

``UPDATE_GOLDEN=1 pytest tests/report/test_golden.py`` writes them again; read the difference before keeping it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from riskgraph.report.elements import risk_tables, show_data, show_tables
from riskgraph.report.envelope import audit_data, diff_data, to_json
from riskgraph.report.findings import findings_table, github
from riskgraph.report.plan import plan_text
from riskgraph.report.render import render
from riskgraph.report.views import audit_tables, diff_tables, history_tables

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff
    from riskgraph.findings import Finding
    from riskgraph.history import History
    from riskgraph.report.table import Table

GOLDEN = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare a text with its golden file, to the byte."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_bytes().decode("utf-8")


def findings_of(diffs: list[Diff], audits: list[Audit]) -> list[Finding]:
    """What diff and audit found, in their order."""
    of_diffs = [finding for diff in diffs for finding in diff.findings()]
    return of_diffs + [finding for audit in audits for finding in audit.findings()]


def tables_of(diffs: list[Diff], audits: list[Audit]) -> list[Table]:
    """Everything that a pull request's comment would hold."""
    return [*diff_tables(diffs), *audit_tables(audits), findings_table(findings_of(diffs, audits))]


def test_table(diffs: list[Diff], audits: list[Audit]) -> None:
    """People compare runs: the layout must not depend on the terminal, the environment or the run."""
    check("reviews.txt", render(tables_of(diffs, audits), "table", width=100))


def test_narrow_table(diffs: list[Diff]) -> None:
    """A narrow terminal wraps cells instead of cutting them off."""
    check("narrow.txt", render(diff_tables(diffs[:1]), "table", width=60))


def test_markdown(diffs: list[Diff], audits: list[Audit]) -> None:
    """A comment in a pull request stands alone: a heading an incident, tables, the list of findings."""
    text = render(tables_of(diffs, audits), "markdown")
    check("reviews.md", text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(token.type == "table_open" for token in tokens) == 9
    assert not [token for token in tokens if token.type in {"html_block", "code_block", "fence"}]


def test_csv(diffs: list[Diff], audits: list[Audit]) -> None:
    """Each line says its incident, and what has the same columns is one block, numbers in full."""
    check("reviews.csv", render(tables_of(diffs, audits), "csv"))


def test_github(diffs: list[Diff], audits: list[Audit]) -> None:
    """Annotations point at the line of the review, warnings before notices."""
    check("reviews.github.txt", github(findings_of(diffs, audits)))


def test_json(diffs: list[Diff], audits: list[Audit]) -> None:
    """Programs rely on these keys: a renamed one breaks them without an error."""
    check("diff.json", to_json(diff_data(diffs, graph_id="g-1")))
    check("audit.json", to_json(audit_data(audits, graph_id="g-1")))


def test_plan(history: History) -> None:
    """Import, propose and apply print this."""
    edits = history.revisions[1].edits
    check("plan.txt", plan_text(edits, remarks=("INC-7: 'x' may be RISK-1",)))
    check("plan.md", plan_text(edits, remarks=("INC-7: 'x' may be RISK-1",), format="markdown"))


def test_show(history: History) -> None:
    """Why is this here, since when, by which review: for every kind of element."""
    keys = [
        ("risk", "RISK-1"), ("cascade", "RISK-1", "RISK-3"), ("cascade", "RISK-2", "RISK-4"), ("mitigation", "MIT-1"),
        ("mitigation", "MIT-2"), ("indicator", "IND-1"), ("incident", "INC-7"),
        ("blocks", "MIT-2", "RISK-2", "RISK-4"),
    ]  # fmt: skip
    tables = [table for key in keys for table in show_tables(key, history)]
    check(
        "show.txt",
        render([*risk_tables(history.graph), *tables, *history_tables(history.revisions)], "table", width=100),
    )
    data = show_data(("risk", "RISK-1"), history, graph_id="g-1", revision=2)
    check("show.json", to_json(data))
    assert json.loads(to_json(data)) == data
