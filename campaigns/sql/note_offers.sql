-- One row for each recipient of an offer step: the offer made to them, or why none was.
INSERT INTO campaigns_stepdone (recipient_id, step, at, outcome, why, grant_id)
SELECT recipient.id, %(step)s, %(now)s,
       CASE WHEN made.id IS NULL THEN 'not_offered' ELSE 'offered' END,
       CASE WHEN made.id IS NULL THEN coalesce(%(refused)s::jsonb ->> recipient.customer_id::text, 'limit') ELSE '' END,
       made.id
  FROM campaigns_recipient AS recipient
  LEFT JOIN campaigns_grant AS made
         ON made.key = 'campaign:' || recipient.campaign_id || ':' || %(step)s || ':' || recipient.customer_id
 WHERE recipient.id = ANY(%(recipients)s);
