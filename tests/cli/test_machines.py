"""Takes terminals of other encodings, build services that read the log, and other systems' paths; nothing breaks."""

from __future__ import annotations

import ast
import io
import json
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from riskgraph.cli import run
from riskgraph.cli.session import store_path
from riskgraph.documents import parse_document
from riskgraph.findings import path_below

ROOT = Path(__file__).parents[2]
SIGNS = "\N{SNOWMAN} \N{GRINNING FACE} caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{EM DASH}"
STRANGE = f'"{SIGNS} ::add-mask::x ##[add-mask]y %0A::z"'
WRAPPED = f'"{"::add-mask::wrapped w " * 20}"'
REGISTER = f"""\
riskgraph_register: 1
effective_on: 2024-01-01
risks:
  - id: RISK-1
    name: {STRANGE}
    likelihood: {{per_year: 2}}
    owner: {STRANGE}
    escalation: {{to: {STRANGE}, within: 1h}}
  - {{id: RISK-2, name: Bread is late, aliases: [{WRAPPED}]}}
  - {{id: RISK-3, name: {WRAPPED}}}
cascades:
  - {{from: RISK-1, to: RISK-3, probability: 0.5, mechanism: {WRAPPED}}}
mitigations:
  - {{id: MIT-1, name: {STRANGE}, status: planned, mitigates: [{{risk: RISK-1, effectiveness: 0.5}}]}}
indicators:
  - {{id: IND-1, name: {STRANGE}, watches: [RISK-1]}}
"""
REVIEW = f"""\
incident_id: INC-1
started_at: 2024-03-01T00:00:00Z
title: {STRANGE}
related_risk: RISK-1
duration: {STRANGE}
severity: {STRANGE}
observed_cascades:
  - {{from: RISK-1, to: RISK-2, evidence: {WRAPPED}}}
  - {{from: RISK-1, to: "Something new {SIGNS} ::add-mask::x ##[add-mask]y"}}
root_cause: {{immediate_cause: {WRAPPED}, root_cause: {STRANGE}, contributing_factors: [{STRANGE}]}}
risk_process_audit:
  mitigation_worked: {{answer: "Yes", gap_type: {STRANGE}, action: {WRAPPED}}}
  probability_accurate: {{answer: Underestimated, action: {WRAPPED}}}
  indicators_fired: {{answer: "No", indicator_failures: {STRANGE}, action: {WRAPPED}}}
actions:
  immediate: [{{action: {WRAPPED}, owner: {STRANGE}, due: 2024-04-01}}]
learnings: {{what_went_well: [{WRAPPED}], what_to_improve: [{STRANGE}]}}
ignore: [{{rule: no-timeline, reason: {STRANGE}}}]
"""
COMMANDS = (
    ("check", "register.yaml", "pir.yaml"),
    ("diff", "pir.yaml"),
    ("audit", "pir.yaml"),
    ("propose", "pir.yaml"),
    ("comment", "pir.yaml"),
    ("pir", "new", "RISK-1", "--started-at", "2024-06-01T00:00:00Z"),
    ("gaps",),
    ("show",),
    ("show", "RISK-1"),
    ("show", "caf"),
    ("query", "cycles"),
    ("query", "--list"),
    ("history",),
    ("doctor",),
    ("schema", "pir"),
    ("config", "show"),
    ("import", "other.yaml", "--dry-run"),
    ("apply", "proposal.yaml", "--dry-run", "--accept", "derived", "--yes"),
    ("diff", "::add-mask::missing.yaml"),
    ("export", "-o", "out.yaml"),
)
FORMATS = ("table", "json", "markdown", "csv", "github", "sarif")
ALL = [
    (*command, *(("--format", format_) if format_ else ()))
    for command in COMMANDS
    for format_ in (
        (None,) if command[0] in {"schema", "comment", "pir", "export"}
        else FORMATS if command[0] in {"check", "diff", "audit"}
        else FORMATS[:4]
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose files and store are full of what some terminals cannot show, and some logs obey."""
    work = tmp_path_factory.mktemp("strange")
    files = {"register": REGISTER, "pir": REVIEW, "other": REGISTER.replace("per_year: 2", "per_year: 3")}
    for name, text in files.items():
        (work / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        patch.delenv("RISKGRAPH_STORE", raising=False)
        assert run(["init"]) == 0
        assert run(["import", "register.yaml", "--author", STRANGE]) == 0
        assert run(["propose", "pir.yaml", "-o", "proposal.yaml"]) == 0
        assert run(["apply", "proposal.yaml", "--accept", "derived", "--yes"]) == 0
        assert run(["propose", "pir.yaml", "-o", "proposal.yaml"]) == 0
    return work


def call(folder: Path, command: tuple[str, ...], encoding: str) -> tuple[int, bytes, bytes]:
    """One run of the program with streams of an encoding."""
    out, err = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("RISKGRAPH_STORE", raising=False)
        patch.setenv("COLUMNS", "100")
        patch.setenv("PYTHONIOENCODING", encoding)
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding))
        patch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding))
        code = run(list(command))
        sys.stdout.flush()
        sys.stderr.flush()
        return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_no_encoding_and_no_log_is_a_surprise(prepared: Path, command: tuple[str, ...], encoding: str) -> None:
    """Prevents: a crash on a terminal of another age, and a review that gives commands to a build."""
    code, out, err = call(prepared, command, encoding)
    assert code == (4 if "missing" in command[1] else 0) if len(command) > 1 else code == 0, err
    said = out.decode(encoding)
    if code == 0 and ("json" in command or "sarif" in command or command[0] == "schema"):
        assert json.loads(said)
    own = ("::error ", "::warning ", "::notice ") if "github" in command else ("\0",)
    for line in [*said.split("\n"), *err.decode(encoding).split("\n")]:
        assert not line.lstrip().startswith("::") or line.startswith(own), line
        assert "##[" not in line or line.startswith(own), line
    if encoding == "ascii" and "table" in command:
        assert "\\u2500" not in said
        assert "\\u2026" not in said


def test_json_means_the_same_in_every_encoding(prepared: Path) -> None:
    """Prevents: an escape on some terminal that is no JSON, or another text."""
    read = [
        json.loads(call(prepared, ("show", "RISK-1", "--format", "json"), encoding)[1])
        for encoding in ("ascii", "utf-8")
    ]
    assert read[0] == read[1]


def test_a_proposal_means_the_same_whoever_reads_its_log(prepared: Path) -> None:
    """Prevents: a text that is changed by making it harmless."""
    command = ("propose", "pir.yaml", "--register", "register.yaml")
    said = call(prepared, command, "utf-8")[1].decode()
    meant = json.loads(call(prepared, (*command, "--format", "json"), "utf-8")[1])
    assert "##[add-mask]" in json.dumps(meant["edits"])
    assert parse_document(said).data["edits"] == meant["edits"]


def test_what_is_redirected_is_utf_8_with_line_feeds(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a proposal that cannot be read back because a system has another encoding and other line ends."""
    out = io.BytesIO()
    monkeypatch.chdir(prepared)
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, "cp1252", newline="\r\n"))
        assert run(["propose", "pir.yaml", "--register", "register.yaml"]) == 0
        sys.stdout.flush()
        said = out.getvalue()
    assert b"\r" not in said
    assert "\N{SNOWMAN}" in said.decode("utf-8")


