// An id names one mitigation, and finds it by an index.
CREATE CONSTRAINT riskgraph_mitigation_id IF NOT EXISTS
FOR (n:Mitigation) REQUIRE n.id IS UNIQUE
