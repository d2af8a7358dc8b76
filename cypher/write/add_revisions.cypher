// Records revisions, each behind the one before it; the caller holds the graph's lock.
// Parameters: rows (list of {properties})
UNWIND $rows AS row
CREATE (r:Revision)
SET r = row.properties
WITH r
MATCH (before:Revision {number: r.number - 1})
CREATE (before)-[:NEXT]->(r)
