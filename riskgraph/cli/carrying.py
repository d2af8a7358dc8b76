"""Carrying: what an apply writes and the register's file in, that file with the same edits in it out, comments kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskgraph.cli import output

if TYPE_CHECKING:
    from riskgraph.edits import Edit
    from riskgraph.graph import RiskGraph
    from riskgraph.history import History
    from riskgraph.proposal.apply import Application
    from riskgraph.proposal.file import Proposal


def carry(write: Path, application: Application, proposal: Proposal, history: History) -> tuple[str, list[str]]:
    """The register's text with the edits in it, and what it has no place for; before anything is written.

    Where they are in the store already, those that the proposal brought are carried.

    Raises:
        UsageError: the register is a spreadsheet.
        InputError: it is not valid, or would not be.
    """
    from riskgraph.cli.writing import read_text
    from riskgraph.documents import MAX_REGISTER_BYTES, parse_document, read_document
    from riskgraph.edits import apply_all
    from riskgraph.errors import UsageError
    from riskgraph.graph import title
    from riskgraph.register.amend import amend_register
    from riskgraph.register.read import parse_registers
    from riskgraph.register.sheets.grid import is_spreadsheet

    if is_spreadsheet(write):
        raise UsageError(f"--write carries edits into YAML: riskgraph export -o {write} writes a new one after this")
    after = apply_all(application.edits, history.graph)
    parse_registers([read_document(write, MAX_REGISTER_BYTES)], after)
    edits = application.edits or [
        one.edit for one in proposal.edits if one.edit.marker in history.applied and _stands(one.edit, after)
    ]
    amended = amend_register(read_text(write), edits)
    there = parse_registers([parse_document(amended.text, str(write))], after).elements
    return amended.text, [title(edit.key) for edit in amended.skipped if edit.key not in there]


def _stands(edit: Edit, graph: RiskGraph) -> bool:
    """Whether the graph still is as an edit wanted it; what its owner has changed since is not carried."""
    element = graph.get(edit.key)
    if element is None or edit.op == "remove":
        return element is None and edit.op == "remove"
    values = element.data()
    return all(values.get(name) == value for name, value in edit.set.items())


def write_register(write: Path, text: str, skipped: Sequence[str]) -> None:
    """Writes the text, and says what was carried and what was not."""
    from riskgraph.cli.writing import read_text, write_file

    if text == read_text(write):
        output.say(f"{write} has all of it already")
    else:
        write_file(write, text)
        output.say(f"carried into {write}")
    for what in skipped:
        output.say(f"not carried into {write}, which does not have it: {what}")
