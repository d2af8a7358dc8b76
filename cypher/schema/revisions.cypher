// A number names one revision, and finds it by an index.
CREATE CONSTRAINT riskgraph_revision_number IF NOT EXISTS
FOR (r:Revision) REQUIRE r.number IS UNIQUE
