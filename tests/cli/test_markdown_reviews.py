"""The command line with reviews in markdown: every command that takes a review takes a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.documents import read_document
from riskgraph.pir.template import WRAPPER
from riskgraph.pir.write import dump_markdown
from tests.program import Cli


@pytest.fixture
def paged(stored: Cli, folder: Path) -> Cli:
    """The program, in a folder where a review is a page, beside a README."""
    data = read_document(folder / "oven.yaml").data
    (folder / "pages").mkdir()
    (folder / "pages" / "oven.md").write_text(dump_markdown(data.get(WRAPPER, data)))
    (folder / "pages" / "README.md").write_text("# Reviews\n\nEach has an incident id.\n")
    return stored


def test_every_command_reads_a_page(paged: Cli, folder: Path) -> None:
    """Prevents: a review that passes the check and that no other command understands."""
    assert paged("check", "pages").code == 0
    assert "checked 1 file" in paged("check", "pages").err
    assert paged("diff", "pages").out == paged("diff", "oven.yaml").out
    as_page, as_yaml = (
        paged("audit", "pages/oven.md", "-f", "json").json,
        paged("audit", "oven.yaml", "-f", "json").json,
    )
    for page, yaml in zip(as_page["incidents"], as_yaml["incidents"], strict=True):
        for one, other in zip(page["questions"], yaml["questions"], strict=True):
            assert {**one, "evidence": [each["text"] for each in one["evidence"]]} == {
                **other,
                "evidence": [each["text"] for each in other["evidence"]],
            }
    assert paged("propose", "pages", "-o", "p.yaml").code == 0
    assert paged("apply", "p.yaml", "--accept", "explicit", "--yes").code == 0
    assert "pages/oven.md" in paged("show", "RISK-1->RISK-3").out + (folder / "p.yaml").read_text()


def test_a_new_page_asks_what_a_new_file_asks(stored: Cli, folder: Path) -> None:
    """Prevents: a question that only people who write YAML are asked."""
    asked = ("pir", "new", "RISK-1", "--started-at", "2026-02-15T03:00+01:00")
    page = stored(*asked, "--markdown")
    assert page.code == 0
    assert stored(*asked, "-o", "new.md").code == 0
    assert (folder / "new.md").read_text() == page.out
    assert stored(*asked, "-o", "new.yaml").code == 0
    as_page, as_yaml = stored("check", "new.md", "-f", "json").json, stored("check", "new.yaml", "-f", "json").json
    assert {note["field"] for note in as_page["findings"]} == {note["field"] for note in as_yaml["findings"]}
    assert {note["rule"] for note in as_page["findings"]} == {"placeholder"}


def test_markdown_in_a_file_of_another_name_is_refused(stored: Cli, folder: Path) -> None:
    """Prevents: a page in a file that is read as YAML."""
    asked = ("pir", "new", "RISK-1", "--started-at", "2026-02-15T03:00+01:00", "--markdown", "-o")
    refused = stored(*asked, "new.yaml")
    assert refused.code == 2
    assert "new.yaml: a review in markdown is a file of .md" in refused.err
    assert not (folder / "new.yaml").exists()
    assert stored(*asked, "new.md").code == 0
    assert stored(*asked, "new.md").code == 2


def test_a_page_with_mistakes_names_them_all(paged: Cli, folder: Path) -> None:
    """Prevents: a page that is half read, and a mistake without its line."""
    (folder / "bad.md").write_text(
        "- **Incident ID:** INC-9\n- **Related risk:** RISK-1\n- **Duration:** 02:15\n\n## Timelien\n"
    )
    for command in ("check", "diff", "audit"):
        bad = paged(command, "bad.md")
        assert bad.code == 4
        said = bad.out + bad.err
        assert "bad.md:5:4" in said
        assert "did you mean 'Timeline'?" in said
        assert "bad.md:3:17" in said
        assert "date (or started_at) is missing" in said
