"""Mermaid: a graph in, lines of a flowchart out in which every text is nothing but a label."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given

from riskgraph.exports.mermaid import dump_mermaid, quote_mermaid
from riskgraph.exports.picture import draw_arrows, draw_boxes
from riskgraph.exports.source import Source
from riskgraph.graph import RiskGraph
from riskgraph.report.escape import visible
from tests.exports.samples import HOSTILE, hostile_graph
from tests.strategies import graphs

HERE = Path(__file__).parent / "mermaid"
CACHE = Path(__file__).parents[2] / ".cache" / "mermaid"
TEXT = r'"((?:[^"#;<>&%`*_\[\]{}|\\~\n]|#\d+;)*)"'
NODE = re.compile(rf"  (n_\w+)(?:\[{TEXT}\]|\(\[{TEXT}\]\)|\{{\{{{TEXT}\}}\}})")
EDGE = re.compile(rf"  (n_\w+) (?:-->|-\.->|-\.\.->)(?:\|{TEXT}\|)? (n_\w+)")
CLASS = re.compile(r"  classDef [a-z]+ [a-z0-9:#, -]+|  class n_\w+(?:,n_\w+)* [a-z]+")


def shown(label: str) -> str:
    """What Mermaid shows of a label."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def check(graph: RiskGraph) -> None:
    """Reads the lines by the part of Mermaid's grammar that we use, and holds them against what was to be drawn."""
    first, *lines = dump_mermaid(Source(graph)).removesuffix("\n").split("\n")
    assert first == "flowchart LR"
    nodes = {found[1]: next(filter(None, found.groups()[1:])) for line in lines if (found := NODE.fullmatch(line))}
    edges = [found for line in lines if (found := EDGE.fullmatch(line))]
    others = [line for line in lines if not NODE.fullmatch(line) and not EDGE.fullmatch(line)]
    assert all(CLASS.fullmatch(line) for line in others), others
    boxes = draw_boxes(graph)
    names = dict(zip(nodes, (box.id for box in boxes), strict=True))
    assert [shown(label) for label in nodes.values()] == [visible(" ".join(box.label.split())) for box in boxes]
    assert [(names[edge[1]], shown(edge[2] or ""), names[edge[3]]) for edge in edges] == [
        (arrow.start, arrow.label, arrow.end) for arrow in draw_arrows(graph)
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_more_than_a_label(text: str) -> None:
    """Prevents: a name that ends its label, starts a comment or a directive, or becomes HTML on a wiki's page."""
    check(hostile_graph(text))


@given(graphs())
def test_every_graph_is_a_flowchart(graph: RiskGraph) -> None:
    """Prevents: two ids that get one name, or an arrow between others than the graph's."""
    check(graph)


def test_a_plain_label_stays_readable() -> None:
    """Prevents: a source that nobody can read any more, for fear of what might be in it."""
    assert (
        quote_mermaid("RISK-023 Source schema change (open), 40/60") == '"RISK-023 Source schema change (open), 40/60"'
    )
    text = dump_mermaid(Source(hostile_graph("Quay")))
    assert '  n_end -->|"0.4, 30m"| n_graph\n' in text
    assert '  n_M_2 -.->|"blocks end to graph, 90 #37;"| n_graph\n' in text
    assert '  n_M_2(["M-2 Quay (planned)"])\n' in text


@pytest.fixture(scope="module")
def mermaid_folder() -> Path:
    """A folder with Mermaid in it, fetched by npm once; without Node or a registry the test is skipped."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node here to run Mermaid with")
    wanted = (HERE / "package.json").read_text("utf-8")
    folder = CACHE / hashlib.sha256(wanted.encode()).hexdigest()[:12]
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=CACHE))
        (aside / "package.json").write_text(wanted, "utf-8")
        fetch = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--silent"]
        done = subprocess.run(fetch, cwd=aside, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(aside)
            pytest.skip("npm could not fetch Mermaid")
        with suppress(OSError):  # Another process was first.
            aside.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def test_mermaid_itself_reads_it(mermaid_folder: Path) -> None:
    """Prevents: a flowchart that only our own idea of Mermaid's grammar takes."""
    drawn = [hostile_graph(text) for text in HOSTILE]
    done = subprocess.run(
        [str(shutil.which("node")), str(HERE / "parse.mjs"), str(mermaid_folder)],
        input=json.dumps([dump_mermaid(Source(graph)) for graph in drawn]),
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    for graph, text, read in zip(drawn, HOSTILE, json.loads(done.stdout), strict=True):
        assert "error" not in read, (text, read)
        boxes, arrows = draw_boxes(graph), draw_arrows(graph)
        labels = [label.strip() for _, label in read["nodes"]]
        assert labels == [visible(" ".join(box.label.split())).strip() for box in boxes], text
        names = dict(zip((name for name, _ in read["nodes"]), (box.id for box in boxes), strict=True))
        ends = [(names[start], label, names[end]) for start, label, end in read["edges"]]
        assert ends == [(arrow.start, arrow.label, arrow.end) for arrow in arrows], text
