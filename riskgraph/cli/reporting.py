"""The command report: a graph, reviews or a proposal in, a page that can be mailed and opened from disk out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from riskgraph.cli import options, output, session
from riskgraph.cli.measure import Since, Until

if TYPE_CHECKING:
    from datetime import date

    from riskgraph.history import Snapshot
    from riskgraph.pages.page import Source

Kind = Literal["html", "markdown", "svg", "png"]
_SUFFIXES: Final[dict[str, Kind]] = {
    ".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".svg": "svg", ".png": "png",
}  # fmt: skip
_BELONGS: Final = {
    "--around": ("the map",),
    "--assume": ("the map",),
    "--since": ("--dashboard",),
    "--until": ("--dashboard",),
    "--as-of": ("the map", "--dashboard"),
    "--register": ("the map", "reviews", "--dashboard"),
    "--git": ("the map", "reviews", "--dashboard"),
}
"""The pages that an option is for: a review is held against the map of its own start, a proposal against today's."""


def report(  # noqa: PLR0917 - typer calls it by name
    pirs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PIR]...", help="Review files, or folders of them; without any, the map."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write: .html, .md, .svg or .png.")
    ] = None,
    review: Annotated[Path | None, typer.Option(metavar="FILE", help="A proposal, as a page to decide on it.")] = None,
    dashboard: Annotated[bool, typer.Option("--dashboard", help="The metrics, by quarter.")] = False,
    since: Since = None,
    until: Until = None,
    around: Annotated[
        list[str] | None, typer.Option(metavar="RISK", help="Begin the map with what surrounds a risk; repeatable.")
    ] = None,
    assume: Annotated[
        float | None, typer.Option(metavar="P", help="The probability of cascades that have none, in the map.")
    ] = None,
    as_of: options.AsOf = None,
    register: options.Register = None,
    git: options.Git = False,
    store: options.Store = None,
    format: Annotated[  # noqa: A002 - it is the option's name
        Kind | None, typer.Option("--format", "-f", help="What to write; else the suffix of FILE says it.")
    ] = None,
) -> None:
    """Draw the cascade map, reviews against the map, a proposal to decide on, or the metrics, as one file to mail."""
    from riskgraph.cli.dashboard import show_dashboard
    from riskgraph.cli.incidents import show_reviews
    from riskgraph.cli.reviewing import page_of_proposal
    from riskgraph.errors import UsageError

    asked = [
        page for page, is_asked in (("reviews", pirs), ("--review", review), ("--dashboard", dashboard)) if is_asked
    ]
    if len(asked) > 1:
        raise UsageError("reviews, --review and --dashboard are different pages: ask for one at a time")
    page = asked[0] if asked else "the map"
    given = {"--around": around, "--assume": assume is not None, "--since": since, "--until": until, "--as-of": as_of,
             "--register": register, "--git": git}  # fmt: skip
    for option, pages in _BELONGS.items():
        if given[option] and page not in pages:
            raise UsageError(f"{option} is for {' and '.join(pages)}: leave it out with {page}")
    kind = kind_of(out, format)
    if review is not None:
        if kind != "html":
            raise UsageError("a proposal is decided on in a page: name a file of .html")
        _write(page_of_proposal(review, store), out)
        return
    when = options.read_date(as_of, "--as-of")
    with session.open_session(store, register, git=git) as opened:
        if dashboard:
            text: str | bytes = show_dashboard(opened, kind, when, since, until)
        elif pirs:
            text = show_reviews(opened, kind, pirs, source_of(opened, None, None))
        else:
            text = _map(opened, kind, when, around or (), assume)
    _write(text, out)


def _map(
    opened: session.Session, kind: Kind, when: date | None, around: Sequence[str], assume: float | None
) -> str | bytes:
    from riskgraph.cli.engine import find_risk
    from riskgraph.cli.photograph import photograph
    from riskgraph.pages.drawing import draw_map
    from riskgraph.pages.map import map_data, map_page
    from riskgraph.pages.markdown import map_markdown

    seen = opened.read(when)
    centres = [find_risk(text, seen.graph) for text in around]
    if kind == "html":
        return map_page(seen, opened.history, source_of(opened, seen, when), centres, assume)
    data = map_data(seen, opened.history, centres, assume)
    if kind == "markdown":
        return map_markdown(seen, data, source_of(opened, seen, when))
    picture = draw_map(data)
    return photograph(picture) if kind == "png" else picture


def _write(content: str | bytes, out: Path | None) -> None:
    """The page, in its file; without one on standard output."""
    from riskgraph.cli.writing import write_file

    if out is None:
        output.write(content if isinstance(content, str) else content.decode())
        return
    write_file(out, content)
    output.say(f"wrote {out}{': open it in a browser' if out.suffix.lower() in {'.html', '.htm'} else ''}")


def kind_of(out: Path | None, format: Kind | None) -> Kind:  # noqa: A002 - it is the option's name
    """What to write: as the option says, else as the suffix of the file says.

    Raises:
        UsageError: neither says it.
    """
    from riskgraph.errors import UsageError

    if format is None and out is None:
        raise UsageError("name the file to write, as in -o map.html, or use --format markdown")
    kind = format or _SUFFIXES.get(out.suffix.lower() if out else "")
    if kind is None:
        raise UsageError(f"{out}: there is no page of that suffix: use .html, .md, .svg or .png, or --format")
    if kind == "png" and out is None:
        raise UsageError("a PNG is no text: name its file, as in -o map.png")
    return kind


def source_of(opened: session.Session, seen: Snapshot | None, when: date | None) -> Source:
    """What the head of a page says of where it is from."""
    from riskgraph.pages.page import Source

    revision = (seen.revision if seen else opened.revision) if opened.store else None
    return Source(opened.graph_id, revision, when.isoformat() if when else None)
