// An id names one incident, and finds it by an index.
CREATE CONSTRAINT riskgraph_incident_id IF NOT EXISTS
FOR (n:Incident) REQUIRE n.id IS UNIQUE
