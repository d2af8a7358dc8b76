"""The reference of a file format: a JSON Schema in, a markdown table for each of its parts out."""

from __future__ import annotations

from typing import Any

from riskgraph.report.escape import markdown


def schema_markdown(schema: dict[str, Any]) -> str:
    """The reference of a format: its title, and for each part what it is and its fields."""
    parts = dict(schema.get("$defs", {}))
    text = f"# {schema.get('title', 'Format')}\n"
    if schema.get("properties"):
        text += _part("", schema)
    return text + "".join(_part(name, part) for name, part in sorted(parts.items()) if part.get("properties"))


def _part(name: str, part: dict[str, Any]) -> str:
    required = set(part.get("required", ()))
    lines = [f"\n## {name}" if name else "", "", " ".join(part.get("description", "").split()), ""]
    lines += ["| field | type | required | meaning |", "|---|---|---|---|"]
    for field, of in part["properties"].items():
        meaning = markdown(" ".join(str(of.get("description", "")).split()))
        lines.append(f"| `{field}` | {_type(of)} | {'yes' if field in required else ''} | {meaning} |")
    if part.get("patternProperties"):
        lines.append("| `x_...` | anything | | kept as it is |")
    return "\n".join(lines) + "\n"


def _type(of: dict[str, Any]) -> str:
    """What a field takes, in a few words."""
    if "$ref" in of:
        name = of["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "enum" in of or "const" in of:
        return ", ".join(f"`{value}`" for value in of.get("enum", [of.get("const")]))
    for word in ("anyOf", "oneOf"):
        if word in of:
            kinds = [_type(option) for option in of[word] if option.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    kind = of.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(one for one in kind if one != "null")
    if kind == "array":
        items = of.get("items") or {}
        return f"list of {_type(items)}" if items else "list"
    limits = {
        "minimum": "at least",
        "exclusiveMinimum": "more than",
        "maximum": "at most",
        "exclusiveMaximum": "less than",
    }
    bounds = [f"{words} {of[name]:g}" for name, words in limits.items() if name in of]
    shown = f"{kind}, {', '.join(bounds)}" if bounds else str(kind)
    return f"{shown} (date)" if of.get("format") == "date" else shown
