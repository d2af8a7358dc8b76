// Finds the REACHED edges of a cascade by its beginning, which is a property of theirs.
CREATE INDEX riskgraph_reached_from IF NOT EXISTS
FOR ()-[r:REACHED]-() ON (r.cascade_from)
