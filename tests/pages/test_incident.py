"""Takes reviews, opens their page in a real Chromium, and holds it to what diff, audit and propose say of them."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from riskgraph.findings import Sifted, Suppressed
from riskgraph.graph import RiskGraph
from riskgraph.history import History
from riskgraph.pages.incident import incident_page
from riskgraph.pages.overlay import DRAWN, WORDS, overlay
from riskgraph.pages.page import Source
from riskgraph.pages.story import SIGNS
from riskgraph.proposal.propose import propose_edits
from riskgraph.report.plan import edit_row
from riskgraph.report.render import render
from riskgraph.report.views import audit_tables, diff_tables
from tests.builders import after, audit, audit_fields, cascade, element, graph, history, review
from tests.pages.accessibility import list_barriers
from tests.pages.hostile import IDS, TEXTS
from tests.pages.pictures import check_picture

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from riskgraph.pir.review import Pir
    from tests.pages.browser import Opener

TODAY: Final = date(2024, 6, 1)
MAP: Final = graph(
    element("risk", id="RISK-1", name="Feed stops", likelihood=2, impact=3, escalation={"to": "EM", "within": "1h"}),
    element("risk", id="RISK-2", name="Load aborts", likelihood=3, impact=4, owner="Platform"),
    element("risk", id="RISK-3", name="Report is late", likelihood=2, impact=2),
    cascade("RISK-1", "RISK-2", 0.7, delay="20m"),
    cascade("RISK-2", "RISK-3", 0.4, delay="2h"),
    cascade("RISK-4", "RISK-2", 0.3),
    cascade("RISK-1", "RISK-6", 0.5, mechanism="shared disk"),
    cascade("RISK-2", "RISK-7", 0.2),
    cascade("RISK-5", "RISK-7", 0.1),
    element("mitigation", id="MIT-1", name="Layout contract", status="planned", due="2023-12-01"),
    element("mitigation", id="MIT-2", name="Second disk", status="implemented"),
    element("mitigates", mitigation="MIT-1", risk="RISK-1", effectiveness=0.7),
    element("blocks", mitigation="MIT-2", from_="RISK-1", to="RISK-6", effectiveness=0.9),
    element("indicator", id="IND-1", name="Parse failures", detects_within="15m"),
    element("watches", indicator="IND-1", risk="RISK-1"),
    element("indicator", id="IND-2", name="Late rows"),
    element("watches", indicator="IND-2", risk="RISK-1"),
    risks="RISK-4 RISK-5 RISK-6 RISK-7",
)  # fmt: skip
STEPS: Final[list[dict[str, str]]] = [
    {"from": "RISK-1", "to": "RISK-2", "at": "03:25", "evidence": "the load ended early"},
    {"from": "RISK-1", "to": "RISK-3", "at": "05:00"},
    {"from": "RISK-2", "to": "RISK-4", "at": "05:30"},
    {"from": "RISK-1", "to": "RISK-5", "at": "06:00"},
    {"from": "RISK-1", "to": "Partner feed is late", "at": "07:00"},
]
VERDICTS: Final = ("mapped", "indirect", "reversed", "unmapped", "new_risk", "blocked", "not_fired", "unknown")


def _full(**fields: Any) -> Pir:
    """A review that has a cascade of every verdict, and everything else that a review can have."""
    given: dict[str, Any] = {
        "title": "The spring outage",
        "severity": "High",
        "duration": "4 hours",
        "timeline": [
            {"time": "02:00", "event": "The supplier changed the layout"},
            {"time": "03:00", "event": "The feed stopped"},
            {"time": "03:40", "event": "Ada was paged"},
        ],
        "detection": {"how_detected": "A customer called", "detection_time": "40 minutes", "expected_detection": "15m"},
        "root_cause": {
            "immediate_cause": "A column was renamed",
            "contributing_factors": ["No contract"],
            "root_cause": "Nobody owns the layout",
        },
        "observed_cascades": STEPS,
        "checked_not_affected": [{"from": "RISK-1", "to": "RISK-6"}, {"from": "RISK-2", "to": "RISK-7"}],
        "mitigations": [{"id": "MIT-2", "worked": "Yes", "note": "took the load"}],
        "indicators": [{"id": "IND-1", "fired": "Too late", "at": "03:40"}, {"id": "IND-2", "fired": "No"}],
        "escalation": {"to": "EM", "at": "04:10"},
        "loss": {"amount": 42000},
        "risk_process_audit": audit_fields(
            in_register="Yes", cascades_predicted="Yes", mitigation_worked="No", indicators_fired="Too late",
            probability_accurate={"answer": "Underestimated", "action": "Adjust P from 2 to 4"},
            escalation_worked="Yes",
        ),
        "actions": {"immediate": [
            {"action": "Agree on the layout", "owner": "Ada", "due": "2024-03-01"},
            {"action": "Watch the layout", "owner": "Ben", "due": "2024-09-01"},
        ]},
        "learnings": {"what_went_well": ["Ada was quick"], "process_level_learning": "Contracts before feeds"},
        **fields,
    }  # fmt: skip
    return review(**given)


def _page(*pirs: Pir, of: RiskGraph | History = MAP, left_out: tuple[Suppressed, ...] = ()) -> str:
    past = of if isinstance(of, History) else history(of)
    audits = [audit(pir, past) for pir in pirs]
    found = [Sifted((*one.diff.findings(), *one.findings()), left_out) for one in audits]
    return incident_page(audits, found, past, Source("g", past.latest), TODAY)


def _learned(past: History) -> History:
    """The history after all that the review makes sure of was accepted."""
    proposed = [one.edit for one in propose_edits([audit(_full(), past)], past, "g").edits]
    return after(past, [edit for edit in proposed if edit.confidence != "suggested"])


def _lit(page: Page) -> set[str]:
    """The labels of what is lit on the map: ids of risks, and verdicts of cascades."""
    return set(
        page.evaluate("""() => [...document.querySelectorAll('.picture-frame g.layer g')]
        .filter(one => one.matches('.risk, .edge') && !one.matches('.dim, .gone'))
        .map(one => one.matches('.risk') ? one.querySelector('.id').textContent : one.classList[1])""")
    )


def _text(page: Page, selector: str) -> str:
    return re.sub(r"\s+", " ", " ".join(page.locator(selector).all_inner_texts()))


def test_each_step_of_the_replay_lights_what_had_happened_by_then(opened: Opener) -> None:
    """A replay that lights too early shows a cascade as its own cause."""
    page = opened(_page(_full()))
    assert {*VERDICTS} <= _lit(page)
    whole = _lit(page)
    forward = page.get_by_role("button", name="Step forward")
    seen: list[set[str]] = []
    for _ in range(page.locator(".timeline tr[data-moment]").count()):
        forward.click()
        lit = _lit(page)
        if not seen or lit != seen[-1]:
            seen.append(lit)
    assert forward.is_disabled()
    risks = ["RISK-1", "RISK-2", "RISK-3", "RISK-4", "RISK-5", "NEW 1"]
    assert seen == [set(), *({*risks[: at + 1], *VERDICTS[:at]} for at in range(6))]
    page.get_by_role("button", name="Whole picture").click()
    assert _lit(page) == whole


def test_the_replay_says_when_each_risk_was_reached_and_marks_its_row(opened: Opener) -> None:
    """The picture and the table are one story, and a reader has to find the place of one in the other."""
    page = opened(_page(_full()), fragment="INC-1&at=4")
    assert page.locator(".timeline tr[aria-current]").count() == 1
    row = _text(page, ".timeline tr[aria-current]")
    assert row.startswith("+25m")
    assert "Feed stops \u2192 Load aborts: the load ended early mapped: RISK-1 \u2192 RISK-2" in row
    assert "4 of" in _text(page, ".replay .now")
    values = page.locator(".picture-frame g.risk .value").all_text_contents()
    assert sorted(value for value in values if value) == ["+25m", "root"]
    assert page.locator(".replay input").get_attribute("aria-valuetext") == _text(page, ".replay .now")
    page.locator(".replay .marks button").first.click()
    assert page.evaluate("location.hash") == "#INC-1&at=1"


def test_playing_goes_on_by_itself_and_stops_at_the_end(opened: Opener) -> None:
    """Nobody clicks fifteen times in front of the board; and nothing moves that nobody has asked to."""
    page = opened(_page(_full()))
    page.clock.install()
    count = page.locator(".timeline tr[data-moment]").count()
    page.clock.run_for(60_000)
    assert page.locator(".timeline tr[aria-current]").count() == 0
    page.get_by_role("button", name="Play").click()
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "1"
    page.clock.run_for(3000)
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "3"
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "3"
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(60_000)
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == str(count)
    page.get_by_role("button", name="Play").click()
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "1"


def test_the_slider_and_the_keyboard_replay_as_the_buttons_do(opened: Opener) -> None:
    """Whoever cannot use a mouse still has to show the incident."""
    page = opened(_page(_full()))
    slider = page.get_by_label("Replay")
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "2"
    page.keyboard.press("Home")
    assert page.locator("tr[aria-current]").count() == 0


@pytest.mark.parametrize("reduced", [True, False])
def test_who_wants_no_motion_gets_none(opened: Opener, *, reduced: bool) -> None:
    """A fade makes some people ill."""
    page = opened(_page(_full()), reduced=reduced)
    spent = page.locator(".picture-frame g.edge").first.evaluate("one => getComputedStyle(one).transitionDuration")
    assert (spent == "0s") == reduced


def test_the_legend_counts_every_verdict_and_filters(opened: Opener) -> None:
    """A line that the legend does not explain is decoration."""
    page = opened(_page(_full()))
    legend = {one.get_attribute("data-verdict"): one.inner_text() for one in page.locator(".legend li").all()}
    assert set(legend) == {*VERDICTS}
    for verdict, text in legend.items():
        assert verdict
        count = page.locator(f".picture-frame g.edge.{verdict}").count()
        assert text.split(":")[0] == f"{count} {WORDS[verdict][0]}"
    page.locator(".legend [data-verdict=new_risk] button").click()
    assert "new_risk" not in _lit(page)
    assert "NEW 1" not in _lit(page)
    assert {"RISK-1", "mapped"} <= _lit(page)
    page.locator(".legend [data-verdict=new_risk] button").click()
    assert {"new_risk", "NEW 1"} <= _lit(page)


def test_no_two_verdicts_look_alike_without_colour(opened: Opener) -> None:
    """One man in twelve does not see the difference between the green and the red line."""
    page = opened(_page(_full()))
    looks = page.evaluate(
        """names => names.map(name => {
        const svg = document.querySelector('.legend svg').cloneNode(true), edge = svg.querySelector('g');
        edge.setAttribute('class', `edge ${name}`);
        document.body.append(svg);
        const [line, head] = ['.line', '.head'].map(part => getComputedStyle(edge.querySelector(part)));
        return [line.strokeWidth, line.strokeDasharray, head.stroke !== 'none', name === 'blocked'].join();
    })""",
        list(WORDS),
    )
    assert len(set(looks)) == len(WORDS)


def test_what_is_chosen_is_told_with_its_evidence(opened: Opener) -> None:
    """A line that cannot be asked is believed or not believed."""
    page = opened(_page(_full()))
    page.locator(".picture-frame g.edge.indirect .line").dispatch_event("click")
    text = _text(page, ".chosen")
    for said in ("RISK-1 \u2192 RISK-3", "2024-02-15 05:00+00:00, +2h", "RISK-1 -> RISK-2 -> RISK-3", "0.28", "2h20m"):
        assert said in text
    assert page.locator(".picture-frame g.edge.onpath").count() == 2
    page.locator(".picture-frame g.risk", has_text="Feed stops").focus()
    page.keyboard.press("Enter")
    text = _text(page, ".chosen")
    for said in ("the root", "MIT-1: not in place", "IND-1: too late", "IND-2: silent"):
        assert said in text
    page.locator(".picture-frame g.edge.blocked .line").dispatch_event("click")
    assert "MIT-2: held" in _text(page, ".chosen")
    assert "shared disk" in _text(page, ".chosen")


def test_a_reversed_cascade_stands_beside_the_one_that_was_mapped(opened: Opener) -> None:
    """Without the arrow of the map nobody sees what was the wrong way round."""
    page = opened(_page(_full()))
    for selector, pair in ((".reversed", "RISK-2 \u2192 RISK-4"), (".unknown", "RISK-4 \u2192 RISK-2")):
        found = []
        for line in page.locator(f".picture-frame g.edge{selector} .line").all():
            line.dispatch_event("click")
            found.append(page.locator(".chosen h4").inner_text())
        assert pair in found


def test_the_page_says_what_diff_audit_and_propose_say(opened: Opener) -> None:
    """A page that says something else than the commands is wrong in one of the two places."""
    past = history(MAP)
    judged = audit(_full(), past)
    page = opened(_page(_full()))
    tables = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('.incident table')].map(table => [
        table.parentElement.getAttribute('aria-label'),
        [...table.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))]))""")
    for table in diff_tables([judged.diff])[:2]:
        rows = [line for line in render([table], "markdown").splitlines() if line.startswith("| RISK")]
        assert ["| " + " | ".join(row).replace("->", "-\\>") + " |" for row in tables[table.title]] == [
            row.replace("->", "-\\>").replace("\\_", "_") for row in rows
        ]
        for note in table.notes:
            assert note in _text(page, ".incident .note")
    questions, evidence = audit_tables([judged])
    for name, claim, verdict, agrees, gap, from_ in questions.rows:
        text = _text(page, f"[data-question={name}]")
        assert f"the review says {claim} the evidence says {str(verdict).replace('_', ' ')}" in text
        assert ("\u2260 contradicts the review" in text) == (agrees == "NO")
        assert (f"gap: {gap}, from the {from_}" if gap else "no gap") in text
    for name, said, place in evidence.rows:
        assert f"{said} {place}" in _text(page, f"[data-question={name}]")
    cells = [
        [str(cell) for cell in row] for label, rows in tables.items() if label.endswith("for INC-1") for row in rows
    ]
    proposal = propose_edits([judged], past, "g")
    assert len(cells) == len(proposal.edits)
    for one in proposal.edits:
        _, key, _, what, _, place = edit_row(one.edit)
        row = next(row for row in cells if row[0].strip().endswith(f"{one.edit.op} {key}"))
        assert (str(what) if what else "\u2013") in row[1]
        assert str(place) in row[2]
        assert one.edit.because
        assert one.edit.because.text in row[2]


