// Removes every risk, mitigation, indicator, incident and action with its edges; the revisions stay.
MATCH (n:Risk|Mitigation|Indicator|Incident|Action)
DETACH DELETE n
