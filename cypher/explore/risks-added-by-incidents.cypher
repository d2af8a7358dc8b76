// Which risks were written down because of an incident? The graph shows it by a trace: the audit did not find the
// root in the register, the risk was identified after the first incident that touched it, or nothing but its name is
// known. riskgraph show has who added it.
// Columns: risk, name, incident, started_at, trace
MATCH (one:Risk)<-[:MATERIALIZED|REACHED]-(incident:Incident)
WITH DISTINCT one, incident
ORDER BY datetime(incident.started_at), incident.id
WITH one, head(collect(incident)) AS first
WITH one, first, CASE
  WHEN EXISTS {
    MATCH (one)<-[:MATERIALIZED]-(root:Incident) WHERE root.verdicts CONTAINS '"in_register":"no"'
  } THEN 'the audit did not find it'
  WHEN datetime(one.since) > datetime(first.started_at) THEN 'identified later'
  WHEN coalesce(one.owner, one.category, one.description, one.likelihood, one.impact, one.loss) IS NULL
  THEN 'nothing but a name'
END AS trace
WHERE trace IS NOT NULL
RETURN one.id AS risk, one.name AS name, first.id AS incident, first.started_at AS started_at, trace
ORDER BY risk
