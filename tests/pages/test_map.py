"""Takes maps, uses them in a real Chromium as a person would, and holds them to what the program says elsewhere."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.model import Element
from riskgraph.pages.layout import place, rank_risks
from riskgraph.pages.map import map_page
from riskgraph.pages.page import Source
from riskgraph.simulation.loss import expected_losses
from riskgraph.simulation.network import compile_network
from riskgraph.simulation.simulate import simulate
from tests.builders import after, cascade, element, graph, history
from tests.pages.accessibility import list_barriers
from tests.pages.hostile import IDS, TEXTS
from tests.pages.pictures import check_picture

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.pages.browser import Opener


def _graph() -> RiskGraph:
    """A small map with everything that a map can show."""
    return graph(
        element("risk", id="R-1", name="Feed stops", likelihood=4, impact=3, owner="Supply", category="supply",
                aliases=["late feed"]),
        element("risk", id="R-2", name="Load aborts", likelihood=3, loss=40000, owner="Platform", category="platform"),
        element("risk", id="R-3", name="Report is late", likelihood=2, owner="Platform",
                loss={"low": 1000, "likely": 5000, "high": 90000}),
        element("risk", id="R-4", name="Customers leave", impact=5, status="accepted"),
        element("risk", id="R-5", name="Old tape fails", likelihood=1, impact=1, status="closed"),
        cascade("R-1", "R-2", 0.7, delay="20m"),
        cascade("R-2", "R-3", 0.4, delay="4h"),
        cascade("R-3", "R-2", 0.1),
        cascade("R-2", "R-4", None),
        cascade("R-1", "R-4", 0.05, delay="2 days"),
        element("mitigation", id="M-1", name="Layout contract", status="planned"),
        element("mitigation", id="M-2", name="Replay by key", status="implemented"),
        element("blocks", mitigation="M-1", from_="R-1", to="R-2", effectiveness=0.8),
        element("mitigates", mitigation="M-2", risk="R-2", effectiveness=0.5),
        element("indicator", id="I-1", name="Row count", detects_within="1h"),
        element("watches", indicator="I-1", risk="R-1"),
        element(
            "incident", id="INC-1", name="The spring outage", started_at="2025-03-01T04:00:00+00:00", risk="R-1",
            reached=[{"from": "R-1", "to": "R-2"}], checked=[{"from": "R-1", "to": "R-4"}],
            tested=[{"mitigation": "M-1", "outcome": "not_in_place"}],
        ),
    )  # fmt: skip


def _page(of: RiskGraph | History, **options: Any) -> str:
    known = of if isinstance(of, History) else history(of)
    return map_page(known.snapshot(), known, Source("g", known.latest), **options)


def _figures(page: Page, id_: str) -> str:
    return page.locator(f"#{id_}").inner_text()


def test_the_search_finds_by_id_name_alias_and_owner(opened: Opener) -> None:
    """People know a risk by one of its four names, and seldom by the one that a search happens to look at."""
    page = opened(_page(_graph()))
    finds = {"r-3": "R-3", "tape": "R-5", "late feed": "R-1", "platform": "R-2", "row": "I-1", "spring": "INC-1"}
    for typed, found in finds.items():
        page.locator("#search").fill(typed)
        page.keyboard.press("Enter")
        assert page.locator("#panel h2").inner_text().startswith(found)
    page.locator("#search").fill("nothing like it")
    assert "Nothing has that" in page.locator("#found").inner_text()


def test_the_panel_says_what_is_known_of_a_risk(opened: Opener) -> None:
    """A map that cannot say why an arrow is there is a drawing."""
    page = opened(_page(_graph()))
    page.locator('g.risk[aria-label^="R-2"]').click()
    text = page.locator("#panel").inner_text()
    for said in ("R-2 Load aborts", "40,000 EUR", "What feeds it", "R-1", "0.7, 20m", "What it feeds", "0.4, 4h",
                 "M-2 Replay by key", "removes 50 %", "INC-1", "was reached", "Revision 1"):  # fmt: skip
        assert said in text
    page.locator("#panel button", has_text="0.7, 20m").click()
    text = page.locator("#panel").inner_text()
    assert "fired in 1 of 1 trials" in text
    assert "M-1 Layout contract (planned, removes 80 %)" in text


def test_the_history_of_an_element_names_the_review_that_changed_it(opened: Opener) -> None:
    """Provenance is what a register in a spreadsheet does not have."""
    from riskgraph.edits import Because, change

    known = history(_graph())
    edit = change(known.graph.cascades["R-1", "R-2"], {"probability": 0.9}, incident="INC-1",
                  because=Because(field="actions", line=3, text="raise it to 0.9"))  # fmt: skip
    page = opened(_page(after(known, [edit])), fragment="risk=R-1-%3ER-2")
    text = page.locator("#panel").inner_text()
    assert "Revision 2" in text
    assert "probability 0.7 -> 0.9" in text.replace("\u2192", "->")
    assert "raise it to 0.9" in text


def test_what_if_gives_the_numbers_of_the_program(opened: Opener) -> None:
    """A page that calculates differently from the command line is wrong in one of the two places."""
    of = _graph()
    page = opened(_page(of), fragment="R-1")
    page.locator("#if-it-happens").click()
    network = compile_network(of)
    found = simulate(network, ["R-1"])
    assert found.loss is not None
    assert _money(_figures(page, "loss-if")) == round(found.loss.mean)
    shown = {
        risk: page.locator(f'g.risk[aria-label^="{risk}"] .value').text_content() for risk in ("R-2", "R-3", "R-4")
    }
    reach = {one.id: one.probability for one in found.reached}
    assert shown == {risk: f"{reach[risk]:.2g}" for risk in shown}
    page.locator("#act-M-1").check()
    with_it = compile_network(of, with_=["M-1"])
    changed = simulate(with_it, ["R-1"])
    assert changed.loss is not None
    assert _money(_figures(page, "loss-if")) == round(changed.loss.mean)
    assert _money(_figures(page, "annual-if")) == round(expected_losses(with_it).annual)
    page.locator("#act-M-2").uncheck()
    without = compile_network(of, with_=["M-1"], without=["M-2"])
    assert _money(_figures(page, "annual-if")) == round(expected_losses(without).annual)
    page.locator("g.edge:has(path)").first.dispatch_event("click")
    page.locator("#panel button", has_text="Pretend it away").click()
    assert "R-1->R-2" in page.locator("#what-if").inner_text()
    page.locator("#what-if button", has_text="As it is").click()
    assert "If it happens" in page.locator("#what-if").inner_text()


def test_a_link_holds_the_whole_view(opened: Opener) -> None:
    """What one person found, another has to see by a link in a mail."""
    html = _page(_graph())
    page = opened(html)
    page.locator('g.risk[aria-label^="R-1"]').click()
    page.locator("#if-it-happens").click()
    page.locator("#act-M-1").check()
    page.locator("#legend label", has_text="low").locator("input").uncheck()
    page.locator("summary", has_text="From one risk").click()
    page.locator("#way-from").fill("r-1")
    page.locator("#way-to").fill("R-3")
    page.locator("#way-to").press("Enter")
    page.locator("#search").focus()
    address = page.evaluate("location.hash")
    views = [page.evaluate(_LOOK)]
    again = opened(html, fragment=address.removeprefix("#"))
    views.append(again.evaluate(_LOOK))
    assert views[0] == views[1]
    assert "R-1" in views[0]["way"]
    assert views[0]["off"] == "true"


_LOOK = """() => {
  const said = (selector) => document.querySelector(selector).innerText;
  return {
    panel: said('#panel'), what: said('#what-if'), way: said('#way-found'),
    classes: [...document.querySelectorAll('g.risk, g.edge')].map((one) => [...one.classList].sort().join(' ')),
    off: String(document.querySelector('#act-M-1').checked),
  };
}"""


def test_a_plain_id_in_the_address_chooses_it(opened: Opener) -> None:
    """`map.html#RISK-023` is what people write by hand; what is not there is the whole map."""
    page = opened(_page(_graph()), fragment="R-3")
    assert page.locator("#panel h2").inner_text() == "R-3 Report is late"
    page = opened(_page(_graph()), fragment="risk=R-99&min=junk&start=R-98,R-1&off=nothing")
    assert page.locator("#panel h2").inner_text() == "The whole map"
    assert "R-1 happens" in page.locator("#what-if").inner_text()


def test_filters_hide_in_the_picture_and_in_the_table(opened: Opener) -> None:
    """A filter that the table does not follow makes two different answers on one page."""
    page = opened(_page(_graph()))
    page.locator("#by-owner").select_option("Platform")
    assert _drawn(page) == ["R-2", "R-3"]
    assert page.locator("#tables tbody tr").count() == 2
    page.locator("#by-owner").select_option("")
    page.locator("#legend label", has_text="closed").locator("input").uncheck()
    assert _drawn(page) == ["R-1", "R-2", "R-3", "R-4"]
    page.locator("#min").fill("0.5")
    page.locator("#min").dispatch_event("change")
    assert page.locator("g.edge:not(.gone)").count() == 1
    page.locator("#tables .tabs button", has_text="Cascades").click()
    assert page.locator("#tables tbody tr").count() == 1


def test_downstream_upstream_and_the_path_stand_out(opened: Opener) -> None:
    """The three questions that people ask a map first."""
    page = opened(_page(_graph()), fragment="R-2")
    page.locator("#panel button", has_text="Downstream").click()
    assert _lit(page) == ["R-2", "R-3", "R-4"]
    page.locator("#depth").select_option("1")
    assert "2 risks, up to" in page.locator("#panel").inner_text()
    page.locator("#panel button", has_text="Upstream").click()
    assert _lit(page) == ["R-1", "R-2", "R-3"]
    page = opened(_page(_graph()), fragment="risk=R-1&direction=down&min=0.5")
    assert _lit(page) == ["R-1", "R-2"]
    page = opened(_page(_graph()), fragment="start=R-1&min=0.5")
    assert _lit(page) == ["R-1", "R-2"]
    page = opened(_page(_graph()), fragment="from=R-1&to=R-3")
    assert page.locator("#way-found").inner_text().startswith("Most probable: R-1")
    assert page.locator("g.edge.onpath").count() == 2
    page = opened(_page(_graph()), fragment="from=R-5&to=R-3")
    assert page.locator("#way-found").text_content() == "No cascade with a probability leads from R-5 to R-3."


def test_the_keyboard_reaches_everything(opened: Opener) -> None:
    """Who has no mouse walks from risk to risk, opens one, and comes to the table."""
    page = opened(_page(_graph()))
    page.locator("#picture g.risk[tabindex='0']").focus()
    seen = {page.evaluate("document.activeElement.querySelector('.id').textContent")}
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        seen.add(page.evaluate("document.activeElement.querySelector('.id').textContent"))
    assert len(seen) >= 3
    page.keyboard.press("Enter")
    chosen = page.evaluate("document.activeElement.querySelector('.id').textContent")
    assert page.locator("#panel h2").inner_text().startswith(chosen)
    for control in ("#picture g.risk", "input[type=checkbox]", "input[type=range]"):
        page.locator(control).first.focus()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search"


def test_the_picture_can_be_saved(opened: Opener, tmp_path: Path) -> None:
    """A board paper wants the picture, and not a screenshot of a browser."""
    page = opened(_page(_graph()), fragment="R-1")
    with page.expect_download() as saved:
        page.locator("#save-svg").click()
    saved.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert "Load aborts" in re.sub("<[^>]*>", " ", text)
    assert "var(" not in text
    with page.expect_download() as saved:
        page.locator("#save-png").click()
    saved.value.save_as(tmp_path / "map.png")
    picture = Image.open(io.BytesIO((tmp_path / "map.png").read_bytes())).convert("RGB")
    assert len(picture.getcolors(1 << 24) or ()) > 50  # Not an empty sheet.


def test_a_large_map_begins_with_a_part_and_says_so(opened: Opener) -> None:
    """A thousand risks at once are a grey disc; a part without a word is a lie."""
    risks = [
        element("risk", id=f"R-{number}", likelihood=1 + number % 5, impact=1 + number % 4) for number in range(400)
    ]
    links = [
        cascade(f"R-{number}", f"R-{(number * 7 + 1) % 400}", 0.3)
        for number in range(400)
        if (number * 7 + 1) % 400 != number
    ]
    page = opened(_page(graph(*risks, *links)))
    assert page.locator("#scope-line").inner_text() == "150 of 400 risks are in the picture, 250 are hidden"
    assert page.locator("g.risk").count() == 150
    hidden = next(
        f"R-{number}" for number in range(400) if not page.locator(f'g.risk[aria-label^="R-{number} "]').count()
    )
    page.locator("#search").fill(hidden)
    page.keyboard.press("Enter")
    assert page.locator(f'g.risk[aria-label^="{hidden} "]').count() == 1
    page.locator("#scope-tools button").click()
    assert page.locator("g.risk").count() == 400
    page = opened(_page(graph(*risks, *links), around=["R-9"]))
    assert page.locator('g.risk[aria-label^="R-9 "]').count() == 1


def test_thousands_are_painted_and_can_be_clicked(opened: Opener) -> None:
    """Above some number of risks the picture is a canvas, which has to answer like the other one."""
    risks = [element("risk", id=f"R-{number}", likelihood=2, impact=2) for number in range(1600)]
    links = [cascade(f"R-{number}", f"R-{number + 1}", 0.3) for number in range(0, 1500, 2)]
    page = opened(_page(graph(*risks, *links)), fragment="all=yes")
    page.wait_for_function("document.querySelector('canvas').width > 300")
    painted = page.evaluate("""() => {
      const canvas = document.querySelector('#picture canvas'), pen = canvas.getContext('2d');
      const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, at) => at % 4 === 3 && value > 0).length;
    }""")
    assert painted > 1000
    page.locator("#search").fill("R-77")
    page.keyboard.press("Enter")
    box = page.locator("#picture").bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
    assert page.locator("#panel h2").inner_text() == "The whole map"


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_keeps_people_out(opened: Opener, *, dark: bool) -> None:
    """axe-core finds missing names, roles and contrast that no eye of ours does."""
    page = opened(_page(_graph()), dark=dark, fragment="risk=R-1&start=R-1")
    assert list_barriers(page) == []


def test_a_wide_map_begins_where_it_can_be_read_and_fits_on_demand(opened: Opener) -> None:
    """Prevents: a phone that shows an empty corner of the map, and a button Fit that does not."""
    seen = """() => { const frame = document.querySelector('#picture').getBoundingClientRect();
      return [...document.querySelectorAll('#picture .risk .shape')].map((shape) => shape.getBoundingClientRect())
        .filter((box) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top
          && box.bottom <= frame.bottom).length; }"""
    chain = [element("risk", id=f"R-{number}", name="Link", likelihood=1) for number in range(12)]
    links = [cascade(f"R-{number}", f"R-{number + 1}", 0.5) for number in range(11)]
    page = opened(_page(graph(*chain, *links)), width=390, height=844)
    assert 2 <= page.evaluate(seen) < 12
    page.get_by_role("button", name="Fit all into view").click()
    assert page.evaluate(seen) == 12


def test_a_phone_needs_no_scrolling_sideways(opened: Opener) -> None:
    """The page is opened where the incident was: on the way, on a phone."""
    page = opened(_page(_graph()), width=390, height=844, fragment="R-1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_most_costly_risks_are_there(opened: Opener) -> None:
    """A mail reader that runs nothing still shows the answer."""
    page = opened(_page(_graph()), scripts=False)
    assert "Load aborts" in page.locator("#tables").inner_text()


_VISIT = """async (keys) => {
  const seen = [];
  for (const key of keys) {
    const changed = new Promise((done) => addEventListener('hashchange', done, {once: true}));
    location.hash = encodeURIComponent(key);
    await changed;
    seen.push(document.querySelector('#panel').dataset.key);
  }
  return seen;
}"""


def test_hostile_texts_are_only_text(opened: Opener) -> None:
    """Whoever may write a name in a register could otherwise run a script in front of the board."""
    elements: list[Element] = []
    for number, text in enumerate(TEXTS):
        words, risk = text.strip() or "x", f"R-{number}"
        said = {"name": words, "description": words}
        elements += [
            element("risk", id=risk, **said, owner=words, category=words, aliases=[words], tags=[words], likelihood=2,
                    impact=2, escalation={"to": words}, x_note=words),
            element("mitigation", id=f"M-{number}", **said, owner=words, status="failed"),
            element("indicator", id=f"I-{number}", **said, unit=words),
            element("mitigates", mitigation=f"M-{number}", risk=risk),
            element("watches", indicator=f"I-{number}", risk=risk),
            element("incident", id=f"INC-{number}", name=words, severity=words, started_at="2025-01-01", risk=risk),
        ]  # fmt: skip
        if number:
            elements.append(cascade(f"R-{number - 1}", f"R-{number}", 0.5, mechanism=words))
    page = opened(_page(graph(*elements)))
    keys = [
        key
        for at in range(len(TEXTS) - 1)
        for key in (f"R-{at}", f"M-{at}", f"I-{at}", f"INC-{at}", f"R-{at}->R-{at + 1}")
    ]
    assert page.evaluate(_VISIT, keys) == keys
    for tab in ("Cascades", "Mitigations", "Indicators", "Incidents"):
        page.locator("#tables .tabs button", has_text=tab).click()
    page.locator("#search").fill("e")
    assert page.locator("script").count() == 3


@pytest.mark.parametrize("hostile", IDS)
def test_an_id_that_means_something_to_scripts_is_an_id(opened: Opener, hostile: str) -> None:
    """`constructor` is a legal id, and no reason for a page to break."""
    page = opened(
        _page(graph(element("risk", id=hostile, name="Odd"), element("risk", id="R-2"), cascade(hostile, "R-2", 0.5))),
        fragment=hostile,
    )
    assert page.locator("#panel h2").inner_text() == f"{hostile} Odd"


def test_an_empty_map_is_a_page(opened: Opener) -> None:
    """The first page that somebody makes is of nothing yet."""
    page = opened(_page(RiskGraph()))
    assert "0 risks" in page.locator("#scope-line").inner_text()


def test_the_same_graph_gives_the_same_bytes() -> None:
    """A page in a repository changes when the map does, and never else."""
    assert _page(_graph()) == _page(_graph())


def test_the_page_knows_what_the_graph_knows() -> None:
    """The table and the picture are made from this; a risk that is lost here is lost everywhere."""
    html = _page(_graph())
    found = re.search(r'id="data">(.*?)</script>', html)
    assert found
    data = json.loads(found[1])
    assert [one["id"] for one in data["risks"]] == ["R-1", "R-2", "R-3", "R-4", "R-5"]
    assert {one["id"]: one["level"] for one in data["risks"]} == {
        "R-1": "high", "R-2": "low", "R-3": "low", "R-4": "unrated", "R-5": "low",
    }  # fmt: skip
    assert len(data["cascades"]) == 5


@pytest.mark.parametrize(("name", "options"), [
    ("map", {}), ("map-what-if", {"fragment": "risk=R-1&start=R-1&on=M-1"}), ("map-dark", {"dark": True}),
    ("map-phone", {"width": 390, "height": 844}),
])  # fmt: skip
def test_the_map_looks_as_it_did(opened: Opener, tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    """A change of style that breaks the picture breaks no other test."""
    page = opened(_page(_graph()), **options)
    check_picture(name, page.screenshot(), tmp_path)


def _money(text: str) -> int:
    return int(text.replace(",", "").split()[0])


def _drawn(page: Page) -> list[str]:
    return sorted(page.locator("g.risk:not(.gone) .id").all_text_contents())


def _lit(page: Page) -> list[str]:
    return sorted(page.locator("g.risk:not(.dim) .id").all_text_contents())


def test_on_paper_all_of_the_picture_is_there(opened: Opener) -> None:
    """Who prints a map that was zoomed into would have a corner of it, and ids are links that paper does not need."""
    page = opened(_page(_graph()))
    for _ in range(6):
        page.locator(".picture-tools button", has_text="+").click()
    page.emulate_media(media="print")
    frame = page.locator("#picture").bounding_box()
    assert frame
    for risk in page.locator("#picture .shape").all():
        box = risk.bounding_box()
        assert box
        assert frame["x"] <= box["x"] <= frame["x"] + frame["width"] - box["width"]
        assert frame["y"] <= box["y"] <= frame["y"] + frame["height"] - box["height"]
    assert page.locator("#tables .link", has_text="R-1").is_visible()
    assert not page.locator("#page-tools").is_visible()


def test_a_large_map_stands_where_python_has_set_it_out(opened: Opener) -> None:
    """Thousands of risks are set out once, by Python; a part of them is set out in the page."""
    risks = [element("risk", id=f"R-{at}") for at in range(1600)]
    known = history(graph(*risks, *(cascade(f"R-{at}", f"R-{at + 1}", 0.3) for at in range(0, 1500, 2))))
    html = map_page(known.snapshot(), known, Source("g", 1))
    found = re.search(r'id="data">(.*?)</script>', html)
    assert found
    at = {one["id"]: (one["x"], one["y"]) for one in json.loads(found[1])["risks"]}
    spots = place(list(known.graph.risks), known.graph.cascades, rank_risks(known.graph.risks, known.graph.cascades))
    assert at == {risk: (spot.x, pytest.approx(spot.y, abs=0.001)) for risk, spot in spots.items()}
    page = opened(html, fragment="risk=R-7&all=yes")
    assert page.locator("#panel .log").inner_text().startswith("Revision 1")
