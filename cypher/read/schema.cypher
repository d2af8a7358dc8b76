// The indexes of a database, those of its constraints among them, by which the doctor sees whether ours are all there.
// Columns: name
SHOW INDEXES YIELD name
RETURN name
ORDER BY name
