-- One program is told of each recipient, once by its key; and one row for each step.
WITH called AS (
    INSERT INTO feedback_webhookdelivery (
        webhook_id, event, customer_id, facts, key, state, created_at, due_at, attempts, error)
    SELECT %(webhook)s, 'campaign.step', recipient.customer_id,
           jsonb_build_object('campaign_id', recipient.campaign_id, 'step', %(step)s::text,
                              'variant', recipient.variant, 'language', recipient.language),
           'campaign.step:' || recipient.campaign_id || ':' || %(step)s || ':' || recipient.id,
           'waiting', %(now)s, %(now)s, 0, ''
      FROM campaigns_recipient AS recipient
     WHERE recipient.id = ANY(%(recipients)s)
        ON CONFLICT (webhook_id, key) DO NOTHING
)
INSERT INTO campaigns_stepdone (recipient_id, step, at, outcome, why)
SELECT recipient_id, %(step)s, %(now)s, 'called', ''
  FROM unnest(%(recipients)s::bigint[]) AS recipient_id;
