"""Results as tables, annotations and JSON: what a reader must be able to rely on."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from riskgraph.edits import add, change, remove
from riskgraph.findings import Finding, Place
from riskgraph.history import History, Revision
from riskgraph.model import Cascade, Risk
from riskgraph.proposal.file import Decided, Proposal, Unanswered
from riskgraph.proposal.gaps import Answer, Gap, find_gaps
from riskgraph.report.elements import found_table, risk_tables, risks_data, show_data, show_tables
from riskgraph.report.envelope import (
    audit_data,
    diff_data,
    envelope,
    gaps_data,
    history_data,
    newest_revision,
    proposal_data,
    to_json,
)
from riskgraph.report.findings import findings_data, findings_table, findings_text, github
from riskgraph.report.plan import count_line, plan_data, plan_lines, plan_tables, plan_text
from riskgraph.report.render import render
from riskgraph.report.table import Table
from riskgraph.report.views import audit_tables, diff_tables, gaps_tables, history_tables, proposal_tables

if TYPE_CHECKING:
    from riskgraph.audit.audit import Audit
    from riskgraph.diff import Diff
    from riskgraph.findings import Level


@dataclass(frozen=True)
class Line:
    """Something kept, as an import says it."""

    text: str

    def describe(self) -> str:
        """The line."""
        return self.text


def cells(table: Table, column: str) -> list[object]:
    """The cells of one column."""
    index = table.columns.index(column)
    return [row[index] for row in table.rows]


def finding(level: Level, number: int, path: str = "a.yaml") -> Finding:
    """A finding with a place."""
    return Finding("rule-x", level, f"message {number}", Place(path, number, 2), "field")


class TestGithub:
    def test_limits(self) -> None:
        """GitHub drops what exceeds ten of a kind without a word: the rest is counted, of each kind by itself."""
        found = [finding("note", n) for n in range(1, 4)]
        found += [finding("warning", n) for n in range(1, 48)]
        found += [finding("error", n) for n in range(1, 11)]
        lines = github(found).splitlines()
        kinds = [line.split(" ")[0] for line in lines]
        assert kinds == ["::error"] * 10 + ["::warning"] * 10 + ["and"] + ["::notice"] * 3
        assert lines[20] == "and 37 more warnings"

    @pytest.mark.parametrize(
        ("place", "expected"),
        [
            (Place("a.yaml", 3, 7), "::warning file=a.yaml,line=3,col=7,title=r::m"),
            (Place("a.yaml", 3), "::warning file=a.yaml,line=3,title=r::m"),
            (Place("a.yaml"), "::warning file=a.yaml,title=r::m"),
            (Place(), "::warning title=r::m"),
            (Place("a,b:c%.yaml\nx"), "::warning file=a%2Cb%3Ac%25.yaml%0Ax,title=r::m"),
        ],
    )
    def test_places(self, place: Place, expected: str) -> None:
        """A property that is not known is left out, and a file's name adds none."""
        assert github([Finding("r", "warning", "m", place)]) == expected + "\n"

    def test_messages(self) -> None:
        """A message of two lines is one command."""
        assert github([Finding("r", "error", "50 %\n::error::x")]) == "::error title=r::50 %25%0A::error::x\n"

    def test_nothing(self) -> None:
        """No findings, no output: a stray empty line is no annotation."""
        assert github([]) == ""


def test_findings() -> None:
    """The table and the JSON form say the same, and what is not set is null."""
    found = [finding("error", 3), Finding("r", "note", "m")]
    table = findings_table(found)
    assert table.rows == (("a.yaml:3:2", "error", "message 3", "rule-x"), (None, "note", "m", "r"))
    keys = {"rule", "level", "message", "path", "line", "column", "field", "incident", "question", "gap"}
    first, second = findings_data(found)
    assert set(first) == set(second) == keys
    assert (first["path"], first["line"], first["column"], first["gap"]) == ("a.yaml", 3, 2, None)
    assert (second["path"], second["line"]) == (None, None)


def test_findings_text() -> None:
    """One line a finding, whatever is in it, so that an editor can jump to its place."""
    found = [
        finding("error", 3),
        Finding("r", "note", "a\nb \x1b[2K"),
        Finding("r", "note", "m", Place("x\x1b[2K.yaml", 1)),
    ]
    text = findings_text(found)
    assert text.splitlines() == [
        "a.yaml:3:2: error: message 3 [rule-x]", "note: a b \\u001b[2K [r]", "x\\u001b[2K.yaml:1: note: m [r]",
    ]  # fmt: skip
    assert findings_text(found, color=True).startswith("a.yaml:3:2: \x1b[31merror\x1b[0m: message 3")
    assert findings_text([]) == ""


