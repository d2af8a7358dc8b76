// Removes every edge of evidence of the incidents that the rows name.
// Parameters: rows (list of {id})
UNWIND $rows AS row
MATCH (:Incident {id: row.id})-[r:MATERIALIZED|REACHED|CHECKED|TESTED|SIGNALLED]->()
DELETE r
