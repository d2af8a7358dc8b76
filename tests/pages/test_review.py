"""The page of a proposal: edits to decide on in, the same file with a person's decisions out."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from riskgraph.edits import Because, Edit, add, change, remove
from riskgraph.errors import RiskGraphError
from riskgraph.history import History
from riskgraph.pages.page import Source
from riskgraph.pages.review import review_page
from riskgraph.proposal.apply import plan_apply
from riskgraph.proposal.file import Decided, Proposal, Unanswered, dump_proposal, read_proposal
from riskgraph.store import open_store
from tests.builders import after, cascade, element, graph, history
from tests.pages.accessibility import list_barriers
from tests.pages.hostile import TEXTS
from tests.pages.pictures import check_picture
from tests.program import in_this_process

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.pages.browser import Opener

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "data-platform"
RISK: Final = element("risk", id="RISK-1", likelihood=2, name="Feed stops")
PLANNED: Final = element("mitigation", id="MIT-1", status="planned", name="Second feed")
PAST: Final = history(
    graph(
        RISK, PLANNED, element("mitigates", mitigation="MIT-1", risk="RISK-1"), cascade("RISK-1", "RISK-2", 0.3),
        cascade("RISK-2", "RISK-3", 0.2), risks="RISK-2 RISK-3",
    )
)  # fmt: skip
CHOOSE: Final = """chosen => {
  for (const radio of document.querySelectorAll('[data-entry] input[type=radio]')) {
    const entry = radio.closest('[data-entry]').dataset.entry.split(' ').map(Number);
    const taken = entry.filter(number => chosen.includes(number));
    const wanted = entry.length > 1 ? String(taken[0] ?? 'later') : taken.length ? 'accept' : 'pending';
    if (radio.value === wanted) radio.checked = true;
  }
  document.getElementById('content').dispatchEvent(new Event('input'));
  const lines = [...document.querySelectorAll('#problem-list li')];
  return lines.filter(line => !line.textContent.includes('is recorded without')).length;
}"""
"""Accepts these edits and no others, and gives how many problems the page then sees."""
REJECT: Final = """([number, text]) => {
  document.getElementById(`reject-${number}`).checked = true;
  document.getElementById(`reason-${number}`).value = text;
}"""
"""Rejects an edit with a reason."""


def edits() -> list[Edit]:
    """One of everything: changes, a new risk and what rests on it, alternatives, a removal, an action."""
    said = Because(field="risk_process_audit.probability_accurate.action", line=7, text="Adjust P from 2 to 4")
    explicit: dict[str, Any] = {"incident": "INC-1", "because": said, "confidence": "explicit"}
    incident = element(
        "incident", id="INC-1", kind="incident", started_at="2024-02-15T03:00:00+00:00", risk="RISK-1",
        reached=[{"from": "RISK-1", "to": "RISK-9"}],
    )  # fmt: skip
    return [
        change(RISK, {"likelihood": 4}, answers=("probability_accurate",), **explicit),
        add(element("risk", id="RISK-9", name="Partners wait"), **explicit),
        add(cascade("RISK-1", "RISK-9", 0.67, delay="20m"), **explicit),
        change(cascade("RISK-1", "RISK-2", 0.3), {"probability": 0.5}, incident="INC-1", confidence="derived"),
        add(cascade("RISK-1", "RISK-3"), incident="INC-1", confidence="suggested", oneof="text"),
        add(cascade("RISK-3", "RISK-1"), incident="INC-1", confidence="suggested", oneof="text"),
        remove(cascade("RISK-2", "RISK-3", 0.2), incident="INC-1", confidence="derived"),
        change(RISK, {"likelihood": 5}, incident="INC-1", confidence="derived"),
        add(incident, **explicit),
        add(element("action", id="INC-1-A1", text="Build it", horizon="short_term", incident="INC-1"), **explicit),
        add(element("implements", action="INC-1-A1", mitigation="MIT-1"), incident="INC-1", confidence="derived"),
    ]


def proposal_of(*given: Edit, **fields: Any) -> Proposal:
    """A proposal of these edits, or of one of everything, with two gaps."""
    gaps = (
        Unanswered(question="escalation_worked", gap="ESCALATION", incident="INC-1"),
        Unanswered(question="indicators_fired", gap="MONITOR", incident="INC-1"),
    )
    decided = tuple(Decided(edit) for edit in given or edits())
    return Proposal("g", 1, ("INC-1",), decided, gaps, **fields)


def page_of(text: str, folder: Path, past: History | None = PAST) -> str:
    """The page of a file's text."""
    file = folder / "proposal.yaml"
    file.write_bytes(text.encode())
    return review_page(read_proposal(file), text, file.name, Source("g", 1), past)


