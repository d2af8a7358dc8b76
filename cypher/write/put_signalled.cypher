// Adds the indicators that incidents should have moved, and how they did; the incident has none of these edges
// yet.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Incident {id: row.start})
MATCH (b:Indicator {id: row.end})
CREATE (a)-[r:SIGNALLED]->(b)
SET r = row.properties
