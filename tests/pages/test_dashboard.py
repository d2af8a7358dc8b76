"""Takes stores with reviews, few data, nothing and hostile texts in them, shows what a manager is given to read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from riskgraph.cli import run
from riskgraph.edits import add
from riskgraph.history import History
from riskgraph.metrics.window import Window
from riskgraph.model import Element
from riskgraph.pages.board import survey
from riskgraph.pages.dashboard import render_dashboard
from riskgraph.pages.page import Source
from riskgraph.report.escape import visible
from riskgraph.report.figures import format_share_interval
from riskgraph.store import open_store
from tests.builders import after, cascade, element, graph, history
from tests.pages.accessibility import list_barriers
from tests.pages.hostile import TEXTS
from tests.pages.pictures import check_picture
from tests.program import Cli, in_this_process

if TYPE_CHECKING:
    from tests.pages.browser import Opener

PORT = Path(__file__).parents[2] / "examples" / "port"
STORE = "sqlite:///riskgraph.db"
WINDOW = ("--since", "2023-06-01", "--until", "2025-07-31")
SHARES = ("in_register", "cascades_predicted", "mitigations_worked")


class Read(HTMLParser):
    """What a page says: the numbers in full of each card and table, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cards: dict[str, list[float]] = {}
        self.texts: dict[str, str] = {}
        self.tables: dict[str, list[list[str | float]]] = {}
        self.tallies: dict[str, float] = {}
        self.lead = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._card = self._table = self._term = ""
        self._row: list[str | float] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        named = dict(attrs)
        if tag in {"meta", "link", "input"}:
            return
        self._open.append((tag, named))
        if tag == "article":
            self._card = named["id"] or ""
            self.cards[self._card], self.texts[self._card] = [], ""
        elif tag == "div" and named.get("class") == "table-frame":
            self._table = named["aria-label"] or ""
            self.tables.setdefault(self._table, [])
        elif tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._row.append("")
        elif tag == "data":
            number = float(named["value"] or "")
            if self._inside("td") or self._inside("th"):
                self._row[-1] = number
            elif self._inside("article"):
                self.cards[self._card].append(number)
            elif self._inside("dl"):
                self.tallies[self._term] = number

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those that were left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "tr" and self._table:
            self.tables[self._table].append(self._row)

    def handle_data(self, data: str) -> None:
        """A text, where it stands."""
        if self._inside("article"):
            self.texts[self._card] += data
        if self._open and self._open[-1] == ("p", {"class": "lead"}):
            self.lead += data
        if self._open and self._open[-1][0] == "dt":
            self._term = data
        if self._open and self._open[-1][0] in {"td", "th"}:
            self._row[-1] = str(self._row[-1]) + data

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose store has the port's register, all of its reviews, and a near miss without one."""
    folder = tmp_path_factory.mktemp("dashboard") / "port"
    shutil.copytree(PORT, folder)
    with chdir(folder):
        for command in (
            ["import", "register.yaml"],
            ["propose", "pirs", "-o", "proposal.yaml"],
            ["apply", "proposal.yaml", "--accept", "derived", "--yes", "--effective-on", "2025-07-01"],
            ["incident", "log", "INC-2025-030", "--started-at", "2025-07-10", "--kind", "near_miss"],
        ):
            assert run([*command, "--store", STORE]) == 0
    return folder


@pytest.fixture
def cli(
    port: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Cli]:
    """The program in a copy of that folder; it is 1 August 2025."""
    shutil.copytree(port, tmp_path / "port")
    monkeypatch.chdir(tmp_path / "port")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1754006400")
    monkeypatch.setenv("RISKGRAPH_STORE", STORE)
    return in_this_process(capsys)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def page(port: Path) -> str:
    """The port's dashboard, with nothing in it that the clock or chance decides."""
    with chdir(port):
        store = open_store(STORE)
        try:
            past = History(store.revisions())
        finally:
            store.close()
    return show(past, Window(date(2023, 6, 1), date(2025, 7, 31)), date(2025, 8, 1))


def show(past: History, window: Window, today: date) -> str:
    """The page of a history."""
    return render_dashboard(survey(past, window, today), Source("0192", past.latest))


def few() -> History:
    """A register with one risk, and one incident that nobody has reviewed."""
    first = history(graph(element("risk", id="RISK-1", likelihood=2)))
    one = element("incident", id="INC-1", risk="RISK-1", started_at="2024-02-01")
    return after(first, [add(one)], effective="2024-02-02")


