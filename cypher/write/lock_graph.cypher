// Takes the graph's lock, which a transaction holds to its end, and reads what the graph says of itself.
// Parameters: attempt (string)
// Columns: properties
MATCH (g:RiskGraph {name: 'riskgraph'})
SET g.attempt = $attempt
RETURN properties(g) AS properties
