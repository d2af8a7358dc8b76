// What the graph says of itself: its identity, newest revision, format, and the register's scale and currency.
// Columns: properties
MATCH (g:RiskGraph {name: 'riskgraph'})
RETURN properties(g) AS properties
