// Removes each cascade that the rows name.
// Parameters: rows (list of {start, end})
UNWIND $rows AS row
MATCH (:Risk {id: row.start})-[r:CASCADES_TO]->(:Risk {id: row.end})
DELETE r
