// Which mitigations are overdue although the risk they lower, or the cascade they block, struck already? A risk
// struck where it was the root of an incident or the end of a step; near misses did not strike.
// Parameters: today (date as text)
// Columns: mitigation, name, owner, status, due, days_overdue, risk, incidents
MATCH (mitigation:Mitigation)-[guard:MITIGATES|BLOCKS]->(struck:Risk)<-[hit:MATERIALIZED|REACHED]-(incident:Incident)
WHERE mitigation.status IN ['planned', 'in_progress'] AND mitigation.due < $today
  AND incident.kind = 'incident'
  AND (type(guard) = 'MITIGATES' OR guard.cascade_from = hit.cascade_from)
WITH DISTINCT mitigation, struck, incident
ORDER BY incident.id
WITH mitigation, struck, collect(incident.id) AS incidents
RETURN mitigation.id AS mitigation, mitigation.name AS name, mitigation.owner AS owner, mitigation.status AS status,
  mitigation.due AS due, duration.inDays(date(mitigation.due), date($today)).days AS days_overdue,
  struck.id AS risk, incidents
ORDER BY due, mitigation, risk
