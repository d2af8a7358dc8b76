// Adds the mitigations that incidents tested, and how they did; the incident has none of these edges yet.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Incident {id: row.start})
MATCH (b:Mitigation {id: row.end})
CREATE (a)-[r:TESTED]->(b)
SET r = row.properties