def test_the_tables_beside_the_picture_sort_by_their_heads(opened: Opener) -> None:
    """In an incident of fifty cascades nobody finds the least probable one that fired, or the longest delay."""
    page = opened(_page(_full()))
    table = page.locator("table.sorts").nth(1)

    def column(place: int) -> list[str]:
        return table.locator(f"tbody tr > :nth-child({place})").all_inner_texts()

    as_it_came = column(4)
    head = table.get_by_role("columnheader", name="probability")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    known = [float(one) for one in column(4) if one != "-"]
    assert known == sorted(known, reverse=True)
    assert column(4)[len(known) :] == ["-"] * (len(as_it_came) - len(known))
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(one) for one in column(4) if one != "-"] == sorted(known)
    table.get_by_role("columnheader", name="verdict").get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert column(3) == sorted(column(3))


def test_a_mitigation_that_was_planned_and_not_in_place_cannot_be_overlooked(opened: Opener) -> None:
    """That it was on the list and nobody did it is what the board has to hear first."""
    page = opened(_page(_full()))
    alarm = page.locator(".alarm")
    said = "Not in place: MIT-1 Layout contract was planned, due 2023-12-01, 76 days overdue when the incident began."
    assert said in _text(page, ".alarm")
    box = alarm.bounding_box()
    assert box
    assert box["y"] < 400
    assert "the planned mitigation MIT-1 was not in place (76 days overdue)" in _text(page, ".upshot")


