// One revision by its number, and the attempt that wrote it.
// Parameters: number (int)
// Columns: digest, attempt, body
MATCH (r:Revision {number: $number})
RETURN r.digest AS digest, r.attempt AS attempt, r.body AS body
