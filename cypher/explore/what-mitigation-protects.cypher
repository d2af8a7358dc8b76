// Which risks does this mitigation lower, which cascades does it block, and how well?
// Parameters: id (id of a mitigation)
// Columns: how, from, risk, name, effectiveness
MATCH (:Mitigation {id: $id})-[guard:MITIGATES|BLOCKS]->(one:Risk)
RETURN toLower(type(guard)) AS how, guard.cascade_from AS `from`, one.id AS risk, one.name AS name,
  guard.effectiveness AS effectiveness
ORDER BY how DESC, `from`, risk
