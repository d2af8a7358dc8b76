"""Takes the example registers and their reviews, shows what simulate, paths, rank and replay print and refuse.

``UPDATE_GOLDEN=1 pytest tests/cli/test_engine.py`` writes the golden files again; read the difference before you keep
it.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from tests.program import Cli

EXAMPLES = Path(__file__).parents[2] / "examples"
GOLDEN = Path(__file__).parent / "golden"
PLATFORM = ("--register", str(EXAMPLES / "data-platform" / "register.yaml"))
PORT = ("--register", str(EXAMPLES / "port" / "register.yaml"))
REVIEW = str(EXAMPLES / "data-platform" / "pirs" / "INC-2024-004.yaml")

COMMANDS: dict[str, tuple[str, ...]] = {
    "simulate": ("simulate", "RISK-102", *PLATFORM),
    "simulate-two": ("simulate", "PORT-12", "PORT-01", "--without", "MIT-03", "--with", "MIT-12", *PORT),
    "paths": ("paths", "RISK-102", "RISK-108", *PLATFORM),
    "paths-anywhere": ("paths", "PORT-12", "--top", "5", *PORT),
    "rank-mitigations": ("rank", "mitigations", "--budget", "2", *PLATFORM),
    "rank-cascades": ("rank", "cascades", "--top", "5", *PLATFORM),
    "rank-risks": ("rank", "risks", "--assume", "0.1", *PLATFORM),
    "replay": ("replay", REVIEW, "--with", "MIT-201", *PLATFORM),
}


def is_close(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal but for the rounding of numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(is_close(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_close(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("format_", ["table", "json", "markdown"])
def test_golden(name: str, format_: str, cli: Cli) -> None:
    """Prevents a key, a column or a number of an answer from changing unseen."""
    done = cli(*COMMANDS[name], "--format", format_)
    assert done.code == 0, done.err
    file = GOLDEN / f"{name}.{ {'table': 'txt', 'json': 'json', 'markdown': 'md'}[format_] }"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(done.out, encoding="utf-8", newline="\n")
    if format_ == "json":  # The last digits of sums are the processor's.
        assert is_close(done.json, json.loads(file.read_text("utf-8")))
    else:
        assert done.out == file.read_text("utf-8")


def test_simulate_says_what_the_contract_says(cli: Cli) -> None:
    """Prevents a missing key, an interval around what is exact, and a start that might not happen."""
    data = cli("simulate", "RISK-102", *PLATFORM, "-f", "json").json
    assert (data["schema"], data["graph_id"], data["revision"]) == ("riskgraph/simulate/v1", None, None)
    assert data["method"] == "exact"
    risks = {one["id"]: one for one in data["risks"]}
    assert risks["RISK-102"]["probability"] == 1
    assert risks["RISK-103"]["probability"] == pytest.approx(0.7)
    assert risks["RISK-103"]["time"]["median"] == 20 * 60
    assert "interval" not in risks["RISK-103"]
    assert data["loss"]["var95"] <= data["loss"]["es95"]
    assert "interval" not in data["loss"]


def test_what_is_simulated_says_so(cli: Cli, folder: Path) -> None:
    """Prevents a simulated number without its runs, seed and interval: such a circle is too wide to calculate."""
    ids = [f"RISK-{number}" for number in range(1, 15)]
    lines = ["riskgraph_register: 1", "effective_on: 2024-01-01", "risks:"]
    lines += [f"  - {{id: {id_}, name: Risk {id_}, likelihood: {{per_year: 1}}, loss: 10}}" for id_ in ids]
    lines += ["cascades:"]
    lines += [
        f"  - {{from: {a}, to: {b}, probability: 0.4}}"
        for place, a in enumerate(ids)
        for b in (ids[(place + 1) % 14], ids[(place + 5) % 14])
    ]
    (folder / "circle.yaml").write_text("\n".join(lines))
    asked = ("simulate", "RISK-1", "--register", "circle.yaml", "--seed", "3", "--runs", "2000", "-f", "json")
    data = cli(*asked).json
    assert (data["method"], data["runs"], data["seed"]) == ("simulated", 2000, 3)
    others = [one for one in data["risks"] if one["id"] != "RISK-1"]
    assert all(one["interval"][0] < one["probability"] < one["interval"][1] for one in others)
    assert data["loss"]["interval"][0] < data["loss"]["mean"] < data["loss"]["interval"][1]
    assert cli(*asked).out == cli(*asked).out
    ranked = cli("rank", "cascades", "--register", "circle.yaml", "--top", "3", "--seed", "3", "-f", "json").json
    assert (ranked["method"], ranked["seed"], ranked["more"]) == ("simulated", 3, 25)
    assert all(one["interval"][0] < one["loss_avoided"] < one["interval"][1] for one in ranked["items"])


def test_a_year(cli: Cli) -> None:
    """Prevents an annual mean that is not that of the rankings, a loss in a form of its own, and a curve that rises."""
    data = cli("simulate", "--year", *PLATFORM, "-f", "json").json
    ranked = cli("rank", "risks", *PLATFORM, "-f", "json").json
    assert data["loss"]["mean"] == pytest.approx(ranked["now"]["value"])
    assert (data["loss"]["mean_method"], "interval" in data["loss"]) == ("exact", False)
    assert data["loss"].keys() == cli("simulate", "RISK-102", *PLATFORM, "-f", "json").json["loss"].keys()
    points = [point["loss"] for point in data["loss"]["exceedance"]]
    assert points == sorted(points)
    low, high = data["loss"]["es95_interval"]
    assert low < data["loss"]["es95"] < high


def test_rank_is_best_first_and_of_all(cli: Cli) -> None:
    """Prevents a ranking that leaves out what saves nothing, or a mitigation that is not in place."""
    data = cli("rank", "mitigations", *PORT, "-f", "json").json
    assert data["schema"] == "riskgraph/rank/v1"
    saved = [one["loss_avoided"] for one in data["items"]]
    assert saved == sorted(saved, reverse=True)
    assert {one["id"] for one in data["items"]} == {f"MIT-{number:02d}" for number in range(1, 16)}
    tail = cli("rank", "mitigations", "--by", "shortfall", "--runs", "500", *PORT, "-f", "json").json
    assert (tail["by"], tail["runs"], tail["method"]) == ("shortfall", 500, "simulated")
    cascades = cli("rank", "cascades", "--top", "3", *PLATFORM, "-f", "json").json["items"]
    assert [set(one) for one in cascades] == [{"from", "to", "loss_avoided", "interval"}] * 3


def test_a_table_ends_where_nobody_reads_on(cli: Cli, folder: Path) -> None:
    """Prevents: a hundred thousand lines on a terminal, which take longer than the simulation."""
    spokes = range(1, 1004)
    (folder / "star.yaml").write_text(
        "riskgraph_register: 1\nrisks:\n"
        + "".join(f"  - {{id: R-{number}, name: Risk {number}}}\n" for number in (0, *spokes))
        + "cascades:\n"
        + "".join(f"  - {{from: R-0, to: R-{number}, probability: 0.5}}\n" for number in spokes)
    )
    found = ("simulate", "R-0", "--runs", "100", "--register", "star.yaml")
    out = cli(*found, "-f", "markdown").out
    assert out.count("Risk ") == 1000
    assert "and 4 more, less probable: --format json lists them" in out
    assert len(cli(*found, "-f", "json").json["risks"]) == 1004


def test_what_nobody_has_estimated_is_no_zero(cli: Cli, folder: Path) -> None:
    """Prevents: a list in which every mitigation of an imported spreadsheet seems to be worth nothing."""
    (folder / "bare.yaml").write_text(
        "riskgraph_register: 1\nrisks: [{id: R-1, name: Fire, likelihood: {per_year: 1}, loss: 100}]\nmitigations:\n"
        "  - {id: M-1, name: Sprinkler, status: planned, mitigates: [{risk: R-1}]}\n"
        "  - {id: M-2, name: Door, status: planned, mitigates: [{risk: R-1, effectiveness: 0}]}\n"
    )
    items = cli("rank", "mitigations", "--register", "bare.yaml", "-f", "json").json["items"]
    assert [(one["id"], one["estimated"]) for one in items] == [("M-1", False), ("M-2", True)]
    out = cli("rank", "mitigations", "--register", "bare.yaml").out
    assert [line.split()[-2:] for line in out.splitlines() if line.startswith("M-")] == [["-", "-"], ["0", "-"]]
    assert "-: not estimated, it has no effectiveness" in out


def test_left_out_is_said(cli: Cli) -> None:
    """Prevents cascades without an estimate from being silently none, and an assumption that nobody is told of."""
    done = cli("simulate", "PORT-24", *PORT, "-f", "json")
    assert done.json["left_out"]["cascades"] == 2
    assert "2 cascades have no probability and count for nothing: --assume P fills them in" in done.err
    assumed = cli("simulate", "PORT-24", "--assume", "0.5", *PORT, "-f", "json")
    assert assumed.json["assume"] == 0.5
    assert assumed.json["left_out"]["cascades"] == 0
    before, after = ({one["id"]: one["probability"] for one in data["risks"]} for data in (done.json, assumed.json))
    assert after["PORT-29"] > before["PORT-29"]


def test_replay_reads_the_map_of_that_day(stored: Cli) -> None:
    """Prevents a replay that knows what was learned since; a mitigation may be of today, the map may not."""
    data = stored("replay", "oven.yaml", "--with", "MIT-1", "-f", "json").json
    assert (data["schema"], data["revision"], data["with"]) == ("riskgraph/replay/v1", 1, ["MIT-1"])
    (incident,) = data["incidents"]
    assert incident["root"] == "RISK-1"
    assert incident["root_stopped"] == pytest.approx(0.6)
    steps = incident["steps"]
    assert incident["stopped"] == pytest.approx(incident["root_stopped"] + sum(one["stopped_here"] for one in steps))
    assert stored("propose", "oven.yaml", "-o", "proposal.yaml").code == 0
    assert stored("apply", "proposal.yaml", "--accept", "derived", "--yes").code == 0
    assert stored("replay", "oven.yaml", "--with", "MIT-1", "-f", "json").json == data


@pytest.mark.parametrize("name", COMMANDS)
def test_csv_is_a_table_for_each_set_of_columns(name: str, cli: Cli) -> None:
    """Prevents notes and titles in what a spreadsheet opens."""
    for block in cli(*COMMANDS[name], "-f", "csv").out.split("\n\n"):
        rows = list(csv.reader(io.StringIO(block)))
        assert len({len(row) for row in rows}) == 1


REFUSED: tuple[tuple[tuple[Any, ...], int, str], ...] = (
    (("simulate", "RISK-1022"), 4, "there is no risk 'RISK-1022': did you mean RISK-102?"),
    (("simulate", "MIT-201"), 4, "MIT-201 is a mitigation, not a risk: riskgraph show lists the risks"),
    (("simulate",), 2, "name the risks that happen, or --year for a year of all of them: riskgraph show lists them"),
    (("simulate", "RISK-102", "--year"), 2, "name the risks that happen, or --year"),
    (("simulate", "RISK-102", "--assume", 1.5), 2, "a probability is between 0 and 1, and 1.5 is not"),
    (("simulate", "RISK-102", "--runs", 0), 2, "0 runs cannot be drawn: name a number from 1 to"),
    (("simulate", "RISK-102", "--without", "MIT-20"), 4, "'MIT-20' is neither a mitigation nor a cascade: did you"),
    (("simulate", "RISK-102", "--without", "RISK-102->RISK-109"), 4, "did you mean RISK-102->RISK-103?"),
    (("simulate", "RISK-102", "--with", "RISK-102->RISK-103"), 2, "--with takes a mitigation"),
    (("simulate", "RISK-102", "--with", "MIT-201", "--without", "MIT-201"), 2, "cannot be both with and without"),
    (("paths", "RISK-102", "RISK-102"), 2, "a path from RISK-102 to itself is none: name another risk"),
    (("paths", "RISK-102", "--top", 0), 2, "--top"),
    (("rank", "things"), 2, "'things' is not one of"),
    (("rank", "cascades", "--budget", 2), 2, "--budget is for mitigations, not for cascades"),
    (("rank", "mitigations", "--budget", -1), 2, "a budget of -1 buys nothing: name a positive one"),
    (("rank", "mitigations", "--cost", "x_cost"), 2, "--cost says what a --budget is spent on: add --budget"),
    (("replay", REVIEW), 2, "name what to pretend: --with MITIGATION, or --without MITIGATION"),
    (("replay", REVIEW, "--with", "MIT-99"), 4, "'MIT-99' is neither a mitigation nor a cascade"),
)


@pytest.mark.parametrize(("args", "code", "said"), REFUSED)
def test_misuse_is_one_line(args: tuple[Any, ...], code: int, said: str, cli: Cli) -> None:
    """Prevents an answer to a question that nobody asked, and a traceback."""
    done = cli(*args, *PLATFORM)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


def test_capitals_do_not_matter(cli: Cli) -> None:
    """Prevents a person from being sent back for a shift key."""
    assert cli("paths", "risk-102", "RISK-108", *PLATFORM).out == cli("paths", "RISK-102", "risk-108", *PLATFORM).out
