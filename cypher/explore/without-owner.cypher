// Which risks, mitigations and open actions belong to nobody?
// Columns: kind, id, name
MATCH (one:Risk|Mitigation|Action)
WHERE one.owner IS NULL AND CASE
  WHEN one:Risk THEN one.status <> 'closed'
  WHEN one:Mitigation THEN one.status <> 'retired'
  ELSE one.done_on IS NULL
END
RETURN CASE WHEN one:Risk THEN 'risk' WHEN one:Mitigation THEN 'mitigation' ELSE 'action' END AS kind,
  one.id AS id, one.name AS name
ORDER BY kind, id
