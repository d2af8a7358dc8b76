// An id names one action, and finds it by an index.
CREATE CONSTRAINT riskgraph_action_id IF NOT EXISTS
FOR (n:Action) REQUIRE n.id IS UNIQUE
