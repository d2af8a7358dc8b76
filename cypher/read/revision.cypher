// One revision by its number, and the attempt that wrote it.
// Parameters: number (int)
// Columns: digest, body, edit_bodies, attempt
MATCH (r:Revision {number: $number})
RETURN r.digest AS digest, r.body AS body, r.edit_bodies AS edit_bodies, r.attempt AS attempt
