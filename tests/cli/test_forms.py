"""Pages that are filled in: the command line in, a form or a page to decide on out."""

from __future__ import annotations

from pathlib import Path

from tests.program import Cli


def test_pir_new_writes_a_form(cli: Cli, folder: Path) -> None:
    """By its option, or by the name of the file; a contradiction is refused before anything is written."""
    begin = ("pir", "new", "RISK-1", "--started-at", "2026-02-15T03:00+01:00", "--register", "register.yaml")
    assert cli(*begin, "--form").out.startswith("<!doctype html>")
    assert cli(*begin, "-o", "a.html").code == 0
    assert cli(*begin, "--form", "-o", "b.html").code == 0
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()
    for wrong in (("--form", "--markdown"), ("--form", "-o", "c.md"), ("--form", "-o", "a.html")):
        assert cli(*begin, *wrong).code == 2
    assert not (folder / "c.md").exists()


def test_a_proposal_becomes_a_page(cli: Cli, folder: Path) -> None:
    """With a store or without one, and the same bytes each time."""
    assert cli("init").code == 0
    assert cli("import", "register.yaml").code == 0
    assert cli("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    assert cli("report", "--review", "proposal.yaml", "-o", "one.html").code == 0
    assert cli("report", "--review", "proposal.yaml", "-o", "two.html").code == 0
    assert (folder / "one.html").read_bytes() == (folder / "two.html").read_bytes()
    assert "not compared with any store" not in (folder / "one.html").read_text("utf-8")
    (folder / "elsewhere").mkdir()
    (folder / "riskgraph.db").rename(folder / "elsewhere" / "kept.db")
    alone = cli("report", "--review", "proposal.yaml", "--format", "html")
    assert (alone.code, "not compared with any store" in alone.out) == (0, True)
    there = cli("report", "--review", "proposal.yaml", "--format", "html", "--store", "sqlite:///elsewhere/kept.db")
    assert there.out == (folder / "one.html").read_text("utf-8")


def test_what_is_no_proposal_is_refused(cli: Cli, folder: Path) -> None:
    """Before anything is written, with the place and the way out."""
    assert cli("init").code == 0
    assert cli("import", "register.yaml").code == 0
    assert cli("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    page = ("-o", "page.html")
    text = (folder / "proposal.yaml").read_text("utf-8")
    (folder / "changed.yaml").write_text(text.replace("likelihood: 4", "likelihood: 5"), "utf-8")
    (folder / "other.yaml").write_text(text.replace("graph_id: ", "graph_id: x"), "utf-8")
    for file, said in {
        "missing.yaml": "cannot be read", "register.yaml": "register.yaml:", "changed.yaml": "digest differs",
        "other.yaml": "choose its store",
    }.items():  # fmt: skip
        refused = cli("report", "--review", file, *page)
        assert (refused.code, said in refused.err) == (4, True), (file, refused.err)
    for wrong in (["-o", "page.md"], [*page, "--as-of", "2024-01-01"], [*page, "oven.yaml"], [*page, "--dashboard"]):
        assert cli("report", "--review", "proposal.yaml", *wrong).code == 2
    nowhere = cli("report", "--review", "proposal.yaml", *page, "--store", "sqlite:///no/such.db")
    assert nowhere.code == 6
    assert not (folder / "page.html").exists()
