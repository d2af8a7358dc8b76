"""Takes pictures, holds that the page draws them as the file does, and that any text in them is only text."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from riskgraph.pages.geometry import Place, Sheet
from riskgraph.pages.layout import Spot, place, rank_risks
from riskgraph.pages.page import Source, read_asset, render_page
from riskgraph.pages.svg import DrawnCascade, DrawnRisk, draw_svg

if TYPE_CHECKING:
    from tests.pages.browser import Opener

LEVELS = ("low", "medium", "high", "critical", "unrated")
STATES = ("mapped", "blocked", "removed", "unestimated")
GUARDS = ("implemented", "planned", "failed", "retired")
NAMES = ("Power fails", "A rather long name of something that cannot end well at all", "", "Überlast\u200b im Kern")


def _picture(chance: random.Random) -> tuple[list[DrawnRisk], list[DrawnCascade]]:
    ids = [f"R-{number}" for number in range(chance.randint(1, 25))]
    drawn = {(chance.choice(ids), chance.choice(ids)) for _ in range(chance.randint(0, 40))}
    pairs = sorted(pair for pair in drawn if pair[0] != pair[1])
    spots = place(ids, pairs, rank_risks(ids, pairs))
    risks = [
        DrawnRisk(
            risk, chance.choice(NAMES), chance.choice(LEVELS), spots[risk], chance.uniform(14, 32),
            closed=chance.random() < 0.2, shields=tuple(chance.choices(GUARDS, k=chance.randint(0, 5))),
            signals=chance.randint(0, 3), state=chance.choice(("", "removed", "added")),
        )
        for risk in ids
    ]  # fmt: skip
    cascades = [
        DrawnCascade(
            from_, to, chance.choice(("", "0.3, 2h", "0.05")), chance.uniform(1, 5),
            tuple(chance.sample(STATES, chance.randint(0, 2))),
            tuple(chance.choices(GUARDS, k=chance.choice((0, 0, 1, 2)))),
        )
        for from_, to in pairs
    ]  # fmt: skip
    return risks, cascades


def test_the_page_draws_as_the_file_does(opened: Opener) -> None:
    """A picture in a mail that differs from the one on the screen would be trusted by nobody."""
    chance = random.Random(11)  # noqa: S311 - a seed for pictures
    pictures = [_picture(chance) for _ in range(40)]
    page = opened(render_page("page.html", title="shapes", source=Source(), data={}))
    script = f"""pictures => {{ {read_asset("page.js")} {read_asset("shapes.js")}
        return pictures.map(([risks, cascades]) => {{
          const sheet = createSheet(risks), byId = new Map(risks.map((risk) => [risk.id, risk]));
          const parts = cascades.map((one) => cascadeShape(one, byId.get(one.source), byId.get(one.target), sheet));
          parts.push(...risks.map((risk) => riskShape(risk, sheet.point(risk.spot))));
          const svg = svgEl('svg', {{}}, parts);
          svg.querySelectorAll('.hit, .halo, .value').forEach((part) => part.remove());
          const said = (part) => Object.fromEntries([...part.attributes].map((one) => [one.name, one.value]));
          const inside = (part) => part.children.length ? [...part.children].map(tree) : part.textContent;
          const tree = (part) => [part.tagName, said(part), inside(part)];
          const {{left, top, right, bottom}} = sheet.box;
          return [[left, top, right - left, bottom - top], [...svg.children].map(tree)];
        }}); }}"""
    found = page.evaluate(
        script, [[[_plain(risk) for risk in risks], [_plain(one) for one in cascades]] for risks, cascades in pictures]
    )
    for (risks, cascades), (box, shapes) in zip(pictures, found, strict=True):
        svg = ElementTree.fromstring(draw_svg(risks, cascades, "a picture", alone=False))  # noqa: S314 - our own
        assert [float(end) for end in svg.attrib["viewBox"].split()] == pytest.approx(box, abs=0.01)
        assert [_tree(part) for part in svg if not part.tag.endswith("title")] == [_named(part) for part in shapes]


def test_nothing_is_drawn_beside_the_paper() -> None:
    """A cascade that goes around, and its label, would be cut off at the upper edge of a file that somebody mails."""
    chance = random.Random(5)  # noqa: S311 - a seed for pictures
    for _ in range(60):
        risks, cascades = _picture(chance)
        svg = ElementTree.fromstring(draw_svg(risks, cascades, "a picture", alone=False))  # noqa: S314 - our own
        left, top, width, height = map(float, svg.attrib["viewBox"].split())
        drawn = [part for edge in svg.iter("g") if "edge" in edge.get("class", "") for part in edge.iter()]
        words = [(float(one.attrib["x"]), float(one.attrib["y"]) - 14) for one in drawn if one.get("class") == "label"]
        # The first point of a curve and every third after it lie on the line.
        paths = [re.findall(r"-?[\d.]+ -?[\d.]+", one.attrib["d"])[::3] for one in drawn if one.get("class") == "line"]
        stops = [(float(x), float(y)) for path in paths for x, y in (stop.split() for stop in path)]
        assert all(left < x < left + width and top < y < top + height for x, y in words + stops)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", "]]>", "\x1b[2J", "\u202egnp", "x" * 500])
def test_any_text_is_only_text(text: str) -> None:
    """A name that is markup would run where the picture is embedded, and a picture that is no XML opens nowhere."""
    risks = [DrawnRisk("R-1", text, "low", place(["R-1"], [], rank_risks(["R-1"], []))["R-1"])]
    svg = ElementTree.fromstring(draw_svg(risks, [], text))  # noqa: S314 - our own
    assert {part.tag.partition("}")[2] for part in svg.iter()} == {"svg", "title", "style", "rect", "g", "path", "text"}


def test_a_file_needs_no_variables() -> None:
    """Inkscape, librsvg and most converters know no variables of CSS, and would paint all of it black."""
    svg = draw_svg([], [], "empty")
    assert "var(" not in svg
    assert "--" not in svg


def test_a_label_that_finds_no_free_place_covers_as_little_as_can_be() -> None:
    """Prevents: a long label across the name of a risk, where a line further down only its corner would be."""
    sheet = Sheet([Place(Spot(0, 0), 30, 2), Place(Spot(1, 1), 30, 2)])
    middle = sheet.course(Place(Spot(0, 0), 30, 2), Place(Spot(1, 1), 30, 2)).middle
    at = sheet.label("0.67, 10h45m", middle)
    name_ends = sheet.point(Spot(0, 0)).y + 30 + 26 + 2 * 16
    other_begins = sheet.point(Spot(1, 1)).y - 30
    assert name_ends - 4 <= at.y - 12
    assert at.y + 4 <= other_begins + 8


def _plain(part: DrawnRisk | DrawnCascade) -> dict[str, Any]:
    data = dict(part.__dict__)
    if isinstance(part, DrawnRisk):
        data["spot"] = part.spot.__dict__
    return data


def _tree(part: ElementTree.Element) -> Any:
    return [part.tag, dict(part.attrib), [_tree(child) for child in part] if len(part) else part.text or ""]


def _named(part: Any) -> Any:
    tag, attributes, inside = part
    return [tag, attributes, [_named(child) for child in inside] if isinstance(inside, list) else inside]
