// An id names one risk, and finds it by an index.
CREATE CONSTRAINT riskgraph_risk_id IF NOT EXISTS
FOR (n:Risk) REQUIRE n.id IS UNIQUE
