// Unties the actions that the rows name from their incidents.
// Parameters: rows (list of {id})
UNWIND $rows AS row
MATCH ()-[r:RAISED]->(:Action {id: row.id})
DELETE r
