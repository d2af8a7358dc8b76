// Adds the steps of incidents, each at its place in the row of steps; the incident has none of these edges yet.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Incident {id: row.start})
MATCH (b:Risk {id: row.end})
CREATE (a)-[r:REACHED]->(b)
SET r = row.properties
