"""The form of a review: a graph in, a page that asks what ``pir new`` asks and downloads what was written there out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from riskgraph.documents import parse_document
from riskgraph.history import Snapshot
from riskgraph.model import Element
from riskgraph.pages.form import NOT_ASKED, SECTIONS, form_page
from riskgraph.pages.page import Source
from riskgraph.pir.blank import new_pir
from riskgraph.pir.form import FORM
from riskgraph.pir.read import parse_pir
from riskgraph.pir.template import WRAPPER
from tests.builders import cascade, element, graph
from tests.pages.accessibility import list_barriers
from tests.pages.hostile import TEXTS
from tests.pages.pictures import check_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browser import Opener

START: Final = datetime(2024, 2, 15, 3, 0, tzinfo=UTC)
ADD: Final = (
    "() => document.querySelectorAll('#form .entries + button').forEach(button => { button.click(); button.click(); })"
)
"""Adds two entries to each list."""
FILL: Final = """texts => [...document.querySelectorAll('#form input, #form textarea')]
  .filter(input => !['radio', 'checkbox'].includes(input.type)).map((input, number) => {
    const text = Array.isArray(texts) ? texts[number % texts.length] : texts;
    if (input.type === 'date') input.value = `2024-03-${String(number % 28 + 1).padStart(2, '0')}`;
    else if (input.type === 'number') input.value = String(number + 1);
    else input.value = text === null ? `text ${number} here` : text;
    input.dispatchEvent(new Event('input', {bubbles: true}));
    input.dispatchEvent(new Event('change', {bubbles: true}));
    return input.value;
  })"""
"""Writes into every field, as a person would, and gives what then stands in each."""

TAKE: Final = """async () => {
  const {createObjectURL} = URL;
  const hold = event => event.target.download && event.preventDefault();
  document.addEventListener('click', hold, true);
  const blob = await new Promise(done => {
    URL.createObjectURL = blob => { done(blob); return '#'; };
    document.getElementById('download').click();
  });
  URL.createObjectURL = createObjectURL;
  document.removeEventListener('click', hold, true);
  return await blob.text();
}"""
"""Presses the button to download and gives the text without a file."""


def known(name: str = "Name of M-1", *further: Element) -> Snapshot:
    """Two cascades out of R-1, with a mitigation and an indicator."""
    return Snapshot(
        graph(
            cascade("R-1", "R-2", 0.4), cascade("R-1", "R-3"),
            element("risk", id="R-1", escalation={"to": "Duty manager"}),
            element("mitigation", id="M-1", name=name), element("mitigates", mitigation="M-1", risk="R-1"),
            element("indicator", id="I-1"), element("watches", indicator="I-1", risk="R-1"), *further,
            risks="R-2 R-3",
        ),
        1,
    )  # fmt: skip


def form(snapshot: Snapshot | None = None, risk: str = "R-1") -> str:
    """The form of a risk."""
    return form_page(risk, snapshot or known(), START, Source("g", 1, "2024-02-15"))


def downloaded(page: Page) -> str:
    """What the page's button gives."""
    with page.expect_download() as download:
        page.click("#download")
    path: Path = download.value.path()
    return path.read_text("utf-8")


def written(page: Page) -> str:
    """The same text, taken from the page before it is a file: for tests that want it a hundred times."""
    text: str = page.evaluate(TAKE)
    return text


def content(text: str) -> dict[str, Any]:
    """The review in a file's text."""
    found: dict[str, Any] = parse_document(text).data[WRAPPER]
    return found


def texts_in(value: Any, loc: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], str]:
    """Every text of a review, by its place."""
    if isinstance(value, dict):
        return {at: text for name, part in value.items() for at, text in texts_in(part, (*loc, name)).items()}
    if isinstance(value, list):
        return {at: text for number, part in enumerate(value) for at, text in texts_in(part, (*loc, number)).items()}
    return {loc: getattr(value, "text", str(value))}


def test_every_field_of_a_review_is_asked_for() -> None:
    """A field that the model gained and the page did not would be one that risk leads cannot fill in."""
    asked = [name for names in SECTIONS.values() for name in names]
    assert sorted([*asked, *NOT_ASKED]) == sorted(FORM.fields)


def test_the_same_input_gives_the_same_bytes() -> None:
    """A form is compared and kept like any other output."""
    assert form() == form()


def test_a_form_where_nothing_is_answered_downloads_what_pir_new_writes(opened: Opener) -> None:
    """Two ways to a blank review that differ are two lists of questions."""
    for risk in ("R-1", "R-3"):
        page = opened(form(risk=risk))
        assert downloaded(page) == new_pir(risk, known(), START)


