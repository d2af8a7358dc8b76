// An id names one indicator, and finds it by an index.
CREATE CONSTRAINT riskgraph_indicator_id IF NOT EXISTS
FOR (n:Indicator) REQUIRE n.id IS UNIQUE
