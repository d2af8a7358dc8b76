// Removes each effect of a mitigation on a risk that the rows name.
// Parameters: rows (list of {start, end})
UNWIND $rows AS row
MATCH (:Mitigation {id: row.start})-[r:MITIGATES]->(:Risk {id: row.end})
DELETE r
