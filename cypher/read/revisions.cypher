// Every revision up to a number, oldest first. What is newer may be half seen, and is left for the next time.
// Parameters: newest (int)
// Columns: number, digest, body, edit_bodies
MATCH (r:Revision)
WHERE r.number <= $newest
RETURN r.number AS number, r.digest AS digest, r.body AS body, r.edit_bodies AS edit_bodies
ORDER BY number
