// Removes each tie of an action to the mitigation that it carries out that the rows name.
// Parameters: rows (list of {start, end})
UNWIND $rows AS row
MATCH (:Action {id: row.start})-[r:IMPLEMENTS]->(:Mitigation {id: row.end})
DELETE r