def test_every_text_file_is_opened_as_utf_8() -> None:
    """Prevents: a file that is read or written in the encoding of somebody's machine."""
    for path in [*(ROOT / "riskgraph").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py"), ROOT / "setup.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            keywords = {keyword.arg for keyword in node.keywords}
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            owner = ast.unparse(node.func)
            if name in {"read_text", "write_text"} and isinstance(node.func, ast.Attribute):
                assert "encoding" in keywords or {"utf-8", "utf-8-sig"} & set(texts), where
                assert name == "read_text" or "newline" in keywords, where
            if (
                name == "open"
                and not owner.startswith(("os.", "webbrowser.", "archive."))
                and not any("b" in str(one) for one in texts)
            ):
                assert "encoding" in keywords, where
                assert "newline" in keywords or not any(mode in str(one) for one in texts for mode in "wxa"), where
            assert not any(one.arg == "text" and ast.unparse(one.value) == "True" for one in node.keywords), where


def test_what_only_some_systems_have_is_guarded() -> None:
    """Prevents: an import or a call that ends the program on Windows."""
    absent = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog", "winreg", "msvcrt", "_winapi"}
    calls = {"os.getuid", "os.geteuid", "os.getgid", "os.fork", "os.chown", "os.mkfifo", "os.uname", "os.killpg",
             "os.setsid", "signal.SIGKILL", "signal.SIGALRM", "signal.alarm", "os.sched_getaffinity", "os.O_DIRECTORY",
             "os.O_NOFOLLOW", "os.getlogin", "os.fchmod"}  # fmt: skip
    for path in (ROOT / "riskgraph").rglob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                assert not absent & {one.name.split(".")[0] for one in node.names}, path
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in absent, path
            if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in calls:
                owner, _, attribute = name.partition(".")
                assert f'hasattr({owner}, "{attribute}")' in source, f"{path}:{node.lineno}: {name}"


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        (PureWindowsPath("C:/risk/team"), "pirs\\a.yaml", "team/pirs/a.yaml"),
        (PureWindowsPath("C:/risk/team"), "..\\pirs\\a.yaml", "pirs/a.yaml"),
        (PureWindowsPath("c:/Risk/team"), "C:\\risk\\a.yaml", "a.yaml"),
        (PureWindowsPath("C:/risk"), "D:\\a.yaml", "D:/a.yaml"),
        (PureWindowsPath("C:/risk"), "..\\..\\..\\a.yaml", "C:/a.yaml"),
        (PurePosixPath("/risk/team"), "./pirs//a.yaml", "team/pirs/a.yaml"),
        (PurePosixPath("/risk/team"), "../../etc/a.yaml", "/etc/a.yaml"),
        (PurePosixPath("/risk/team"), "pirs\\a.yaml", "team/pirs\\a.yaml"),
    ],
)
def test_paths_are_those_of_the_repository(folder: PureWindowsPath | PurePosixPath, path: str, expected: str) -> None:
    """Prevents: an annotation on a file whose name has another system's signs in it."""
    assert path_below(type(folder)("C:/risk" if folder.drive else "/risk"), folder, path) == expected


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///C:/risk/a.db", "C:/risk/a.db"), ("sqlite:////srv/a.db", "/srv/a.db"), ("sqlite:///a.db", "a.db")],
)
def test_urls_of_stores_take_any_path(url: str, path: str) -> None:
    """Prevents: a drive's letter that is taken for a host."""
    found = store_path(url)
    assert found is not None
    assert found.as_posix() == path
