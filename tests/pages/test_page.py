"""Takes pages and levels, holds that data cannot end its block, and what a level is."""

from __future__ import annotations

import json
import re

import pytest

from riskgraph.pages.level import level_of
from riskgraph.pages.page import Source, data_text, render_page
from tests.builders import element, graph
from tests.pages.hostile import TEXTS


@pytest.mark.parametrize("text", TEXTS)
def test_data_cannot_end_its_block(text: str) -> None:
    """`</script>` in a name would begin markup of the stranger's own."""
    written = data_text({text: [text]})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {text: [text]}


@pytest.mark.parametrize("text", TEXTS)
def test_a_title_is_text(text: str) -> None:
    """The heading is the one place that every page shows."""
    html = render_page("page.html", title=text, source=Source(text, 1, text), data=text, details=text)
    assert re.findall(r"<(script|style|title)\b", html) == ["title", "style", "script", "script", "script"]
    assert not re.search(r"<(img|svg|iframe|object|audio|video|link|base|form|a href=(?!\"#content))", html)


def test_a_number_that_is_none_is_refused() -> None:
    """NaN is no JSON: the page would not open."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        data_text(float("nan"))


@pytest.mark.parametrize(("likelihood", "impact", "expected"), [
    (1, 4, "low"), (1, 5, "medium"), (3, 3, "medium"), (2, 5, "high"), (3, 5, "critical"), (5, 5, "critical"),
    (None, 3, None), (3, None, None),
])  # fmt: skip
def test_the_level_is_that_of_the_matrix(likelihood: int | None, impact: int | None, expected: str | None) -> None:
    """The usual bands of a five by five matrix; without a score there is no level."""
    found = level_of("R", graph(element("risk", id="R", likelihood=likelihood, impact=impact)))
    assert (found.word if found else None) == expected


def test_a_level_is_after_mitigations_and_takes_a_loss() -> None:
    """A risk that is held down by what is in place is less grave today than its register's score says."""
    risk = element("risk", id="R", likelihood=4, loss=300_000)
    held = [
        element("mitigation", id="M", status="implemented"),
        element("mitigates", mitigation="M", risk="R", effectiveness=0.95),
    ]
    plain, mitigated = level_of("R", graph(risk)), level_of("R", graph(risk, *held))
    assert plain is not None
    assert mitigated is not None
    assert (plain.likelihood, plain.impact, plain.word) == (4, 4, "critical")
    assert (mitigated.likelihood, mitigated.word) == (2, "medium")
