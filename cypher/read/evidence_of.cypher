// The evidence of some incidents: what materialised, was reached, checked, tested and signalled.
// Parameters: ids (list of string)
// Columns: edge, type, start, end, properties
UNWIND $ids AS id
MATCH (a:Incident {id: id})-[r:MATERIALIZED|REACHED|CHECKED|TESTED|SIGNALLED]->(b)
RETURN elementId(r) AS edge, type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties
