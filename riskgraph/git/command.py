"""The program git: arguments and a folder in, what it prints out; nothing that a repository names is run.

A repository may be a stranger's. Its configuration can name programs for hooks, pagers, diffs, signatures and
transports; the commands here use none of them, and what could be used is turned off.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from riskgraph.errors import StoreUnavailableError

_OURS: Final = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
"""How a person's variables about git itself begin. Others, which hooks set, would lead to another repository."""
_OPTIONS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c", "log.showSignature=false",
    "-c", "core.fsmonitor=false",
    "-c", "i18n.logOutputEncoding=UTF-8",
)  # fmt: skip


def ask_git(folder: Path, *arguments: str) -> str | None:
    """What git prints about the repository of a folder; None where there is none.

    Raises:
        StoreUnavailableError: there is no git here, or it does not trust the repository.
    """
    try:
        return run_git(folder, *arguments)
    except StoreUnavailableError as error:
        if "not a git repository" in str(error):
            return None
        raise


def run_git(folder: Path, *arguments: str) -> str:
    """What git prints.

    Raises:
        StoreUnavailableError: there is no git here, or it fails; with what it says.
    """
    with _start(folder, arguments) as git:
        out, said = git.communicate()
    if git.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {git.returncode}"]
        if "dubious ownership" in lines[0]:
            message = f"git does not trust the repository of {folder}, it is another user's: add it to safe.directory"
            raise StoreUnavailableError(message)
        raise StoreUnavailableError(f"git cannot read the repository of {folder}: {lines[0]}")
    return out.decode("utf-8", "surrogateescape")


def read_blobs(folder: Path, ids: Iterable[str], max_bytes: int) -> Iterator[bytes | None]:
    """The content of each of these objects; None for one that is larger than ``max_bytes``.

    Raises:
        StoreUnavailableError: there is no git here, or the repository lacks one of them.
    """
    with _start(folder, ("cat-file", "--batch")) as git:
        assert git.stdin is not None  # noqa: S101 - they are pipes
        assert git.stdout is not None  # noqa: S101 - as above
        for name in ids:
            git.stdin.write(f"{name}\n".encode())
            git.stdin.flush()
            header = git.stdout.readline().split()
            if len(header) != 3:  # noqa: PLR2004 - id, type and size
                git.kill()
                message = f"the repository of {folder} lacks the content {name[:12]}: clone it whole, without --filter"
                raise StoreUnavailableError(message)
            size = int(header[2])
            content = git.stdout.read(size + 1)[:-1] if size <= max_bytes else None
            left = 0 if content is not None else size + 1
            while left:
                left -= len(git.stdout.read(min(left, max_bytes)))
            yield content


def _start(folder: Path, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_OURS)}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C"}
    try:
        return subprocess.Popen(  # noqa: S603 - the arguments are our own, and no shell reads them
            ["git", *_OPTIONS, "-C", str(folder), *arguments],  # noqa: S607 - the git that the reader uses
            env={**kept, **quiet}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    except OSError as error:
        reason = "there is no git here" if isinstance(error, FileNotFoundError) else f"git cannot be run: {error}"
        raise StoreUnavailableError(f"{reason}: install it, or leave --git away") from error
