"""The JSON Schema of a review file: the form of a review in, a schema for editors out."""

from __future__ import annotations

from typing import Any

from riskgraph.pir.model import PirFile
from riskgraph.pir.template import WRAPPER


def pir_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a review file, with or without the wrapper."""
    review = PirFile.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = review.pop("$defs")
    review["anyOf"] = [{"required": ["date"]}, {"required": ["started_at"]}]
    wrapped = {
        "type": "object",
        "properties": {WRAPPER: {"$ref": "#/$defs/PirFile"}},
        "required": [WRAPPER],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "riskgraph post-incident review",
        "description": PirFile.__doc__,
        "anyOf": [{"$ref": "#/$defs/PirFile"}, wrapped],
        "$defs": {**definitions, "PirFile": review},
    }
