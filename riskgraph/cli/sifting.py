"""Sifting: findings and a baseline's file in; those that are new out, seen from the repository that they are in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from riskgraph.cli import output
from riskgraph.errors import UsageError
from riskgraph.findings import Finding, Sifted, Suppressed, path_below

if TYPE_CHECKING:
    from riskgraph.baseline import Command


def seen_from_the_repository(sifted: Sifted) -> Sifted:
    """The same findings, their paths as a reviewer sees them: from the top of the repository, with ``/``."""
    folder, root = Path.cwd(), _top()
    return Sifted(
        tuple(_moved(finding, root, folder) for finding in sifted.shown),
        tuple(replace(one, finding=_moved(one.finding, root, folder)) for one in sifted.left_out),
    )


def without_known(
    sifted: Sifted, command: Command, file: Path | None, *, is_update: bool, examined: Iterable[Path | str]
) -> Sifted:
    """The findings that the baseline does not have; with ``is_update`` it has all of them from now on.

    Raises:
        UsageError: there is no baseline to update, or it cannot be written.
        InputError: the file is no baseline.
    """
    from riskgraph.baseline import Baseline, are_known, dump_baseline, find_gone, read_baseline, update
    from riskgraph.cli.writing import write_file

    if file is None:
        if is_update:
            raise UsageError("--update-baseline needs the file to write: name it with --baseline FILE")
        return sifted
    if not is_update and not file.exists():
        output.say(f"hint: there is no {file} yet: the same command with --update-baseline writes it")
    root = _top()
    seen = seen_from_the_repository(sifted).shown
    paths = {path_below(root, Path.cwd(), str(path)) for path in examined}
    baseline = Baseline(riskgraph_baseline=1) if is_update and not file.exists() else read_baseline(file)
    if is_update:
        kept = [one for one in baseline.of(command) if one.path not in paths and (root / one.path).exists()]
        baseline = update(baseline, command, seen, kept)
        write_file(file, dump_baseline(baseline))
        output.say(f"wrote {file}: {_count(len(baseline.of(command)), command)} known from now on")
    known = baseline.of(command)
    old = are_known(seen, known)
    if any(old) and not is_update:
        output.say(f"{_count(sum(old), file)} left out")
    if gone := find_gone(seen, known, paths):
        output.say(f"note: {_count(len(gone), file)} gone: --update-baseline takes them out of it")
    pairs = list(zip(sifted.shown, old, strict=True))
    left_out = (Suppressed(finding, "baseline", f"known before: {file.name}") for finding, is_old in pairs if is_old)
    return Sifted(tuple(finding for finding, is_old in pairs if not is_old), (*sifted.left_out, *left_out))


def _top() -> Path:
    """The top of the repository that a person stands in; the folder where there is none."""
    folder = Path.cwd()
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def _moved(finding: Finding, root: Path, folder: Path) -> Finding:
    place = finding.place
    return replace(finding, place=replace(place, path=path_below(root, folder, place.path))) if place.path else finding


def _count(number: int, of: object) -> str:
    return f"1 finding of {of} is" if number == 1 else f"{number} findings of {of} are"