def saved(page: Page, folder: Path) -> Proposal:
    """The proposal that the page downloads."""
    with page.expect_download() as download:
        page.click("#download")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return read_proposal(file)


def decisions(proposal: Proposal) -> list[tuple[str, str]]:
    """The decision and the reason of each edit."""
    return [(one.decision, one.reason) for one in proposal.edits]


def is_refused(proposal: Proposal) -> bool:
    """Whether ``apply`` refuses what is accepted."""
    try:
        plan_apply(proposal, PAST, "g")
    except RiskGraphError:
        return True
    return False


def test_an_untouched_page_downloads_the_file_to_the_byte(opened: Opener, tmp_path: Path) -> None:
    """Comments, order and line ends are those of whoever wrote the file."""
    text = "# Mine\r\n" + dump_proposal(proposal_of()).replace("- op: change", "- op: change  # look", 1)
    page = opened(page_of(text, tmp_path))
    saved(page, tmp_path)
    assert (tmp_path / "proposal.yaml").read_bytes() == text.encode()


def test_decisions_are_what_the_file_then_says(opened: Opener, tmp_path: Path) -> None:
    """Accepted, rejected with a reason, left; a gap accepted with a reason; and every other line as it was."""
    text = dump_proposal(proposal_of())
    page = opened(page_of(text, tmp_path))
    page.locator("#accept-0").check()
    page.locator("#reject-3").check()
    page.locator("#reason-3").fill('not "ours"\n# really')
    page.locator("#take-5").check()
    page.locator("#reject-6").check()
    page.locator("#gap-reason-1").fill("known")
    assert page.inner_text("#progress-text") == "4 of 10 decided, 1 needs a reason, 1 of 2 gaps accepted"
    found = saved(page, tmp_path)
    wanted = [("pending", "")] * 11
    wanted[0], wanted[5], wanted[6] = ("accept", ""), ("accept", ""), ("reject", "")
    wanted[3] = ("reject", 'not "ours"\n# really')
    assert decisions(found) == wanted
    assert [gap.reason or "" for gap in found.unanswered] == ["", "known"]
    lines = (tmp_path / "proposal.yaml").read_text().split("\n")
    assert [line for line in text.split("\n") if line not in lines and "decision: pending" not in line] == []
    page.locator("#none-4").check()
    page.locator("#reason-4").fill("neither")
    assert decisions(saved(page, tmp_path))[4:6] == [("reject", "neither")] * 2


def test_decisions_of_the_file_are_shown_and_kept(opened: Opener, tmp_path: Path) -> None:
    """Who opens a file that a colleague has begun to decide on goes on from there, whatever program has saved it."""
    begun = proposal_of()
    some = (
        replace(begun.edits[0], decision="reject", reason="a reason that is long enough to be wrapped, " * 5),
        replace(begun.edits[1], decision="accept"),
        *begun.edits[2:4],
        replace(begun.edits[4], decision="reject", reason="no"),
        *begun.edits[5:],
    )
    gaps = (begun.unanswered[0].model_copy(update={"reason": "for a reason, " * 20}), begun.unanswered[1])
    begun = replace(begun, edits=some, unanswered=gaps)
    data = json.loads(json.dumps(begun.data()))
    for text in (dump_proposal(begun), yaml.safe_dump(data, default_flow_style=True), json.dumps(data, indent=2)):
        page = opened(page_of(text, tmp_path))
        assert page.locator("#reject-0").is_checked()
        assert decisions(saved(page, tmp_path)) == decisions(begun)
        page.locator("#accept-0").check()
        page.locator("#take-5").check()
        found = saved(page, tmp_path)
        assert decisions(found)[:6] == [
            ("accept", ""),
            ("accept", ""),
            *[("pending", "")] * 2,
            ("reject", "no"),
            ("accept", ""),
        ]
        assert [gap.reason or "" for gap in found.unanswered] == [gap.reason or "" for gap in gaps]


