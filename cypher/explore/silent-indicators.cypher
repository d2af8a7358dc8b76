// Which indicators were silent, or too late, when an incident should have set them off?
// Columns: indicator, name, silent, too_late, in_time, incidents
MATCH (incident:Incident)-[signal:SIGNALLED]->(one:Indicator)
WHERE signal.outcome <> 'unknown'
WITH one, incident, collect(signal.outcome) AS outcomes
ORDER BY incident.id
WITH one,
  sum(CASE WHEN 'silent' IN outcomes THEN 1 ELSE 0 END) AS silent,
  sum(CASE WHEN 'too_late' IN outcomes THEN 1 ELSE 0 END) AS too_late,
  sum(CASE WHEN 'in_time' IN outcomes THEN 1 ELSE 0 END) AS in_time,
  collect(CASE WHEN 'silent' IN outcomes OR 'too_late' IN outcomes THEN incident.id END) AS incidents
WHERE size(incidents) > 0
RETURN one.id AS indicator, one.name AS name, silent, too_late, in_time, incidents
ORDER BY silent DESC, too_late DESC, indicator
