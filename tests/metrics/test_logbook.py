"""Logbooks and triggers: what happened before there is a review, and what waits for one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from riskgraph.edits import add, apply_all
from riskgraph.errors import InputError
from riskgraph.graph import RiskGraph
from riskgraph.metrics.logbook import FIRING_COLUMNS, INCIDENT_COLUMNS, Row, log_firings, log_incidents, read_rows
from riskgraph.metrics.triggers import count_reviewed, list_due
from tests.builders import element, graph

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
MAP = graph(element("indicator", id="IND-1"), risks="RISK-1")


def logged(path: Path, text: str | bytes, of: RiskGraph = MAP) -> RiskGraph:
    """The graph after a CSV of incidents."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return apply_all(log_incidents(read_rows(path, INCIDENT_COLUMNS, 2), of, NOW), of)


@pytest.mark.parametrize(
    "text",
    [
        "id,started_at,kind,risk,loss\nINC-1,2024-05-01,near_miss,RISK-1,1200.5\n",
        "\ufeffId;Started at;Kind;Risk;Loss\r\nINC-1;2024-05-01;Near miss;RISK-1;1200.5;\r\n;;;;\r\n",
        "loss\tid\tstarted_at\tkind\trisk\n1200.5\tINC-1\t2024-05-01\tnear_miss\tRISK-1",
    ],
)
def test_csv_of_any_office(text: str, tmp_path: Path) -> None:
    """Excel's semicolons, its byte order mark and its empty lines are what people have."""
    incident = logged(tmp_path / "log.csv", text).incidents["INC-1"]
    assert (incident.type, incident.risk, incident.loss) == ("near_miss", "RISK-1", 1200.5)
    assert incident.name == "Name of RISK-1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,started\nA,2024-01-01\n", "log.csv:1: error: there is no column 'started': did you mean started_at?"),
        ("id\nA\n", "log.csv:1: error: the column started_at is missing: add it"),
        ("id,started_at\nA,yesterday\n", "log.csv:2: error: started_at: 'yesterday' is not a date or time"),
        ("id,started_at\nA,2024-01-01T10:00\n", "has no zone"),
        ("id,started_at\nA,2025-01-01\n", "is in the future"),
        ("id,started_at,risk\nA,2024-01-01,RISK-2\n", "there is no risk 'RISK-2': did you mean RISK-1?"),
        ("id,started_at,kind\nA,2024-01-01,fire\n", "kind: has to be one of 'incident', 'near_miss' or 'external'"),
        ("id,started_at,loss\nA,2024-01-01,much\n", "loss: 'much' is no number"),
        ("id,started_at\nIND-1,2024-01-01\n", "IND-1 is the id of something else"),
        ("id,started_at\nA,2024-01-01\nA,2024-01-02\n", "log.csv:3: error: A is recorded already, with other values"),
        (b"id,started_at\n\xff,2024-01-01\n", "is not UTF-8"),
        ('id,started_at\n"A,2024-01-01\n', "is it CSV?"),
        ("id,started_at\n", "log.csv:1: error: there is no row below the names"),
        ("", "the column id is missing"),
        ("id,started_at,Started at\nA,2024-01-01,2024-01-02\n", "the column started_at is there twice"),
        ("id,started_at,loss\nA,2024-01-01,1,200\n", "log.csv:2: error: 4 cells, and 3 columns: put quotes around"),
        ("id,started_at,loss\nA,2024-01-01,nan\n", "loss: 'nan' is no number"),
        ("id,started_at,loss\nA,2024-01-01,-3\n", "loss: has to be at least 0"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_logged(text: str | bytes, said: str, tmp_path: Path) -> None:
    """Half a logbook is worse than none: people fix a line and run it again."""
    with pytest.raises(InputError) as caught:
        logged(tmp_path / "log.csv", text)
    shown = [str(finding) for finding in caught.value.findings] or [str(caught.value)]
    assert any(said in line for line in shown), shown


def test_every_problem_is_listed(tmp_path: Path) -> None:
    """Who fixes a hundred lines wants to know of all of them at once."""
    with pytest.raises(InputError) as caught:
        logged(tmp_path / "log.csv", "id,started_at,risk\nA,2024-01-01,NO-1\n1,2024-01-01,\n")
    assert [finding.place.line for finding in caught.value.findings] == [2, 3]


def test_logging_twice_adds_nothing(tmp_path: Path) -> None:
    """A nightly import of the same file makes no revision."""
    text = "id,started_at\nINC-1,2024-05-01\n"
    once = logged(tmp_path / "log.csv", text)
    assert logged(tmp_path / "log.csv", text, once) == once


def firing(at: str, outcome: str = "alarm", indicator: str = "IND-1") -> Row:
    """A row of a logbook of firings."""
    return Row(dict(zip(FIRING_COLUMNS, (indicator, at, outcome), strict=True)))


def test_firings_are_kept_in_order_and_once() -> None:
    """One alarm that two systems report is one."""
    first = apply_all(log_firings([firing("2024-02-01"), firing("2024-01-01", "false_alarm")], MAP, NOW), MAP)
    again = apply_all(log_firings([firing("2024-01-15"), firing("2024-02-01")], first, NOW), first)
    assert again.indicators["IND-1"].alarms == (date(2024, 1, 15), date(2024, 2, 1))
    assert again.indicators["IND-1"].false_alarms == (date(2024, 1, 1),)
    assert log_firings([firing("2024-01-15")], again, NOW) == []


@pytest.mark.parametrize(
    "rows",
    [
        [firing("2024-01-01", indicator="IND-2")],
        [firing("2024-01-01", "maybe")],
        [firing("noon")],
        [firing("2030-01-01")],
        [firing("2024-01-01"), firing("2024-01-01", "false_alarm")],
    ],
)
def test_bad_firings_are_refused(rows: list[Row]) -> None:
    """An alarm cannot have been true and false, nor have been tomorrow."""
    with pytest.raises(InputError):
        log_firings(rows, MAP, NOW)


def test_due() -> None:
    """What waits longest comes first; an incident with a review does not wait."""
    of = apply_all(
        [
            add(element("incident", id="INC-1", started_at="2024-05-30", kind="external", risk="RISK-1")),
            add(element("incident", id="INC-2", started_at="2024-05-01", kind="near_miss")),
            add(element("incident", id="INC-3", started_at="2024-04-01", pir="pirs/3.yaml")),
        ],
        MAP,
    )
    due = list_due(of, NOW.date())
    assert [(one.incident.id, one.age, one.trigger, one.risk_name) for one in due] == [
        ("INC-2", 31, "a near miss", None),
        ("INC-1", 2, "it happened elsewhere", "Name of RISK-1"),
    ]
    assert count_reviewed(of).k == 1
