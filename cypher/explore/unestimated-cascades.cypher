// Which cascades have no probability, so that no number includes them, the often observed ones first?
// Columns: from, from_name, to, to_name, times
MATCH (source:Risk)-[cascade:CASCADES_TO]->(target:Risk)
WHERE cascade.probability IS NULL
OPTIONAL MATCH (incident:Incident)-[step:REACHED]->(target)
WHERE step.cascade_from = source.id AND incident.kind <> 'external'
RETURN source.id AS `from`, source.name AS from_name, target.id AS `to`, target.name AS to_name,
  count(DISTINCT incident) AS times
ORDER BY times DESC, `from`, `to`
