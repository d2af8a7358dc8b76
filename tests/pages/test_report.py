"""Takes the command report, holds what it writes, where, and what it refuses in one line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from riskgraph.cli.photograph import BROWSER, find_browser
from tests.program import Cli, in_this_process

EXAMPLE = Path(__file__).parents[2] / "examples" / "data-platform"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example's files to stand in."""
    shutil.copytree(EXAMPLE, tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    return tmp_path / "example"


@pytest.fixture
def cli(example: Path, capsys: pytest.CaptureFixture[str]) -> Cli:  # noqa: ARG001 - it runs there
    """The program, in the folder of the example."""
    return in_this_process(capsys)


def test_the_map_is_one_file_without_a_store(cli: Cli, example: Path) -> None:
    """A register in git is enough for a page."""
    result = cli("report", "--register", "register.yaml", "-o", "map.html")
    assert (result.code, result.out) == (0, "")
    assert "wrote map.html" in result.err
    html = (example / "map.html").read_text("utf-8")
    assert "from register files" in html
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert cli("report", "--register", "register.yaml", "-o", "again.html").code == 0
    assert (example / "again.html").read_bytes() == (example / "map.html").read_bytes()


def test_the_map_of_a_day_is_the_map_of_that_day(cli: Cli, example: Path) -> None:
    """Somebody wants to see what was known before the incident."""
    cli("init")
    cli("import", "register.yaml", "--yes")
    assert cli("report", "--as-of", "2020-01-01", "-o", "before.html").code == 0
    assert "as of 2020-01-01" in (example / "before.html").read_text("utf-8")
    assert "RISK-101" not in (example / "before.html").read_text("utf-8")


def test_a_picture_takes_no_browser(cli: Cli, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that builds documents has no Chromium."""
    monkeypatch.setenv("PATH", "")
    assert cli("report", "--register", "register.yaml", "-o", "map.svg").code == 0
    svg = (example / "map.svg").read_text("utf-8")
    assert svg.startswith("<svg ")
    assert "RISK-101" in svg
    refused = cli("report", "--register", "register.yaml", "-o", "map.png")
    assert refused.code == 2
    assert "takes Chromium" in refused.err
    assert not (example / "map.png").exists()


def test_a_png_is_drawn_by_chromium(cli: Cli, example: Path, browser: object) -> None:
    """A slide wants pixels."""
    assert browser
    assert find_browser() is not None
    assert cli("report", "--register", "register.yaml", "-o", "map.png").code == 0
    assert (example / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_browser_that_does_nothing_is_no_picture(cli: Cli, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrapper that fails must not leave an empty file behind."""
    monkeypatch.setenv(BROWSER, shutil.which("true") or "true")
    refused = cli("report", "--register", "register.yaml", "-o", "map.png")
    assert refused.code == 2
    assert "did not draw the picture" in refused.err
    assert not (example / "map.png").exists()


def test_markdown_stands_alone(cli: Cli) -> None:
    """It is pasted into a wiki, where nothing else explains it."""
    text = cli("report", "--register", "register.yaml", "--format", "markdown").out
    assert text.startswith("## Cascade map")
    assert "```mermaid\nflowchart LR\n" in text
    for said in ("## Risks", "## Cascades", "## Mitigations", "## Indicators", "RISK-101", "expected loss in a year"):
        assert said in text


def test_markdown_draws_what_carries_most(cli: Cli, tmp_path: Path) -> None:
    """A picture of two hundred arrows is none; the forty that matter are, and the rest is counted."""
    risks = [
        f"- {{id: R-{n}, name: Risk {n}, likelihood: {{per_year: {n + 1}}}, loss: {1000 * (n + 1)}}}" for n in range(60)
    ]
    links = [f"- {{from: R-{n}, to: R-{n + 1}, probability: 0.5}}" for n in range(59)]
    lines = ["riskgraph_register: 1", "risks:", *risks, "cascades:", *links]
    (tmp_path / "r.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    text = cli("report", "--register", tmp_path / "r.yaml", "--format", "markdown").out
    picture = text.partition("```mermaid")[2].partition("```")[0]
    assert picture.count("-->") == 40
    assert "19 more are below" in text
    assert "n_R_59" in picture
    assert "n_R_5[" not in picture


@pytest.mark.parametrize(("args", "code", "said"), [
    ((), 2, "name the file to write"),
    (("--format", "png"), 2, "name its file"),
    (("-o", "map.pdf"), 2, "map.pdf: there is no page of that suffix"),
    (("-o", "nowhere/map.html"), 2, "cannot be written"),
    (("-o", "map.html", "--around", "RISK-10"), 4, "did you mean"),
    (("-o", "map.html", "--assume", "2"), 2, "between 0 and 1"),
    (("pirs", "--dashboard", "-o", "x.html"), 2, "one at a time"),
    (("-o", "map.html", "--as-of", "soon"), 2, "--as-of"),
    (("-o", "map.html", "--since", "2024-01-01"), 2, "--since is for --dashboard: leave it out with the map"),
    (("pirs", "-o", "x.html", "--as-of", "2024-01-01"), 2, "--as-of is for the map and --dashboard"),
    (("--review", "p.yaml", "-o", "x.html"), 2, "--register is for the map and reviews and --dashboard"),
])  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(cli: Cli, args: tuple[str, ...], code: int, said: str) -> None:
    """A half-written page would be mailed."""
    result = cli("report", "--register", "register.yaml", *args)
    assert result.code == code
    assert said in result.err
    assert not Path("map.html").exists()


def test_reviews_are_a_page_with_and_without_a_store(cli: Cli, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An SRE has the register in git and no store; the page is the same but for where it is from."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    pages = []
    for name in ("files.html", "store.html"):
        where = ("--register", "register.yaml") if name == "files.html" else ()
        if not where:
            cli("init")
            cli("import", "register.yaml", "--yes")
        result = cli("report", "pirs", *where, "-o", name)
        assert (result.code, result.out) == (0, "")
        pages.append((example / name).read_text("utf-8"))
    assert "5 reviews against the map" in pages[0]
    assert "As of 2025-01-01" in pages[0]
    assert "from register files" in pages[0]
    assert re.sub(r'<p class="source">.*?</p>', "", pages[0]) == re.sub(r'<p class="source">.*?</p>', "", pages[1])
    assert not re.search(r"(?:src|href)=\"(?!#)", pages[0])
    assert "INC-2024-031" in cli("report", "pirs", "--format", "html").out


def test_what_is_no_proposal_is_one_line(cli: Cli, example: Path) -> None:
    """Prevents: a screen of unknown keys for a file that was only the wrong one."""
    for name in ("register.yaml", "pirs/INC-2024-031.yaml"):
        result = cli("report", "--review", name, "-o", "x.html")
        assert (result.code, len(result.err.splitlines())) == (4, 1)
        assert result.err.endswith("is no proposal: name a file that riskgraph propose wrote [unknown-format]\n")
    assert not (example / "x.html").exists()


def test_a_map_says_what_it_assumes(cli: Cli, example: Path) -> None:
    """Prevents: an assumed number that is mailed around as the register's."""
    said = "<b>Assumed:</b> each cascade without a probability counts with 0.3."
    for args, expected in (((), False), (("--assume", "0.3"), True)):
        cli("report", "--register", "register.yaml", "-o", "x.html", *args)
        assert (said in (example / "x.html").read_text("utf-8")) is expected


@pytest.mark.parametrize(("args", "code", "said"), [
    (("pirs", "-o", "x.svg"), 2, "no svg of reviews"),
    (("pirs", "-o", "x.html", "--as-of", "2024-01-01"), 2, "--as-of is for the map and --dashboard"),
    (("pirs", "-o", "x.html", "--around", "RISK-101"), 2, "for the map"),
    (("pirs/none.yaml", "-o", "x.html"), 4, "none.yaml"),
    (("register.yaml", "-o", "x.html"), 4, "is a register"),
    (("bad.yaml", "-o", "x.html"), 4, "bad.yaml:3:7"),
    (("pirs", "twice.yaml", "-o", "x.html"), 4, "is reviewed in pirs/INC-2024-031.yaml as well"),
])  # fmt: skip
def test_reviews_that_cannot_be_a_page_leave_none(
    cli: Cli, example: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    """A page of some of the reviews would be taken for one of all of them."""
    (example / "bad.yaml").write_text("incident_id: INC-1\nrelated_risk: RISK-10x1\ndate: never\n", "utf-8")
    shutil.copy(example / "pirs" / "INC-2024-031.yaml", example / "twice.yaml")
    result = cli("report", "--register", "register.yaml", *args)
    assert result.code == code
    assert said in result.err
    assert not list(example.glob("x.*"))
