// Removes each block of a mitigation on a cascade that the rows name.
// Parameters: rows (list of {start, cascade_from, end})
UNWIND $rows AS row
MATCH (:Mitigation {id: row.start})-[r:BLOCKS {cascade_from: row.cascade_from}]->(:Risk {id: row.end})
DELETE r
