"""Failures: an exception in, one clear line for each problem on standard error, and an exit code, out."""

from __future__ import annotations

import os
from typing import Final

import typer

from riskgraph.cli import output
from riskgraph.errors import InputError, RiskGraphError, StaleError

TRACEBACK: Final = "RISKGRAPH_TRACEBACK"
INTERRUPTED: Final = 130
_MISUSE: Final = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def explain(error: BaseException) -> int:
    """Says what went wrong, and gives the exit code."""
    match error:
        case RiskGraphError():
            for line in _lines(error):
                output.say(line)
            return error.exit_code
        case typer.Abort() | KeyboardInterrupt():
            output.say("interrupted")
            return INTERRUPTED
        case _ if isinstance(error, _MISUSE):
            return _explain_misuse(error)
        case _:
            if os.environ.get(TRACEBACK):
                raise error
            what = " ".join(f"{type(error).__name__}: {error}".split())
            output.say(f"error: {what}: this is a bug in riskgraph; run it with {TRACEBACK}=1 and report what it says")
            return RiskGraphError.exit_code


def _lines(error: RiskGraphError) -> list[str]:
    if isinstance(error, InputError) and error.findings:
        return [str(finding) for finding in error.findings]
    if isinstance(error, StaleError) and len(error.conflicts) > 1:
        return [f"error: {error}", *(f"error: {conflict}" for conflict in error.conflicts[1:])]
    return [f"error: {error}"]


def _explain_misuse(error: BaseException) -> int:
    """An option or argument that typer refuses."""
    message = " ".join(str(getattr(error, "format_message", lambda: error)()).split())
    context = getattr(error, "ctx", None)
    option = getattr(error, "option_name", None)
    if context and option in {"--register", "--git"} and any(one.name == "store" for one in context.command.params):
        message = (
            f"{context.command_path} reads what only a store keeps, as incidents, actions and decisions: "
            f"bring the register into one with riskgraph import FILE, then leave {option} out"
        )
    hint = f" (see: {context.command_path} --help)" if context else ""
    if message:
        output.say(f"error: {message.rstrip('.')}{hint}")
    elif context:
        output.write(f"{context.get_help()}\n")
    return int(getattr(error, "exit_code", 2))
