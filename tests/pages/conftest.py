"""Takes the machine's Chromium, gives one browser a process, and a way to open pages that must not misbehave."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.pages.browser import OTHER, Opener, UnavailableError, opening, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.register_assert_rewrite("tests.pages.pictures")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process; without one they are skipped, but in CI, or where one is named, fail."""
    try:
        with running() as found:
            from tests.pages.pictures import WORDS, note_fonts

            page = found.new_page(viewport={"width": 400, "height": 60}, color_scheme="light")
            page.set_content(WORDS)
            note_fonts(page.screenshot())
            page.close()
            yield found
    except UnavailableError as error:
        if os.environ.get("CI") or OTHER in os.environ:
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """A way to open pages, as :class:`Opener` says; the test fails if one of them did what no page may do."""
    with opening(browser, tmp_path) as opener:
        yield opener
        problems = opener.problems()
    assert not problems, "\n".join(problems)