def test_the_sentence_says_the_numbers(opened: Opener) -> None:
    """It is the only thing that some will read."""
    page = opened(_page(_full()))
    assert _text(page, ".upshot") == (
        "Of 5 observed cascades the map of 2023-06-01 (declared) had 1; 1 predicted cascade was blocked by a "
        "mitigation; 1 predicted cascade was looked at and did not happen; the planned mitigation MIT-1 was not in "
        "place (76 days overdue); MIT-2 held; the evidence contradicts the review on 2 of 6 questions; 4 gaps are open."
    )


@pytest.mark.parametrize(("fields", "said"), [
    ({"observed_cascades": []}, "The review names no cascade to hold against the map of 2023-06-01 (declared)"),
    ({"kind": "near_miss", "observed_cascades": STEPS[:1]}, "It was a near miss; of 1 observed cascade the map of"),
    ({"kind": "external", "observed_cascades": STEPS[:1]}, "It happened elsewhere; of 1 observed cascade the map of"),
    ({"related_risk": "NEW: Nobody knew", "observed_cascades": [{"to": "RISK-2"}]},
     "The risk itself was not on the map of 2023-06-01 (declared); of 1 observed cascade it had none"),
    ({"started_at": "2020-02-15T03:00:00+00:00", "observed_cascades": STEPS[:2]},
     "No map was recorded or declared before it began, so its 2 observed cascades cannot be judged"),
    ({"started_at": "2020-02-15T03:00:00+00:00", "observed_cascades": []}, "so nothing can be judged"),
    ({"related_risk": "RISK-7", "observed_cascades": []}, "no mitigation was mapped"),
    ({"mitigations": [{"id": "MIT-2", "worked": "Partially"}]}, "MIT-2 held in part"),
])  # fmt: skip
def test_the_sentence_of_another_review(opened: Opener, fields: dict[str, Any], said: str) -> None:
    """A sentence made by rules is wrong where a rule was not thought of."""
    page = opened(_page(review(**fields)))
    text = page.locator(".upshot").inner_text()
    assert said in text
    assert text.endswith(".")


