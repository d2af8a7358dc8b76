"""Settings: flags, environment and riskgraph.toml in, each setting with where its value comes from out."""

from __future__ import annotations

import getpass
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from riskgraph.errors import InputError
from riskgraph.findings import Finding, Place
from riskgraph.validation import closest

FILE: Final = "riskgraph.toml"
DEFAULT_STORE: Final = "sqlite:///riskgraph.db"
_PREFIX: Final = "RISKGRAPH_"
_SQLITE: Final = "sqlite:///"
_SERVERS: Final = ("neo4j", "bolt")
_PATIENCE: Final = 5
"""Seconds that git may take to say who its user is."""


class Settings(BaseSettings):
    """What can be set: the store's URL, and the author of what is written."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    store: str = DEFAULT_STORE
    author: str | None = None


@dataclass(frozen=True)
class Setting:
    """One setting: its value, and where that comes from."""

    name: str
    value: str
    source: str


def read_settings(flags: Mapping[str, str | None], folder: Path) -> dict[str, Setting]:
    """Every setting by its name: the flag counts, then the environment, then the nearest ``riskgraph.toml``.

    A relative path in that file counts from its own folder.

    Raises:
        InputError: the file is no TOML, has an unknown key, or names a store outside its folder.
    """
    file = find_file(folder)
    values: dict[str, Setting] = {"store": Setting("store", DEFAULT_STORE, "default")}
    if file:
        for name, value in _read_file(file).items():
            shown = _anchored(value, file, folder) if name == "store" else value
            values[name] = Setting(name, shown, _shown(file, folder))
    for name, value in EnvSettingsSource(Settings)().items():
        values[name] = Setting(name, str(value), f"{_PREFIX}{name.upper()}")
    for name, flag in flags.items():
        if flag:
            values[name] = Setting(name, flag, f"--{name}")
    if "author" not in values:
        values["author"] = _author(folder)
    return {name: values[name] for name in Settings.model_fields}


def find_file(folder: Path) -> Path | None:
    """The ``riskgraph.toml`` of a folder, or of the nearest one above it; None where there is none."""
    absolute = folder.absolute()
    return next((found for above in (absolute, *absolute.parents) if (found := above / FILE).is_file()), None)


def _read_file(file: Path) -> dict[str, str]:
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise _invalid(file, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise _invalid(file, "is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _invalid(file, f"is not TOML: {error}") from error
    for key in data:
        if key not in Settings.model_fields:
            near = closest(key, Settings.model_fields)
            hint = f"did you mean {near!r}?" if near else f"it has {' and '.join(Settings.model_fields)}"
            raise _invalid(file, f"unknown key {key!r}: {hint}", key)
    try:
        read = Settings(**data)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise _invalid(file, f"{name}: has to be a text, in quotes", name) from error
    return {name: getattr(read, name) for name in data}


def _anchored(url: str, file: Path, folder: Path) -> str:
    """A store's URL with its path counted from the file's folder.

    The file may have come with a cloned repository, so a store elsewhere has to be named by the reader.
    """
    if url.startswith(_SERVERS):
        message = "names a server, which would get your password: name such a store with --store or RISKGRAPH_STORE"
        raise _invalid(file, f"store {message}", "store")
    name = url.removeprefix(_SQLITE)
    if name == url or not name:
        return url
    path = Path(name)
    target = file.parent / path
    inside = target.resolve().is_relative_to(file.parent.resolve())
    if path.is_absolute() or ".." in path.parts or not inside:
        message = f"store {url!r} points outside the file's folder: name such a store with --store or RISKGRAPH_STORE"
        raise _invalid(file, message, "store")
    return url if file.parent == folder.absolute() else f"{_SQLITE}{target}"


def _author(folder: Path) -> Setting:
    """Git's user, else the login name."""
    name, mail = (_ask_git(f"user.{part}", folder) for part in ("name", "email"))
    if name or mail:
        shown = f"{name} <{mail}>" if name and mail else name or mail
        return Setting("author", shown, "git config")
    try:
        return Setting("author", getpass.getuser(), "login name")
    except (OSError, KeyError, ImportError):
        return Setting("author", "unknown", "default")


def _ask_git(key: str, folder: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are our own
            ["git", "config", "--get", key],  # noqa: S607 - the git that the reader uses
            cwd=folder, capture_output=True, encoding="utf-8", timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _shown(file: Path, folder: Path) -> str:
    return FILE if file.parent == folder.absolute() else str(file)


def _invalid(file: Path, message: str, key: str = "") -> InputError:
    finding = Finding("settings", "error", message, Place(str(file), _line_of(file, key) if key else 0))
    return InputError(str(finding), (finding,))


def _line_of(file: Path, key: str) -> int:
    lines = file.read_text("utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().strip("\"'").startswith(key)), 0)


__all__ = ["DEFAULT_STORE", "FILE", "Setting", "Settings", "find_file", "read_settings"]
