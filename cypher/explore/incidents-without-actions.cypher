// Which incidents led to no action at all, in the order they began?
// Columns: incident, name, kind, started_at, risk
MATCH (one:Incident)
WHERE NOT EXISTS { (one)-[:RAISED]->(:Action) }
OPTIONAL MATCH (one)-[:MATERIALIZED]->(root:Risk)
RETURN one.id AS incident, one.name AS name, one.kind AS kind, one.started_at AS started_at, root.id AS risk
ORDER BY datetime(started_at), incident
