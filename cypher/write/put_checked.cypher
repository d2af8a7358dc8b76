// Adds the cascades that somebody looked at and that did not happen; the incident has none of these edges yet.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Incident {id: row.start})
MATCH (b:Risk {id: row.end})
CREATE (a)-[r:CHECKED]->(b)
SET r = row.properties