class TestNumbers:
    """What the page says is what the commands say."""

    @pytest.fixture
    def read(self, cli: Cli) -> Read:
        """The page, read back."""
        assert cli("report", "--dashboard", "-o", "loop.html", *WINDOW).code == 0
        return Read(Path("loop.html").read_text("utf-8"))

    def test_cards_are_the_metrics(self, cli: Cli, read: Read) -> None:
        """A manager's number that differs from the analyst's is the end of both."""
        metrics = cli("metrics", *WINDOW, "--format", "json").json["metrics"]
        assert list(read.cards) == list(metrics)
        for name in SHARES:
            one = metrics[name]
            assert read.cards[name][0] == one["value"]
            assert f"{one['k']} of {one['n']}" in read.texts[name]
            assert f"{format_share_interval(one['interval'])}" in read.texts[name]
        gap = metrics["probability_gap"]
        assert read.cards["probability_gap"][:4] == [gap["gap"], gap["predicted"], gap["absolute"], gap["brier"]]
        assert f"n = {gap['observed']} occurrences, {gap['risk_years']} risk-years" in read.texts["probability_gap"]
        late = metrics["detection"]
        assert read.cards["detection"][:3] == [late["median"], late["mean"], late["share_within"]["value"]]
        for name, text in read.texts.items():
            vouched = metrics[name]["sealed"]
            assert not vouched["n"] or f"sealed{vouched['k']} of {vouched['n']}" in text.replace("\n", "")
            assert not metrics[name]["missing"] or ", ".join(metrics[name]["missing"]) in text

    def test_charts_have_their_numbers_beside_them(self, cli: Cli, read: Read) -> None:
        """A picture without its numbers cannot be checked, and cannot be heard."""
        metrics = cli("metrics", *WINDOW, "--format", "json").json["metrics"]
        titles = ("Incidents in the register", "Cascades predicted", "Mitigations that worked")
        for name, title in zip(SHARES, titles, strict=True):
            rows = read.tables[f"{title}, by quarter"][1:]
            quarters = {quarter: one for quarter, one in metrics[name]["by_quarter"].items() if one["n"]}
            assert [(row[0], row[2], row[3]) for row in rows] == [
                (q, one["k"], one["n"]) for q, one in quarters.items()
            ]
            assert [row[1] for row in rows] == [
                "too few" if one["value"] is None else one["value"] for one in quarters.values()
            ]
        rows = read.tables["Predicted and actual probability, by quarter"][1:]
        gaps = metrics["probability_gap"]["by_quarter"]
        assert {row[0]: (row[1], row[2], row[4]) for row in rows} == {
            quarter: (one["predicted"], one["observed"], one["gap"]) for quarter, one in gaps.items()
        }

    def test_beyond_the_five(self, cli: Cli, read: Read) -> None:
        """The other tables are those of the command as well."""
        data = cli("metrics", *WINDOW, "--format", "json").json
        claims = read.tables["Claims against verdicts"][1:]
        assert [(row[0], row[1], row[2]) for row in claims] == [
            (one["question"].replace("_", " "), one["agreed"]["k"], one["agreed"]["n"]) for one in data["claims"]
        ]
        learned = read.tables["Each incident by both maps"][1:]
        assert [(row[1], row[3], row[5]) for row in learned] == [
            (one["incident"], one["recall"], one["surprise_bits"]) for one in data["learning"]["series"]
        ]
        assert [row[4] for row in read.tables["Reliability of the forecasts"][1:]] == [
            one["happened"]["n"] for one in data["calibration"]["bins"]
        ]
        unseen = data["unseen"]
        said = "The next of the incidents is of a risk"
        assert read.tallies[f"{said} never seen before"] == unseen["risks"]["next_is_new"]["value"]
        assert read.tallies[f"{said} that nobody has written down"] == unseen["risks"]["next_is_unwritten"]["value"]
        assert read.tallies["How many cascades there are at least"] == unseen["cascades"]["total"]

    def test_what_the_loop_did_and_has_to_do(self, cli: Cli, read: Read) -> None:
        """Changes, gaps, actions and reviews that are due are those of their commands."""
        changes = cli("changes", *WINDOW, "--format", "json").json
        assert {name: read.tallies[name] for name in changes["counts"]} == changes["counts"]
        assert len(read.tables["Each change and its review"]) == 1 + len(changes["changes"]) > 1
        actions = cli("actions", "--format", "json").json
        assert {name: read.tallies[f"actions {name}"] for name in actions["counts"]} == actions["counts"]
        gaps = cli("gaps", "--open", "--format", "json").json["gaps"]
        assert [row[0] for row in read.tables["Gaps that are open"][1:]] == [one["incident"] for one in gaps]
        due = cli("pir", "due", "--format", "json").json["due"]
        assert [row[0] for row in read.tables["Reviews that are due"][1:]] == [one["incident"] for one in due] != []

    def test_what_is_needed_and_overdue_comes_first(self, cli: Cli, read: Read) -> None:
        """Planned but not implemented must be impossible to overlook."""
        mitigations = cli("actions", "--format", "json").json["mitigations"]
        needed = [one["id"] for one in mitigations if one["overdue_days"] and one["incidents"]]
        assert needed
        assert [row[0] for row in read.tables["Mitigations decided and not in place"][1:]][: len(needed)] == needed
        assert next(iter(read.tables)) == "Mitigations decided and not in place"
        assert read.lead.startswith(f"{len(needed)} of {len(mitigations)} mitigations that are decided")

    def test_the_same_bytes(self, cli: Cli, read: Read) -> None:
        """Pages are compared in git: the same store and day give the same file."""
        assert read.cards
        assert cli("report", "--dashboard", "-o", "again.html", *WINDOW).code == 0
        assert Path("again.html").read_bytes() == Path("loop.html").read_bytes()


