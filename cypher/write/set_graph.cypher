// Says what the graph is after a write; the caller holds its lock.
// Parameters: properties (map)
MATCH (g:RiskGraph {name: 'riskgraph'})
SET g = $properties
