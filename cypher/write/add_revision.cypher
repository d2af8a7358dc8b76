// Records a revision behind the one before it; the caller holds the graph's lock.
// Parameters: properties (map)
CREATE (r:Revision)
SET r = $properties
WITH r
MATCH (before:Revision {number: r.number - 1})
CREATE (before)-[:NEXT]->(r)
