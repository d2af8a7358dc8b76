// The risks, mitigations, indicators, incidents and actions of some ids.
// Parameters: ids (list of string)
// Columns: labels, properties
UNWIND $ids AS id
CALL (id) {
  MATCH (n:Risk {id: id}) RETURN n
  UNION ALL
  MATCH (n:Mitigation {id: id}) RETURN n
  UNION ALL
  MATCH (n:Indicator {id: id}) RETURN n
  UNION ALL
  MATCH (n:Incident {id: id}) RETURN n
  UNION ALL
  MATCH (n:Action {id: id}) RETURN n
}
RETURN labels(n) AS labels, properties(n) AS properties
