// Which risks that are not closed have planned mitigations and not one that is implemented?
// Columns: risk, name, owner, times, mitigations
MATCH (mitigation:Mitigation)-[:MITIGATES]->(one:Risk)
WHERE one.status <> 'closed' AND mitigation.status IN ['planned', 'in_progress'] AND NOT EXISTS {
  (:Mitigation {status: 'implemented'})-[:MITIGATES]->(one)
}
WITH one, mitigation
ORDER BY mitigation.id
WITH one, collect(mitigation.id) AS mitigations
RETURN one.id AS risk, one.name AS name, one.owner AS owner,
  COUNT {
    MATCH (incident:Incident)-[hit:MATERIALIZED|REACHED]->(one)
    WHERE incident.kind = 'incident' OR incident.kind = 'near_miss' AND type(hit) = 'REACHED'
    RETURN DISTINCT incident
  } AS times,
  mitigations
ORDER BY times DESC, risk
