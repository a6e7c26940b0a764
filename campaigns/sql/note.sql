-- One row for each recipient: that a step which leaves nothing behind is done.
INSERT INTO campaigns_stepdone (recipient_id, step, at, outcome, why)
SELECT recipient_id, %(step)s, %(now)s, %(outcome)s, ''
  FROM unnest(%(recipients)s::bigint[]) AS recipient_id;
