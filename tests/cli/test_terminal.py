"""Takes a terminal, shows what people see and are asked there, and a pipe that closes early."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.program import Cli

pexpect = pytest.importorskip("pexpect")
ROOT = str(Path(__file__).parents[2])


def start(folder: Path, *args: str) -> Any:
    """The program on a terminal of its own."""
    environment = {**os.environ, "PYTHONPATH": ROOT, "TERM": "xterm", "COLUMNS": "100"}
    return pexpect.spawn(
        sys.executable, ["-m", "riskgraph", *args], cwd=str(folder), env=environment, timeout=30, encoding="utf-8"
    )


def answer(terminal: Any, *answers: str) -> None:
    """Answers one question after the other."""
    for line in answers:
        terminal.expect(r"\? ")
        terminal.sendline(line)


def end(terminal: Any) -> tuple[int, str]:
    """The exit code, and what was said at last."""
    terminal.expect(pexpect.EOF)
    said = terminal.before
    terminal.close()
    return terminal.exitstatus, said


def test_edits_are_decided_one_by_one(proposed: Cli, folder: Path) -> None:
    """Prevents: a review of edits in which a decision, its reason or a comment in the file is lost."""
    path = folder / "proposal.yaml"
    path.write_text(path.read_text().replace("edits:\n", "# Decided on Monday.\nedits:\n", 1))
    terminal = start(folder, "apply", "proposal.yaml")
    terminal.expect(r"\[1/7\]")
    answer(terminal, "e")
    terminal.expect("the review says")
    answer(terminal, "x")
    terminal.expect("is none of them")
    answer(terminal, "a", "r", 'Not "now": maybe never', "s", "q")
    terminal.expect("write 1 edit and 1 decision")
    terminal.sendline("y")
    code, said = end(terminal)
    assert code == 0
    assert "wrote revision 2" in said
    text = path.read_text()
    assert "# Decided on Monday.\n" in text
    assert (text.count("decision: accept"), text.count("decision: reject")) == (1, 1)
    assert proposed("check", "proposal.yaml").code == 0
    assert 'Not "now": maybe never' in proposed("propose", "oven.yaml").err


def test_a_no_keeps_the_decisions_and_writes_nothing(proposed: Cli, folder: Path) -> None:
    """Prevents: an hour of decisions lost to one careful no."""
    terminal = start(folder, "apply", "proposal.yaml")
    answer(terminal, "a", "a", "q")
    terminal.expect("write 2 edits")
    terminal.sendline("")
    code, said = end(terminal)
    assert code == 0
    assert "nothing was written" in said
    assert (folder / "proposal.yaml").read_text().count("decision: accept") == 2
    assert proposed("history", "--format", "json").json["revision"] == 1


def test_ctrl_c_keeps_what_was_decided(proposed: Cli, folder: Path) -> None:
    """Prevents: decisions lost to an interruption, or a write after one."""
    terminal = start(folder, "apply", "proposal.yaml")
    answer(terminal, "a")
    terminal.expect(r"\[2/7\]")
    terminal.expect(r"\? ")
    terminal.sendintr()
    code, said = end(terminal)
    assert code == 130
    assert "interrupted" in said
    assert (folder / "proposal.yaml").read_text().count("decision: accept") == 1
    assert proposed("history", "--format", "json").json["revision"] == 1


@pytest.mark.usefixtures("proposed")
def test_a_file_of_another_program_is_decided_too(folder: Path) -> None:
    """Prevents: a proposal that was saved as JSON, or in another order, and cannot be decided on."""
    import json

    from riskgraph.documents import read_document

    path = folder / "proposal.yaml"
    data = read_document(path).data
    for edit in data["edits"]:
        edit.pop("decision")
    path.write_text(json.dumps(data))
    terminal = start(folder, "apply", "proposal.yaml")
    answer(terminal, "a", "q")
    terminal.expect("write 1 edit")
    terminal.sendline("y")
    assert end(terminal)[0] == 0
    assert path.read_text().count("decision: accept") == 1


def test_import_asks_on_a_terminal(cli: Cli, folder: Path) -> None:
    """Prevents: a person who wanted to look and has written."""
    terminal = start(folder, "import", "register.yaml")
    terminal.expect("write 13 edits")
    terminal.sendline("n")
    code, said = end(terminal)
    assert (code, "nothing was written" in said) == (0, True)
    assert not (folder / "riskgraph.db").exists()
    assert cli("import", "register.yaml").code == 0


def test_progress_is_shown_on_a_terminal(folder: Path) -> None:
    """Prevents: minutes of silence, or a bar in a log."""
    (folder / "many").mkdir()
    for number in range(60):
        (folder / "many" / f"{number}.yaml").write_text((folder / "flour.yaml").read_text())
    terminal = start(folder, "check", "many")
    terminal.expect("checking")
    assert end(terminal)[0] == 0


def test_colour_is_for_terminals(embedded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: escape codes in a log, or none for a person who asked for them."""
    assert "\x1b[" not in embedded("check", "flour.yaml").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in embedded("check", "flour.yaml").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in embedded("check", "flour.yaml").out


def test_a_reader_that_stops_is_no_error(embedded: Cli, folder: Path) -> None:  # noqa: ARG001 - there is a store
    """Prevents: a complaint at the end of ``riskgraph show | head``, or an exit code lost to it."""
    environment = {**os.environ, "PYTHONPATH": ROOT}
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "riskgraph", "diff", "oven.yaml", "--fail-on", "warning"]
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (3, "")


def test_completion_knows_ids_and_never_fails(embedded: Cli, folder: Path) -> None:
    """Prevents: an error in the middle of a person's command line."""
    from riskgraph.cli.completion import complete_ids, complete_risks

    assert complete_risks("risk-1") == [("RISK-1", "Oven fails")]
    assert ("MIT-1", "Second oven on standby") in complete_ids("")
    (folder / "riskgraph.db").write_bytes(b"no database")
    assert complete_ids("RISK") == []
    assert embedded("history").code == 6
