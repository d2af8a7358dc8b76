// Makes the graph of an empty database, unless somebody has made it meanwhile.
// Parameters: graph_id (string), format (string), content (string)
// Columns: graph_id
MERGE (g:RiskGraph {name: 'riskgraph'})
ON CREATE SET g.graph_id = $graph_id, g.format = $format, g.revision = 0, g.content = $content
RETURN g.graph_id AS graph_id
