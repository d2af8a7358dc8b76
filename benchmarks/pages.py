"""How fast a map of 10,000 risks is laid out, and drawn first, beside a bare canvas page of the same risks.

Takes turns in one Chromium; prints medians and their ratio. Run it with ``./run python benchmarks/pages.py``.
"""

# ruff: noqa: INP001, T201 - a program by itself, which prints

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from riskgraph.graph import RiskGraph
from riskgraph.history import History, first_revision
from riskgraph.model import Cascade, Risk
from riskgraph.pages.layout import place, rank_risks
from riskgraph.pages.map import map_page
from riskgraph.pages.page import Source

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.pages.browser import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

    from riskgraph.pages.layout import Spot

RISKS: Final = 10_000
CASCADES: Final = 20_000
TURNS: Final = 5
_DRAWN: Final = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(performance.now()))))"
_BARE: Final = """<!doctype html><meta charset="utf-8"><body>
<canvas width="1400" height="900"></canvas>
<script type="application/json" id="data">%s</script><script>
const {risks, cascades, width, height} = JSON.parse(document.getElementById('data').textContent);
const pen = document.querySelector('canvas').getContext('2d'), k = Math.min(1400 / width, 900 / height);
pen.scale(k, k);
pen.beginPath();
for (const [a, b] of cascades) { pen.moveTo(...risks[a]); pen.lineTo(...risks[b]); }
pen.globalAlpha = 0.35; pen.lineWidth = 1 / k; pen.stroke();
pen.globalAlpha = 1; pen.fillStyle = '#f0965a';
pen.beginPath();
for (const [x, y] of risks) { pen.moveTo(x + 3 / k, y); pen.arc(x, y, 3 / k, 0, 7); }
pen.fill();
</script>"""


def main() -> None:
    """Prints both tables."""
    graph = random_graph()
    pairs = list(graph.cascades)
    before = time.perf_counter()
    ranks = rank_risks(graph.risks, pairs)
    spots = place(list(graph.risks), pairs, ranks)
    print(f"layout of {RISKS:,} risks and {CASCADES:,} cascades: {time.perf_counter() - before:.2f} s")
    history = History([first_revision(graph, None, datetime.now(UTC))])
    with TemporaryDirectory() as folder, running() as browser:
        ours, bare = Path(folder, "map.html"), Path(folder, "bare.html")
        ours.write_text(map_page(history.snapshot(), history, Source()), "utf-8", newline="\n")
        bare.write_text(bare_page(list(graph.risks), pairs, spots), "utf-8", newline="\n")
        times: dict[str, list[float]] = {"bare": [], "ours": [], "scope": []}
        for _ in range(TURNS):
            times["bare"].append(first_draw(browser, bare.as_uri()))
            times["ours"].append(first_draw(browser, f"{ours.as_uri()}#all=yes"))
            times["scope"].append(first_draw(browser, ours.as_uri()))
    medians = {name: statistics.median(each) for name, each in times.items()}
    ratio = statistics.median(a / b for a, b in zip(times["ours"], times["bare"], strict=True))
    print(f"a bare canvas of all risks: {medians['bare']:.0f} ms")
    print(f"the map of all risks:       {medians['ours']:.0f} ms, {ratio:.2f} times the bare canvas")
    print(f"the map as it opens:        {medians['scope']:.0f} ms, 150 risks shown")


def random_graph() -> RiskGraph:
    """A register in which risks mostly trigger others a little further on."""
    chance = random.Random(3)  # noqa: S311 - a seed for a graph
    ids = [f"RISK-{number:05}" for number in range(RISKS)]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < CASCADES:
        start = chance.randrange(RISKS)
        end = min(RISKS - 1, max(0, start + chance.randint(-20, 2000)))
        if start != end:
            pairs.add((ids[start], ids[end]))
    risks = [
        Risk.model_validate(
            {
                "id": id_,
                "name": f"Something at place {id_[5:]} goes wrong",
                "likelihood": {"per_year": chance.uniform(0.01, 2)},
                "loss": chance.randint(1, 10**6),
            }
        )
        for id_ in ids
    ]
    cascades = [
        Cascade.model_validate({"from": a, "to": b, "probability": chance.choice((0.05, 0.1, 0.3))}) for a, b in pairs
    ]
    return RiskGraph.of([*risks, *cascades])


def bare_page(ids: Sequence[str], pairs: Sequence[tuple[str, str]], spots: dict[str, Spot]) -> str:
    """The least that draws the same risks and cascades in the same places."""
    index = {id_: at for at, id_ in enumerate(ids)}
    risks = [(190 * spots[id_].x, 132 * spots[id_].y) for id_ in ids]
    data = {
        "risks": risks,
        "cascades": [(index[a], index[b]) for a, b in pairs],
        "width": max(x for x, _ in risks) + 190,
        "height": max(y for _, y in risks) + 132,
    }
    return _BARE % json.dumps(data)


def first_draw(browser: Browser, address: str) -> float:
    """Milliseconds from the start of loading until a page has drawn."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(address)
    taken = float(page.evaluate(_DRAWN))
    page.close()
    return taken


if __name__ == "__main__":
    main()
