"""Commits: register files in a repository in; the commits that changed them, and the register each made, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path

from riskgraph.documents import MAX_BYTES, MAX_REGISTER_BYTES, Document, decode_text, parse_document
from riskgraph.errors import InputError, UsageError
from riskgraph.git.command import read_blobs
from riskgraph.git.log import Change, Commit, Tracked, find_tracked, in_order, is_shallow, list_changes, refuse_file
from riskgraph.register.read import Register, parse_registers
from riskgraph.register.sheets.grid import MAPPING, is_spreadsheet


@dataclass(frozen=True)
class Commits:
    """The commits that changed register files, oldest first, with the object that each file was then.

    ``log`` has the objects of ``files``, then those of ``mappings``: what the columns of spreadsheets mean is said by
    the mapping beside them as it was at that commit. ``notes`` are sentences for the reader.
    """

    files: tuple[Tracked, ...]
    log: tuple[tuple[Commit, tuple[str | None, ...]], ...]
    is_shallow: bool
    mappings: tuple[Tracked, ...] = ()
    notes: tuple[str, ...] = ()


def find_commits(paths: Sequence[Path]) -> Commits:
    """The commits of the files' repository, first parents only, that changed one of them under any of its names.

    Raises:
        InputError: a file is in no repository, in another one, or in no commit.
        StoreUnavailableError: git cannot be asked.
        UsageError: it is a folder.
    """
    if folder := next((path for path in paths if path.is_dir()), None):
        hint = f"keep it as one file, with riskgraph export --register {folder} -o register.csv"
        raise UsageError(f"{folder} is a folder, whose history is not read: {hint}")
    files = [find_tracked(path) for path in paths]
    for other in files:
        if other.repository != files[0].repository:
            raise refuse_file(other.path, f"is in another repository than {files[0].path}: name files of one")
    changes = [list_changes(file) for file in files]
    mappings, changed, notes = _find_mappings(paths)
    log = in_order([*changes, *changed], files[0].folder)
    # A mapping that was there before the file that it is about made no register.
    own = {change.commit.id for of_file in changes for change in of_file}
    log = list(dropwhile(lambda one: one[0].id not in own, log))
    shallow = log[0][0].is_root and is_shallow(files[0])
    return Commits(tuple(files), tuple(log), shallow, tuple(mappings), tuple(notes))


def read_contents(commits: Commits) -> Iterator[tuple[Commit, Register | str]]:
    """Each commit with the register that its files make together, or with why they make none.

    Raises:
        StoreUnavailableError: git cannot be asked.
        UsageError: the library that reads workbooks is not installed.
    """
    paths = [file.path for file in (*commits.files, *commits.mappings)]
    here = [[(path, blob) for path, blob in zip(paths, blobs, strict=True) if blob] for _, blobs in commits.log]
    wanted = list(dict.fromkeys(one for ones in here for one in ones))
    contents = read_blobs(commits.files[0].folder, [blob for _, blob in wanted], MAX_REGISTER_BYTES)
    pending = iter(zip(wanted, contents, strict=True))
    known: dict[tuple[Path, str], Document | bytes | str] = {}
    for (commit, _), ones in zip(commits.log, here, strict=True):
        while any(one not in known for one in ones):
            one, content = next(pending)
            known[one] = _decode(content, one[0])
        yield commit, _parse({one[0]: known[one] for one in ones}, commits.files[0].path)


def _find_mappings(paths: Sequence[Path]) -> tuple[list[Tracked], list[list[Change]], list[str]]:
    """The mappings beside spreadsheets, with their commits; and notes on those that are in none."""
    mappings, changed, notes = [], [], []
    for path in dict.fromkeys(path.parent / MAPPING for path in paths if is_spreadsheet(path)):
        try:
            mapping = find_tracked(path)
            changed.append(list_changes(mapping))
        except InputError:
            if path.exists():
                notes.append(f"{path} is in no commit, so no commit says what columns mean: git add and commit it")
        else:
            mappings.append(mapping)
    return mappings, changed, notes


def _decode(content: bytes | None, path: Path) -> Document | bytes | str:
    """A document, the bytes of a spreadsheet, or what is wrong."""
    if content is None:
        return f"{path} is larger than {MAX_REGISTER_BYTES // MAX_BYTES} MiB"
    if is_spreadsheet(path):
        return content
    try:
        return parse_document(decode_text(content, str(path)), str(path))
    except InputError as error:
        return _why(error)


def _parse(contents: dict[Path, Document | bytes | str], first: Path) -> Register | str:
    """The register that the files of a commit make, or why they make none; ``first`` is the one that is spoken of."""
    problem = next((one for one in contents.values() if isinstance(one, str)), None)
    if problem is not None:
        return problem
    documents = [one for path, one in contents.items() if isinstance(one, Document) and path.name != MAPPING]
    sheets = {path: one for path, one in contents.items() if isinstance(one, bytes)}
    if not documents and not sheets:
        return f"it removed {first}"
    try:
        if not sheets:
            return parse_registers(documents)
        mappings = {path: one for path, one in contents.items() if isinstance(one, Document) and path.name == MAPPING}
        return _parse_with_sheets(documents, sheets, mappings)
    except InputError as error:
        return _why(error)


def _parse_with_sheets(
    documents: Sequence[Document], sheets: dict[Path, bytes], mappings: dict[Path, Document]
) -> Register:
    from riskgraph.register.sheets.grid import parse_grids
    from riskgraph.register.sheets.mapping import MappingFile, parse_mapping
    from riskgraph.register.sheets.read import find_sheets, read_spreadsheets

    known = {path.parent: parse_mapping(one) for path, one in mappings.items()}
    opened = [
        find_sheets(path, parse_grids(content, path), known.get(path.parent, MappingFile()))
        for path, content in sheets.items()
    ]
    read, findings = read_spreadsheets(opened)
    return parse_registers([*documents, *read], findings=findings)


def _why(error: InputError) -> str:
    more = len(error.findings) - 1
    return f"{error.findings[0] if error.findings else error}{f' and {more} more' if more > 0 else ''}"
