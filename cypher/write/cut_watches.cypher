// Removes each watch of an indicator on a risk that the rows name.
// Parameters: rows (list of {start, end})
UNWIND $rows AS row
MATCH (:Indicator {id: row.start})-[r:WATCHES]->(:Risk {id: row.end})
DELETE r
