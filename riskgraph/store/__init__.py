"""Stores: a URL in, a place that keeps a graph and its revisions out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from riskgraph.edits import Edit
from riskgraph.history import Decision, Revision, Snapshot


class Store(Protocol):
    """Keeps one graph and its revisions; ``write`` is the only way to change it.

    ``memory://`` (:mod:`riskgraph.store.memory`) is the specification; ``tests/store/contract.py`` holds every store
    to it.
    """

    @property
    def graph_id(self) -> str:
        """The graph's identity, which it keeps through export, copy and import into a new store."""
        ...

    def read(self, as_of: date | None = None) -> Snapshot:
        """The graph of today, or as it was known at a time (``History.as_of``)."""
        ...

    def revisions(self) -> Sequence[Revision]:
        """Every revision, oldest first."""
        ...

    def write(
        self,
        edits: Sequence[Edit],
        *,
        expected: int,
        author: str,
        reason: str,
        effective_on: date | None = None,
        decisions: Sequence[Decision] = (),
        undoes: int | None = None,
    ) -> Revision:
        """One transaction: the edits, and the revision that records them.

        Raises:
            RevisionConflictError: the newest revision is not ``expected``; nothing was written.
            StaleError, EditError: an edit does not fit; nothing was written.
            UsageError: ``effective_on`` is earlier than that of the revision before.
            StoreUnavailableError: the store cannot be written; nothing was written.
        """
        ...

    def close(self) -> None:
        """Release what the store holds open."""
        ...


def open_store(url: str, *, create: bool = False, graph_id: str | None = None) -> Store:
    """The store at a URL: ``sqlite:///path`` or ``memory://``; with ``create`` a missing SQLite file is made.

    Raises:
        UsageError: the URL names no store that there is.
        StoreUnavailableError: there is no store there, or it cannot be opened.
    """
    raise NotImplementedError
