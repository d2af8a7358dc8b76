"""Layout: YAML text and a change to one value in it in, the text with that change and every other byte as it was out.

Mappings and lists are nodes of PyYAML, whose marks say where in the text they stand. They hold for the text that they
were read from only: after a change read the nodes anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TypeGuard

    from yaml import MappingNode, Node, SequenceNode

WIDTH: Final = 110
_COLON: Final = re.compile(r"\s*:")
_KEEP: Final = re.compile(r"[|>](?:\d\+|\+)")


def read_nodes(text: str) -> MappingNode | None:
    """The nodes of a text that is known to be plain YAML; None if it is no mapping."""
    import yaml

    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return root if isinstance(root, yaml.MappingNode) else None


def find_field(mapping: MappingNode, name: str) -> tuple[Node, Node] | None:
    """The key and the value of a field."""
    return next(((key, value) for key, value in mapping.value if key.value == name), None)


def is_mapping(node: Node | None) -> TypeGuard[MappingNode]:
    """Whether a node is a mapping."""
    import yaml

    return isinstance(node, yaml.MappingNode)


def is_list(node: Node | None) -> TypeGuard[SequenceNode]:
    """Whether a node is a list."""
    import yaml

    return isinstance(node, yaml.SequenceNode)


def is_flow(node: Node) -> bool:
    """Whether a mapping or list is written in brackets."""
    return bool(getattr(node, "flow_style", False))


def replace(text: str, node: Node, value: str) -> str:
    """The text with another value, on one line, instead of a node."""
    return text[: node.start_mark.index] + value + text[_last(text, node) :]


def set_field(text: str, mapping: MappingNode, name: str, value: str, after: str = "") -> str:
    """The text with a field's value, on one line; a new field goes to the end, or behind the field ``after``."""
    found = find_field(mapping, name)
    if found is None:
        return _add_field(text, mapping, f"{name}: {value}", after)
    key, old = found
    colon = _after_colon(text, key)
    start, end = old.start_mark.index, _last(text, old)
    if "\n" in text[colon:start] and not is_flow(mapping):
        rest = text[colon : _line_end(text, colon)]
        return f"{text[:colon]} {value}{rest}{text[end:]}"
    gap = " " if start == colon else ""
    return text[:start] + gap + value + text[end:]


def drop_field(text: str, mapping: MappingNode, name: str) -> str:
    """The text without a field, which must not be the mapping's only one."""
    number = next((n for n, (key, _) in enumerate(mapping.value) if key.value == name), None)
    if number is None:
        return text
    key, value = mapping.value[number]
    if is_flow(mapping):
        return _drop_in_flow(text, [(one.start_mark.index, _end(text, other)) for one, other in mapping.value], number)
    start = _line_start(text, key.start_mark.index)
    if text[start : key.start_mark.index].strip():  # It stands behind the dash of its entry, which stays.
        following = mapping.value[number + 1][0].start_mark.index
        return text[: key.start_mark.index] + text[following:]
    return text[:start] + text[_next_line(text, _end(text, value)) :]


def add_item(text: str, items: SequenceNode, inline: str, lines: str = "") -> str:
    """The text with one more item at the end of a list: ``inline`` in brackets, else ``lines``, which have no dash."""
    if is_flow(items):
        return _add_in_flow(text, items, [_end(text, item) for item in items.value], inline)
    column = items.start_mark.column
    position = _next_line(text, _end(text, items))
    while (line := text[position : _line_end(text, position)]).strip().startswith("#") and _indent(line) > column:
        position = _next_line(text, _line_end(text, position))
    margin = " " * column
    first, *others = (lines or inline).split("\n")
    return _put_lines(text, position, [f"{margin}- {first}", *(f"{margin}  {other}" for other in others)])


def drop_item(text: str, items: SequenceNode, number: int) -> str:
    """The text without an item of a list, which must not be the only one unless it is in brackets."""
    if is_flow(items):
        return _drop_in_flow(text, [(one.start_mark.index, _end(text, one)) for one in items.value], number)
    item = items.value[number]
    start = _line_start(text, item.start_mark.index)
    while text[start : start + items.start_mark.column + 1].strip() != "-":  # The dash may stand on a line above.
        start = _line_start(text, start - 1)
    return text[:start] + text[_next_line(text, _end(text, item)) :]


def append_lines(text: str, lines: list[str]) -> str:
    """The text with more lines behind its last value; comments that follow that stay last."""
    root = read_nodes(text)
    return _put_lines(text, _next_line(text, _end(text, root)) if root else len(text), lines)


def insert_below(text: str, key: Node, value: Node, lines: list[str]) -> str:
    """The text with lines below a key instead of its value, which is empty, or empty brackets."""
    text = text[: value.start_mark.index].rstrip(" ") + text[value.end_mark.index :]
    return _put_lines(text, _next_line(text, key.end_mark.index), lines)


def _add_field(text: str, mapping: MappingNode, field: str, after: str) -> str:
    if is_flow(mapping):
        return _add_in_flow(text, mapping, [_end(text, value) for _, value in mapping.value], field)
    first = mapping.value[0][0]
    behind = find_field(mapping, after)
    end = _end(text, behind[1] if behind else mapping)
    return _put_lines(text, _next_line(text, end), [" " * first.start_mark.column + field])


def _add_in_flow(text: str, node: Node, ends: list[int], part: str) -> str:
    """One more part between brackets; on a line of its own where the line would become too long."""
    if not ends:
        start = node.start_mark.index + 1
        return text[:start] + part + text[start:]
    end = ends[-1]
    width = _line_end(text, end) - _line_start(text, end) + len(part) + 2
    gap = " " if width <= WIDTH else _newline(text) + " " * (node.start_mark.column + 1)
    return f"{text[:end]},{gap}{part}{text[end:]}"


def _drop_in_flow(text: str, spans: list[tuple[int, int]], number: int) -> str:
    """The text without one of the parts between brackets."""
    start, end = spans[number]
    if number + 1 < len(spans):
        end = spans[number + 1][0]
    elif number:
        start = spans[number - 1][1]
    return text[:start] + text[end:]


def _end(text: str, node: Node) -> int:
    """Where a value ends, without the blank lines and comments that follow it."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node.value, list) and node.value and not is_flow(node):
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    if getattr(node, "style", None) in {"|", ">"} and not _KEEP.match(text, start):
        return start + len(text[start:end].rstrip())
    return end


def _last(text: str, node: Node) -> int:
    """Where the last character of a value ends; blank lines that belong to a text are behind it."""
    start, end = node.start_mark.index, _end(text, node)
    return start + len(text[start:end].rstrip())


def _after_colon(text: str, key: Node) -> int:
    colon = _COLON.match(text, key.end_mark.index)
    return colon.end() if colon else key.end_mark.index


def _put_lines(text: str, position: int, lines: list[str]) -> str:
    newline = _newline(text)
    before = text[:position]
    if before and not before.endswith("\n"):
        before += newline
    return before + "".join(line + newline for line in lines) + text[position:]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    found = text.find("\n", position)
    end = len(text) if found < 0 else found
    return end - 1 if text[position:end].endswith("\r") else end


def _next_line(text: str, position: int) -> int:
    """Where the next line begins; where one begins already, that one."""
    if position and text[position - 1] == "\n":
        return position
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1
