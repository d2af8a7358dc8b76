// There is one graph in a database, also if two people make it at the same time.
CREATE CONSTRAINT riskgraph_graph_name IF NOT EXISTS
FOR (g:RiskGraph) REQUIRE g.name IS UNIQUE
