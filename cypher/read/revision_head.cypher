// One revision by its number, without its edits.
// Parameters: number (int)
// Columns: digest, body
MATCH (r:Revision {number: $number})
RETURN r.digest AS digest, r.body AS body
