"""The shared store: a server's URL in, a graph and its revisions there out. The only part that knows Neo4j's driver."""

from __future__ import annotations

from riskgraph.store.neo4j.access import SCHEMES, Access, read_access
from riskgraph.store.neo4j.store import Neo4jStore

__all__ = ["SCHEMES", "Access", "Neo4jStore", "read_access"]
