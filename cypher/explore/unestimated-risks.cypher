// Which risks that are not closed have no likelihood, or neither loss nor impact, so that no number has them?
// Columns: risk, name, owner, times, missing
MATCH (one:Risk)
WHERE one.status <> 'closed'
WITH one,
  CASE WHEN one.likelihood IS NULL THEN ['likelihood'] ELSE [] END
  + CASE WHEN one.loss IS NULL AND one.impact IS NULL THEN ['loss'] ELSE [] END AS missing
WHERE size(missing) > 0
RETURN one.id AS risk, one.name AS name, one.owner AS owner,
  COUNT {
    MATCH (incident:Incident)-[hit:MATERIALIZED|REACHED]->(one)
    WHERE incident.kind = 'incident' OR incident.kind = 'near_miss' AND type(hit) = 'REACHED'
    RETURN DISTINCT incident
  } AS times,
  missing
ORDER BY times DESC, risk
