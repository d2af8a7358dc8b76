"""Takes the source, the registry and the page of rules, shows that they name the same rules."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from riskgraph.findings import LEVELS
from riskgraph.pir import bias, checks
from riskgraph.rules import RULES, rules_markdown

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
ID = re.compile(r"[a-z]+(-[a-z]+)+$")
MAKERS = {"Finding", "add", "error", "_note", "_error", "_report", "_invalid", "note"}
"""What is called to make a finding; its rule is one of the texts it is given."""
HEAD = """# Rules

<!-- Generated from riskgraph/rules.py: UPDATE_GOLDEN=1 ./run pytest tests/test_rules.py -->

Every finding of `check`, `diff`, `audit` and `doctor` names its rule: in brackets at the end of the line, as `rule` in
JSON, as `ruleId` in SARIF. The ids never change. Where a breach is graver or milder in some place, the rule says so.

A review leaves a rule out with `ignore: [{rule: section-missing, reason: a small incident}]`; errors are never left
out. Findings that were there before are kept in a file for `--baseline`. [ci.md](ci.md) shows both.

"""


def texts(node: ast.AST) -> set[str]:
    """The texts below a node; of one that is put together, its beginning and ``*``."""
    found = set()
    for below in ast.walk(node):
        if isinstance(below, ast.Constant) and isinstance(below.value, str):
            found.add(below.value)
        elif isinstance(below, ast.JoinedStr) and isinstance(below.values[0], ast.Constant):
            found.add(f"{below.values[0].value!s}*")
    return found


def modules() -> list[Path]:
    """The modules that may make findings."""
    return [path for path in sorted((ROOT / "riskgraph").rglob("*.py")) if path.name != "rules.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_finding_is_about_a_rule_of_the_registry(path: Path) -> None:
    """Prevents: a rule in somebody's pull request that no page explains."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        named: set[str] = set()
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MAKERS:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                named = {text for one in given if isinstance(one, ast.Constant | ast.IfExp) for text in texts(one)}
                named = {text for text in named if ID.match(text)}
            if name == "Finding" and isinstance(node.args[0], ast.Constant):
                named.add(str(node.args[0].value))
        elif isinstance(node, ast.Assign) and "rule" in {getattr(one, "id", "") for one in ast.walk(node.targets[0])}:
            named = {text for text in texts(node.value) if ID.match(text)}
        assert named <= set(RULES), f"{path.name}:{getattr(node, 'lineno', 0)}: add them to riskgraph/rules.py"


def test_every_rule_of_the_registry_is_one_that_can_be_broken() -> None:
    """Prevents: a page about rules that are gone."""
    written = {text for path in modules() for text in texts(ast.parse(path.read_text("utf-8")))}
    built = {text[:-1] for text in written if re.fullmatch(r"[a-z]+-\*", text)}
    assert {rule for rule in RULES if rule not in written and not rule.startswith(tuple(built))} == set()
    assert set(checks.RULES) <= set(RULES)


def test_the_page_is_that_of_the_registry() -> None:
    """docs/rules.md is generated; UPDATE_GOLDEN=1 writes it anew."""
    text = HEAD + rules_markdown()
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == text


def test_rules_say_what_is_wrong_and_what_to_do() -> None:
    """Prevents: a rule whose text is half a sentence."""
    for rule in RULES.values():
        assert rule.level in LEVELS
        assert rule.says.endswith(".")
        assert rule.fix.endswith(".")


def test_every_kind_of_bias_is_a_rule() -> None:
    """Prevents: a note on bias whose rule no page explains, since its name is put together."""
    assert {f"bias-{name}" for name in bias.RULES} == {name for name in RULES if name.startswith("bias-")}