def test_the_timeline_has_everything_with_a_time_in_order(opened: Opener) -> None:
    """Detection, warning and escalation mean something beside the cascades, and nothing apart from them."""
    page = opened(_page(_full()))
    rows = [
        [cell.inner_text() for cell in row.locator("th, td").all()] for row in page.locator("tr[data-moment]").all()
    ]
    kinds = [row[1].split()[-1] for row in rows]
    assert kinds == [
        "note", "start", "note", "cascade", "note", "indicator", "detected", "escalated", "cascade", "cascade",
        "cascade", "cascade", "end",
    ]  # fmt: skip
    by_kind = dict(zip(kinds, rows, strict=True))
    assert by_kind["detected"][:1] + by_kind["detected"][2:4] == [
        "+40m", "Detected after 40m: A customer called", "25m later than expected",
    ]  # fmt: skip
    assert by_kind["indicator"][2:4] == ["IND-1 Parse failures", "too late"]
    assert by_kind["escalated"][2:4] == ["EM was told", "in time"]
    assert by_kind["end"][0] == "+4h40m"
    assert rows[0][0] == "-1h"
    assert rows[0][4] == "2024-02-15 02:00+00:00"
    untold = _text(page, ".timeline tr:not([data-moment])")
    assert "IND-2 Late rows silent" in untold


