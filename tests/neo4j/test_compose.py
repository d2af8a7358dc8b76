"""Takes ``docker-compose.yml``, shows that it opens nothing to a network and holds no secret."""

from __future__ import annotations

from pathlib import Path

import yaml

CHECKOUT = Path(__file__).parents[2]


def test_the_server_for_users_is_pinned_and_local() -> None:
    """Prevents: a database that a whole network can reach, a password in git, an image that changes by itself."""
    (service,) = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8"))["services"].values()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${RISKGRAPH_NEO4J_PASSWORD:?")
    assert service["image"] == "neo4j:5.26-community"
    assert service["healthcheck"]
    assert service["volumes"] == ["riskgraph-data:/data"]
