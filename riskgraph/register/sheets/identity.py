"""Identity: the ids and names in spreadsheets, and a graph, in; the id of each entry and of each reference out.

A missing id is made from the name, so that the next import makes the same one; an entry of the graph that has the name
keeps its own id.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from riskgraph.fields import ID_PATTERN
from riskgraph.register.sheets.words import fold
from riskgraph.validation import closest

if TYPE_CHECKING:
    from riskgraph.graph import RiskGraph

PREFIXES: Final = {"risk": "RISK", "mitigation": "MIT", "indicator": "IND"}
_LENGTH: Final = 64
_SLUG: Final = 48
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_HEAD: Final = re.compile(r"([^\s:;,()]+)\s*(?::|\(|\s[-\u2013\u2014]\s)")


class Names:
    """Collects who is called what, and finds ids by what a cell says."""

    def __init__(self, base: RiskGraph) -> None:
        self.ids: dict[str, dict[str, str]] = {kind: {} for kind in PREFIXES}
        self.names: dict[str, dict[str, set[str]]] = {kind: {} for kind in PREFIXES}
        self.taken: dict[str, str] = {}
        for kind, nodes in (("risk", base.risks), ("mitigation", base.mitigations), ("indicator", base.indicators)):
            for id_, node in nodes.items():
                self._add(kind, id_, id_, node.name)
                for alias in getattr(node, "aliases", ()):
                    self.names[kind].setdefault(fold(alias), set()).add(id_)

    def enter(self, kind: str, raw: str, name: str) -> str:
        """The id of an entry with this id and name, either of which may be empty; from now on both find it.

        Raises:
            ValueError: no id can be made of what is there.
        """
        id_ = as_id(kind, raw) if raw else self._of_name(kind, name)
        self._add(kind, id_, raw, name)
        return id_

    def find(self, kind: str, text: str) -> str:
        """The id that a reference means: an id, a name, or an id with a name behind it.

        An id that is not known is given back as it is, for the reader of registers to report.

        Raises:
            ValueError: it means nothing, or several.
        """
        ids, names = self.ids[kind], self.names[kind]
        known = ids.get(fold_id(text))
        if known:
            return known
        named = names.get(fold(text), set())
        if len(named) == 1:
            return next(iter(named))
        if named:
            raise ValueError(f"{text!r} is the name of {' and of '.join(sorted(named))}: write the id")
        head = _HEAD.match(text)
        if head and (known := ids.get(fold_id(head[1]))):
            return known
        if re.fullmatch(ID_PATTERN, text):
            return text
        near = closest(text, [*ids, *names])
        found = ids.get(near or "") or next(iter(sorted(names.get(near or "", ()))), "")
        hint = f"did you mean {found}?" if found else f"write the id of a {kind}, or add it"
        raise ValueError(f"there is no {kind} {text!r}: {hint}")

    def is_known(self, kind: str, text: str) -> bool:
        """Whether a text is an id of this kind."""
        return fold_id(text) in self.ids[kind]

    def _of_name(self, kind: str, name: str) -> str:
        """The id of the one that has this name, or a new one."""
        known = self.names[kind].get(fold(name), set())
        if known:
            return min(known)
        id_ = slug(kind, name)
        return id_ if id_ not in self.taken else f"{id_[: _LENGTH - 7]}-{_digest(name)}"

    def _add(self, kind: str, id_: str, raw: str, name: str) -> None:
        self.taken[id_] = name
        for text in (id_, raw):
            if text:
                self.ids[kind].setdefault(fold_id(text), id_)
        if name:
            self.names[kind].setdefault(fold(name), set()).add(id_)


def fold_id(text: str) -> str:
    """An id as it is compared: dashes alike, no case, no spaces around."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().casefold()


def as_id(kind: str, raw: str) -> str:
    """The id that a cell means: a number gets the prefix of its kind, and what an id cannot have becomes a dash.

    Raises:
        ValueError: nothing is left of it, or it is too long.
    """
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", raw)).strip()
    if re.fullmatch(ID_PATTERN, text):
        return text
    bare = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")
    if bare and not bare[0].isalpha():
        bare = f"{PREFIXES[kind]}-{bare}"
    if not re.fullmatch(ID_PATTERN, bare):
        raise ValueError(f"{raw[:80]!r} is not an id: a letter, then letters, digits, '.', '_' or '-', 64 at most")
    return bare


def slug(kind: str, name: str) -> str:
    """An id made from a name; a name that is long, or of another script, leaves its digest in it."""
    plain = unicodedata.normalize("NFKD", name.replace("\u00df", "ss")).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
    letters = sum(char.isalnum() for char in name)
    short = words[:_SLUG].rstrip("-")
    if short != words or sum(char.isalnum() for char in words) * 2 < letters or not words:
        short = f"{short}-{_digest(name)}".strip("-")
    return f"{PREFIXES[kind]}-{short}"


def _digest(name: str) -> str:
    return hashlib.sha256(fold(name).encode()).hexdigest()[:6]