class TestJson:
    def test_envelope(self) -> None:
        """Every output begins with its schema, its graph and its revision."""
        data = envelope("diff", graph_id=None, revision=None, incidents=[])
        assert list(data) == ["schema", "graph_id", "revision", "incidents"]
        assert data["schema"] == "riskgraph/diff/v1"

    def test_numbers_are_in_full(self) -> None:
        """A number that was rounded on its way out cannot be computed with."""
        assert json.loads(to_json({"p": 2 / 3, "q": 1e-17, "n": 3})) == {"p": 2 / 3, "q": 1e-17, "n": 3}

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_not_finite(self, value: float) -> None:
        """NaN is no JSON: other readers would refuse the whole output."""
        with pytest.raises(ValueError, match="JSON compliant"):
            to_json({"p": value})

    def test_text(self) -> None:
        """Text stays readable, a lone surrogate can be written, and no escape sequence reaches a terminal."""
        text = to_json({"name": "Z\u00fcrich", "bad": "\ud800\x9b31m\u202e\x7f"})
        assert "Z\u00fcrich" in text
        assert text.encode("utf-8").isascii() is False
        assert "\\ud800\\u009b31m\\u202e\\u007f" in text
        assert text.endswith("}\n")

    def test_diff(self, diffs: list[Diff]) -> None:
        """The revision is the newest that an incident was read as of, never today's; null without a store."""
        data = diff_data(diffs, graph_id="g-1")
        assert data["revision"] == 1
        assert data["recall"] == {"value": 1 / 3, "k": 1, "n": 3, "interval": data["recall"]["interval"]}
        assert [incident["incident"] for incident in data["incidents"]] == ["INC-7", "INC-8"]
        assert diff_data(diffs, graph_id=None)["revision"] is None
        assert diff_data(diffs[1:], graph_id="g-1")["revision"] is None
        assert newest_revision([]) is None

    def test_audit(self, audits: list[Audit]) -> None:
        """Six questions an incident, with the keys of the contract."""
        data = audit_data(audits, graph_id="g-1")
        assert (data["schema"], data["revision"]) == ("riskgraph/audit/v1", 1)
        for incident in data["incidents"]:
            assert len(incident["questions"]) == 6
            for question in incident["questions"]:
                assert set(question) == {
                    "question", "phase", "claim", "verdict", "agrees", "gap", "gap_from", "items", "evidence",
                }  # fmt: skip

    def test_history(self, history: History) -> None:
        """Counts, the declared date or null, and the chain."""
        data = history_data(history.revisions, "g-1")
        first, second = data["revisions"]
        assert data["revision"] == 2
        assert (first["edits"], second["edits"]) == (14, 3)
        assert (first["effective_on"], second["effective_on"]) == ("2023-06-01", None)
        assert second["previous"] == first["digest"]
        assert history_data((), None)["revision"] is None

    def test_gaps(self) -> None:
        """Open and answered are counted and told apart."""
        data = gaps_data(GAPS, graph_id="g-1", revision=2)
        assert data["counts"] == {"open": 1, "answered": 1}
        assert [gap["state"] for gap in data["gaps"]] == ["answered", "open"]

    def test_proposal(self, history: History) -> None:
        """The JSON form has the file's content, and graph and revision once, in front."""
        data = proposal_data(proposal(history), ["+ x"])
        assert list(data)[:3] == ["schema", "graph_id", "revision"]
        assert (data["graph_id"], data["revision"], data["base_revision"]) == ("g-1", 1, 1)
        assert data["plan"] == ["+ x"]
        assert data["remarks"] == ["look at RISK-9"]
        assert len(data["edits"]) == 3


GAPS = (
    Gap("INC-7", "probability_accurate", "QUANTIFY", "no", "underestimated", (Answer("edit", "~ risk RISK-1", 2),)),
    Gap("INC-7", "escalation_worked", "ESCALATION", None, "no", ()),
)


def proposal(history: History) -> Proposal:
    """A proposal of three edits, one of them decided."""
    first, *others = history.revisions[1].edits
    decided = (Decided(first, "reject", "not ours"), *(Decided(edit) for edit in others))
    gaps = (Unanswered(question="escalation_worked", gap="ESCALATION", incident=None, reason=None),)
    return Proposal("g-1", 1, ("INC-7",), decided, gaps, ("look at RISK-9",))


