"""Takes a spreadsheet where none belongs, shows one line that says where it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskgraph.cli import run


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (["diff", "register.xlsx", "--register", "register.xlsx"], 4, "is a spreadsheet: name it with --register"),
        (["diff", "pirs", "--register", "register.xlsx", "--git"], 2, "is a spreadsheet, whose history is not read"),
    ],
)
def test_a_spreadsheet_in_the_wrong_place(
    command: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Prevents: "is not UTF-8", which tells a risk lead nothing."""
    monkeypatch.chdir(tmp_path)
    assert run(["template", "register.xlsx"]) == 0
    capsys.readouterr()
    assert run(command) == code
    err = capsys.readouterr().err
    assert said in err
    assert sum("error" in line for line in err.splitlines()) == 1
