// Finds the CHECKED edges of a cascade by its beginning, which is a property of theirs.
CREATE INDEX riskgraph_checked_from IF NOT EXISTS
FOR ()-[r:CHECKED]-() ON (r.cascade_from)
