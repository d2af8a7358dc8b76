"""The command copy: a store and the URL of an empty one in; there, the whole history as it is, out."""

from __future__ import annotations

from typing import Annotated

import typer

from riskgraph.cli import options, output, session


def copy(
    url: Annotated[str, typer.Argument(metavar="URL", help="An empty store, or one that is not there yet.")],
    store: options.Store = None,
    format: options.Format = "table",  # noqa: A002 - it is the option's name
) -> None:
    """Copy the store with its whole history, digests unchanged, into an empty one."""
    from riskgraph.errors import CorruptStoreError, UsageError
    from riskgraph.report.envelope import envelope
    from riskgraph.report.table import Table
    from riskgraph.store.doctor import examine

    with session.open_store(store) as source:
        if found := examine(source):
            raise CorruptStoreError(f"nothing was copied: {found[0].message}; see riskgraph doctor")
        revisions, graph_id = source.revisions(), source.graph_id
    if session.store_is_there(url):
        with session.open_store(url) as there:
            if number := len(there.revisions()):
                raise UsageError(f"{url} keeps {number} revisions of its own: name an empty store")
    with session.open_store(url, create=True, graph_id=graph_id) as target:
        target.restore(revisions)
        if found := examine(target):
            raise CorruptStoreError(f"{url} is not what was copied: {found[0].message}")
    count = len(revisions)
    output.show(
        format,
        data=lambda: envelope("copy", graph_id=graph_id, revision=count, store=url),
        tables=lambda: [Table("Copied", ("store", "revisions"), ((url, count),))],
        text=lambda: f"copied {count} revision{'s' if count != 1 else ''} to {url}\n",
    )
    output.say(f"next: RISKGRAPH_STORE={url} riskgraph doctor")
