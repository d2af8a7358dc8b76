// Makes each incident of the rows, or gives the one that is there these properties and no others.
// Parameters: rows (list of {id, properties})
UNWIND $rows AS row
MERGE (n:Incident {id: row.id})
SET n = row.properties
