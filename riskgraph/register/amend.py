"""Amending a register file: its text and edits in, the text with the edits and all comments kept out."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from riskgraph.documents import dump_inline, parse_document
from riskgraph.register.write import entry

if TYPE_CHECKING:
    from riskgraph.documents import Document
    from riskgraph.edits import Edit

_SECTIONS: Final = {
    "risk": "risks", "cascade": "cascades", "mitigation": "mitigations", "indicator": "indicators",
    "mitigates": "mitigations", "blocks": "mitigations", "watches": "indicators",
}  # fmt: skip
_TOP_KEY: Final = re.compile(r"[A-Za-z_][\w-]*\s*:")


@dataclass(frozen=True)
class Amended:
    """The new text, the edits that it carries, and those whose element is not in this file."""

    text: str
    done: tuple[Edit, ...]
    skipped: tuple[Edit, ...]


def amend_register(text: str, edits: Sequence[Edit]) -> Amended:
    """A register file with edits carried into it; lines that no edit touches stay as they are, to the byte.

    Edits of incidents, actions and their links are none of a register's; edits of elements that are not in this file
    are skipped.
    """
    wanted = [edit for edit in edits if edit.kind in _SECTIONS or edit.kind == "register"]
    added = [
        edit for edit in wanted if edit.op == "add" and edit.kind in {"risk", "cascade", "mitigation", "indicator"}
    ]
    others = [edit for edit in wanted if edit not in added]
    document = parse_document(text)
    fresh = [edit for edit in added if not _is_there(edit, document)]
    done = list(fresh)
    edges: dict[str, list[Edit]] = {}
    for edit in others:
        owner = edit.key[1] if edit.kind in {"mitigates", "blocks", "watches"} else ""
        if edit.op == "add" and any(new.key[1:] == (owner,) for new in fresh):
            edges.setdefault(owner, []).append(edit)
            done.append(edit)
    rest = [edit for edit in others if edit not in done]
    changed, carried = _change(text, rest)
    for edit in fresh:
        changed = _insert(changed, edit, edges.get(edit.key[1], ()))
    done += carried
    kept = [edit for edit in wanted if edit in done]
    return Amended(changed, tuple(kept), tuple(edit for edit in wanted if edit not in kept))


def _is_there(edit: Edit, document: Document) -> bool:
    entries = (document.data or {}).get(_SECTIONS[edit.kind]) or ()
    return any(_names(entry_, edit) for entry_ in entries)


def _names(entry_: Any, edit: Edit) -> bool:
    """Whether an entry of a section is the element, or the owner of the edge, that an edit is about."""
    if edit.kind == "cascade":
        return bool((entry_.get("from"), entry_.get("to")) == edit.key[1:])
    return bool(entry_.get("id") == edit.key[1])


def _change(text: str, edits: Sequence[Edit]) -> tuple[str, list[Edit]]:
    """The text with changes and removals, and the edits that found their element."""
    from ruamel.yaml import YAML

    if not edits:
        return text, []
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2) if re.search(r"^ +- ", text, re.MULTILINE) else None
    data = yaml.load(text)
    plain = _dumped(yaml, data)
    carried = [edit for edit in edits if _carry(data, edit)]
    if not carried:
        return text, []
    return _merge(text, plain, _dumped(yaml, data)), carried


def _dumped(yaml: Any, data: Any) -> str:
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def _merge(text: str, plain: str, changed: str) -> str:
    """The changes from ``plain`` to ``changed``, made to ``text``, of which ``plain`` is another layout."""
    ours, base, theirs = (part.splitlines(keepends=True) for part in (text, plain, changed))
    layout = difflib.SequenceMatcher(None, base, ours, autojunk=False).get_opcodes()
    place: dict[int, int] = {}
    for _, start, end, mine, mine_end in layout:
        for line in range(start, end + 1):
            place.setdefault(line, min(mine + line - start, mine_end))
        place[end] = mine_end
    result: list[str] = []
    position = 0
    for tag, start, end, new, new_end in difflib.SequenceMatcher(None, base, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            result += ours[position : place.get(start, start)]
            near = min(start if tag == "replace" else start - 1, len(base) - 1)
            result += _shifted(
                theirs[new:new_end], _indent(ours[place[near]]) - _indent(base[near]) if near >= 0 else 0
            )
            position = place.get(end, end)
    return "".join([*result, *ours[position:]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shifted(lines: list[str], by: int) -> list[str]:
    """Lines moved to the right, or to the left as far as their own indentation allows."""
    return [" " * max(0, _indent(line) + by) + line.lstrip(" ") for line in lines]


def _carry(data: Any, edit: Edit) -> bool:
    """Make one edit in the loaded file; False where it does not hold the element."""
    if edit.kind == "register":
        _assign(data, edit.set)
        return True
    entries = data.get(_SECTIONS[edit.kind]) or []
    found = next((entry_ for entry_ in entries if _names(entry_, edit)), None)
    if found is None:
        return False
    if edit.kind in {"mitigates", "blocks", "watches"}:
        return _carry_edge(found, edit)
    if edit.op == "remove":
        entries.remove(found)
    else:
        _assign(found, edit.set)
    return True


def _carry_edge(owner: Any, edit: Edit) -> bool:
    """Make an edit of an edge in the list of its mitigation or indicator."""
    edges = owner.setdefault(edit.kind, [])
    ends = edit.key[2:]
    found = next((number for number, edge in enumerate(edges) if _ends(edge) == ends), None)
    if edit.op == "remove":
        if found is not None:
            del edges[found]
        if not edges:
            del owner[edit.kind]
    elif found is None:
        edges.append(_edge(edit))
    elif edit.kind != "watches":
        if isinstance(edges[found], str):
            edges[found] = {"risk": edges[found]}
        _assign(edges[found], edit.set)
    return True


def _ends(edge: Any) -> tuple[str, ...]:
    if isinstance(edge, str):
        return (edge,)
    return (edge["risk"],) if "risk" in edge else (edge["from"], edge["to"])


def _edge(edit: Edit) -> Any:
    """An edge as its list has it."""
    if edit.kind == "watches" or (edit.kind == "mitigates" and not edit.set):
        return edit.key[2]
    from ruamel.yaml.comments import CommentedMap

    names = ("risk",) if edit.kind == "mitigates" else ("from", "to")
    edge = CommentedMap({**dict(zip(names, edit.key[2:], strict=True)), **edit.set})
    edge.fa.set_flow_style()
    return edge


def _assign(mapping: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            mapping.pop(name, None)
        else:
            mapping[name] = date.fromisoformat(value) if name in {"due", "implemented_on"} else value


def _insert(text: str, edit: Edit, edges: Sequence[Edit]) -> str:
    """The text with a new entry after the last one of its section."""
    section = _SECTIONS[edit.kind]
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = next((n for n, line in enumerate(lines) if re.match(rf"{section}\s*:", line)), None)
    if start is None:
        return "".join([*lines, f"{section}:\n", _entry(edit, edges, "  ")])
    head = re.match(rf"({section}\s*:)\s*(?:\[\s*\]|null|~)?\s*(#.*)?$", lines[start].rstrip("\n"))
    if head:
        lines[start] = head[1] + (f"  {head[2]}" if head[2] else "") + "\n"
    end = next((n for n in range(start + 1, len(lines)) if _TOP_KEY.match(lines[n])), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    item = next((line for line in lines[start + 1 : end] if line.lstrip().startswith("- ")), "  - ")
    indent = item[: len(item) - len(item.lstrip())]
    return "".join([*lines[:end], _entry(edit, edges, indent), *lines[end:]])


def _entry(edit: Edit, edges: Sequence[Edit], indent: str) -> str:
    """A new entry, in the style of an export."""
    if edit.kind == "cascade":
        return f"{indent}- {dump_inline({'from': edit.key[1], 'to': edit.key[2], **edit.set})}\n"
    fields = {"id": edit.key[1], **{name: value for name, value in edit.set.items() if value is not None}}
    if edit.kind == "risk" and fields.get("status") == "open":
        del fields["status"]
    for edge in edges:
        named = _edge(edge)
        fields.setdefault(edge.kind, []).append(named if isinstance(named, str) else dict(named))
    return entry(fields, indent)
