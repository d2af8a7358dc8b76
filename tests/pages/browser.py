"""Takes HTML, gives it as a page in a real Chromium, with all that it said and asked for.

Chromium is the machine's own (Debian's package, or the one that ``RISKGRAPH_TEST_CHROMIUM`` names), never one that
Playwright downloads. Run as a program, this says which one that is, or why there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Frame, Page, Request

OTHER: Final = "RISKGRAPH_TEST_CHROMIUM"
"""Names the Chromium to use instead of the one on the path."""
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE: Final = 15_000
"""Milliseconds that a page may take for whatever a test waits for."""
FLAGS: Final = (
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
)
"""What makes pictures of two machines alike. Playwright adds ``--no-sandbox``, without which root gets no page."""
_SETTLED: Final = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
_HACKED: Final = "() => window.hacked === undefined ? null : String(window.hacked)"
_SCRIPT: Final = 1 << 16
"""A program of fewer bytes is a script that starts another one."""


class UnavailableError(Exception):
    """There is no Chromium to test with; the text says why, and how to get one."""


def find_chromium() -> str:
    """The path of a Chromium that runs and may read any file.

    Raises:
        UnavailableError: there is none.
    """
    if named := os.environ.get(OTHER):
        if said := _refusal(named):
            raise UnavailableError(f"{OTHER} names {named}, which {said}")
        return named
    refused = []
    for found in filter(None, map(shutil.which, NAMES)):
        said = _refusal(found)
        if not said:
            return found
        refused.append(f"{found} {said}")
    why = "; ".join(refused) or "there is no Chromium"
    raise UnavailableError(f"{why}: install it ('apt-get install chromium' on Debian), or name one in {OTHER}")


def _refusal(program: str) -> str | None:
    """Why a program cannot be used; None if it can."""
    path = Path(shutil.which(program) or program)
    if not path.is_file():
        return "is not there"
    # A snap sees no files outside its own folders; Ubuntu's package is a script that calls or asks for the snap.
    small = path.stat().st_size < _SCRIPT
    if "snap" in path.resolve().parts or path.resolve().name == "snap" or (small and b"/snap/" in path.read_bytes()):
        return "is a snap, which cannot read a test's files"
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"does not run ({error})"
    return None if "Chrom" in said.stdout else "does not say that it is Chromium"


@contextmanager
def running() -> Iterator[Browser]:
    """A Chromium without a window, as long as it is needed.

    Raises:
        UnavailableError: there is no Chromium, or Playwright is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise UnavailableError("Playwright is not installed: pip install 'riskgraph[dev]'") from error
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Opener:
    """A way to open pages, each in a window and with settings of its own, that keeps what none of them may do.

    Without a network a page may ask for itself only, and for ``data:`` and ``blob:`` addresses that it made, as
    pictures or as a download. A frame, a second window, a dialog, an error or a warning on the console (such as what
    the page's policy refused) and a script that sets ``hacked`` are problems, whoever causes them.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser, self._folder = browser, folder
        self._contexts: list[BrowserContext] = []
        self._live: list[BrowserContext] = []
        self._files: set[str] = set()
        self.requests: list[str] = []
        """Every address that was asked for, the pages' own among them."""
        self.messages: list[str] = []
        """Every line of the console: ``warning: text``."""
        self.errors: list[str] = []
        """Exceptions that nobody caught."""
        self.dialogs: list[str] = []
        """Alerts and questions; each was dismissed."""
        self.frames: list[str] = []
        """Frames inside a page, and further windows."""

    def __call__(
        self,
        html: str | Path,
        *,
        width: int = 1400,
        height: int = 900,
        dark: bool = False,
        reduced: bool = True,
        offline: bool = True,
        fragment: str = "",
        scripts: bool = True,
    ) -> Page:
        """A page from a text or a file, opened from disk and loaded.

        ``reduced`` asks for less motion, ``fragment`` is what follows the ``#`` of its address, and without
        ``scripts`` no script of the page runs.
        """
        file = html if isinstance(html, Path) else self._folder / f"page-{len(self._files) + 1}.html"
        if isinstance(html, str):
            file.write_text(html, encoding="utf-8", newline="\n")
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=1,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced else "no-preference",
            locale="en-US",
            timezone_id="UTC",
            java_script_enabled=scripts,
        )
        self._contexts.append(context)
        if scripts:
            self._live.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_offline(offline)
        page = context.new_page()
        self._listen(context, page)
        address = file.resolve().as_uri()
        self._files.add(address)
        page.goto(f"{address}#{fragment}" if fragment else address)
        return page

    def problems(self) -> list[str]:
        """What the pages did that no page may do, up to now."""
        scripts = [text for context in self._live for text in _list_scripts(context)]
        return [
            *(f"request: {address}" for address in self.requests if not self._is_own(address)),
            *(f"console {line}" for line in self.messages if line.startswith(("error", "warning", "assert"))),
            *(f"exception: {text}" for text in self.errors),
            *(f"script of the data: {text}" for text in scripts),
            *(f"dialog: {text}" for text in self.dialogs),
            *(f"frame or window: {address}" for address in self.frames),
        ]

    def close(self) -> None:
        """Closes the pages."""
        self._live.clear()
        while self._contexts:
            self._contexts.pop().close()

    def _is_own(self, address: str) -> bool:
        return address.split("#", maxsplit=1)[0] in self._files or address.startswith(("data:", "blob:"))

    def _listen(self, context: BrowserContext, page: Page) -> None:
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("page", self._on_page)
        context.on("weberror", lambda found: self.errors.append(str(found.error)))
        page.on("dialog", self._on_dialog)
        page.on("frameattached", self._on_frame)

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        self.messages.append(f"{message.type}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def _on_page(self, page: Page) -> None:
        self.frames.append(page.url)

    def _on_frame(self, frame: Frame) -> None:
        self.frames.append(frame.url or "a frame without an address")


def _list_scripts(context: BrowserContext) -> Iterator[str]:
    """What scripts of the data left behind in pages and frames, once these have come to rest."""
    from playwright.sync_api import Error

    for page in context.pages:
        for frame in page.frames:
            try:
                frame.evaluate(_SETTLED)
                found: str | None = frame.evaluate(_HACKED)
            except Error as error:
                yield f"the page went elsewhere: {error.message}"
                continue
            if found is not None:
                yield f"hacked = {found}"


@contextmanager
def opening(browser: Browser, folder: Path) -> Iterator[Opener]:
    """A way to open pages, which are closed at the end."""
    opener = Opener(browser, folder)
    try:
        yield opener
    finally:
        opener.close()


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find_chromium()}\n")
    except UnavailableError as error:
        sys.exit(str(error))
