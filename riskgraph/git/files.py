"""Files of a bare repository: a path that leads through it in, what its newest commit has there out."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from riskgraph.documents import MAX_BYTES, Document, decode_text
from riskgraph.errors import InputError, RiskGraphError
from riskgraph.findings import Finding, Place
from riskgraph.git.command import read_blobs, run_git
from riskgraph.git.log import find_tracked
from riskgraph.pir.file import is_markdown, looks_like_review, parse_review


def read_committed(path: Path, suffixes: frozenset[str]) -> list[Document | InputError] | None:
    """The documents at a path such as ``risk.git/pirs``, each read or with why it cannot be; None: it is no such path.

    A folder stands for the files below it that have one of the suffixes; hidden ones, and links, are passed over.

    Raises:
        StoreUnavailableError: the repository cannot be read.
    """
    try:
        tracked = find_tracked(path)
    except RiskGraphError:
        return None
    if not tracked.is_bare:
        return None
    listed = run_git(tracked.folder, "ls-tree", "-r", "-z", "HEAD", "--", tracked.name).split("\0")[:-1]
    found: dict[Path, str] = {}
    for entry in listed:
        about, _, name = entry.partition("\t")
        mode, _, blob = about.split()
        below = PurePosixPath(name).relative_to(tracked.name)
        is_meant = name == tracked.name or below.suffix.lower() in suffixes
        if mode.startswith("100") and is_meant and not any(part.startswith(".") for part in below.parts):
            found[path / below] = blob
    contents = read_blobs(tracked.folder, found.values(), MAX_BYTES)
    read = (_read(file, content, named=file == path) for file, content in zip(found, contents, strict=True))
    return [one for one in read if one is not None] if found else None


def _read(file: Path, content: bytes | None, *, named: bool) -> Document | InputError | None:
    """The document in a file; None for a page of markdown in a folder that is no review."""
    try:
        if content is not None:
            text = decode_text(content, str(file))
            is_other = is_markdown(file) and not named and not looks_like_review(text)
            return None if is_other else parse_review(text, str(file))
    except InputError as error:
        return error
    message = "is larger than 1 MiB, the most that is read: split it"
    finding = Finding("file-too-large", "error", message, Place(str(file)))
    return InputError(str(finding), (finding,))
