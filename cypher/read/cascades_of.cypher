// The cascades between some pairs of risks.
// Parameters: pairs (list of {start, end})
// Columns: edge, type, start, end, properties
UNWIND $pairs AS pair
MATCH (a:Risk {id: pair.start})-[r:CASCADES_TO]->(b:Risk {id: pair.end})
RETURN elementId(r) AS edge, type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties
