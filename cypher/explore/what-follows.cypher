// Which risks can this one pull down, and over how few cascades?
// Parameters: id (id of a risk), depth (int from 1 to 12)
// Columns: risk, name, owner, steps
MATCH path = SHORTEST 1 (start:Risk {id: $id})-[:CASCADES_TO]->{1,12}(other:Risk)
WHERE other.id <> $id
WITH other, length(path) AS steps
WHERE steps <= $depth
RETURN other.id AS risk, other.name AS name, other.owner AS owner, steps
ORDER BY steps, risk
