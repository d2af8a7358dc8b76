// Makes each tie of an action to the mitigation that it carries out, or gives the one that is there these
// properties and no others.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Action {id: row.start})
MATCH (b:Mitigation {id: row.end})
MERGE (a)-[r:IMPLEMENTS]->(b)
SET r = row.properties
