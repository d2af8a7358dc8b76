// Makes each block of a mitigation on a cascade, or gives the one that is there these properties and no others.
// Parameters: rows (list of {start, cascade_from, end, properties})
UNWIND $rows AS row
MATCH (a:Mitigation {id: row.start})
MATCH (b:Risk {id: row.end})
MERGE (a)-[r:BLOCKS {cascade_from: row.cascade_from}]->(b)
SET r = row.properties
