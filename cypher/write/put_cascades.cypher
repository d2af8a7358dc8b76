// Makes each cascade, or gives the one that is there these properties and no others.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Risk {id: row.start})
MATCH (b:Risk {id: row.end})
MERGE (a)-[r:CASCADES_TO]->(b)
SET r = row.properties
