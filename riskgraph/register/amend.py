"""Amending a register file: its text and edits in, the text with the edits and all comments kept out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.documents import dump_inline, parse_document
from riskgraph.register.layout import (
    WIDTH,
    add_item,
    append_lines,
    drop_field,
    drop_item,
    find_field,
    insert_below,
    is_flow,
    read_nodes,
    replace,
    set_field,
)
from riskgraph.register.write import entry_lines, with_dates

if TYPE_CHECKING:
    from yaml import MappingNode, Node, SequenceNode

    from riskgraph.edits import Edit

_SECTIONS: Final = {
    "risk": "risks", "cascade": "cascades", "mitigation": "mitigations", "indicator": "indicators",
    "mitigates": "mitigations", "blocks": "mitigations", "watches": "indicators",
}  # fmt: skip
_EDGES: Final = frozenset({"mitigates", "blocks", "watches"})


@dataclass(frozen=True)
class Amended:
    """The new text, the edits that it carries, and those whose element is not in this file."""

    text: str
    done: tuple[Edit, ...]
    skipped: tuple[Edit, ...]


def amend_register(text: str, edits: Sequence[Edit]) -> Amended:
    """A register file with edits carried into it; lines that no edit touches stay as they are, to the byte.

    Edits of incidents, actions and their links are none of a register's; edits of elements that are not in this file,
    and additions of what it has already, are skipped.

    Raises:
        InputError: the text is not plain YAML.
    """
    parse_document(text)
    wanted = [edit for edit in edits if edit.kind in _SECTIONS or edit.kind == "register"]
    left = list(range(len(wanted)))
    while True:  # An edge may come before its owner.
        again = []
        for number in left:
            amended = _amend(text, wanted[number])
            if amended is None:
                again.append(number)
            else:
                text = amended
        if len(again) in {0, len(left)}:
            break
        left = again
    done = tuple(edit for number, edit in enumerate(wanted) if number not in again)
    return Amended(text, done, tuple(wanted[number] for number in again))


def _amend(text: str, edit: Edit) -> str | None:
    """The text with one edit; None where the file does not hold its element, or holds it already."""
    root = read_nodes(text)
    if root is None:
        return None
    if edit.kind == "register":
        return _amend_header(text, root, edit)
    entries = _items(root, _SECTIONS[edit.kind])
    number = next((n for n, one in enumerate(entries.value) if _is(one, edit)), None) if entries else None
    if edit.kind in _EDGES:
        return None if entries is None or number is None else _amend_edge(text, entries.value[number], edit)
    if edit.op == "add":
        return None if number is not None else _add(text, root, edit)
    if entries is None or number is None:
        return None
    if edit.op == "change":
        return _assign(text, ((_SECTIONS[edit.kind], edit), ()), edit.set)
    if len(entries.value) == 1:
        return set_field(text, root, _SECTIONS[edit.kind], "[]")
    return drop_item(text, entries, number)


def _amend_header(text: str, root: MappingNode, edit: Edit) -> str | None:
    """The text with another scale or currency; another file's values are not this one's to change."""
    if any(find_field(root, name) is None and edit.was.get(name) is not None for name in edit.set):
        return None
    for name, value in edit.set.items():
        nodes = read_nodes(text)
        assert nodes is not None  # noqa: S101 - it was a mapping before
        if value is None:
            text = drop_field(text, nodes, name)
        else:
            text = set_field(text, nodes, name, dump_inline(value), after="riskgraph_register")
    return text
