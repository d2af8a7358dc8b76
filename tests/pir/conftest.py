"""Texts of reviews in, documents and readings out; the complete review is the base that tests change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from riskgraph.pir.file import parse_review
from riskgraph.pir.read import parse_pir

if TYPE_CHECKING:
    from collections.abc import Callable

    from riskgraph.findings import Finding
    from riskgraph.pir.review import Pir

DATA = Path(__file__).parent / "data"
HEAD = 'incident_id: INC-1\nrelated_risk: RISK-1\ndate: "2024-02-15"\ntimezone: UTC\n'


@pytest.fixture(scope="session")
def complete() -> str:
    """A review in which every field is filled in, and nothing contradicts itself."""
    return (DATA / "complete.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def read() -> Callable[..., tuple[Pir | None, tuple[Finding, ...]]]:
    """A function that reads a text; ``head`` is put before it."""

    def reading(text: str, *, head: str = HEAD, lenient: bool = False) -> Any:
        return parse_pir(parse_review(head + text, "r.yaml"), lenient=lenient)

    return reading


@pytest.fixture(scope="session")
def review(read: Callable[..., Any]) -> Callable[..., Pir]:
    """A function that reads a text without errors and gives the review."""

    def reviewing(text: str = "", *, head: str = HEAD) -> Pir:
        pir, findings = read(text, head=head)
        assert pir is not None, findings
        result: Pir = pir
        return result

    return reviewing
