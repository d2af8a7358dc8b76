// Which risks can pull this one down, and over how few cascades?
// Parameters: id (id of a risk), depth (int from 1 to 12)
// Columns: risk, name, owner, steps
MATCH path = SHORTEST 1 (other:Risk)-[:CASCADES_TO]->{1,12}(end:Risk {id: $id})
WHERE other.id <> $id
WITH other, length(path) AS steps
WHERE steps <= $depth
RETURN other.id AS risk, other.name AS name, other.owner AS owner, steps
ORDER BY steps, risk
