"""Takes pages that misbehave, shows that a test which opens one of them fails."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from riskgraph.model import Risk
from tests.pages import browser as browser_module
from tests.pages import pictures
from tests.pages.accessibility import list_barriers
from tests.pages.browser import Opener, UnavailableError, find_chromium, opening
from tests.pages.hostile import BREAKS, IDS, MARKUP, TEXTS
from tests.pages.pictures import SHARE, check_picture, compare_pictures

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEAD = "<!doctype html><html lang=en><title>Page</title><body>"
BAD = {
    "a picture from elsewhere": ("<img src='http://evil.example/a.png' alt=''>", r"request: http://evil\.example"),
    "a file beside it": ("<script src=other.js></script>", r"request: file://.*other\.js"),
    "a call to a server": ("<script>fetch('http://evil.example/').catch(() => 0)</script>", "request: http://evil"),
    "a beacon": ("<script>navigator.sendBeacon('http://evil.example/')</script>", "request: http://evil"),
    "an error on the console": ("<script>console.error('oh')</script>", "console error: oh"),
    "a warning on the console": ("<script>console.warn('hm')</script>", "console warning: hm"),
    "an exception": ("<script>throw new Error('lost')</script>", "exception: .*lost"),
    "a promise that nobody awaits": ("<script>Promise.reject(new Error('left'))</script>", "exception: .*left"),
    "a dialog": ("<script>alert(1)</script>", "dialog: alert: 1"),
    "a question": ("<script>confirm('sure?')</script>", "dialog: confirm: sure"),
    "a frame": ("<iframe srcdoc='<p>x'></iframe>", "frame or window: "),
    "a window": ("<script>open('about:blank')</script>", "frame or window: about:blank"),
    "a script of the data": ("<script>hacked = 'field 3'</script>", "script of the data: hacked = field 3"),
    "a late one": ("<img src='data:,' alt='' onerror=hacked=1>", "script of the data: hacked = 1"),
    "one in a frame": ("<iframe srcdoc='<script>hacked=2</script>'></iframe>", "script of the data: hacked = 2"),
    "a changed prototype": ("<script>({}).__proto__.hacked = 4</script>", "script of the data: hacked = 4"),
    "what its policy refuses": (
        '<meta http-equiv=Content-Security-Policy content="default-src \'none\'"><img src="data:," onerror=x alt="">',
        "console error: .*Content Security Policy",
    ),
}
ENDS = {
    "</script><script>hacked=1</script>": '<script>let a = "TEXT"</script>',
    "</script ><img src=x onerror=hacked=1>": "<script>/*TEXT*/</script>",
    "--><script>hacked=1</script><!--": "<!-- TEXT -->",
    "]]><script>hacked=1</script><![CDATA[": "<svg><text><![CDATA[TEXT]]></text></svg>",
    "</title><script>hacked=1</script>": "<title>TEXT</title>",
    "</textarea><img src=x onerror=hacked=1>": "<textarea>TEXT</textarea>",
    "</style><img src=x onerror=hacked=1>": "<style>/* TEXT */</style>",
    "</text></svg><img src=x onerror=hacked=1>": "<svg><text>TEXT</text></svg>",
    '" autofocus onfocus="hacked=1': '<input title="TEXT">',
    "' autofocus onfocus='hacked=1": "<input title='TEXT'>",
    "` onerror=`hacked=1": "<img src='data:,' alt=TEXT>",
    '"><img src=x onerror=hacked=1>': '<input title="TEXT">',
    '";hacked=1;//': '<script>let a = "TEXT"</script>',
    "';hacked=1;//": "<script>let a = 'TEXT'</script>",
    "${hacked=1}": "<script>let a = `TEXT`</script>",
    "\u2028hacked=1//": "<script>// TEXT</script>",
    "\u2029hacked=1//": "<script>// TEXT</script>",
    "*/hacked=1/*": "<script>/*TEXT*/</script>",
}
"""What a careless template might put a text into, and the text that ends it."""
PASSIVE = {
    "<base href=http://evil.example/>",
    "<form action=http://evil.example/ id=data><input name=textContent><button autofocus>x</button></form>",
    "<template><img src=x onerror=hacked=1></template>",
    "<a href=javascript:hacked=1 autofocus>x</a>",
    "<!--<script>",
    "\\';hacked=1;//",
}
"""Texts that change what others mean, or wait for a click, a script or a careless escape; alone they do nothing."""


@pytest.mark.parametrize(("body", "problem"), BAD.values(), ids=BAD)
def test_what_no_page_may_do_is_found(browser: Browser, tmp_path: Path, body: str, problem: str) -> None:
    """Prevents tests of pages that pass because nobody looks."""
    with opening(browser, tmp_path) as opened:
        opened(HEAD + body)
        found = opened.problems()
    assert any(re.match(problem, line) for line in found), found


def test_what_a_page_may_do_is_no_problem(opened: Opener) -> None:
    """Prevents a check so strict that pages may not have pictures, downloads and notes of their own."""
    page = opened(
        HEAD + "<img alt='' src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>"
        "<script>console.log('drawn'); const address = URL.createObjectURL(new Blob(['a,b'], {type: 'text/csv'}));"
        "document.body.innerHTML += `<a href='${address}' download=a.csv>Save</a> <a href='#b'>B</a>`</script>"
    )
    with page.expect_download() as saved:
        page.get_by_text("Save").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8") == "a,b"
    page.get_by_text("B", exact=True).click()
    page.reload()
    assert opened.messages[0] == "log: drawn"


def test_a_page_is_opened_as_it_is_asked_for(opened: Opener) -> None:
    """Prevents pictures and texts that depend on the machine's screen, language, zone or taste."""
    page = opened(HEAD, width=390, height=844, dark=True, reduced=False, fragment="RISK-1")
    found = page.evaluate(
        "() => [innerWidth, innerHeight, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches,"
        " matchMedia('(prefers-reduced-motion: reduce)').matches, navigator.language, navigator.onLine, location.hash,"
        " Intl.DateTimeFormat().resolvedOptions().timeZone]"
    )
    assert found == [390, 844, 1, True, False, "en-US", False, "#RISK-1", "UTC"]


