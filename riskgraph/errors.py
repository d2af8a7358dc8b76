"""Errors, shaped by what the reader can do about them: in goes one sentence, out comes an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskgraph.findings import Finding


class RiskGraphError(Exception):
    """Something the reader can act on; its text is one line that says what is wrong and what to do."""

    exit_code: ClassVar[int] = 1


class UsageError(RiskGraphError):
    """The command was given something it does not take."""

    exit_code = 2


class InputError(RiskGraphError):
    """A file, or a value in it, is not valid; ``findings`` lists every problem with its place."""

    exit_code = 4

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class EditError(InputError):
    """An edit does not fit the graph: it names what is not there, or removes what others refer to."""


class StaleError(RiskGraphError):
    """The graph has changed where an edit would change it; ``conflicts`` has one sentence a conflict."""

    exit_code = 5

    def __init__(self, message: str, conflicts: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)


class RevisionConflictError(StaleError):
    """Another writer was first: the store is not at the revision that the write was made for."""


class StoreUnavailableError(RiskGraphError):
    """The store cannot be opened, read or written."""

    exit_code = 6


class MissingStoreError(StoreUnavailableError):
    """There is no store at a URL yet; ``riskgraph init`` makes one."""


class CorruptStoreError(StoreUnavailableError):
    """The store's content does not match its own hashes."""
