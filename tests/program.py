"""The program as tests run it: arguments in, its exit code and what it wrote out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from riskgraph.cli import run


@dataclass(frozen=True)
class Result:
    """What one run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


Cli = Callable[..., Result]


def in_this_process(capsys: pytest.CaptureFixture[str]) -> Cli:
    """A way to run the program in this process."""

    def call(*args: object) -> Result:
        capsys.readouterr()
        code = run([str(arg) for arg in args])
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return call
