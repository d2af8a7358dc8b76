// Makes each watch of an indicator on a risk, or gives the one that is there these properties and no others.
// Parameters: rows (list of {start, end, properties})
UNWIND $rows AS row
MATCH (a:Indicator {id: row.start})
MATCH (b:Risk {id: row.end})
MERGE (a)-[r:WATCHES]->(b)
SET r = row.properties
