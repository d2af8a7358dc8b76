// Which incidents had this risk as their root, reached it, or left it unharmed, in the order they began?
// Parameters: id (id of a risk)
// Columns: incident, name, kind, started_at, part, from
MATCH (incident:Incident)-[part:MATERIALIZED|REACHED|CHECKED]->(:Risk {id: $id})
WITH DISTINCT incident, type(part) AS part, part.cascade_from AS `from`
ORDER BY datetime(incident.started_at), incident.id,
  CASE part WHEN 'MATERIALIZED' THEN 1 WHEN 'REACHED' THEN 2 ELSE 3 END, `from`
RETURN incident.id AS incident, incident.name AS name, incident.kind AS kind, incident.started_at AS started_at,
  CASE part WHEN 'MATERIALIZED' THEN 'root' WHEN 'REACHED' THEN 'reached' ELSE 'not affected' END AS part, `from`
