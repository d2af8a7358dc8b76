// Every edge between them, the evidence of incidents among them.
// Columns: type, start, end, properties
MATCH (a)-[r:CASCADES_TO|MITIGATES|BLOCKS|WATCHES|IMPLEMENTS|MATERIALIZED|REACHED|CHECKED|TESTED|SIGNALLED|RAISED]->(b)
RETURN type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties
