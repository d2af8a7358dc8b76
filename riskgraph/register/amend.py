"""Amending a register file: its text and edits in, the text with the edits and all comments kept out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from riskgraph.documents import dump_inline, parse_document
from riskgraph.register.layout import (
    add_item,
    append_lines,
    drop_field,
    drop_item,
    find_field,
    insert_below,
    is_flow,
    is_list,
    is_mapping,
    read_nodes,
    replace,
    set_field,
)
from riskgraph.register.write import dump_entry, dump_value, fields_of

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
    return _amend_entry(text, root, edit)


def _amend_entry(text: str, root: MappingNode, edit: Edit) -> str | None:
    """The text with an entry added, changed or removed, or one of its edges."""
    section = _SECTIONS[edit.kind]
    entries = _list(root, section)
    number = _find(entries, edit)
    if edit.op == "add" and edit.kind not in _EDGES:
        return _add(text, root, edit) if number is None else None
    if entries is None or number is None:
        return None
    if edit.kind in _EDGES:
        return _amend_edge(text, (section, number), edit)
    if edit.op == "change":
        return _assign(text, (section, number), edit.set)
    return drop_item(text, entries, number) if len(entries.value) > 1 else set_field(text, root, section, "[]")


def _amend_header(text: str, root: MappingNode, edit: Edit) -> str | None:
    """The text with another scale or currency; what another file says of it is not this one's to change."""
    if any(find_field(root, name) is None and edit.was.get(name) is not None for name in edit.set):
        return None
    return _assign(text, (), edit.set, after="riskgraph_register")


def _add(text: str, root: MappingNode, edit: Edit) -> str:
    """The text with a new entry at the end of its section."""
    section = _SECTIONS[edit.kind]
    ids = zip(("from", "to") if edit.kind == "cascade" else ("id",), edit.key[1:], strict=True)
    given = {name: value for name, value in edit.set.items() if value is not None}
    fields = dict(ids) | fields_of(edit.kind, given)
    found, entries = find_field(root, section), _list(root, section)
    if entries is not None and entries.value:
        brief = edit.kind == "cascade" or is_flow(entries.value[-1])
        return add_item(text, entries, dump_inline(fields), dump_entry(fields, brief=brief))
    if is_flow(root):
        return set_field(text, root, section, f"[{dump_inline(fields)}]")
    first, *others = dump_entry(fields, brief=edit.kind == "cascade").split("\n")
    lines = [f"  - {first}", *(f"    {line}" for line in others)]
    if found is None:
        return append_lines(text, [f"{section}:", *lines])
    return insert_below(text, *found, lines)


def _amend_edge(text: str, path: tuple[str | int, ...], edit: Edit) -> str:
    """The text with an edge in the list of its mitigation or indicator added, changed or removed."""
    owner = _reach(text, path)
    assert is_mapping(owner)  # noqa: S101 - it was found by its id
    edges = _list(owner, edit.kind)
    number = next((n for n, edge in enumerate(edges.value) if _ends(edge) == edit.key[2:]), None) if edges else None
    if edit.op == "remove":
        if edges is None or number is None:
            return text
        return drop_item(text, edges, number) if len(edges.value) > 1 else drop_field(text, owner, edit.kind)
    if edges is None or not edges.value:
        return set_field(text, owner, edit.kind, f"[{_dump_edge(edit)}]")
    if number is None:
        return add_item(text, edges, _dump_edge(edit))
    if is_mapping(edges.value[number]):
        return _assign(text, (*path, edit.kind, number), edit.set)
    return replace(text, edges.value[number], _dump_edge(edit))


def _assign(text: str, path: tuple[str | int, ...], values: Mapping[str, Any], after: str = "") -> str:
    """The text with other values of the mapping at a path; None takes a field away."""
    for name, value in values.items():
        mapping = _reach(text, path)
        assert is_mapping(mapping)  # noqa: S101 - the path was found in this text
        if value is None:
            text = drop_field(text, mapping, name)
        else:
            text = set_field(text, mapping, name, dump_value(name, value), after)
    return text


def _reach(text: str, path: tuple[str | int, ...]) -> Node | None:
    """The node at a path of keys and numbers."""
    node: Node | None = read_nodes(text)
    for part in path:
        if isinstance(part, int):
            node = node.value[part] if is_list(node) else None
        else:
            found = find_field(node, part) if is_mapping(node) else None
            node = found[1] if found else None
    return node


def _list(mapping: MappingNode, name: str) -> SequenceNode | None:
    found = find_field(mapping, name)
    return found[1] if found and is_list(found[1]) else None


def _find(entries: SequenceNode | None, edit: Edit) -> int | None:
    """Which entry is the element, or the owner of the edge, that an edit is about."""
    names, ids = (("from", "to"), edit.key[1:]) if edit.kind == "cascade" else (("id",), edit.key[1:2])
    for number, entry in enumerate(entries.value if entries else ()):
        if is_mapping(entry) and _values(entry, names) == ids:
            return number
    return None


def _ends(edge: Node) -> tuple[str, ...]:
    """The ids that an edge of a list has, besides its owner's."""
    if is_mapping(edge):
        return _values(edge, ("risk",) if find_field(edge, "risk") else ("from", "to"))
    return (str(edge.value),)


def _values(mapping: MappingNode, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(found[1].value) for name in names if (found := find_field(mapping, name)))


def _dump_edge(edit: Edit) -> str:
    """A new edge as its list has it: an id alone where nothing else is to be said."""
    values = {name: value for name, value in edit.set.items() if value is not None}
    if edit.kind == "blocks":
        return dump_inline({"from": edit.key[2], "to": edit.key[3], **values})
    return dump_inline({"risk": edit.key[2], **values} if values else edit.key[2])
