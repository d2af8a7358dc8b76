// Every risk, mitigation, indicator, incident and action.
// Columns: labels, properties
MATCH (n:Risk|Mitigation|Indicator|Incident|Action)
RETURN labels(n) AS labels, properties(n) AS properties
