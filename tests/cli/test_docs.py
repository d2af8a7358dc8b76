"""Takes the program and its pages, shows that every command, option and exit code is described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from riskgraph import errors
from riskgraph.cli import app, failure

DOCS = Path(__file__).parents[2] / "docs"


def commands(group: Any, name: str) -> dict[str, Any]:
    """Every command by what a person types."""
    found: dict[str, Any] = {}
    for own, command in group.commands.items():
        typed = f"{name} {own}"
        found |= commands(command, typed) if hasattr(command, "commands") else {typed: command}
    return found


def test_commands_page_has_every_command_and_option() -> None:
    """Prevents: an option that only its author knows, or a page about one that is gone."""
    page = (DOCS / "commands.md").read_text("utf-8")
    known = commands(typer.main.get_command(app), "riskgraph")
    for typed, command in known.items():
        assert typed in page, typed
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert any(f"`{flag}" in page or f" {flag} " in page for flag in parameter.opts), (
                    typed,
                    parameter.opts,
                )
    flags = {flag for command in known.values() for parameter in command.params for flag in parameter.opts}
    written = {word.strip("`,.") for word in page.split() if word.startswith("`--")}
    assert written <= flags | {"--install-completion", "--version"}


def test_exit_codes_page_has_every_code() -> None:
    """Prevents: an exit code that no page explains."""
    page = (DOCS / "exit-codes.md").read_text("utf-8")
    tree = [errors.RiskGraphError]
    for cls in tree:
        tree += cls.__subclasses__()
    codes = {0, 3, failure.INTERRUPTED} | {cls.exit_code for cls in tree}
    assert all(f"| {code} |" in page for code in codes)
