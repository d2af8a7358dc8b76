// Which risks that are not closed does no mitigation lower, not even a planned one, those that struck first?
// Columns: risk, name, owner, times
MATCH (one:Risk)
WHERE one.status <> 'closed' AND NOT EXISTS {
  MATCH (mitigation:Mitigation)-[:MITIGATES]->(one)
  WHERE mitigation.status IN ['planned', 'in_progress', 'implemented']
}
RETURN one.id AS risk, one.name AS name, one.owner AS owner,
  COUNT {
    MATCH (incident:Incident)-[hit:MATERIALIZED|REACHED]->(one)
    WHERE incident.kind = 'incident' OR incident.kind = 'near_miss' AND type(hit) = 'REACHED'
    RETURN DISTINCT incident
  } AS times
ORDER BY times DESC, risk
