"""Takes histories in which one thing stands out, shows the sentence that says it."""

from __future__ import annotations

from datetime import date

import pytest

from riskgraph.edits import add
from riskgraph.history import History
from riskgraph.metrics.window import Window
from riskgraph.model import Element
from riskgraph.pages.board import survey
from riskgraph.pages.standout import name_standout
from tests.builders import after, cascade, element, graph, history

TODAY = date(2025, 1, 1)


def say(*later: Element, before: tuple[Element, ...] = ()) -> str:
    """What stands out in 2024 after these elements were recorded, over those of 2023."""
    first = history(graph(*before, risks="RISK-1 RISK-2 RISK-3"))
    past = after(first, [add(one) for one in later], effective="2024-12-31") if later else first
    return name_standout(survey(past, Window(date(2024, 1, 1), date(2024, 12, 31)), TODAY))


def incidents(count: int, **values: object) -> list[Element]:
    """So many reviewed incidents of RISK-1."""
    about = {"risk": "RISK-1", "pir": "pirs/x.yaml", **values}
    return [element("incident", id=f"INC-{n}", started_at=f"2024-02-{n:02}", **about) for n in range(1, count + 1)]


def action(id_: str, due: str) -> Element:
    """An action that is not done."""
    return element("action", id=id_, due=due)


PLANNED = (
    element("mitigation", id="MIT-1", status="planned", due="2024-01-31"),
    element("mitigation", id="MIT-2", status="planned", due="2030-01-31"),
    element("mitigates", mitigation="MIT-1", risk="RISK-1"),
)
STEP = [{"from": "RISK-1", "to": "RISK-2"}]
BACK = [{"from": "RISK-2", "to": "RISK-1"}]
TESTED = [{"mitigation": "MIT-3", "outcome": "failed"}]
IN_PLACE = (
    element("mitigation", id="MIT-3", status="implemented"),
    element("mitigates", mitigation="MIT-3", risk="RISK-1"),
)
LATE = {"detected_after": "2h", "expected_detection": "15m"}
GRAVE = (
    element("risk", id="RISK-9", likelihood=5),
    *(element("risk", id=f"RISK-1{n}", likelihood=5) for n in range(5)),
)

CASES = {
    "nothing": ((), (), "Nothing that happened in this time is on record (n = 0)."),
    "needed": (
        incidents(1),
        PLANNED,
        (
            "1 of 2 mitigations that are decided and not in place is overdue, "
            "and what it stands against has happened since."
        ),
    ),
    "planned, and nothing happened": (
        (),
        PLANNED,
        "Nothing that happened in this time is on record (n = 0).",
    ),
    "not reviewed": (
        incidents(3, pir=None),
        (),
        "3 of 3 events that happened have no review yet.",
    ),
    "roots that nobody had": (
        incidents(6, risk=None),
        (),
        "Only 0 of 6 incidents came from a risk that was in the register (95 % interval 0 % to 39 %).",
    ),
    "steps that nobody mapped": (
        incidents(6, reached=STEP),
        (),
        (
            "Only 0 of 6 steps were mapped before they happened (95 % interval 0 % to 39 %); "
            "6 of 6 incidents came from a risk that was in the register (95 % interval 61 % to 100 %)."
        ),
    ),
    "steps that were mapped": (
        incidents(6, reached=STEP),
        (cascade("RISK-1", "RISK-2"),),
        (
            "6 of 6 incidents came from a risk that was in the register (95 % interval 61 % to 100 %); "
            "6 of 6 steps were mapped before they happened (95 % interval 61 % to 100 %)."
        ),
    ),
    "mitigations that failed": (
        incidents(6, risk=None, tested=TESTED),
        IN_PLACE,
        (
            "Only 0 of 6 incidents came from a risk that was in the register (95 % interval 0 % to 39 %); "
            "only 0 of 6 mitigations that were challenged held (95 % interval 0 % to 39 %)."
        ),
    ),
    "noticed late": (
        incidents(5, **LATE),
        (),
        (
            "Only 0 of 5 incidents and near misses were noticed as fast as expected (95 % interval 0 % to 43 %); "
            "5 of 5 incidents came from a risk that was in the register (95 % interval 57 % to 100 %)."
        ),
    ),
    "overdue": (
        [*incidents(1), action("ACT-1", "2024-03-01"), action("ACT-2", "2030-03-01")],
        (),
        "1 of 2 actions that are not done is overdue.",
    ),
    "too few to tell": (
        incidents(3),
        (),
        "Nothing stands out: n = 3 leaves every number too uncertain for that.",
    ),
}


@pytest.mark.parametrize(("later", "before", "said"), CASES.values(), ids=CASES)
def test_what_stands_out(later: list[Element], before: tuple[Element, ...], said: str) -> None:
    """The first line that a board reads rests on a rule, never on one incident, and says what each number is of."""
    assert say(*later, before=before) == said


def test_a_register_that_cries_wolf() -> None:
    """Predicted and seen stand beside each other where the interval of the gap leaves 0 out."""
    said = say(*incidents(1), before=GRAVE)
    assert said.startswith("The register predicted ")
    assert "occurrences and 0 were seen (95 % interval of the gap " in said


def test_nobody_is_blamed_for_silence() -> None:
    """Where nothing is on record, what was predicted is no news."""
    assert say(before=GRAVE) == "Nothing that happened in this time is on record (n = 0)."


def test_learning_is_news() -> None:
    """A map that learned is said, with the number of incidents it rests on."""
    first = history(graph(risks="RISK-1 RISK-2"))
    learned = after(first, [add(cascade("RISK-1", "RISK-2"))], effective="2024-01-15")
    other = element("incident", id="INC-7", started_at="2024-02-07", risk="RISK-2", pir="x", reached=BACK)
    past = after(learned, [add(one) for one in (*incidents(6, reached=STEP), other)], effective="2024-12-31")
    said = name_standout(survey(past, Window(date(2024, 1, 1), date(2024, 12, 31)), TODAY))
    assert said.startswith(
        "The share of steps that were mapped is 86 points of 100 higher by the map of each day than by the first map "
        "(95 % interval 43 to 100, n = 7 incidents)"
    )


def test_an_empty_store() -> None:
    """A store without a revision has a sentence, too."""
    board = survey(History(), Window(TODAY, TODAY), TODAY)
    assert name_standout(board) == "Nothing that happened in this time is on record (n = 0)."
