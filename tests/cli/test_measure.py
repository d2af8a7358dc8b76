"""Takes a store with reviews in it, shows metrics, changes, actions, logs and what they refuse."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from riskgraph.cli import run
from riskgraph.metrics.definitions import DEFINITIONS
from tests.program import Cli

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
NAMES = ("in_register", "probability_gap", "cascades_predicted", "mitigations_worked", "detection")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store has the port's register and all of its reviews."""
    folder = tmp_path_factory.mktemp("built") / "port"
    shutil.copytree(ROOT / "examples" / "port", folder)
    commands = (
        ["init"],
        ["import", "register.yaml"],
        ["propose", "pirs", "-o", "proposal.yaml"],
        ["apply", "proposal.yaml", "--accept", "derived", "--yes"],
    )
    with chdir(folder):
        for command in commands:
            assert run([*command, *(["--store", "sqlite:///riskgraph.db"] if command[0] != "init" else [])]) == 0
    return folder


@pytest.fixture
def port(cli: Cli, built: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The program in a copy of that folder; it is 1 August 2025."""
    shutil.copytree(built, folder / "port")
    monkeypatch.chdir(folder / "port")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1754006400")
    return cli


def check(name: str, text: str) -> None:
    """Compare a text with its golden file, to the byte."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_bytes().decode("utf-8")


def test_metrics_of_the_port(port: Cli) -> None:
    """The page that a manager reads, in every format; run twice it is the same to the byte."""
    window = ("--since", "2023-06-01", "--until", "2025-07-31")
    for format_, suffix in (("table", "txt"), ("markdown", "md"), ("csv", "csv")):
        text = port("metrics", *window, "--format", format_).out
        check(f"metrics.{suffix}", text)
        assert port("metrics", *window, "--format", format_).out == text
    check("metrics-by-quarter.txt", port("metrics", *window, "--by", "quarter").out)


def test_metrics_json_has_the_contracts_keys(port: Cli) -> None:
    """Scripts read these keys; a share is a fraction with k, n and an interval."""
    found = port("metrics", "--since", "2024-01-01", "--until", "2025-07-31", "--format", "json").json
    assert found["schema"] == "riskgraph/metrics/v1"
    assert found["window"] == ["2024-01-01", "2025-07-31"]
    assert tuple(found["metrics"]) == NAMES
    for name in ("in_register", "cascades_predicted", "mitigations_worked"):
        assert {"value", "k", "n", "interval"} <= found["metrics"][name].keys()
    gap = found["metrics"]["probability_gap"]
    assert gap["gap"] == pytest.approx(gap["predicted"] - gap["observed"])
    assert {"predicted", "observed", "gap", "by_band", "brier"} <= gap.keys()
    assert {"median", "q1", "q3", "share_within", "n"} <= found["metrics"]["detection"].keys()
    for metric in found["metrics"].values():
        assert {"by_kind", "by_quarter", "by_category"} <= metric.keys()


def test_metrics_agree_with_diff_and_audit(port: Cli) -> None:
    """The graph keeps what metrics need: they say what the reviews, read again, say."""
    metrics = port("metrics", "--format", "json").json["metrics"]
    diffs = port("diff", "pirs", "--format", "json").json["incidents"]
    own = [one for one in diffs if one["kind"] != "external"]
    recalls = [one["recall"] for one in own]
    assert metrics["cascades_predicted"]["k"] == sum(one["k"] for one in recalls)
    assert metrics["cascades_predicted"]["n"] == sum(one["n"] for one in recalls)
    verdicts = [prediction["verdict"] for one in own for prediction in one["predictions"]]
    assert metrics["cascades_predicted"]["precision"]["k"] == verdicts.count("fired")
    assert metrics["cascades_predicted"]["precision"]["n"] == verdicts.count("fired") + verdicts.count("not_fired")
    audits = port("audit", "pirs", "--format", "json").json["incidents"]
    questions: list[tuple[str, dict[str, Any]]] = [(one["kind"], q) for one in audits for q in one["questions"]]
    known = [q["verdict"] for kind, q in questions if q["question"] == "in_register" and kind == "incident"]
    assert metrics["in_register"]["k"] == known.count("yes")
    items = [
        item["outcome"]
        for kind, q in questions
        if q["question"] == "mitigation_worked" and kind != "external"
        for item in q["items"]
    ]
    assert metrics["mitigations_worked"]["held"] == items.count("held")
    assert metrics["mitigations_worked"]["not_in_place"] == items.count("not_in_place")


@pytest.mark.parametrize("name", list(DEFINITIONS))
def test_every_metric_is_explained(name: str, port: Cli) -> None:
    """A number that nobody can take apart is not believed; the page says what the program says."""
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    assert f"\n## {name}\n" in page
    found = port("metrics", "--explain", name)
    assert found.code == 0
    assert DEFINITIONS[name].title in found.out
    data = port("metrics", "--explain", name, "--format", "json").json
    assert data["definition"] == DEFINITIONS[name].says
    assert data["numbers"] is not None


def test_explain_names_the_incidents(port: Cli) -> None:
    """Whoever doubts 75 % looks at the two that were not."""
    items = port("metrics", "--explain", "in_register", "--format", "json").json["items"]
    assert [item["incident"] for item in items if item["outcome"] == "no"] == ["INC-2024-019", "INC-2024-044"]


def test_evidence(port: Cli) -> None:
    """Each denominator is there, in every format, and the priors are what was asked for."""
    check("evidence.txt", port("metrics", "--evidence").out)
    found = port("metrics", "--evidence", "--prior-trials", "8", "--format", "json").json
    assert found["prior"] == {"events": 1.0, "trials": 8.0, "external_weight": 0.2}
    assert {"rates", "cascades", "mitigations", "indicators"} <= found.keys()


def test_changes_and_actions(port: Cli) -> None:
    """What did the loop change, and what was promised: each with its review."""
    changes = port("changes", "proposal.yaml", "--until", "2100-01-01", "--format", "json").json
    assert {one["pir"] for one in changes["changes"]} <= {f"pirs/{one['incident']}.yaml" for one in changes["changes"]}
    assert changes["decisions"]["accepted"] > 0
    assert changes["decisions"]["pending"] == 2
    gaps = port("gaps", "--format", "json").json["counts"]
    cells = [cell for phases in changes["gaps_by_quarter"].values() for cell in phases.values()]
    assert sum(cell["open"] for cell in cells) == gaps["open"]
    assert sum(cell["answered"] for cell in cells) == gaps["answered"]
    check("actions.txt", port("actions", "--open").out)


def test_proposals_in_a_folder_are_found(port: Cli) -> None:
    """Whoever keeps proposals beside reviews names the folder; what is no proposal there is passed over."""
    named = port("changes", "proposal.yaml", "--format", "json").json["decisions"]
    assert port("changes", ".", "--format", "json").json["decisions"] == named
    assert named["pending"] == 2


def test_gaps_decisions_and_actions_stand_beside_the_metrics(port: Cli) -> None:
    """One page says what was found and what became of it; what is pending only its files know."""
    window = ("--until", "2100-01-01", "--format", "json")
    changes, metrics = port("changes", *window).json, port("metrics", *window).json
    assert metrics["gaps_by_quarter"] == changes["gaps_by_quarter"]
    assert metrics["decisions"] == changes["decisions"]
    assert metrics["decisions"]["pending"] is None
    actions = port("actions", "--format", "json").json
    assert metrics["actions"]["overdue"] == actions["counts"]["overdue"] > 0
    assert metrics["actions"]["mitigations_overdue"] == sum(one["overdue_days"] > 0 for one in actions["mitigations"])


def test_undone_changes_are_none(port: Cli) -> None:
    """What was taken back has not changed the register."""
    assert port("undo", "2").code == 0
    found = port("changes", "--until", "2100-01-01", "--format", "json").json
    assert found["changes"] == []


def test_done_is_a_revision(port: Cli) -> None:
    """Who said so, when and why is kept; saying it twice is nothing new."""
    assert port("actions", "done", "INC-2024-006-A1", "--on", "2024-02-20", "--reason", "deputy named").code == 0
    (last,) = port("history", "--format", "json").json["revisions"][-1:]
    assert (last["reason"], last["edits"], last["author"]) == ("deputy named", 1, "Test Baker")
    again = port("actions", "done", "INC-2024-006-A1", "--on", "2024-02-20")
    assert (again.code, "recorded already" in again.err) == (0, True)
    done = [one for one in port("actions", "--format", "json").json["actions"] if one["state"] == "done"]
    assert [(one["id"], one["done_on"]) for one in done] == [("INC-2024-006-A1", "2024-02-20")]


def test_what_happened_before_its_review(port: Cli) -> None:
    """A logged incident is due, counts for the register, and takes its review in when it comes."""
    assert port("incident", "log", "INC-2025-030", "--started-at", "2025-07-01", "--risk", "PORT-01").code == 0
    due = port("pir", "due", "--format", "json").json
    assert [(one["incident"], one["age_days"], one["risk"]) for one in due["due"]] == [("INC-2025-030", 31, "PORT-01")]
    assert due["reviewed"] == {"k": 10, "n": 11}
    metrics = port("metrics", "--format", "json").json
    assert metrics["reviewed"] == {"k": 10, "n": 11, "missing": ["INC-2025-030"]}
    assert metrics["metrics"]["in_register"]["n"] == 9
    text = Path("pirs/INC-2023-041.yaml").read_text("utf-8").replace("INC-2023-041", "INC-2025-030")
    Path("late.yaml").write_text(text.replace("2023-10-20", "2025-07-01"), "utf-8")
    assert port("propose", "late.yaml", "-o", "late-proposal.yaml").code == 0
    assert port("apply", "late-proposal.yaml", "--accept", "explicit", "--yes").code == 0
    assert port("pir", "due", "--format", "json").json["due"] == []


def test_firings_survive_an_import(port: Cli) -> None:
    """A register file says nothing of alarms, and so takes none away."""
    assert port("indicator", "log", "IND-01", "--at", "2025-07-01T10:00Z", "--false-alarm").code == 0
    assert "nothing to import" in port("import", "register.yaml").err
    (firing,) = [
        one for one in port("metrics", "--evidence", "--format", "json").json["indicators"] if one["id"] == "IND-01"
    ]
    assert (firing["false_alarms"], firing["true"]["k"], firing["true"]["n"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("metrics", "--since", "2025-01-01", "--until", "2024-01-01"), 2, "swap them"),
        (("metrics", "--since", "2999-01-01"), 2, "after today"),
        (("metrics", "--since", "soon"), 2, "--since"),
        (("changes", "register.yaml"), 4, "is no proposal"),
        (("metrics", "--explain", "detecton"), 2, "did you mean detection?"),
        (("metrics", "--explain", "claims", "--evidence"), 2, "take one of them"),
        (("propose",), 2, "--from-history"),
        (("propose", "pirs", "--from-history"), 2, "not both"),
        (("actions", "done", "INC-2024-006-A99"), 4, "did you mean INC-2024-006-A"),
        (("actions", "done", "INC-2024-006-A1", "--on", "2030-01-01"), 2, "in the future"),
        (("incident", "log", "X-1"), 2, "--started-at"),
        (("incident", "log", "X-1", "--started-at", "2025-01-01", "--risk", "PORT-77"), 4, "there is no risk"),
        (("incident", "log", "--csv", "none.csv"), 4, "cannot be read"),
        (("indicator", "log", "IND-99", "--at", "2025-01-01"), 4, "there is no indicator"),
        (("changes", "nothing.yaml"), 4, "nothing.yaml"),
        (("pir", "bias", "nothing-here"), 4, "nothing-here"),
    ],
)
def test_misuse_is_one_line_and_writes_nothing(command: tuple[str, ...], code: int, said: str, port: Cli) -> None:
    """A wrong word says what to write instead, and leaves the store as it was."""
    found = port(*command)
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert found.err.count("\n") == 1
    assert port("history", "--format", "json").json["revision"] == 2


def test_without_a_store(cli: Cli) -> None:
    """No store is exit 6 with the way to make one, not an empty page."""
    for command in (("metrics",), ("actions",), ("changes",), ("pir", "due")):
        found = cli(*command)
        assert (found.code, found.out) == (6, "")


def test_an_empty_store_has_no_numbers(cli: Cli) -> None:
    """Nothing recorded is "not enough data", not 0 %."""
    assert cli("init").code == 0
    found = json.loads(cli("metrics", "--format", "json").out)
    assert found["metrics"]["in_register"]["value"] is None
    assert found["metrics"]["probability_gap"]["brier"] is None
    assert cli("metrics").code == 0
    assert cli("metrics", "--evidence").code == 0
