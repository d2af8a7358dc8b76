"""Takes a page, gives what axe-core finds serious or critical in it, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

GRAVE: Final = frozenset({"serious", "critical"})


def list_barriers(page: Page) -> list[str]:
    """What keeps people out of the page as it stands: impact, rule, what it asks for, and where, an element a line.

    ``assert list_barriers(page) == []`` shows them all.
    """
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return sorted(
        f"{found['impact']}: {found['id']}: {found['help']}: {' '.join(map(str, node['target']))}"
        for found in violations
        if found["impact"] in GRAVE
        for node in found["nodes"]
    )
