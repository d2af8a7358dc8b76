"""Shell completion: what has been typed of an id in, the ids of the store that begin so out. It never fails."""

from __future__ import annotations


def complete_risks(incomplete: str) -> list[tuple[str, str]]:
    """The risks whose id begins so, with their names."""
    return _complete(incomplete, {"risk"})


def complete_ids(incomplete: str) -> list[tuple[str, str]]:
    """The ids of any kind that begin so, with their names."""
    return _complete(incomplete, None)


def _complete(incomplete: str, kinds: set[str] | None) -> list[tuple[str, str]]:
    try:
        from riskgraph.cli.session import open_store
        from riskgraph.model import NODE_KINDS

        with open_store(None) as store:
            elements = store.read().graph.elements
        return [
            (key[1], str(getattr(element, "name", "")))
            for key, element in elements.items()
            if key[0] in (kinds or NODE_KINDS) and key[1].lower().startswith(incomplete.lower())
        ]
    except Exception:  # noqa: BLE001 - a person at the prompt gets no ids rather than an error in the line
        return []
