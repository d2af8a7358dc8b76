// Finds the BLOCKS edges of a cascade by its beginning, which is a property of theirs.
CREATE INDEX riskgraph_blocks_from IF NOT EXISTS
FOR ()-[r:BLOCKS]-() ON (r.cascade_from)
