"""The page on the model: its worked example is recomputed, by hand as the page does it and by the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from riskgraph.cli import run
from riskgraph.report.envelope import to_json

ROOT = Path(__file__).parents[2]
REVIEW = {
    "incident_id": "INC-1",
    "related_risk": "RISK-1",
    "started_at": "2024-05-02T03:00:00Z",
    "observed_cascades": [{"from": "RISK-1", "to": "RISK-2"}, {"from": "RISK-2", "to": "RISK-3"}],
}


def rows(text: str) -> list[list[str]]:
    """The rows of the example's table."""
    lines = text.split("## A worked example")[1].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def value(number: str, data: dict[str, Any]) -> float:
    """The number of a row in the output of its command."""
    name = number.rsplit(maxsplit=1)[-1]
    match number.split()[:2]:
        case ["probability", "of"] if "paths" in data:
            found = data["paths"][0]["probability"]
        case ["probability", "of"]:
            found = next(one["probability"] for one in data["risks"] if one["id"] == name)
        case ["mean", "loss"]:
            found = data["loss"]["mean"]
        case ["expected", "annual"]:
            found = data["now"]["value"]
        case ["avoided", _] if "->" in number:
            pair = number.split()[-3::2]
            found = next(one["loss_avoided"] for one in data["items"] if [one["from"], one["to"]] == pair)
        case ["avoided", _]:
            found = next(one["loss_avoided"] for one in data["items"] if one["id"] == name)
        case _:
            (incident,) = data["incidents"]
            places = {"root": incident["root_stopped"], "all": incident["stopped"]}
            found = places.get(name, incident["steps"][0]["stopped_here"])
    return float(found)


def arithmetic(text: str) -> float:
    """A sum that is written out by hand."""
    assert re.fullmatch(r"[\d.+*() -]+", text), text
    return float(eval(text))  # noqa: S307 - digits and signs only, of our own page


def test_the_worked_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents a model on paper and another one in the program."""
    import json

    text = (ROOT / "docs" / "model.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    (register,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    Path("register.yaml").write_text(register, "utf-8")
    Path("inc.yaml").write_text(to_json(REVIEW), "utf-8")
    listed = rows(text)
    assert len(listed) == 11
    for command, number, by_hand, is_ in listed:
        words = command.strip("`").replace("replay", "replay inc.yaml").split()
        assert run([*words, "--register", "register.yaml", "--format", "json"]) == 0, command
        found = value(number, json.loads(capsys.readouterr().out))
        assert found == pytest.approx(float(is_), abs=1e-9), (command, number)
        assert arithmetic(by_hand) == pytest.approx(float(is_), abs=1e-9), (command, number)
