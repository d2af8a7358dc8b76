// Who has open actions, how many, how many of them overdue, and when is the first one due?
// Parameters: today (date as text)
// Columns: owner, open, overdue, first_due, actions
MATCH (action:Action)
WHERE action.done_on IS NULL
WITH action
ORDER BY action.id
RETURN action.owner AS owner, count(*) AS open, sum(CASE WHEN action.due < $today THEN 1 ELSE 0 END) AS overdue,
  min(action.due) AS first_due, collect(action.id) AS actions
ORDER BY open DESC, overdue DESC, owner