def test_every_kind_of_moment_has_a_sign_of_its_own() -> None:
    """Two kinds with one sign are one kind."""
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS)
    assert len({word for _, word in SIGNS.values()}) == len(SIGNS)


def test_a_step_of_the_timeline_is_told_once_with_its_entry(opened: Opener) -> None:
    """The entry that names the cascade is its evidence, not a second event."""
    entry = {"time": "03:25", "event": "RISK-1 took RISK-2 down"}
    page = opened(_page(review(timeline=[{"time": "03:00", "event": "It began"}, entry])))
    assert [row for row in page.locator("tr[data-moment]").all_inner_texts() if "RISK-2" in row] != []
    assert page.locator("tr.cascade").count() == 1
    assert "mapped: RISK-1 \u2192 RISK-2" in page.locator("tr.cascade").inner_text()


def test_a_step_without_a_time_is_told_apart(opened: Opener) -> None:
    """What nobody knows the time of has no place in a replay, and must not vanish with it."""
    page = opened(_page(review(observed_cascades=[{"from": "RISK-1", "to": "RISK-2"}])))
    assert page.locator("tr[data-moment].cascade").count() == 0
    assert "mapped: RISK-1 \u2192 RISK-2" in _text(page, ".timeline tr:not([data-moment])")


def test_an_end_without_detection_counts_from_the_start(opened: Opener) -> None:
    """The template counts the duration from detection; where that is unknown, the page says what it did instead."""
    page = opened(_page(review(duration="2 hours")))
    assert "Resolved 2h after the start (detection is unknown)" in page.locator("tr.end").inner_text()
    assert page.locator("tr.end th").inner_text() == "+2h"


def test_actions_are_told_as_of_the_day_of_the_page(opened: Opener) -> None:
    """An action that is overdue and looks open is forgotten again."""
    past = history(MAP)
    assert "not on record yet" in _page(_full())
    page = opened(_page(_full(), of=_learned(past)))
    table = page.get_by_role("region", name="Actions of INC-1")
    rows = table.locator("tbody tr").all_inner_texts()
    assert "overdue, 92 days" in rows[0]
    assert "Ada" in rows[0]
    assert "open" in rows[1]
    assert "not on record" not in table.inner_text()
    assert "As of 2024-06-01" in table.inner_text()
    assert "action INC-1-A1 is already in the graph since revision 2" in _text(page, ".remarks")


