// Makes each mitigation of the rows, or gives the one that is there these properties and no others.
// Parameters: rows (list of {id, properties})
UNWIND $rows AS row
MERGE (n:Mitigation {id: row.id})
SET n = row.properties
