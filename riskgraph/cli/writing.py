"""Writing files: content and a path in, the whole file or no change out."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from riskgraph.errors import UsageError


def write_file(path: Path, content: str | bytes) -> None:
    """Writes a file aside, flushes it to the disk and puts it in place, so that no reader ever sees half of it.

    A symbolic link stays, and the file that it names is replaced; permissions of a file that was there are kept.

    Raises:
        UsageError: the folder is missing or cannot be written.
    """
    target = Path(os.path.realpath(path))
    aside = target.parent / f".{target.name[:100]}.{secrets.token_hex(8)}.new"
    try:
        if target.exists() and not target.is_file():
            raise UsageError(f"{path} is no file: name another one")
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        with aside.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            aside.chmod(mode)
        aside.replace(target)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """The text of a file that was read before, with the line ends that it has."""
    return path.read_bytes().decode("utf-8-sig")


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Refuses a file that is there, unless told to replace it.

    Raises:
        UsageError: there is one.
    """
    if path.exists() and not force:
        raise UsageError(f"{path} is there already: name another file, or use --force")
