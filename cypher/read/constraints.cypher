// The constraints of a database, by which the doctor sees whether ours are all there.
// Columns: name
SHOW CONSTRAINTS YIELD name
RETURN name
ORDER BY name