def test_bulk_never_takes_what_is_only_suggested(opened: Opener, tmp_path: Path) -> None:
    """What rests on similar words is a person's to decide, one by one; what was decided is not decided again."""
    page = opened(page_of(dump_proposal(proposal_of()), tmp_path))
    page.locator("#reject-2").check()
    page.get_by_role("button", name="Accept all explicit (4)").click()
    explicit = [one.decision for one in saved(page, tmp_path).edits]
    assert [n for n, said in enumerate(explicit) if said == "accept"] == [0, 1, 8, 9]
    page.get_by_role("button", name="Accept explicit and derived (4)").click()
    both = [one.decision for one in saved(page, tmp_path).edits]
    assert [n for n, said in enumerate(both) if said != "accept"] == [2, 4, 5]


def test_the_page_refuses_what_apply_refuses(opened: Opener, tmp_path: Path) -> None:
    """A problem that only shows at the command line comes after the person has gone; one that is none is in the way."""
    proposal = proposal_of()
    page = opened(page_of(dump_proposal(proposal), tmp_path))
    chance = random.Random(7)  # noqa: S311 - no secret
    refused = 0
    for _ in range(150):
        chosen = {n for n in range(len(proposal.edits)) if chance.random() < 0.5} - {chance.choice([4, 5])}
        problems = page.evaluate(CHOOSE, sorted(chosen))
        decided = tuple(
            replace(one, decision="accept" if n in chosen else "pending") for n, one in enumerate(proposal.edits)
        )
        assert bool(problems) is is_refused(replace(proposal, edits=decided)), sorted(chosen)
        refused += bool(problems)
    assert 20 < refused < 140


def test_a_problem_is_mended_where_it_is_said(opened: Opener, tmp_path: Path) -> None:
    """The way out stands beside the problem."""
    page = opened(page_of(dump_proposal(proposal_of()), tmp_path))
    page.locator("#accept-2").check()
    assert page.locator("#problem-list").inner_text().startswith("add cascade RISK-1 -> RISK-9 needs RISK-9")
    page.get_by_role("button", name="Accept risk RISK-9, too").click()
    assert page.locator("#problems").is_hidden()
    assert page.locator("#accept-1").is_checked()


def test_what_the_store_knows_is_said(opened: Opener, tmp_path: Path) -> None:
    """A person decides on the graph of today: what is stale, applied or rejected on record is marked."""
    proposal = proposal_of()
    accepted = tuple(replace(one, decision="accept") for one in proposal.edits[1:2])
    rejected = (replace(proposal.edits[3], decision="reject", reason="no"),)
    written = plan_apply(replace(proposal, edits=(*accepted, *rejected)), PAST, "g")
    now = after(after(PAST, written.edits, decisions=written.decisions), [change(RISK, {"likelihood": 3})])
    page = opened(page_of(dump_proposal(proposal), tmp_path, now))
    assert "risk RISK-1 has likelihood 3, not 2" in page.locator("#edit-0").inner_text()
    assert "applied already, in revision 2" in page.locator("#edit-1").inner_text()
    assert page.locator("#accept-1").is_hidden()
    assert "rejected in revision 2 by Ada: no" in page.locator("#edit-3").inner_text()
    page.locator("#accept-2").check()
    assert page.locator("#problems").is_hidden()
    page.locator("#accept-0").check()
    assert "stale" in page.locator("#problem-list").inner_text()


def test_all_of_a_repair_has_to_be_decided(opened: Opener, tmp_path: Path) -> None:
    """A content is adopted or restored as a whole."""
    edit = change(RISK, {"likelihood": 4}, because=Because(field="content"), confidence="derived")
    text = dump_proposal(Proposal("g", 1, (), (Decided(edit),), repairs="sha256:0"))
    page = opened(page_of(text, tmp_path))
    assert "1 left" in page.locator("#problem-list").inner_text()
    page.locator("#reject-0").check()
    assert page.locator("#problems").is_hidden()


def test_no_text_of_a_proposal_runs_and_every_reason_is_kept(opened: Opener, tmp_path: Path) -> None:
    """Proposals come out of reviews that strangers wrote, and reasons go into a file and a store."""
    given = [
        add(
            element("risk", id=f"RISK-{number}", name=text, description=text, owner=text, aliases=[text], tags=[text]),
            incident="INC-1", because=Because(field=text, line=1, text=text), confidence="suggested",
        )
        for number, text in enumerate(TEXTS, 100)
    ]  # fmt: skip
    named = graph(*(element("risk", id=f"OLD-{number}", name=text) for number, text in enumerate(TEXTS)))
    given += [
        change(named.risks[f"OLD-{number}"], {"owner": text}, incident="INC-1") for number, text in enumerate(TEXTS)
    ]
    proposal = proposal_of(*given)
    page = opened(page_of(dump_proposal(proposal), tmp_path, history(named)))
    for number, text in enumerate([*TEXTS, *TEXTS]):
        page.evaluate("number => { document.getElementById(`reject-${number}`).checked = true; }", number)
        page.evaluate(
            "([number, text]) => { document.getElementById(`reason-${number}`).value = text; }", [number, text]
        )
    typed = page.evaluate(
        "count => [...Array(count).keys()].map(number => document.getElementById(`reason-${number}`).value)", len(given)
    )
    found = saved(page, tmp_path)
    assert found.digest == proposal.digest
    assert decisions(found) == [("reject", text) for text in typed]


