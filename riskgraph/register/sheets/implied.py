"""Implied elements: a row in, the mitigations, indicators and cascades that it names besides its own entry out."""

from __future__ import annotations

from typing import Any, Final

from riskgraph.register.sheets.entries import Entries, Row, shorten
from riskgraph.register.sheets.headers import OF_CONTROL

_CONTROL: Final = ("kind", "owner", "status", "due")


def imply(entries: Entries, row: Row) -> None:
    """Adds what a row of somebody else's spreadsheet says of others than its own entry."""
    match row.table.kind:
        case "risk":
            _risk(entries, row)
        case "mitigation":
            _edges(entries, row)
        case "indicator":
            for text in row.values.get("watches", ()):
                edge = entries.edge(row, "watches", text)
                if edge:
                    _link(entries, "indicators", row.id, "watches", edge["risk"], row)


def _risk(entries: Entries, row: Row) -> None:
    _controls(entries, row)
    for name, status in (("controls", "implemented"), ("mitigations", None)):
        for text in row.values.get(name, ()):
            _mitigation(entries, row, name, ("", text), {"status": status} if status else {})
    for text in row.values.get("indicators", ()):
        _indicator(entries, row, text)
    for name in ("leads_to", "caused_by"):
        for text in row.values.get(name, ()):
            _cascade(entries, row, name, text)


def _controls(entries: Entries, row: Row) -> None:
    """The control that columns of its own describe, or several, where its id and name hold as many."""
    ids, names = row.values.get("control_id", []), row.values.get("control_name", [])
    if ids and names and len(ids) != len(names):
        if len(ids) > 1:
            message = f"has {len(ids)} ids for {len(names)} controls: write as many of each"
            entries.report(row.place_of("control_id"), message)
            return
        names = ["\n".join(names)]
    fields = {name: row.values[f"control_{name}"] for name in _CONTROL if f"control_{name}" in row.values}
    kept = {name.removeprefix("control_"): value for name, value in row.values.items() if name.startswith(OF_CONTROL)}
    count = max(len(ids), len(names))
    if not count and fields:  # Owner and due date are those of what is planned, where something is.
        names = [*(row.values.get("mitigations") or row.values.get("controls", ()))]
        count = len(names)
    elif "due" not in fields:  # A control that is assessed is there.
        fields.setdefault("status", "implemented")
    fields |= kept
    for number in range(count):
        pair = (ids[number] if ids else "", names[number] if names else "")
        _mitigation(entries, row, "control_name" if names else "control_id", pair, fields)


def _mitigation(entries: Entries, row: Row, column: str, pair: tuple[str, str], fields: dict[str, Any]) -> None:
    """A mitigation of the row's risk: one that is known by its id or name, or a new one."""
    raw, name = pair
    if not raw and entries.names.is_known("mitigation", name):
        raw, name = name, ""
    try:
        id_ = entries.names.enter("mitigation", raw, name)
    except ValueError as error:
        entries.report(row.place_of(column), str(error))
        return
    given = ({"name": shorten(name)} if name else {}) | fields
    entry = _entry(entries, "mitigation", id_, given, row, column)
    share = row.values.get("control_effectiveness")
    known = entries.base.get(("mitigates", id_, row.id))
    if share is None and known is not None:
        share = known.data().get("effectiveness")
    edge = {"risk": row.id} | ({"effectiveness": share} if share is not None else {})
    edges = entry.setdefault("mitigates", [])
    if all(one["risk"] != row.id for one in edges):
        edges.append(edge)


def _indicator(entries: Entries, row: Row, text: str) -> None:
    raw, name = (text, "") if entries.names.is_known("indicator", text) else ("", text)
    try:
        id_ = entries.names.enter("indicator", raw, name)
    except ValueError as error:
        entries.report(row.place_of("indicators"), str(error))
        return
    entry = _entry(entries, "indicator", id_, {"name": shorten(name)} if name else {}, row, "indicators")
    watched = entry.setdefault("watches", [])
    if row.id not in watched:
        watched.append(row.id)


def _entry(entries: Entries, kind: str, id_: str, given: dict[str, Any], row: Row, column: str) -> dict[str, Any]:
    """The entry of something named in a row: that of its own table, or one that keeps what the graph knows of it."""
    section = f"{kind}s"
    number = entries.known.get((kind, id_))
    if number is None:
        known = entries.base.get((kind, id_))
        before = known.data() if known else {}
        entry = {"id": id_, "name": id_, **before, **given}
        number = entries.put(section, entry, {}, row.place_of(column))
        entries.known[kind, id_] = number
        return entry
    entry = entries.entries[section][number]
    for name, value in given.items():
        entry.setdefault(name, value)
    return entry


def _cascade(entries: Entries, row: Row, column: str, text: str) -> None:
    """A cascade without estimate, unless the file or the graph knows more of it."""
    try:
        other = entries.names.find("risk", text)
    except ValueError as error:
        entries.report(row.place_of(column), str(error))
        return
    pair = (row.id, other) if column == "leads_to" else (other, row.id)
    if pair in entries.pairs:
        return
    entries.pairs.add(pair)
    known = entries.base.get(("cascade", *pair))
    entry = known.data() if known else {"from": pair[0], "to": pair[1]}
    entries.put("cascades", entry, {}, row.place_of(column))


def _edges(entries: Entries, row: Row) -> None:
    """What a mitigation's own row says that it mitigates and blocks."""
    for name in ("mitigates", "blocks"):
        for text in row.values.get(name, ()):
            edge = entries.edge(row, name, text)
            if edge and name == "mitigates" and "effectiveness" in row.values:
                edge.setdefault("effectiveness", row.values["effectiveness"])
            if edge:
                _link(entries, "mitigations", row.id, name, edge, row)


def _link(entries: Entries, section: str, id_: str, name: str, edge: Any, row: Row) -> None:
    """Adds an edge to the list of its owner, once."""
    number = entries.known[section.removesuffix("s"), id_]
    edges = entries.entries[section][number].setdefault(name, [])
    if edge not in edges:
        edges.append(edge)
        entries.places[section, number, name, len(edges) - 1] = row.place_of(name)
