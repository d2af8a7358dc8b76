"""Takes forecasts and what came of them, shows a reliability diagram that a reader can trust."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from riskgraph.cli import run
from riskgraph.metrics.calibration import Calibration, Forecast, calibrate
from riskgraph.report.plot import SIZE, plot_reliability

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = Path(__file__).parents[2] / "examples" / "data-platform"


def forecasts(*pairs: tuple[float, bool]) -> Calibration:
    """The calibration of some risk-years."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return calibrate([Forecast(f"R{n}", start, p, happened) for n, (p, happened) in enumerate(pairs)])


def drawn(calibration: Calibration) -> ET.Element:
    """The picture, as a program that reads SVG sees it."""
    return ET.fromstring(plot_reliability(calibration))  # noqa: S314 - it is ours


def test_a_bin_stands_where_its_numbers_are() -> None:
    """Prevents: axes the wrong way round, and a picture that says something else than the table."""
    picture = drawn(forecasts(*[(0.5, True)] * 3, *[(0.5, False)] * 3, *[(0.9, True)] * 4))
    half, most = picture.iter(f"{SVG}circle")
    assert float(half.attrib["cx"]) == float(half.attrib["cy"]) == SIZE / 2
    assert float(most.attrib["cx"]) > float(half.attrib["cx"])
    assert float(most.attrib["cy"]) < float(half.attrib["cy"])
    assert float(most.attrib["r"]) < float(half.attrib["r"])
    labels = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"3 of 6", "4 of 4", "happened", "10 risk-years, Brier score 0.15"} <= set(labels)
    title, about = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert about is not None
    assert "0.5 forecast, 3 of 6 happened; 0.9 forecast, 4 of 4 happened" in str(about.text)


def test_too_few_forecasts_are_said() -> None:
    """Prevents: a line drawn through three points."""
    picture = drawn(forecasts((0.5, True), (0.2, False)))
    assert not list(picture.iter(f"{SVG}circle"))
    assert "not enough data (n = 2)" in [text.text for text in picture.iter(f"{SVG}text")]


def test_everything_stays_in_the_picture() -> None:
    """Prevents: a number that is cut off at the edge."""
    picture = drawn(forecasts(*[(0.0, False)] * 5, *[(0.999, True)] * 5))
    for circle in picture.iter(f"{SVG}circle"):
        assert all(0 <= float(circle.attrib[name]) <= SIZE for name in ("cx", "cy"))
    assert not re.search("nan|inf", plot_reliability(forecasts(*[(0.0, False)] * 5)))


def test_a_part_of_a_page_brings_no_style() -> None:
    """Prevents: a page whose policy refuses the style of one of its pictures, and two elements of one id."""
    text = plot_reliability(forecasts(*[(0.5, True)] * 5), inline="plot")
    assert "<style" not in text
    assert re.findall(r'id="([^"]+)"', text) == ["plot-t", "plot-d"]
    assert 'aria-labelledby="plot-t plot-d"' in text


def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents: a plot that depends on the day it was drawn, or a table under the name of a picture."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKGRAPH_STORE", "sqlite:///s.db")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    assert run(["import", str(EXAMPLE / "register.yaml")]) == 0
    assert run(["propose", str(EXAMPLE / "pirs"), "-o", "p.yaml"]) == 0
    assert run(["apply", "p.yaml", "--accept", "derived", "--yes"]) == 0
    assert run(["metrics", "--plot", "one.svg"]) == 0
    assert run(["metrics", "--plot", "two.svg"]) == 0
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "risk-years, Brier score" in (tmp_path / "one.svg").read_text("utf-8")
    assert run(["metrics", "--plot", "one.png"]) == 2