def test_few_data_are_no_number() -> None:
    """One incident of one must not read as 100 %."""
    html = show(few(), Window(date(2024, 1, 1), date(2024, 6, 30)), date(2024, 7, 1))
    read = Read(html)
    assert "not enough data (n = 1)" in read.texts["in_register"]
    assert "4 more would give a number" in read.texts["in_register"]
    assert read.cards["in_register"] == []
    assert "100 %" not in read.texts["in_register"].replace("21 % to 100 %", "")
    assert read.lead == "1 of 1 events that happened has no review yet."
    assert 'class="whisker few"' in html


def test_a_long_history_says_what_it_leaves_out() -> None:
    """A page of ten thousand rows opens nowhere; what is left out is counted, not lost."""
    first = history(graph(cascade("RISK-1", "RISK-2"), risks="RISK-1 RISK-2"))
    found = [
        element(
            "incident", id=f"INC-{n}", risk="RISK-1", started_at=f"2024-{n // 28 + 1:02}-{n % 28 + 1:02}",
            pir="x.yaml", reached=[{"from": "RISK-1", "to": "RISK-2"}],
        )
        for n in range(300)
    ]  # fmt: skip
    past = after(first, [add(one) for one in found], effective="2024-12-31")
    html = show(past, Window(date(2024, 1, 1), date(2024, 12, 31)), date(2025, 1, 1))
    assert "100 more are not shown here" in html
    assert "the newest 60 of 300 incidents" in html
    learned = Read(html).tables["Each incident by both maps"]
    assert [row[0] for row in learned[1:]] == list(range(241, 301))


def test_nothing_at_all() -> None:
    """A new store has a page that says so, and neither fails nor invents."""
    read = Read(show(History(), Window(date(2024, 1, 1), date(2024, 1, 1)), date(2024, 1, 1)))
    assert read.lead == "Nothing that happened in this time is on record (n = 0)."
    assert not any(read.cards[name] for name in ("in_register", "probability_gap", "cascades_predicted", "detection"))