def test_a_page_is_opened_without_scripts(opened: Opener) -> None:
    """Prevents a page that is blank where scripts are off, which only a browser without them shows."""
    page = opened(HEAD + "<p>Text<script>document.body.textContent = 'no'</script>", scripts=False)
    assert page.locator("p").text_content() != "no"


def is_hurt(browser: Browser, folder: Path, html: str) -> bool:
    """Whether a page does what no page may do; one that leaves for elsewhere before it is loaded does."""
    from playwright.sync_api import Error

    with opening(browser, folder) as opened:
        try:
            opened(html)
        except Error:
            return bool(opened.problems())
        return bool(opened.problems())


def test_hostile_texts_run_where_markup_is_read(browser: Browser, tmp_path: Path) -> None:
    """Prevents a list of texts that no careless page would stumble over: then all pages pass."""
    assert not is_hurt(browser, tmp_path, f"{HEAD}Plain text")
    assert {text for text in MARKUP if not is_hurt(browser, tmp_path, HEAD + text)} <= PASSIVE


def test_hostile_texts_end_what_they_stand_in(browser: Browser, tmp_path: Path) -> None:
    """Prevents texts that no template would be broken by; plain text breaks none of these."""
    assert set(ENDS) == set(BREAKS) - PASSIVE
    for place in set(ENDS.values()):
        assert not is_hurt(browser, tmp_path, HEAD + place.replace("TEXT", "Plain text")), place
    for text, place in ENDS.items():
        assert is_hurt(browser, tmp_path, HEAD + place.replace("TEXT", text)), text


def test_there_are_enough_hostile_texts() -> None:
    """Prevents a list that shrinks, and ids that the model would refuse before a page sees them."""
    assert len(TEXTS) >= 60
    assert [Risk(id=id_, name=id_).id for id_ in IDS] == list(IDS)


