// Gives a graph without revisions another identity. The lock is taken before the look, so that no first revision can
// come between.
// Parameters: graph_id (string), attempt (string)
MATCH (g:RiskGraph {name: 'riskgraph'})
SET g.attempt = $attempt
WITH g
WHERE g.revision = 0
SET g.graph_id = $graph_id
