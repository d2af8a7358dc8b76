// How many nodes look like ours in a database without a graph of ours.
// Columns: nodes
MATCH (n:Risk|Mitigation|Indicator|Incident|Action|Revision)
RETURN count(n) AS nodes
