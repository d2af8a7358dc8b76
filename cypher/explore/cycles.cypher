// Which cascades come back to where they began, the shortest cycles first?
// Parameters: depth (int from 2 to 6), limit (int from 1 to 1000)
// Columns: steps, chain
/* Each length is a branch of its own: the depth of a pattern cannot be a parameter. */
CALL () {
  MATCH path = (first:Risk)-[:CASCADES_TO*2..2]->(first)
  RETURN path
  UNION ALL
  MATCH path = (first:Risk)-[:CASCADES_TO*3..3]->(first)
  WHERE $depth >= 3
  RETURN path
  UNION ALL
  MATCH path = (first:Risk)-[:CASCADES_TO*4..4]->(first)
  WHERE $depth >= 4
  RETURN path
  UNION ALL
  MATCH path = (first:Risk)-[:CASCADES_TO*5..5]->(first)
  WHERE $depth >= 5
  RETURN path
  UNION ALL
  MATCH path = (first:Risk)-[:CASCADES_TO*6..6]->(first)
  WHERE $depth >= 6
  RETURN path
}
WITH head(nodes(path)) AS first, nodes(path)[1..-1] AS between, length(path) AS steps
WHERE all(risk IN between WHERE risk.id > first.id AND single(other IN between WHERE other = risk))
RETURN steps, reduce(chain = first.id, risk IN between | chain + ' -> ' + risk.id) + ' -> ' + first.id AS chain
ORDER BY steps, chain
LIMIT $limit
