// Which risks did incidents strike most often, as their root or by a cascade? Near misses count where they reached a
// risk by a cascade; external incidents do not count.
// Parameters: at_least (int from 1 to 1000000)
// Columns: risk, name, owner, times, as_root, by_cascade, incidents
MATCH (incident:Incident)-[hit:MATERIALIZED|REACHED]->(one:Risk)
WHERE incident.kind = 'incident' OR incident.kind = 'near_miss' AND type(hit) = 'REACHED'
WITH one, incident, collect(type(hit)) AS hits
ORDER BY incident.id
WITH one,
  sum(CASE WHEN 'MATERIALIZED' IN hits THEN 1 ELSE 0 END) AS as_root,
  sum(CASE WHEN 'REACHED' IN hits THEN 1 ELSE 0 END) AS by_cascade,
  collect(incident.id) AS incidents
WHERE size(incidents) >= $at_least
RETURN one.id AS risk, one.name AS name, one.owner AS owner, size(incidents) AS times, as_root, by_cascade, incidents
ORDER BY times DESC, risk
