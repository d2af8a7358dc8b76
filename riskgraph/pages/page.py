"""A page: a template, what it shows and the data of its scripts in, one self-contained HTML file out.

Nothing in a page is fetched, and nothing that comes from a file can run: the policy names the digests of the one style
sheet and the one script, text is escaped by the templates, and data stands in a block that is no script.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from riskgraph.report.escape import visible

if TYPE_CHECKING:
    from jinja2 import Environment

_ASSETS: Final = "assets"
_UNSAFE: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""What could end the block of data or begin markup in it; JSON reads each back as it was."""


@dataclass(frozen=True)
class Source:
    """What a page was made from, for its head: the graph, the revision, and the date that was asked for."""

    graph_id: str | None = None
    revision: int | None = None
    as_of: str | None = None

    @property
    def line(self) -> str:
        """One line: ``graph 0192..., revision 7, as of 2026-03-01``."""
        parts = (
            f"graph {self.graph_id}" if self.graph_id else None,
            f"revision {self.revision}" if self.revision is not None else None,
            f"as of {self.as_of}" if self.as_of else None,
        )
        return ", ".join(part for part in parts if part) or "from register files"


def render_page(
    template: str,
    *,
    title: str,
    source: Source,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    data: Any = None,
    details: Any = None,
    **shown: Any,
) -> str:
    """The HTML of a template of ``assets/``; the same input gives the same bytes.

    ``scripts`` and ``styles`` are names of ``assets/``; they are joined in this order after those that every page has,
    and the scripts share one scope. ``data`` is what they read at once, ``details``
    what they read when it is asked for; ``shown`` is what the template shows.

    Raises:
        ValueError: a number in ``data`` is not finite.
    """
    from markupsafe import Markup

    style = "".join(read_asset(name) for name in ("page.css", *styles))
    script = "".join(["(() => {\n'use strict';\n", *(read_asset(name) for name in ("page.js", *scripts)), "})();\n"])
    return _environment().get_template(template).render(
        title=title,
        source=source,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own files
        data=Markup(data_text(data)),  # noqa: S704 - nothing in it can end the block
        details=Markup(data_text(details)),  # noqa: S704 - as data
        **shown,
    )  # fmt: skip


def data_text(data: Any) -> str:
    """JSON that can stand in a block of HTML.

    Raises:
        ValueError: a number is not finite.
    """
    return json.dumps(data, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)


@cache
def read_asset(name: str) -> str:
    """A file of ``assets/``."""
    return files(__package__).joinpath(_ASSETS, name).read_text("utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(read_asset),
        autoescape=True,
        finalize=_show,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _show(value: Any) -> Any:
    """A value in a template: what a reader cannot see is shown as an escape, what is markup of ours stays."""
    return visible(value, keep="\n") if type(value) is str else value


def _policy(style: str, script: str) -> str:
    """The content security policy: our one style sheet and our one script, pictures of the page's own, nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
