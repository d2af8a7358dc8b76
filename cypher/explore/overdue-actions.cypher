// Which actions are overdue, since when, and which incident asked for them?
// Parameters: today (date as text)
// Columns: action, name, owner, due, days_overdue, incident
MATCH (one:Action)
WHERE one.done_on IS NULL AND one.due < $today
OPTIONAL MATCH (incident:Incident)-[:RAISED]->(one)
RETURN one.id AS action, one.name AS name, one.owner AS owner, one.due AS due,
  duration.inDays(date(one.due), date($today)).days AS days_overdue, incident.id AS incident
ORDER BY due, action