def test_a_chromium_that_cannot_be_used_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ubuntu's package is a script for a snap: it must be told apart from a browser, with the way out."""
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\nexec /snap/bin/chromium\n", encoding="ascii")
    stub.chmod(0o755)
    monkeypatch.delenv(browser_module.OTHER, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"chromium-browser is a snap.*RISKGRAPH_TEST_CHROMIUM"):
        find_chromium()
    stub.write_text("#!/bin/sh\necho Chromium 1.0\n", encoding="ascii")
    assert find_chromium() == str(stub)
    stub.unlink()
    with pytest.raises(UnavailableError, match="there is no Chromium: install it"):
        find_chromium()
    monkeypatch.setenv(browser_module.OTHER, "/nowhere/chromium")
    with pytest.raises(UnavailableError, match="names /nowhere/chromium, which is not there"):
        find_chromium()


def test_barriers_are_found(opened: Opener) -> None:
    """Prevents a check of accessibility that finds nothing anywhere."""
    page = opened(HEAD + "<button></button><p style='color:#ccc;background:#fff'>pale")
    found = list_barriers(page)
    assert [line.split(": ")[:2] for line in found] == [["critical", "button-name"], ["serious", "color-contrast"]]
    assert found[0].endswith(": button")


def map_page(*, missing: int | None = None, style: str = "") -> str:
    """A page with text and with forty risks as small signs, the sign of one of them perhaps missing."""
    signs = "".join(
        ("" if place == missing else f"<circle cx='{60 + place % 10 * 130}' cy='{60 + place // 10 * 60}' r='9'/>")
        + f"<text x='{74 + place % 10 * 130}' y='{65 + place // 10 * 60}'>RISK-{place:03}</text>"
        for place in range(40)
    )
    words = "<p>A source schema change breaks the pipeline, and downstream reporting fails. " * 12
    look = f"<style>body{{font:16px/1.5 'DejaVu Sans',sans-serif;margin:20px;{style}}}circle{{fill:#0a5a9c}}</style>"
    return f"{HEAD}{look}<svg width=1360 height=300>{signs}</svg>{words}"


def test_one_missing_sign_fails_and_another_rendering_does_not(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents golden pictures that let a missing risk pass, or that fail on every other machine."""
    monkeypatch.setattr(pictures, "GOLDEN", tmp_path)
    monkeypatch.delenv("UPDATE_GOLDEN", raising=False)
    golden = opened(map_page()).screenshot()
    (tmp_path / "map.png").write_bytes(golden)
    check_picture("map", golden, tmp_path)
    for style in ("transform:translate(.3px,.3px)", "text-rendering:geometricPrecision", "-webkit-text-stroke:.3px"):
        picture = opened(map_page(style=style)).screenshot()
        assert picture != golden
        check_picture("map", picture, tmp_path)
    with pytest.raises(AssertionError, match="differs from the golden picture"):
        check_picture("map", opened(map_page(missing=17)).screenshot(), tmp_path)
    assert (tmp_path / "map.actual.png").exists()
    assert (tmp_path / "map.difference.png").exists()


def test_a_picture_of_another_size_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a comparison of what two pictures happen to share; sizes need not be multiples of a square."""
    monkeypatch.setattr(pictures, "GOLDEN", tmp_path)
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    white = Image.new("RGB", (30, 21), "white")
    white.save(tmp_path / "a.png")
    check_picture("b", (tmp_path / "a.png").read_bytes(), tmp_path)
    monkeypatch.delenv("UPDATE_GOLDEN")
    Image.new("RGB", (31, 21), "white").save(tmp_path / "c.png")
    with pytest.raises(AssertionError, match=r"\(31, 21\) pixels"):
        check_picture("b", (tmp_path / "c.png").read_bytes(), tmp_path)
    with pytest.raises(AssertionError, match=r"there is no d\.png yet"):
        check_picture("d", (tmp_path / "c.png").read_bytes(), tmp_path)
    marked = white.copy()
    ImageDraw.Draw(marked).rectangle((28, 20, 29, 20), fill="black")
    assert compare_pictures(marked, white).share > SHARE