def test_what_is_typed_is_what_is_read(opened: Opener) -> None:
    """Whatever the text, and whichever the field: what the reader of reviews gets is what was written there."""
    page = opened(form())
    page.evaluate(ADD)
    marked = page.evaluate(FILL, None)
    places = {text: at for at, text in texts_in(content(downloaded(page))).items()}
    fields = {number: places[text] for number, text in enumerate(marked) if text in places}
    assert len(fields) == len(marked) > 60
    for number in range(len(TEXTS)):
        turned = [*TEXTS[number:], *TEXTS[:number]][:61]
        typed = page.evaluate(FILL, turned)
        read = texts_in(content(written(page)))
        for place, text in enumerate(typed):
            if text.strip():
                assert read[fields[place]] == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_a_review_of_any_text_is_one_that_check_accepts(opened: Opener) -> None:
    """Only what has a form of its own, such as an id, can be wrong."""
    page = opened(form())
    page.evaluate(ADD)
    for number in range(0, len(TEXTS), 10):
        text = TEXTS[number:] + TEXTS[:number]
        page.evaluate(FILL, list(text))
        for field in page.get_by_label("ID", exact=True).all():
            field.fill("X-1")
        for label, right in {
            "Incident ID": "INC-1", "Started at": "2024-02-15T03:00:00Z", "Timezone": "UTC", "Period": "6 months",
            "Duration": "4h", "Detection time": "", "Expected detection": "",
        }.items():  # fmt: skip
            page.get_by_label(label, exact=True).fill(right)
        page.get_by_label("Date", exact=True).fill("2024-02-15")
        pir, findings = parse_pir(parse_document(written(page)))
        assert pir is not None, (text[0], [str(one) for one in findings if one.level == "error"])
        assert pir.incident_id == "INC-1"


FOREIGN: Final = (
    "incident_id: &a INC-1\n", "incident_id: |\n  x\n", "timeline: no list\n", "unheard: x\n", "a\n", "", "\tx: y\n",
    "detection:\n  how: x\n", 'title: "half\n', "incident_id: a\nincident_id: b\n", "actions: {immediate: [1]}\n",
)  # fmt: skip
"""Files that are no review, or one that is written otherwise."""


def test_answers_are_read_as_answers(opened: Opener) -> None:
    """What a person chose is a claim, and what nobody looked at is none."""
    page = opened(form())
    page.get_by_label("Incident ID").fill("INC-7")
    page.get_by_label("Near miss: contained, or not in full").check()
    first, second = page.locator("fieldset.known").filter(has_text="R-1 \u2192").all()
    first.get_by_label("Did it happen? Happened at").fill("03:40")
    second.get_by_label("Checked, and not affected").check()
    page.locator("fieldset.known").filter(has_text="M-1").get_by_label("Not in place").check()
    page.locator("fieldset.known").filter(has_text="I-1").get_by_label("Too late").check()
    page.get_by_label("Duty manager").check()
    page.get_by_label("When At").fill("03:10")
    page.get_by_role("button", name="Add a cascade that nobody had mapped").click()
    page.keyboard.press("Tab")
    page.keyboard.type("Partners wait")
    page.locator(".entries").filter(has=page.get_by_label("Evidence")).get_by_label("Happened, time unknown").check()
    asked = page.get_by_role("group", name="Were the cascades on the map?", exact=True)
    asked.get_by_label("Partially").check()
    immediate = page.get_by_role("group", name="Immediate", exact=True)
    immediate.get_by_label("Action", exact=True).fill("Tell partners")
    immediate.get_by_label("Owner").fill("Ada")
    immediate.get_by_label("Due").fill("2024-03-01")
    immediate.get_by_text("The questions whose gap this closes.").click()
    immediate.get_by_label("Were the cascades on the map?").check()
    page.get_by_label("Count").fill("3")
    page.get_by_label("Period").fill("6 months")
    page.get_by_label("Amount").fill("42000.5")
    text = downloaded(page)
    pir, findings = parse_pir(parse_document(text))
    assert pir is not None, [str(one) for one in findings]
    assert (pir.incident_id, pir.kind, pir.loss, pir.occurrences and pir.occurrences[0]) == (
        "INC-7",
        "near_miss",
        42000.5,
        3,
    )
    assert pir.observed is not None
    assert [(step.from_, step.to, step.at and step.at.minute) for step in pir.observed] == [
        ("R-1", "R-2", 40), (None, "Partners wait", None),
    ]  # fmt: skip
    assert [pair.to for pair in pir.checked] == ["R-3"]
    assert [one.worked for one in pir.mitigations] == ["not_in_place"]
    assert [one.fired for one in pir.indicators] == ["too_late"]
    assert (pir.escalation_to, pir.escalation_at and pir.escalation_at.minute) == ("Duty manager", 10)
    assert pir.answers["cascades_predicted"].claim == "partially"
    assert pir.answers["in_register"].claim is None
    assert [(one.owner, str(one.due), one.answers) for one in pir.actions] == [
        ("Ada", "2024-03-01", ("cascades_predicted",))
    ]
    assert page.inner_text("#progress-text").startswith("10 of ")


