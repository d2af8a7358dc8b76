// Removes each node that the rows name, with every edge that it still has.
// Parameters: rows (list of {id})
UNWIND $rows AS row
MATCH (n:Risk|Mitigation|Indicator|Incident|Action {id: row.id})
DETACH DELETE n
