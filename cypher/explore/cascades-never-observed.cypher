// Which cascades of the map has no incident or near miss of ours ever taken? did_not_happen counts the incidents in
// which somebody looked, seen_elsewhere the external ones.
// Columns: from, from_name, to, to_name, probability, did_not_happen, seen_elsewhere
MATCH (source:Risk)-[cascade:CASCADES_TO]->(target:Risk)
OPTIONAL MATCH (incident:Incident)-[found:REACHED|CHECKED]->(target)
WHERE found.cascade_from = source.id
WITH source, cascade, target,
  count(DISTINCT CASE WHEN type(found) = 'REACHED' AND incident.kind <> 'external' THEN incident END) AS seen,
  count(DISTINCT CASE WHEN type(found) = 'REACHED' THEN incident END) AS seen_elsewhere,
  count(DISTINCT CASE WHEN type(found) = 'CHECKED' AND incident.kind <> 'external' THEN incident END) AS did_not_happen
WHERE seen = 0
RETURN source.id AS `from`, source.name AS from_name, target.id AS `to`, target.name AS to_name,
  cascade.probability AS probability, did_not_happen, seen_elsewhere
ORDER BY `from`, `to`
