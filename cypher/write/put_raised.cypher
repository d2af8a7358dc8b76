// Ties each action to the incident that raised it.
// Parameters: rows (list of {start, end})
UNWIND $rows AS row
MATCH (a:Incident {id: row.start})
MATCH (b:Action {id: row.end})
MERGE (a)-[:RAISED]->(b)
