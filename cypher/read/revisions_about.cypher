// Every revision up to a number, oldest first, each with its edits of some elements only.
// Parameters: newest (int), keys (list of string)
// Columns: number, digest, body, edit_bodies
MATCH (r:Revision)
WHERE r.number <= $newest
RETURN r.number AS number, r.digest AS digest, r.body AS body,
  [i IN range(0, size(r.edit_keys) - 1) WHERE r.edit_keys[i] IN $keys | r.edit_bodies[i]] AS edit_bodies
ORDER BY number
