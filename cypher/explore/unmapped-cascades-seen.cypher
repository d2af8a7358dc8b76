// Which cascades did incidents show that the map still does not have? External incidents count. The map is that of
// the day of asking; what an incident's own day lacked is in riskgraph diff.
// Columns: from, from_name, to, to_name, times, incidents
MATCH (incident:Incident)-[step:REACHED]->(target:Risk)
MATCH (source:Risk {id: step.cascade_from})
WHERE NOT EXISTS { (source)-[:CASCADES_TO]->(target) }
WITH DISTINCT source, target, incident
ORDER BY incident.id
WITH source, target, collect(incident.id) AS incidents
RETURN source.id AS `from`, source.name AS from_name, target.id AS `to`, target.name AS to_name,
  size(incidents) AS times, incidents
ORDER BY times DESC, `from`, `to`
