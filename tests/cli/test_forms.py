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