def test_findings_and_what_the_review_ignores_are_there(opened: Opener) -> None:
    """What was left out and nobody is told is hidden."""
    from riskgraph.findings import Finding

    page = opened(_page(_full(), left_out=(Suppressed(Finding("x", "note", "a style"), "review", "agreed"),)))
    text = _text(page, ".incident")
    assert "RISK-1 -> RISK-5 happened and was not mapped" in text
    assert "Ignored, as the review asks a style agreed" in text


def test_several_reviews_have_contents_and_links(opened: Opener) -> None:
    """Ten incidents of a quarter are one page to mail, and a link leads to the one that is meant."""
    pirs = [_full(incident_id=f"INC-{number}") for number in (1, 2, 3)]
    page = opened(_page(*pirs), fragment="INC-2&at=4")
    assert page.locator(".contents tbody tr").count() == 3
    assert "1 of 5" in page.locator(".contents tbody tr").first.inner_text()
    assert "MIT-1" in page.locator(".contents tbody tr").first.inner_text()
    assert page.locator(".contents a").nth(2).get_attribute("href") == "#incident-INC-3"
    for number in (1, 2, 3):
        assert page.locator(f"#incident-INC-{number} tr[aria-current]").count() == (number == 2)
    page.locator(".contents a").nth(2).click()
    page.wait_for_function("document.activeElement.dataset.incident === 'INC-3'")
    box = page.locator("#incident-INC-3").bounding_box()
    assert box
    assert abs(box["y"]) < 50
    assert page.locator("#incident-INC-1 .remarks").count() == 0


def test_what_a_second_review_shares_with_the_first_is_not_lost(opened: Opener) -> None:
    """One proposal for both leaves out what the other has; each remark is still said somewhere."""
    past = history(MAP)
    pirs = [_full(), _full(incident_id="INC-2")]
    audits = [audit(pir, past) for pir in pirs]
    proposal = propose_edits(audits, past, "g")
    page = opened(_page(*pirs))
    assert page.locator("table.edits tbody tr").count() == len(proposal.edits)
    for remark in proposal.remarks:
        assert remark in _text(page, ".remarks")


@pytest.mark.parametrize("fields", [
    {},
    {"observed_cascades": []},
    {"kind": "near_miss"},
    {"kind": "external", "observed_cascades": STEPS[:1]},
    {"related_risk": "NEW: Nobody knew"},
    {"related_risk": "NEW", "root_cause": {"immediate_cause": "A thing broke"}},
    {"started_at": "2020-02-15T03:00:00+00:00", "observed_cascades": STEPS},
    {"timeline": None},
])  # fmt: skip
def test_a_review_of_any_kind_is_a_page(opened: Opener, fields: dict[str, Any]) -> None:
    """A review that is nearly empty is the first that somebody tries."""
    page = opened(_page(review(**fields)))
    assert page.locator(".picture-frame g.risk.start").count() == 1
    assert page.locator(".question").count() == 6
    assert list_barriers(page) == []


def test_an_empty_history_is_a_page(opened: Opener) -> None:
    """A store without a register yet, or a register without a risk."""
    for of in (History(), history(RiskGraph())):
        page = opened(_page(review(observed_cascades=STEPS[:1]), of=of))
        assert page.locator(".picture-frame g.risk").count() == 2
        assert list_barriers(page) == []


def test_a_risk_that_was_written_down_later_has_its_id(opened: Opener) -> None:
    """It is not new to whoever reads the page."""
    from riskgraph.edits import add

    later = after(
        history(MAP), [add(element("risk", id="RISK-9", name="Partner feed is late"))], effective="2024-05-01"
    )
    steps = [{"from": "RISK-1", "to": "RISK-9"}]
    page = opened(_page(review(observed_cascades=steps), of=later))
    assert page.locator(".picture-frame g.risk.added .id").all_text_contents() == ["RISK-9"]
    assert "Not in the register then: RISK-9 is Partner feed is late." in _text(page, ".key")


