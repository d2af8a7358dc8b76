// Which single mitigations guard many risks and cascades, so that much is open where they fail?
// Parameters: at_least (int from 1 to 1000000)
// Columns: mitigation, name, owner, status, risks, cascades
MATCH (one:Mitigation)
WITH one, COUNT { (one)-[:MITIGATES]->(:Risk) } AS risks, COUNT { (one)-[:BLOCKS]->(:Risk) } AS cascades
WHERE risks + cascades >= $at_least
RETURN one.id AS mitigation, one.name AS name, one.owner AS owner, one.status AS status, risks, cascades
ORDER BY risks + cascades DESC, mitigation
