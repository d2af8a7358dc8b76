"""What the store tests write: a small graph, a clock that is set by hand, and texts that have hurt others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from riskgraph.edits import Edit, add
from riskgraph.history import Revision
from riskgraph.model import Blocks, Cascade, Indicator, Mitigates, Mitigation, Risk, Watches
from riskgraph.store import Store

START: Final = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
GRAPH_ID: Final = "0192f0c1-0000-7000-8000-000000000001"


class SetClock:
    """A clock that moves a minute at each look, and can be set."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it is."""
        self.now += timedelta(minutes=1)
        return self.now


def risk(id_: str, name: str = "a risk", **fields: Any) -> Edit:
    """The edit that adds a risk."""
    return add(Risk(id=id_, name=name, **fields))


def cascade(from_: str, to: str, **fields: Any) -> Edit:
    """The edit that adds a cascade."""
    return add(Cascade.model_validate({"from": from_, "to": to, **fields}))


def every_kind() -> list[Edit]:
    """Edits that add two risks and everything that can stand between them."""
    return [
        risk("A", "a", likelihood=2, owner="Ops"),
        risk("B", "b"),
        add(Mitigation(id="M", name="m", status="implemented")),
        add(Indicator(id="I", name="i", threshold=0.1)),
        cascade("A", "B", probability=0.4),
        add(Mitigates(mitigation="M", risk="A", effectiveness=0.7)),
        add(Blocks.model_validate({"mitigation": "M", "from": "A", "to": "B", "effectiveness": 0.9})),
        add(Watches(indicator="I", risk="B")),
    ]


def record(store: Store, *edits: Edit, **about: Any) -> Revision:
    """Writes edits on top of whatever is newest."""
    values = {"author": "Ana", "reason": "test", "expected": len(store.revisions()), **about}
    return store.write(edits, **values)


HOSTILE: Final = (
    "\u202egnirts desrever\u202c", "\u2066isolate\u2069", "\u200bzero\u200bwidth\u200d", "\ufeffbyte order mark",
    "payp\u0430l", "\uff21\uff11", "e\u0301", "\u00e9", "\u1100\u1161\u11a8", "\uac01",
    "a\u2010b\u2011c\u2012d\u2013e\u2014f",
    "NUL\x00inside", "\x00", "\x1b[31mred\x1b[0m", "bell\x07", "\r\nline\rends\n", "tab\there", "\x7f", "\x85nel",
    "\u2028line\u2029para", "'; DROP TABLE node; --", '" OR 1=1 --', "%s %d {0} {x}", "?1 :name @x $y", "\\x27\\'",
    "NULL", "null", "true", "1e5", "0x10", "=1+1", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>",
    "{{ 7*7 }}", "[link=http://example.org]x[/link]", "::add-mask::x", "\U0001f469\u200d\U0001f692", "  padded  ",
    "\U0010ffff", "\ufffe\uffff", "../../etc/passwd", "\u0131 \u0130 \u00df \u0149",
)  # fmt: skip
"""More than forty strings; each has to come back to the letter."""
