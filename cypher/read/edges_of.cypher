// Every edge that touches a risk, mitigation, indicator, incident or action of some ids, also where the id is only that
// of the cascade's beginning.
// Parameters: ids (list of string)
// Columns: edge, type, start, end, properties
UNWIND $ids AS id
CALL (id) {
  MATCH (:Risk {id: id})-[r]-() RETURN r
  UNION
  MATCH (:Mitigation {id: id})-[r]-() RETURN r
  UNION
  MATCH (:Indicator {id: id})-[r]-() RETURN r
  UNION
  MATCH (:Incident {id: id})-[r]-() RETURN r
  UNION
  MATCH (:Action {id: id})-[r]-() RETURN r
  UNION
  MATCH ()-[r:BLOCKS {cascade_from: id}]->() RETURN r
  UNION
  MATCH ()-[r:REACHED {cascade_from: id}]->() RETURN r
  UNION
  MATCH ()-[r:CHECKED {cascade_from: id}]->() RETURN r
}
WITH DISTINCT r
WHERE type(r) IN [
  'CASCADES_TO', 'MITIGATES', 'BLOCKS', 'WATCHES', 'IMPLEMENTS', 'MATERIALIZED', 'REACHED', 'CHECKED', 'TESTED',
  'SIGNALLED', 'RAISED'
]
RETURN elementId(r) AS edge, type(r) AS type, startNode(r).id AS start, endNode(r).id AS end,
  properties(r) AS properties