class TestTables:
    def test_diff(self, diffs: list[Diff]) -> None:
        """Verdicts, both delays, the path of an indirect step, and what stood in the way."""
        steps, predictions, *_, total = diff_tables(diffs)
        assert cells(steps, "verdict") == ["mapped", "indirect", "new_risk"]
        assert cells(steps, "path") == [None, "RISK-1 -> RISK-2 -> RISK-3", None]
        assert steps.notes == ("not in the register then: Partner feed is late",)
        assert cells(predictions, "blocked by") == [None, None, "MIT-2"]
        assert predictions.notes[0].startswith("recall 1/3 (95 % interval")
        assert predictions.notes[2].startswith("sealed")
        assert cells(total, "incident") == ["INC-7", "INC-8"]

    def test_unknown(self, diffs: list[Diff]) -> None:
        """An incident from before anything was recorded says so, and how to declare what was known."""
        *_, predictions = diff_tables(diffs[1:])
        assert "import with --effective-on or `since`" in predictions.notes[-1]

    def test_one_incident_has_no_total(self, diffs: list[Diff]) -> None:
        """A sum of one says nothing."""
        assert len(diff_tables(diffs[:1])) == 2
        assert diff_tables([]) == []

    def test_audit(self, audits: list[Audit]) -> None:
        """A contradicted claim stands out in words, and every evidence has its source."""
        questions, evidence, *_ = audit_tables(audits)
        assert cells(questions, "agrees") == ["yes", None, None, "NO", "yes", None]
        assert "mitigation_worked" in questions.notes[0]
        assert all(cells(evidence, "source"))

    def test_gaps(self) -> None:
        """What is open comes first."""
        (table,) = gaps_tables(GAPS)
        assert cells(table, "state") == ["open", "answered"]
        assert cells(table, "answered by") == [None, "edit in revision 2: ~ risk RISK-1"]
        assert table.notes == ("1 open, 1 answered",)

    def test_recorded_gaps(self, history: History) -> None:
        """The gaps of a history have the same form as made ones."""
        assert gaps_tables(find_gaps(history))[0].columns == gaps_tables(GAPS)[0].columns

    def test_proposal(self, history: History) -> None:
        """Each edit with its decision, and the gaps that no edit answers with their incident."""
        edits, gaps = proposal_tables(proposal(history))
        assert cells(edits, "decision") == ["reject", "pending", "pending"]
        assert cells(edits, "reason")[0] == "not ours"
        assert edits.notes == ("2 to add, 1 to change, 0 to remove, 0 kept", "look at RISK-9")
        assert cells(gaps, "incident") == ["INC-7"]

    def test_history(self, history: History) -> None:
        """Times are those recorded, in UTC; addresses of people are not needed to tell them apart."""
        (table,) = history_tables(history.revisions)
        assert cells(table, "recorded (UTC)") == ["2024-01-05 09:30", "2024-03-01 12:00"]
        assert cells(table, "author") == ["Kim", "Kim"]


class TestPlan:
    def test_order_and_count(self, history: History) -> None:
        """What is added comes first, what is kept last, whatever the order of the edits; the count closes it."""
        graph = history.graph
        edits = [
            remove(graph.cascades["RISK-1", "RISK-3"]),
            change(graph.risks["RISK-2"], {"owner": "Ops"}),
            add(Cascade.model_validate({"from": "RISK-3", "to": "RISK-4"})),
            add(Risk(id="RISK-9", name="New")),
        ]
        kept = [Line("! risk RISK-1: likelihood 2"), Line("cascade")]
        lines = plan_text(edits, kept).splitlines()
        assert [line[0] for line in lines[:-1]] == ["+", "+", "~", "-", "!", "!"]
        assert lines[0] == "+ risk RISK-9 'New' (status open)"
        assert lines[-1] == "2 to add, 1 to change, 1 to remove, 2 kept"
        assert plan_text(list(reversed(edits)), kept) == plan_text(edits, kept)
        assert plan_lines(edits, kept) == lines[:-1]
        assert plan_data(edits, kept)["counts"] == {"add": 2, "change": 1, "remove": 1, "kept": 2}
        (table,) = plan_tables(edits, kept)
        assert cells(table, "change") == ["+", "+", "~", "-", "!", "!"]

    def test_reasons(self, history: History) -> None:
        """A proposal's plan says which line of the review asked for an edit; others need no reason."""
        text = plan_text(history.revisions[1].edits)
        assert '    explicit, risk_process_audit.probability_accurate.action, line 97: "Adjust P from 2 to 4"' in text
        assert "line 97" not in plan_text(history.revisions[1].edits, reasons=False)
        assert "explicit" not in plan_text(history.revisions[0].edits)

    def test_nothing(self) -> None:
        """An empty plan is its count."""
        assert plan_text([]) == "0 to add, 0 to change, 0 to remove, 0 kept\n"
        assert plan_text([], format="markdown") == "0 to add, 0 to change, 0 to remove, 0 kept\n"

    def test_long_lines(self) -> None:
        """A line as long as a page says how long it was."""
        edit = add(Risk(id="RISK-9", name="y" * 490))
        line = plan_text([edit]).splitlines()[0]
        assert "... (" in line
        assert line.endswith("more characters)")
        assert len(line) < 450

    def test_hostile_names(self) -> None:
        """A name cannot fake a line of the plan, nor leave the block that it stands in."""
        edit = add(Risk(id="RISK-9", name="x\n- risk RISK-1\x1b[2K```\n::error::y"))
        assert len(plan_text([edit]).splitlines()) == 2
        text = plan_text([edit], format="markdown")
        assert text.startswith("````diff\n") or "```\n" not in text.split("\n", 1)[1].rsplit("```", 1)[0]
        assert "\x1b" not in text

    def test_color(self, history: History) -> None:
        """Colour adds nothing but colour."""
        import re

        edits = history.revisions[1].edits
        assert re.sub(r"\x1b\[\d*m", "", plan_text(edits, color=True)) == plan_text(edits)
        assert count_line(edits) in plan_text(edits)


