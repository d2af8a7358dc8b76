"""The JSON Schema of a register file, generated from the model."""

from __future__ import annotations

from typing import Any

from riskgraph.register.model import RegisterFile
from riskgraph.scales import Scale


def register_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a register file. Keys that begin with ``x_`` are free."""
    schema = RegisterFile.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    scale = Scale.model_json_schema(by_alias=True)
    definitions.update(scale.pop("$defs", {}))
    definitions["Scale"] = scale
    schema["properties"]["scale"] = {"anyOf": [{"$ref": "#/$defs/Scale"}, {"type": "null"}]}
    for entry in (schema, *(definitions[name] for name in ("Risk", "Cascade", "MitigationEntry", "IndicatorEntry"))):
        entry["additionalProperties"] = False
        entry["patternProperties"] = {"^x_": {}}
    watched = definitions["MitigationEntry"]["properties"]["mitigates"]["items"]
    definitions["MitigationEntry"]["properties"]["mitigates"]["items"] = {"anyOf": [watched, {"type": "string"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "riskgraph register"}
