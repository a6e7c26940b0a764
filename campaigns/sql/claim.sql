-- The next recipients whose step is due, held so that nobody else takes them; whose campaign was
-- paused meanwhile waits. Ends with nothing where nothing is due.
SELECT recipient.id
  FROM campaigns_recipient AS recipient
 WHERE recipient.campaign_id = %(campaign)s
   AND recipient.step = %(step)s
   AND recipient.state = 'under_way'
   AND recipient.due_at <= %(now)s
 ORDER BY recipient.due_at, recipient.id
 LIMIT %(most)s
   FOR UPDATE SKIP LOCKED;
