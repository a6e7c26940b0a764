-- Recipients who are done with a step go on to the next one, or are through. A row of what became
-- of the step is there for each, or the statement moves nobody: both are in one transaction.
UPDATE campaigns_recipient AS recipient
   SET step = %(next)s,
       state = CASE WHEN %(next)s = '' THEN 'done' ELSE 'under_way' END,
       ended_at = CASE WHEN %(next)s = '' THEN %(now)s::timestamptz END,
       arrived_at = %(now)s,
       due_at = %(due_at)s
 WHERE recipient.id = ANY(%(recipients)s);
