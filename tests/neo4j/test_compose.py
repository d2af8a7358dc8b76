"""Takes ``docker-compose.yml``, shows that it opens nothing to a network and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from riskgraph.model import NODES

CHECKOUT = Path(__file__).parents[2]


def test_the_server_for_users_is_pinned_and_local() -> None:
    """Prevents: a database that a whole network can reach, a password in git, an image that changes by itself."""
    (service,) = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))["services"].values()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${RISKGRAPH_NEO4J_PASSWORD:?")
    assert service["image"] == "neo4j:5.26-community"
    assert service["healthcheck"]
    assert service["volumes"] == ["riskgraph-data:/data"]


def test_browser_has_a_style_for_everything_of_ours() -> None:
    """Prevents: a label or a type that Browser draws grey among the others."""
    styles = (CHECKOUT / "docs" / "neo4j.grass").read_text("utf-8")
    statements = " ".join(path.read_text("utf-8") for path in (CHECKOUT / "cypher").glob("write/*.cypher"))
    labels = {node.__name__ for node in NODES} | {"Revision", "RiskGraph"}
    types = set(re.findall(r"\[\w*:([A-Z_|]+)", statements))
    types = {one for found in types for one in found.split("|")}
    assert set(re.findall(r"^node\.(\w+) \{", styles, re.MULTILINE)) == labels
    assert set(re.findall(r"^relationship\.(\w+) \{", styles, re.MULTILINE)) == types
    assert styles.count("{") == styles.count("}") == len(labels | types) + styles.count("caption: '{")
