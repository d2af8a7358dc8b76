"""The JSON Schema of a review and its documentation: both have to know every field that the reader knows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import pytest

from riskgraph.documents import parse_document
from riskgraph.pir.checks import RULES
from riskgraph.pir.schema import pir_schema
from riskgraph.pir.template import TEMPLATE, WRAPPER, fields

DOCS = (Path(__file__).parents[2] / "docs" / "pir.md").read_text(encoding="utf-8")


def leaves(schema: dict[str, Any], node: Any, name: str = "") -> list[str]:
    """The dotted names of the fields that a schema has, lists as ``[]``."""
    if "$ref" in node:
        return leaves(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[1]], name)
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null" and "required" not in option]
    if options and "properties" not in node:
        return leaves(schema, options[0], name)
    if "items" in node:
        return leaves(schema, node["items"], f"{name}[]")
    if "properties" in node:
        return [
            leaf
            for key, inner in node["properties"].items()
            for leaf in leaves(schema, inner, f"{name}.{key}".lstrip("."))
        ]
    return [name]


def test_the_schema_takes_what_the_reader_takes(complete: str) -> None:
    """An editor that underlines a valid review teaches people to ignore it."""
    schema = pir_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for data in (parse_document(complete).data, parse_document(dedent(complete.split("\n", 1)[1])).data):
        jsonschema.validate(data, schema)
    jsonschema.validate({WRAPPER: TEMPLATE}, schema)
    jsonschema.validate(TEMPLATE, schema)


@pytest.mark.parametrize(
    "text",
    [
        "incident_id: I1\nrelated_risk: R1\n",
        "incident_id: I1\ndate: '2024-02-15'\n",
        "incident_id: I1\nrelated_risk: R1\ndate: '2024-02-15'\nseverty: High\n",
        "incident_id: I1\nrelated_risk: R1\ndate: '2024-02-15'\ntimeline: late\n",
        "incident_id: I1\nrelated_risk: R1\ndate: '2024-02-15'\nloss: {amount: much}\n",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    """Else the mistake is told in CI only."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(parse_document(text).data, pir_schema())


def test_the_template_and_the_form_have_the_same_fields() -> None:
    """A field that only one of them knows is an error for whoever starts from the other."""
    schema = pir_schema()
    known = set(leaves(schema, schema["$defs"]["PirFile"]))
    written = {"".join("[]" if part == "*" else f".{part}" for part in loc).lstrip(".") for loc, _ in fields()}
    assert written <= known


def test_every_field_and_rule_is_documented() -> None:
    """The table of the docs is a promise: what is in no row is read by nobody."""
    schema = pir_schema()
    missing = [name for name in leaves(schema, schema["$defs"]["PirFile"]) if f"`{name}`" not in DOCS]
    assert missing == []
    assert [rule for rule in RULES if f"`{rule}`" not in DOCS] == []
