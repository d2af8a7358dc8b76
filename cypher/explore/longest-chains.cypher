// Which are the longest chains of cascades, up to a depth? No chain visits a risk twice, and none that could be
// longer within the depth is listed.
// Parameters: depth (int from 2 to 6), limit (int from 1 to 1000)
// Columns: steps, chain
/* Each length is a branch of its own: the depth of a pattern cannot be a parameter. */
CALL () {
  MATCH path = (:Risk)-[:CASCADES_TO*1..1]->(:Risk)
  RETURN path
  UNION ALL
  MATCH path = (:Risk)-[:CASCADES_TO*2..2]->(:Risk)
  WHERE $depth >= 2
  RETURN path
  UNION ALL
  MATCH path = (:Risk)-[:CASCADES_TO*3..3]->(:Risk)
  WHERE $depth >= 3
  RETURN path
  UNION ALL
  MATCH path = (:Risk)-[:CASCADES_TO*4..4]->(:Risk)
  WHERE $depth >= 4
  RETURN path
  UNION ALL
  MATCH path = (:Risk)-[:CASCADES_TO*5..5]->(:Risk)
  WHERE $depth >= 5
  RETURN path
  UNION ALL
  MATCH path = (:Risk)-[:CASCADES_TO*6..6]->(:Risk)
  WHERE $depth >= 6
  RETURN path
}
WITH nodes(path) AS risks, length(path) AS steps, head(nodes(path)) AS first, last(nodes(path)) AS end
WHERE all(risk IN risks WHERE single(other IN risks WHERE other = risk))
  AND (steps = $depth OR NOT EXISTS {
    MATCH (first)<-[:CASCADES_TO]-(before:Risk) WHERE NOT before IN risks
  } AND NOT EXISTS {
    MATCH (end)-[:CASCADES_TO]->(after:Risk) WHERE NOT after IN risks
  })
RETURN steps, reduce(chain = first.id, risk IN tail(risks) | chain + ' -> ' + risk.id) AS chain
ORDER BY steps DESC, chain
LIMIT $limit
