// Which incidents raised some actions.
// Parameters: ids (list of string)
// Columns: edge, type, start, end, properties
UNWIND $ids AS id
MATCH (a:Incident)-[r:RAISED]->(b:Action {id: id})
RETURN elementId(r) AS edge, type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties
