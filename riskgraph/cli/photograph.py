"""Photographs: a picture as SVG in, PNG out, by a Chromium that is on the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from riskgraph.errors import UsageError

BROWSER: Final = "RISKGRAPH_CHROMIUM"
"""The environment variable that names the browser."""
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_SECONDS: Final = 60
_LARGEST: Final = 8000
_SIZE: Final = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')


def photograph(svg: str) -> bytes:
    """The picture as PNG, two pixels for each of its units where that is not too large.

    Raises:
        UsageError: there is no Chromium, or it does not draw the picture.
    """
    browser = find_browser()
    if browser is None:
        raise UsageError(f"a .png takes Chromium, and there is none: install it, set {BROWSER}, or write an .svg")
    found = _SIZE.search(svg)
    width, height = (float(found[1]), float(found[2])) if found else (1400.0, 900.0)
    scale = min(2.0, _LARGEST / max(width, height))
    with TemporaryDirectory(prefix="riskgraph-", ignore_cleanup_errors=True) as folder:
        page, shot = Path(folder, "picture.html"), Path(folder, "picture.png")
        rules = "<style>html,body{margin:0}svg{display:block}</style>"
        page.write_text(f"<!doctype html><meta charset=utf-8>{rules}{svg}", "utf-8", newline="\n")
        command = [
            browser, "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
            f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={scale:.4f}",
            f"--window-size={width:.0f},{height:.0f}", f"--screenshot={shot}", page.as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to run as root with it; the page is our own picture.
        try:
            ran = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - no shell
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UsageError(f"{browser} cannot draw the picture ({error}): write an .svg") from error
        if not shot.exists():
            said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise UsageError(f"{browser} did not draw the picture ({said or ran.returncode}): write an .svg")
        return shot.read_bytes()


def find_browser() -> str | None:
    """The Chromium to use: the one that ``RISKGRAPH_CHROMIUM`` names, else one on the path."""
    named = os.environ.get(BROWSER)
    if named:
        return shutil.which(named)
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
