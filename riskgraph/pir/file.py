"""The file of a review: its path in, the document in it out, whether it is YAML or markdown."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

from riskgraph.documents import MAX_BYTES, Document, parse_document, read_text

MARKDOWN: Final = frozenset({".md", ".markdown"})
"""Suffixes of reviews in markdown; every other file is YAML."""
_LOOK: Final = 64 * 1024


def read_review(path: Path | str, max_bytes: int = MAX_BYTES) -> Document:
    """The document in the file of a review; files of other kinds are YAML, too.

    Raises:
        InputError: the file cannot be read, is too large, or is not what its suffix says; with its place.
    """
    return parse_review(read_text(path, max_bytes), str(path))


def parse_review(text: str, path: str) -> Document:
    """The document in the text of such a file, with what is wrong in it as notes; its name says if it is markdown.

    However accents are encoded, names and words are compared as composed characters (NFC).

    Raises:
        InputError: it is not what its suffix says; with its place.
    """
    text = unicodedata.normalize("NFC", text)
    if not is_markdown(path):
        return parse_document(text, path, lenient=True)
    from riskgraph.pir.markdown import parse_markdown

    return parse_markdown(text, path)


def is_markdown(path: Path | str) -> bool:
    """Whether a file is markdown, by its suffix."""
    return Path(path).suffix.lower() in MARKDOWN


def begins_as_review(path: Path) -> bool:
    """Whether a file of markdown looks like a review, without reading all of it."""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK)
    except OSError:
        return False
    return looks_like_review(start.decode("utf-8-sig", "replace"))


def looks_like_review(text: str) -> bool:
    """Whether a page, or its beginning, has the field without which it is no review."""
    from riskgraph.pir import markdown

    return markdown.looks_like_review(text[:_LOOK])
