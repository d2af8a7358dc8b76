"""Takes a spreadsheet where none belongs, shows one line that says where it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.cli import run


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["diff", "register.xlsx", "--register", "register.xlsx"], 4, "is a spreadsheet: name it with --register"),
        (
            ["diff", "pirs", "--register", "tables", "--git"],
            2,
            "tables is a folder, whose history is not read: keep it as",
        ),
    ],
)
def test_a_spreadsheet_in_the_wrong_place(
    command: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Prevents: "is not UTF-8", which tells a risk lead nothing."""
    monkeypatch.chdir(tmp_path)
    assert run(["template", "register.xlsx"]) == 0
    assert run(["template", "tables"]) == 0
    capsys.readouterr()
    assert run(command) == code
    err = capsys.readouterr().err
    assert said in err
    assert sum("error" in line for line in err.splitlines()) == 1