class TestShow:
    def test_origin(self, history: History) -> None:
        """Why is this cascade here, since when, by which review."""
        _, origin, around = show_tables(("cascade", "RISK-1", "RISK-3"), history)
        assert cells(origin, "incident") == ["INC-7"]
        assert cells(origin, "revision") == [2]
        assert "line 97" in str(cells(origin, "why")[0])
        assert cells(around, "id") == ["RISK-1", "RISK-3", "INC-7"]

    def test_as_of(self, history: History) -> None:
        """What was learned later is not shown as of an earlier day."""
        snapshot = history.as_of(date(2024, 2, 1))
        fields, origin, around = show_tables(("risk", "RISK-1"), history, snapshot)
        assert "2 (" in str(cells(fields, "value")[cells(fields, "field").index("likelihood")])
        assert cells(origin, "revision") == [1]
        assert "INC-7" not in cells(around, "id")

    def test_not_there_yet(self, history: History) -> None:
        """An element of a later day has no fields then, and says so."""
        (origin,) = show_tables(("cascade", "RISK-1", "RISK-3"), history, history.as_of(date(2024, 2, 1)))
        assert origin.notes == ("it was not in the graph then",)

    def test_declared(self, history: History) -> None:
        """What rests on a declared date says so."""
        key = ("risk", "RISK-5")
        risk = Risk(id="RISK-5", name="Known early", since=date(2023, 8, 1))
        third = Revision(
            number=3, graph_id="g-1", recorded_at=datetime(2024, 5, 1, tzinfo=UTC), author="Kim", reason="import",
            edits=(add(risk),),
        ).sealed()  # fmt: skip
        longer = History((*history.revisions, third))
        _, origin, _ = show_tables(key, longer, longer.as_of(date(2024, 1, 1)))
        assert origin.notes[0].startswith("declared")
        assert cells(origin, "revision") == [3]

    def test_gone(self, history: History) -> None:
        """An id of the past is told with the revision that removed it."""
        gone = History((*history.revisions, undo(history)))
        (origin,) = show_tables(("cascade", "RISK-1", "RISK-3"), gone)
        assert origin.notes == ("it is gone since revision 3",)
        assert cells(origin, "revision") == ["2 (undone)", 3]
        data = show_data(("cascade", "RISK-1", "RISK-3"), gone, graph_id="g-1", revision=3)
        assert data["element"]["fields"] is None
        assert [origin["undone"] for origin in data["origin"]] == [True, False]

    def test_every_element(self, history: History) -> None:
        """Every kind of element can be shown, in every format."""
        for key in history.graph.elements:
            tables = show_tables(key, history)
            assert all([render(tables, "table"), render(tables, "markdown"), render(tables, "csv")])
            json.loads(to_json(show_data(key, history, graph_id=None, revision=None, as_of="2024-01-01")))

    def test_risks(self, history: History) -> None:
        """The list has the rate after mitigations, and an absent estimate is not zero."""
        (table,) = risk_tables(history.graph)
        assert cells(table, "per year")[2] is None
        assert table.notes[0].startswith("4 risks, 4 cascades, 2 mitigations, 1 indicator, 1 incident")
        data = risks_data(history.graph, graph_id="g-1", revision=2)
        assert data["counts"]["cascade"] == 4
        assert [risk["rate_per_year"] is None for risk in data["risks"]] == [False, False, True, True]
        assert found_table("x", [history.graph.risks["RISK-1"]]).rows[0][:2] == ("risk", "RISK-1")


def undo(history: History) -> Revision:
    """The revision that takes back the cascade which a review taught."""
    cascade = history.graph.cascades["RISK-1", "RISK-3"]
    return Revision(
        number=3, graph_id="g-1", recorded_at=datetime(2024, 4, 1, tzinfo=UTC), author="Kim", reason="undo",
        edits=(remove(cascade),), undoes=2,
    ).sealed()  # fmt: skip
