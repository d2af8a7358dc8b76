"""The page of a proposal: its file and a store, where there is one, in; the page to decide on it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskgraph.cli import session

if TYPE_CHECKING:
    from pathlib import Path

    from riskgraph.store import Store


def page_of_proposal(file: Path, store: str | None) -> str:
    """The HTML in which a person decides on a proposal.

    It is compared with the store that is named, or with the one that is there.

    Raises:
        InputError: the file is no proposal, or one for another graph.
    """
    from riskgraph.cli.writing import read_text
    from riskgraph.history import History
    from riskgraph.pages.page import Source
    from riskgraph.pages.review import review_page
    from riskgraph.proposal.apply import refuse_other_graph
    from riskgraph.proposal.file import read_proposal

    proposal = read_proposal(file)
    text = read_text(file)
    if not _is_asked(store):
        return review_page(proposal, text, file.name, Source(proposal.graph_id, proposal.base_revision))
    with session.open_store(store) as opened:
        known: Store = opened
        refuse_other_graph(proposal, known.graph_id)
        history = History(known.revisions())
        source = Source(known.graph_id, history.latest)
    return review_page(proposal, text, file.name, source, history)


def _is_asked(store: str | None) -> bool:
    """Whether there is a store to compare with: one that was named, or the default one where it exists."""
    found = session.settings(store=store)["store"]
    named = found.source != "default" and not found.source.endswith(".toml")
    return named or session.store_is_there(found.value)
