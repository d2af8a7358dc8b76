// How often did each mitigation hold, hold in part, fail, or turn out not to be in place?
// Columns: mitigation, name, status, held, partly, failed, not_in_place
MATCH (incident:Incident)-[test:TESTED]->(one:Mitigation)
WHERE test.outcome <> 'unknown'
RETURN one.id AS mitigation, one.name AS name, one.status AS status,
  count(DISTINCT CASE test.outcome WHEN 'held' THEN incident END) AS held,
  count(DISTINCT CASE test.outcome WHEN 'partly' THEN incident END) AS partly,
  count(DISTINCT CASE test.outcome WHEN 'failed' THEN incident END) AS failed,
  count(DISTINCT CASE test.outcome WHEN 'not_in_place' THEN incident END) AS not_in_place
ORDER BY failed + not_in_place DESC, mitigation
