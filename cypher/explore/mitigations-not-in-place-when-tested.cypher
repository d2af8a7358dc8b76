// Which mitigations were not in place when an incident needed them, and what is their status now?
// Columns: mitigation, name, owner, status, due, times, incidents
MATCH (incident:Incident)-[:TESTED {outcome: 'not_in_place'}]->(one:Mitigation)
WITH DISTINCT one, incident
ORDER BY incident.id
WITH one, collect(incident.id) AS incidents
RETURN one.id AS mitigation, one.name AS name, one.owner AS owner, one.status AS status, one.due AS due,
  size(incidents) AS times, incidents
ORDER BY times DESC, mitigation
