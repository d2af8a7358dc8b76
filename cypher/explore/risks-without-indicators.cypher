// Which risks that are not closed does no indicator watch, those that struck most often first?
// Columns: risk, name, owner, times
MATCH (one:Risk)
WHERE one.status <> 'closed' AND NOT EXISTS { (:Indicator)-[:WATCHES]->(one) }
RETURN one.id AS risk, one.name AS name, one.owner AS owner,
  COUNT {
    MATCH (incident:Incident)-[hit:MATERIALIZED|REACHED]->(one)
    WHERE incident.kind = 'incident' OR incident.kind = 'near_miss' AND type(hit) = 'REACHED'
    RETURN DISTINCT incident
  } AS times
ORDER BY times DESC, risk