def test_a_hub_is_drawn_in_part_and_every_step_is(opened: Opener) -> None:
    """A picture of five hundred arrows shows none of them; but what happened is never left out."""
    many = [cascade("RISK-1", f"RISK-{at}", 0.5) for at in range(2, 300)]
    hub = graph(*many, risks=" ".join(f"RISK-{at}" for at in range(1, 300)))
    few = overlay(audit(review(observed_cascades=[{"to": "RISK-250"}]), hub), hub)
    assert len(few.cascades) == DRAWN
    assert few.left_out == 298 - DRAWN
    assert [one.target for one in few.cascades if one.states == ("mapped",)] == ["RISK-250"]
    all_of_it = overlay(audit(review(observed_cascades=[{"to": f"RISK-{at}"} for at in range(2, 102)]), hub), hub)
    assert len(all_of_it.cascades) == 100
    page = opened(_page(review(observed_cascades=[{"to": "RISK-250"}]), of=hub))
    assert "238 more cascades that were only predicted are in the table below" in _text(page, ".key")


def test_it_prints_as_a_document(opened: Opener) -> None:
    """It is read on paper in the meeting where it is decided on."""
    page = opened(_page(_full()), dark=True, fragment="INC-1&at=3")
    page.emulate_media(media="print")
    assert page.locator(".still svg").is_visible()
    for hidden in (".picture-frame", ".replay", ".picture-tools", ".page-tools"):
        assert not page.locator(hidden).is_visible()
    assert page.locator(".legend li").first.is_visible()
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"
    page.set_viewport_size({"width": 718, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    cut = page.evaluate("""() => [...document.querySelectorAll('.table-frame')]
        .filter(frame => frame.scrollWidth > frame.clientWidth + 1).map(frame => frame.getAttribute('aria-label'))""")
    assert cut == []


def test_without_scripts_it_is_all_there(opened: Opener) -> None:
    """A mail reader that runs nothing still shows the picture and every word."""
    page = opened(_page(_full()), scripts=False)
    assert page.locator(".still svg").is_visible()
    assert page.locator(".still g.edge").count() == page.locator(".legend li b").evaluate_all(
        "all => all.reduce((sum, one) => sum + Number(one.textContent.split(' ')[0]), 0)"
    )
    assert page.locator(".still g.risk.start .value").text_content() == "root"
    assert page.locator(".still g.risk.reached .halo").count() == 5
    assert not page.locator(".replay").is_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("fragment", ["", "INC-1&at=4"])
def test_nothing_keeps_people_out(opened: Opener, fragment: str, *, dark: bool) -> None:
    """axe-core finds missing names, roles and contrast that no eye of ours does."""
    page = opened(_page(_full(), _full(incident_id="INC-2")), dark=dark, fragment=fragment)
    page.locator("#incident-INC-1 .picture-frame g.edge.mapped .line").dispatch_event("click")
    assert list_barriers(page) == []


def test_headings_are_in_order(opened: Opener) -> None:
    """Who reads by headings must not miss a level."""
    page = opened(_page(_full(), _full(incident_id="INC-2")))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after_ <= before + 1 for before, after_ in pairwise(levels))


def test_a_phone_needs_no_scrolling_sideways(opened: Opener) -> None:
    """The page is opened where the incident was: on the way, on a phone."""
    page = opened(_page(_full(), _full(incident_id="INC-2")), width=390, height=844, fragment="INC-1&at=4")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_picture_can_be_taken_away(opened: Opener) -> None:
    """A slide needs the picture without the page."""
    page = opened(_page(_full()))
    with page.expect_download() as told:
        page.get_by_role("button", name="Save the picture as SVG").click()
    assert told.value.suggested_filename == "INC-1.svg"
    svg = told.value.path().read_text("utf-8")
    assert svg.startswith("<svg ")
    assert "Partner feed is" in svg


def test_hostile_texts_are_only_text(opened: Opener) -> None:
    """Whoever may write a review in a pull request could otherwise run a script in front of the board."""
    elements, pirs = [], []
    for number, text in enumerate(TEXTS):
        words, risk = text.strip()[:500] or "x", f"RISK-{number}"
        ids = {"mitigation": f"MIT-{number}", "indicator": f"IND-{number}"}
        elements += [
            element("risk", id=risk, name=words, owner=words, category=words, escalation={"to": words, "within": "1h"}),
            element("risk", id=f"R-{number}", name=words[::-1]),
            cascade(risk, f"R-{number}", 0.5, mechanism=words),
            element("mitigation", id=ids["mitigation"], name=words, status="planned"),
            element("mitigates", mitigation=ids["mitigation"], risk=risk),
            element("indicator", id=ids["indicator"], name=words),
            element("watches", indicator=ids["indicator"], risk=risk),
        ]  # fmt: skip
        try:
            pirs.append(_hostile(number, words, risk, ids))
        except (AssertionError, ValueError):
            continue  # What no review can say, such as a lone surrogate, is refused where reviews are read.
    assert len(pirs) >= 60
    page = opened(_page(*pirs, of=graph(*elements)))
    for pir in pirs[::5]:
        section = page.locator(f"#incident-{pir.incident_id}")
        section.get_by_role("button", name="Step forward").click()
        section.locator(".picture-frame g.edge .line").first.dispatch_event("click")
        section.locator(".picture-frame g.risk").first.dispatch_event("click")
    assert page.locator("script").count() == 3
    assert page.locator("img, iframe, object, embed, form, base, link").count() == 0


def _hostile(number: int, words: str, risk: str, ids: dict[str, str]) -> Pir:
    """A review in which a stranger has written the same into every field that takes a text."""
    answers = {"answer": words, "action": words, "gap_type": words}
    more = {
        "in_register": {}, "probability_accurate": {"actual_frequency": words, "original_score": words},
        "cascades_predicted": {"unexpected_cascades": words}, "mitigation_worked": {"mitigation_failures": words},
        "indicators_fired": {"indicator_failures": words}, "escalation_worked": {"escalation_issues": words},
    }  # fmt: skip
    return review(
        incident_id=f"INC-{number}", title=words, severity=words, related_risk=risk,
        timeline=[{"time": "03:00", "event": words}],
        detection={"how_detected": words, "detection_gap": words, "detection_time": f"5 minutes {words}"},
        response={"actions_taken": [words], "protocol_gaps": words, "escalation_appropriate": words},
        root_cause={"immediate_cause": words, "contributing_factors": [words], "root_cause": words},
        observed_cascades=[
            {"to": f"Another {words}", "at": "03:10", "evidence": words}, {"to": f"R-{number}", "at": "03:20"},
        ],
        mitigations=[{"id": ids["mitigation"], "worked": "No", "note": words}],
        indicators=[{"id": ids["indicator"], "fired": "No"}],
        escalation={"to": words, "at": "03:30"},
        risk_process_audit={name: {**answers, **own} for name, own in more.items()},
        actions={"immediate": [{"action": words, "owner": words, "due": "2024-03-01"}]},
        learnings={"what_went_well": [words], "what_to_improve": [words], "process_level_learning": words},
        ignore=[{"rule": "step-unmapped", "reason": words}],
    )  # fmt: skip


@pytest.mark.parametrize("hostile", IDS)
def test_an_id_that_means_something_to_scripts_is_an_id(opened: Opener, hostile: str) -> None:
    """`constructor` and `data` are legal ids, and no reason for a page to break."""
    of = graph(element("risk", id=hostile, name="Odd"), element("risk", id="R-2"), cascade(hostile, "R-2", 0.5))
    pir = review(incident_id=hostile, related_risk=hostile, observed_cascades=[{"to": "R-2", "at": "03:10"}])
    page = opened(_page(pir, of=of), fragment=f"{hostile}&at=3")
    assert page.locator(".picture-frame g.risk .id").all_text_contents() == sorted([hostile, "R-2"])
    assert page.locator("tr[aria-current]").get_attribute("data-moment") == "3"


def test_the_same_reviews_give_the_same_bytes() -> None:
    """A page in a repository changes when what it says does, and never else."""
    assert _page(_full()) == _page(_full())


def test_only_the_revision_of_the_day_counts_however_much_was_learned(opened: Opener) -> None:
    """Re-reading a review after its own edits must not make the map look wiser than it was."""
    page = opened(_page(_full(), of=_learned(history(MAP))))
    assert "Of 5 observed cascades the map of 2023-06-01 (declared) had 1;" in _text(page, ".upshot")
    assert "of 4 gaps 2 are open" in _text(page, ".upshot")
    assert "The gap was answered by" in _text(page, ".questions")


@pytest.mark.parametrize(("name", "options"), [
    ("incident", {}),
    ("incident-replay", {"fragment": "INC-1&at=9"}),
    ("incident-phone", {"width": 390, "height": 844}),
    ("incident-dark", {"dark": True}),
])  # fmt: skip
def test_it_looks_as_it_did(opened: Opener, tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    """UPDATE_GOLDEN=1 takes the pictures anew: look at each."""
    page = opened(_page(_full()), **options)
    check_picture(name, page.screenshot(), tmp_path)