def test_everything_is_there_without_scripts_and_on_a_phone(opened: Opener, tmp_path: Path) -> None:
    """The page is a document: it is printed, and read where scripts are off."""
    html = page_of(dump_proposal(proposal_of()), tmp_path)
    page = opened(html, scripts=False, width=390, height=844)
    said = page.inner_text("main")
    for text in (
        "Partners wait",
        "Adjust P from 2 to 4",
        "line 7",
        "escalation worked",
        "At most one of these 2",
        "MONITOR gap",
    ):
        assert text in said
    assert opened(html, width=390, height=844).evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("dark", [False, True])
def test_nobody_is_kept_out(opened: Opener, tmp_path: Path, *, dark: bool) -> None:
    """Labels, headings, contrast; also of what is said when something is wrong."""
    page = opened(page_of(dump_proposal(proposal_of()), tmp_path), dark=dark)
    page.locator("#accept-2").check()
    page.locator("#reject-3").check()
    assert list_barriers(page) == []
    page.evaluate("scrollTo(0, 0)")
    check_picture(f"review{'-dark' if dark else ''}", page.screenshot(), tmp_path)


def test_leaving_with_decisions_that_were_not_saved_is_asked_about(opened: Opener, tmp_path: Path) -> None:
    """Half an hour of deciding is not lost to a closed tab."""
    page = opened(page_of(dump_proposal(proposal_of()), tmp_path))
    asks = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert not page.evaluate(asks)
    page.locator("#accept-0").check()
    assert page.evaluate(asks)
    saved(page, tmp_path)
    assert not page.evaluate(asks)


def test_what_was_decided_in_the_page_is_what_apply_writes(
    opened: Opener, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a review to a revision without a line of YAML."""
    shutil.copytree(EXAMPLE, tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    monkeypatch.delenv("RISKGRAPH_STORE", raising=False)
    cli = in_this_process(capsys)
    for command in ("init", "import register.yaml", "propose pirs -o proposal.yaml"):
        assert cli(*command.split()).code == 0
    assert cli("report", "--review", "proposal.yaml", "-o", "review.html").code == 0
    page = opened(Path("review.html"))
    page.get_by_role("button", name="Accept explicit and derived").click()
    given = read_proposal("proposal.yaml")
    refused = next(n for n, one in enumerate(given.edits) if one.edit.kind == "cascade" and one.edit.op == "add")
    page.locator(f"#reject-{refused}").check()
    page.locator(f"#reason-{refused}").fill("It was the storage: see RISK-104 # not this")
    page.locator("#gap-reason-0").fill("Accepted until spring")
    found = saved(page, tmp_path)
    assert cli("apply", tmp_path / "proposal.yaml", "--yes").code == 0
    with closing(open_store("sqlite:///riskgraph.db")) as store:
        past = History(store.revisions())
    written = past.revisions[-1]
    accepted = [one.edit.marker for one in found.edits if one.decision == "accept"]
    assert sorted(accepted) == sorted(edit.marker for edit in written.edits)
    assert len(accepted) == sum(one.edit.confidence != "suggested" for one in given.edits) - 1
    assert sorted((one.what, one.reason) for one in written.decisions) == [
        ("edit", "It was the storage: see RISK-104 # not this"), ("gap", "Accepted until spring"),
    ]  # fmt: skip
    again = cli("apply", tmp_path / "proposal.yaml", "--yes")
    assert "already applied" in again.err


def test_an_empty_proposal_is_a_page(opened: Opener, tmp_path: Path) -> None:
    """A review that asks for nothing still gives something to open."""
    text = dump_proposal(Proposal("g", 1, ("INC-1",)))
    assert opened(page_of(text, tmp_path, None)).inner_text("#progress-text") == "0 of 0 decided"