class TestCommand:
    """What the command takes and refuses."""

    def test_markdown_stands_alone(self, cli: Cli) -> None:
        """A page of a wiki has the same tables."""
        result = cli("report", "--dashboard", "--format", "markdown", *WINDOW)
        assert result.code == 0
        assert "mitigations that are decided and not in place" in result.out
        for title in ("Shares", "Does the loop learn", "Gaps that are open", "Reviews that are due"):
            assert f"# {title}\n" in result.out

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (("-o", "loop.svg"), "there is no dashboard as svg"),
            (("-o", "loop.pdf"), "there is no page of that suffix"),
            ((), "name the file to write"),
            (("-o", "loop.html", "pirs"), "ask for one at a time"),
            (("-o", "loop.html", "--around", "PORT-1"), "--around is for the map: leave it out with --dashboard"),
            (("-o", "loop.html", "--since", "2025-01-01", "--until", "2024-01-01"), "swap them"),
            (("-o", "loop.html", "--since", "soon"), "--since"),
            (("-o", "no/such/folder/loop.html"), "cannot be written"),
        ],
    )
    def test_what_cannot_be(self, cli: Cli, args: tuple[str, ...], said: str) -> None:
        """A mistake is one line, and no file is begun."""
        result = cli("report", "--dashboard", *args)
        assert result.code == 2
        assert said in result.err
        assert len(result.err.splitlines()) == 1
        assert not list(Path().glob("loop.*"))

    def test_a_window_needs_the_dashboard(self, cli: Cli) -> None:
        """A map has no window; an option that does nothing is a trap."""
        result = cli("report", "-o", "map.html", "--since", "2024-01-01")
        assert (result.code, "--since is for --dashboard" in result.err) == (2, True)

    def test_no_store(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a store there is nothing to measure."""
        monkeypatch.setenv("RISKGRAPH_STORE", "sqlite:///none.db")
        assert cli("report", "--dashboard", "-o", "loop.html").code == 6

    def test_as_of(self, cli: Cli) -> None:
        """As of a day the page knows nothing that was learned after it."""
        assert cli("report", "--dashboard", "-o", "loop.html", "--as-of", "2025-01-31").code == 0
        read = Read(Path("loop.html").read_text("utf-8"))
        assert read.lead == "Nothing that happened in this time is on record (n = 0)."


class TestInChromium:
    """What people see and do."""

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize("width", [1400, 390])
    def test_everybody_can_read_it(self, opened: Opener, page: str, width: int, *, dark: bool) -> None:
        """No barrier, no page wider than its window, in light and dark, open and shut."""
        shown = opened(page, width=width, height=900, dark=dark)
        for one in shown.locator("summary").all():
            one.click()
        assert list_barriers(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width

    def test_printed(self, opened: Opener, page: str) -> None:
        """A page of paper is not scrolled: nothing may stand beside it."""
        shown = opened(page, width=794, height=1123)
        shown.emulate_media(media="print")
        assert shown.evaluate("document.documentElement.scrollWidth") <= 794
        assert not shown.locator("#split-tool").is_visible()
        assert shown.locator("p.lead").is_visible()

    def test_splits(self, opened: Opener, page: str) -> None:
        """One split at a time, by keyboard as well, and the address brings it back."""
        shown = opened(page)
        assert [shown.locator(f"[data-split={by}]").is_visible() for by in ("kind", "category", "severity")] == [
            True, False, False
        ]  # fmt: skip
        shown.get_by_label("Split by").select_option("severity")
        assert shown.evaluate("location.hash") == "#by=severity"
        assert shown.get_by_role("heading", name="By severity").is_visible()
        assert not shown.get_by_role("heading", name="By kind").is_visible()
        again = opened(page, fragment="by=category")
        assert again.get_by_role("heading", name="By category").is_visible()
        assert opened(page, fragment="by=nonsense").get_by_role("heading", name="By kind").is_visible()

    def test_without_scripts(self, opened: Opener, page: str) -> None:
        """It is a document: everything is there before any script runs."""
        shown = opened(page, scripts=False)
        assert all(shown.locator(f"[data-split={by}]").is_visible() for by in ("kind", "category", "severity"))
        assert not shown.locator("#split-tool").is_visible()

    def test_hostile_texts_run_nothing(self, opened: Opener) -> None:
        """What strangers write into a register or a review is shown, and does nothing."""
        html = show(hostile(), Window(date(2024, 1, 1), date(2024, 12, 31)), date(2025, 1, 1))
        shown = opened(html)
        for one in shown.locator("summary").all():
            one.click()
        text = " ".join((shown.locator("body").text_content() or "").split())
        for said in TEXTS:
            assert " ".join(visible(said, keep="\n").split()) in text
        assert shown.evaluate("document.documentElement.scrollWidth") <= 1400

    @pytest.mark.parametrize("width", [1400, 390])
    def test_looks_as_it_was_left(self, opened: Opener, page: str, tmp_path: Path, width: int) -> None:
        """A change of a style sheet that moves something is seen by a person before it is kept."""
        shown = opened(page, width=width, height=900)
        check_picture(f"dashboard-{width}", shown.screenshot(), tmp_path)


def hostile() -> History:
    """Every text that strangers may write, in every field of what the page shows."""
    elements: list[Element] = []
    later: list[Element] = []
    for n, text in enumerate(TEXTS, 1):
        about: dict[str, Any] = {"name": text or "-", "owner": text or "-"}
        elements += [
            element("risk", id=f"RISK-{n}", likelihood=2, category=text or "-", **about),
            element("mitigation", id=f"MIT-{n}", status="planned", due="2024-01-01", **about),
            element("mitigates", mitigation=f"MIT-{n}", risk=f"RISK-{n}", effectiveness=0.5),
        ]
        later += [
            element(
                "incident", id=f"INC-{n}", name=text or "-", risk=f"RISK-{n}", started_at="2024-02-01", severity=text,
                claims={"in_register": text}, verdicts={"in_register": "yes", "mitigation_worked": text}, pir=text,
                tested=[{"mitigation": f"MIT-{n}", "outcome": "failed"}],
            ),
            element("action", id=f"ACT-{n}", text=text, due="2024-03-01", incident=f"INC-{n}", **about),
        ]  # fmt: skip
    first = history(graph(*elements))
    return after(first, [add(one) for one in later], effective="2024-03-01")