def test_a_review_is_loaded_again(opened: Opener, tmp_path: Path) -> None:
    """A review takes days: what was downloaded is taken up where it was left, and nothing in it is lost."""
    page = opened(form())
    page.evaluate(ADD)
    page.evaluate(FILL, list(TEXTS[:61]))
    page.get_by_label("Near miss: contained, or not in full").check()
    text = downloaded(page).replace(
        "\n  timeline:", '\n  language: "de"\n  ignore:\n    - {rule: "x", reason: "y"}\n\n  timeline:'
    )
    file = tmp_path / "half.yaml"
    file.write_text(text, "utf-8", newline="\n")
    again = opened(form())
    again.set_input_files("input[type=file]", file)
    again.get_by_text("The review was loaded").wait_for(state="attached")
    assert content(downloaded(again)) == content(text)
    assert again.inner_text("#progress-text") == page.inner_text("#progress-text")


def test_a_review_written_by_hand_is_loaded_or_refused_as_a_whole(opened: Opener, tmp_path: Path) -> None:
    """Half of a file taken over would be the other half lost."""
    page = opened(form())
    file = tmp_path / "hand.yaml"
    blank = new_pir("R-1", known(), START)
    file.write_text(
        blank.replace('"INC-XXXX"', "INC-9  # ours").replace(
            'to: "R-2", at: "[HH:MM|yes|no|not looked]"', "to: R-2, at: 03:40"
        )
    )
    page.set_input_files("input[type=file]", file)
    page.get_by_text("The review was loaded").wait_for(state="attached")
    assert content(downloaded(page)) == content(file.read_text())
    for broken in FOREIGN:
        file.write_text(broken)
        page.set_input_files("input[type=file]", file)
        page.wait_for_selector("#unread:not([hidden])")
        assert written(page) == blank, broken


def test_what_check_would_refuse_is_said_while_it_is_typed(opened: Opener) -> None:
    """A hint that comes with the file's refusal comes too late; and no hint keeps a file from being downloaded."""
    page = opened(form())
    for label, wrong in {
        "Incident ID": "7 up", "Started at": "yesterday", "Timezone": "Mars/Base", "Detection time": "0:40",
        "Period": "often",
    }.items():  # fmt: skip
        field = page.get_by_label(label, exact=True)
        field.fill(wrong)
        field.blur()
    assert len([text for text in page.locator(".advice").all_inner_texts() if text]) == 6  # A period wants a count.
    assert "7 up" in downloaded(page)


def test_leaving_with_unsaved_answers_is_asked_about(opened: Opener) -> None:
    """An hour's work is not lost to a closed tab; who has typed nothing is not bothered."""
    page = opened(form())
    asks = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert not page.evaluate(asks)
    page.get_by_label("Incident ID").fill("INC-1")
    assert page.evaluate(asks)
    downloaded(page)
    assert not page.evaluate(asks)


@pytest.mark.parametrize("dark", [False, True])
def test_nobody_is_kept_out(opened: Opener, tmp_path: Path, *, dark: bool) -> None:
    """Labels, contrast, and a width of a phone."""
    page = opened(form(), dark=dark, width=390, height=844)
    page.get_by_label("Incident ID").fill("7 up")
    page.get_by_label("Incident ID").blur()
    page.evaluate(ADD)
    assert list_barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate("scrollTo(0, 0)")
    check_picture(f"form-phone{'-dark' if dark else ''}", page.screenshot(), tmp_path)


def test_no_text_of_a_register_runs(opened: Opener) -> None:
    """Names and roles come from registers that strangers wrote."""
    named = [element("risk", id=f"R-{number}", name=text) for number, text in enumerate(TEXTS, 10)]
    reached = [cascade("R-9", one.key[1]) for one in named]
    further = [element("mitigates", mitigation="M-1", risk="R-9"), *named, *reached]
    for text in TEXTS[::20]:
        snapshot = known(text, element("risk", id="R-9", name=text, escalation={"to": text}), *further)
        assert written(opened(form(snapshot, "R-9"))) == new_pir("R-9", snapshot, START)


def test_it_looks_as_it_did(opened: Opener, tmp_path: Path) -> None:
    """A form that falls apart keeps people from writing."""
    page = opened(form())
    check_picture("form", page.screenshot(), tmp_path)
    page.evaluate("document.getElementById('section-3').scrollIntoView()")
    check_picture("form-cascades", page.screenshot(), tmp_path)
